/**
 * Grammars that constrain decoding: tool and JSON-schema grammars as byte automata, token masks and
 * forced text.
 *
 * <p>Implementation notes. A grammar is a graph of nodes that each take one byte ({@code Node}), in
 * continuation-passing form ({@code Rule}) and built when first reached, so that an enum of a
 * thousand names costs its sorting and a limit of a million characters costs nothing. Turns walk
 * the deterministic automaton over it ({@code Automaton}), whose states are made where they are
 * needed and cached. A token mask is one pass over the vocabulary's trie ({@code TokenTrie}, one
 * per vocabulary) in lockstep with the automaton: strict states touch few tokens, free text all of
 * them, once. Added tokens are symbols of their own beside the 256 bytes.
 *
 * <p>Forced text ({@code ForcedTokens}) is encoded together with the turn before it, so that its
 * tokens are those that training has seen. Trailing tokens that a longer token could cover are left
 * to the model; which ones those are is asked of the tokenizer itself, for the tokens that reach
 * over the end and fit the grammar.
 *
 * <p>Rejected: compiling to a complete automaton (seconds for large enums), masks for all states
 * ahead of time, regular expressions (no exact number ranges, no substrings of a text), forcing
 * every single continuation byte for byte (gives tokens that no training has seen, and costs
 * accuracy right where the next choice is made).
 */
@NullMarked
package dev.hearth.inference.grammar;

import org.jspecify.annotations.NullMarked;

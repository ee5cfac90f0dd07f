/** Grammars that constrain decoding: byte automata, token masks and forced text. */
@NullMarked
package dev.hearth.inference.grammar;

import org.jspecify.annotations.NullMarked;

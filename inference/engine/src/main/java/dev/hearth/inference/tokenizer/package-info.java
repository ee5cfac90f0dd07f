/** Byte-level byte-pair encoding of text into tokens and back. */
@NullMarked
package dev.hearth.inference.tokenizer;

import org.jspecify.annotations.NullMarked;

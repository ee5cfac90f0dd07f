@NullMarked
package dev.hearth.inference.tokenizer;

import org.jspecify.annotations.NullMarked;

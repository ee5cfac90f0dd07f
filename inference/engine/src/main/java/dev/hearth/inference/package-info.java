/**
 * The public face of the inference library: load a {@link dev.hearth.inference.LanguageModel} from
 * a GGUF file and generate text with it.
 *
 * <p>The types here are plain values that every package of the library may use; only {@link
 * dev.hearth.inference.LanguageModel#load} reaches down to the machinery.
 */
@NullMarked
package dev.hearth.inference;

import org.jspecify.annotations.NullMarked;

/** Model files: GGUF reader and writer, safetensors reader, converter from one to the other. */
@NullMarked
package dev.hearth.inference.gguf;

import org.jspecify.annotations.NullMarked;

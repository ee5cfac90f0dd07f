@NullMarked
package dev.hearth.inference.gguf;

import org.jspecify.annotations.NullMarked;

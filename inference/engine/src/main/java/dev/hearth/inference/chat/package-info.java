/** Messages to prompt text by the model's chat template, and generated text back to tool calls. */
@NullMarked
package dev.hearth.inference.chat;

import org.jspecify.annotations.NullMarked;

package dev.hearth.agent.language;

import dev.hearth.inference.Timings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * What the language model made of an utterance.
 *
 * @param calls the tool calls that it proposes, in order
 * @param text what it said besides; empty for models that only call
 * @param marked the utterance with handles, when the model reads those; else null
 * @param timings the engine's timings; null when the model runs elsewhere
 * @param nanos time in the model and around it
 */
public record Understanding(
    List<AssistantMessage.ToolCall> calls,
    String text,
    @Nullable MarkedUtterance marked,
    @Nullable Timings timings,
    long nanos) {
  /** Copies the list. */
  public Understanding {
    calls = List.copyOf(calls);
  }
}

package dev.hearth.agent.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.agent.conversation.ActionReport;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.TurnTiming;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** The answer to a command, as sent. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record CommandReply(
    @Schema(description = "id to continue with") String conversation,
    @Schema(description = "what to say; claims no more than the evidence") String reply,
    @Schema(
            allowableValues = {
              "done",
              "partial",
              "unconfirmed",
              "refused",
              "needs_confirmation",
              "needs_clarification",
              "answered",
              "failed"
            })
        String outcome,
    List<Action> actions,
    @Schema(description = "for POST /api/v1/confirmations/{token}; only with needs_confirmation")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String confirmation,
    Timing timing) {

  /** One step with its evidence. */
  record Action(
      @Schema(example = "light.kitchen_ceiling") String entity,
      @Schema(example = "set_brightness") String command,
      @Schema(example = "{\"percent\": 40}") Map<String, Object> arguments,
      @Schema(example = "state_confirmed") String evidence,
      String detail,
      @Schema(description = "milliseconds from publish to that evidence") long ms) {
    static Action of(ActionReport action) {
      return new Action(
          action.entity(),
          action.command(),
          action.arguments(),
          action.evidence(),
          action.detail(),
          action.ms());
    }
  }

  /** Where the time went: milliseconds and tokens. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Timing(
      double totalMs,
      double languageMs,
      double firstPublishMs,
      double executeMs,
      int promptTokens,
      int cachedTokens,
      int prefilledTokens,
      int decodedTokens,
      int forcedTokens,
      int modelSteps) {
    static Timing of(TurnTiming t) {
      return new Timing(
          t.totalMs(),
          t.languageMs(),
          t.firstPublishMs(),
          t.executeMs(),
          t.promptTokens(),
          t.cachedTokens(),
          t.prefilledTokens(),
          t.decodedTokens(),
          t.forcedTokens(),
          t.modelSteps());
    }
  }

  static CommandReply of(Turn turn) {
    return new CommandReply(
        turn.conversation(),
        turn.reply(),
        turn.outcome().wire(),
        turn.actions().stream().map(Action::of).toList(),
        turn.confirmation(),
        Timing.of(turn.timing()));
  }
}

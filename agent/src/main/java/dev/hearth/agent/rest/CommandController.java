package dev.hearth.agent.rest;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.web.UtteranceRules;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Commands in words. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "commands", description = "Say what to do; the reply tells what the devices confirmed.")
class CommandController {
  /** The outcome, for callers that ask for the reply as plain text. */
  static final String OUTCOME_HEADER = "Hearth-Outcome";

  private final Assistant assistant;
  private final UtteranceRules rules;

  CommandController(Assistant assistant, UtteranceRules rules) {
    this.assistant = assistant;
    this.rules = rules;
  }

  @Operation(
      summary = "Give a command or ask a question",
      description =
          "Blocks until the devices have testified or their deadlines have passed. With Accept:"
              + " text/plain only the reply comes back.")
  @PostMapping(
      path = "/commands",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  CommandReply ask(@RequestBody CommandRequest request) {
    return CommandReply.of(turn(request));
  }

  @Operation(hidden = true)
  @PostMapping(
      path = "/commands",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> askForText(@RequestBody CommandRequest request) {
    return text(turn(request));
  }

  @Operation(
      summary = "Confirm a plan that waits",
      description = "A token works once and for a limited time.")
  @PostMapping(path = "/confirmations/{token}", produces = MediaType.APPLICATION_JSON_VALUE)
  CommandReply confirm(@PathVariable String token) {
    return CommandReply.of(assistant.confirm(token));
  }

  @Operation(hidden = true)
  @PostMapping(path = "/confirmations/{token}", produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> confirmForText(@PathVariable String token) {
    return text(assistant.confirm(token));
  }

  @Operation(
      summary = "Undo what was done last",
      description =
          "Puts things back as they were, as far as the devices told that; what cannot be undone is"
              + " said. Without a body, or without a conversation: the last that was done in the"
              + " home. Undoing twice does it again.")
  @PostMapping(path = "/commands/undo", produces = MediaType.APPLICATION_JSON_VALUE)
  CommandReply undo(@RequestBody(required = false) @Nullable UndoRequest request) {
    return CommandReply.of(undone(request));
  }

  @Operation(hidden = true)
  @PostMapping(path = "/commands/undo", produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> undoForText(@RequestBody(required = false) @Nullable UndoRequest request) {
    return text(undone(request));
  }

  private Turn undone(@Nullable UndoRequest request) {
    return request == null
        ? assistant.undo(null, null)
        : assistant.undo(
            UtteranceRules.conversation(request.conversation()),
            UtteranceRules.language(request.language()));
  }

  private Turn turn(CommandRequest request) {
    return assistant.ask(
        rules.utterance(
            request.text(), request.area(), request.conversation(), request.language()));
  }

  private static ResponseEntity<String> text(Turn turn) {
    StringBuilder text = new StringBuilder(turn.reply()).append('\n');
    if (turn.confirmation() != null) {
      text.append("To confirm: ./hearth confirm ").append(turn.confirmation()).append('\n');
    }
    return ResponseEntity.ok()
        .header(OUTCOME_HEADER, turn.outcome().wire())
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(text.toString());
  }
}

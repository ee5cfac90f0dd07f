package dev.hearth.agent.openai;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.TurnTiming;
import dev.hearth.agent.openai.ChatRequest.Message;
import dev.hearth.agent.openai.Conversations.Line;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.agent.web.UtteranceRules;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * OpenAI's chat completions over the assistant: the last user message is the utterance, the home's
 * tools run inside, and the reply is the assistant's message. System messages, sampling options and
 * tools of the client have no effect. The field {@code hearth} carries what the protocol has no
 * place for.
 */
@RestController
@RequestMapping("/v1")
@Tag(name = "openai", description = "Any OpenAI client as a front end.")
class OpenAiController {
  /** The one model there is to choose. */
  static final String MODEL = "hearth";

  private final Assistant assistant;
  private final UtteranceRules rules;
  private final Conversations conversations;
  private final JsonMapper json;
  private final long started = Instant.now().getEpochSecond();

  OpenAiController(
      Assistant assistant, UtteranceRules rules, Conversations conversations, JsonMapper json) {
    this.assistant = assistant;
    this.rules = rules;
    this.conversations = conversations;
    this.json = json;
  }

  @Operation(summary = "The models there are: one")
  @GetMapping(path = "/models", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> models() {
    return Map.of("object", "list", "data", List.of(model()));
  }

  @Operation(summary = "One model")
  @GetMapping(path = "/models/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> model(@PathVariable String id) {
    if (!id.equals(MODEL)) {
      throw new UnknownModelException(id);
    }
    return model();
  }

  private Map<String, Object> model() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", MODEL);
    model.put("object", "model");
    model.put("created", started);
    model.put("owned_by", "hearth");
    return model;
  }

  @Operation(summary = "A turn, as a chat completion")
  @PostMapping(
      path = "/chat/completions",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  void complete(@RequestBody ChatRequest request, HttpServletResponse response) throws IOException {
    List<Message> messages = messages(request);
    int last = lastUser(messages);
    Message asked = messages.get(last);
    if (asked.otherThanText()) {
      throw new InvalidRequestException("messages", "only text can be understood here");
    }
    List<Line> history = new ArrayList<>();
    messages.subList(0, last).forEach(m -> line(m, history));
    Turn turn =
        assistant.ask(rules.utterance(asked.text(), null, conversations.find(history), null));
    line(asked, history);
    history.add(new Line("assistant", turn.reply()));
    conversations.remember(history, turn.conversation());

    Completion completion =
        new Completion(
            "chatcmpl-" + UUID.randomUUID().toString().replace("-", ""),
            Instant.now().getEpochSecond(),
            turn);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    if (Boolean.TRUE.equals(request.stream())) {
      var options = request.streamOptions();
      stream(completion, options != null && Boolean.TRUE.equals(options.includeUsage()), response);
    } else {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.getOutputStream().write(json.writeValueAsBytes(completion.whole()));
    }
  }

  private void stream(Completion completion, boolean withUsage, HttpServletResponse response)
      throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    OutputStream out = response.getOutputStream();
    Map<String, Object> start = new LinkedHashMap<>();
    start.put("role", "assistant");
    start.put("content", "");
    event(out, completion.chunk(start, null));
    event(out, completion.chunk(Map.of("content", completion.turn().reply()), null));
    event(out, completion.chunk(Map.of(), "stop"));
    if (withUsage) {
      event(out, completion.usageChunk());
    }
    out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void event(OutputStream out, Map<String, Object> data) throws IOException {
    out.write("data: ".getBytes(StandardCharsets.UTF_8));
    out.write(json.writeValueAsBytes(data));
    out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static List<Message> messages(ChatRequest request) {
    List<Message> messages = new ArrayList<>();
    for (Message message : request.messages() == null ? List.<Message>of() : request.messages()) {
      if (message != null) {
        messages.add(message);
      }
    }
    return messages;
  }

  private static int lastUser(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).user()) {
        return i;
      }
    }
    throw new InvalidRequestException(
        "messages", "messages holds no message with the role \"user\"");
  }

  private static void line(Message message, List<Line> history) {
    if (message.user() || "assistant".equals(message.role())) {
      history.add(new Line(message.user() ? "user" : "assistant", message.text()));
    }
  }

  /** One turn in OpenAI's words. */
  private record Completion(String id, long created, Turn turn) {
    Map<String, Object> whole() {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", "assistant");
      message.put("content", turn.reply());
      message.put("refusal", null);
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("index", 0);
      choice.put("message", message);
      choice.put("logprobs", null);
      choice.put("finish_reason", "stop");
      Map<String, Object> body = head("chat.completion");
      body.put("choices", List.of(choice));
      body.put("usage", usage());
      body.put("hearth", extra());
      return body;
    }

    Map<String, Object> chunk(Map<String, Object> delta, @Nullable String finish) {
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("index", 0);
      choice.put("delta", delta);
      choice.put("logprobs", null);
      choice.put("finish_reason", finish);
      Map<String, Object> body = head("chat.completion.chunk");
      body.put("choices", List.of(choice));
      if (finish != null) {
        body.put("hearth", extra());
      }
      return body;
    }

    Map<String, Object> usageChunk() {
      Map<String, Object> body = head("chat.completion.chunk");
      body.put("choices", List.of());
      body.put("usage", usage());
      return body;
    }

    private Map<String, Object> head(String object) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("id", id);
      body.put("object", object);
      body.put("created", created);
      body.put("model", MODEL);
      body.put("system_fingerprint", null);
      return body;
    }

    private Map<String, Object> usage() {
      TurnTiming t = turn.timing();
      int completion = t.decodedTokens() + t.forcedTokens();
      Map<String, Object> usage = new LinkedHashMap<>();
      usage.put("prompt_tokens", t.promptTokens());
      usage.put("completion_tokens", completion);
      usage.put("total_tokens", t.promptTokens() + completion);
      usage.put("prompt_tokens_details", Map.of("cached_tokens", t.cachedTokens()));
      return usage;
    }

    private Map<String, Object> extra() {
      Map<String, Object> extra = new LinkedHashMap<>();
      extra.put("conversation", turn.conversation());
      extra.put("outcome", turn.outcome().wire());
      extra.put("actions", turn.actions());
      if (turn.confirmation() != null) {
        extra.put("confirmation", turn.confirmation());
      }
      return extra;
    }
  }
}

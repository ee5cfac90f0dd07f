package dev.hearth.agent.language;

import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallSyntax;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model behind any server of OpenAI's chat completions API, such as vLLM, SGLang or llama-server.
 * Plain HTTP: the vendor's own SDK would add 42 MB for one request. Where the server leaves
 * thinking or calls in the text, as one without a parser for the model does, they are taken out
 * here; in a stream only thinking that the answer itself opens.
 */
final class OpenAiChatModel implements ChatModel {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DATA = "data:";

  private final RestClient client;
  private final String model;

  /**
   * A client.
   *
   * @param baseUrl the server's address with its version, such as {@code http://127.0.0.1:8000/v1}
   * @param apiKey the server's key; empty for none
   * @param model the model's name on the server
   * @param timeout how long one answer may take
   */
  OpenAiChatModel(String baseUrl, String apiKey, String model, Duration timeout) {
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory();
    requests.setReadTimeout(timeout);
    RestClient.Builder builder = RestClient.builder().baseUrl(baseUrl).requestFactory(requests);
    if (!apiKey.isEmpty()) {
      builder.defaultHeader("Authorization", "Bearer " + apiKey);
    }
    this.client = builder.build();
    this.model = model;
  }

  @Override
  public ChatOptions getOptions() {
    return ToolCallingChatOptions.builder().model(model).temperature(0.0).build();
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    String body = answer(request(prompt, false).toString());
    JsonNode json = JSON.readTree(body == null ? "{}" : body);
    JsonNode choice = json.path("choices").path(0);
    if (choice.isMissingNode()) {
      throw new IllegalStateException(
          "the language model server answered without choices; check hearth.language.base-url");
    }
    JsonNode message = choice.path("message");
    StringBuilder text = new StringBuilder();
    String content = message.path("content").stringValue("");
    AnswerReader reader = new AnswerReader(ToolCallSyntax.HERMES, opened(content), text::append);
    reader.accept(content);
    List<AssistantMessage.ToolCall> calls = new ArrayList<>(reader.finish());
    for (JsonNode call : message.path("tool_calls")) {
      calls.add(
          AnswerReader.call(
              call.path("id").stringValue(""),
              call.path("function").path("name").stringValue(""),
              call.path("function").path("arguments").stringValue("{}")));
    }
    return response(
        text.toString(), calls, choice.path("finish_reason").stringValue(""), json.path("usage"));
  }

  /** Whether the thinking that ends in an answer was opened by the prompt. */
  private static boolean opened(String content) {
    int end = content.indexOf(ToolCallParser.END_THINK);
    int begin = content.indexOf(ToolCallParser.THINK);
    return end >= 0 && (begin < 0 || begin > end);
  }

  private @Nullable String answer(String request) {
    try {
      return client
          .post()
          .uri("/chat/completions")
          .contentType(MediaType.APPLICATION_JSON)
          .body(request)
          .retrieve()
          .body(String.class);
    } catch (ResourceAccessException e) {
      if (e.getCause() instanceof HttpTimeoutException) {
        throw new UnfinishedAnswerException(
            "the language model server gave no answer in time; hearth.language.timeout-seconds"
                + " allows more",
            e);
      }
      throw e;
    }
  }

  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.<ChatResponse>create(
            sink -> {
              Map<Integer, PartialCall> partial = new LinkedHashMap<>();
              AnswerReader reader =
                  new AnswerReader(
                      ToolCallSyntax.HERMES,
                      false,
                      piece -> sink.next(response(piece, List.of(), "", JSON.createObjectNode())));
              client
                  .post()
                  .uri("/chat/completions")
                  .contentType(MediaType.APPLICATION_JSON)
                  .accept(MediaType.TEXT_EVENT_STREAM)
                  .body(request(prompt, true).toString())
                  .exchange((sent, received) -> {
                    if (received.getStatusCode().isError()) {
                      throw new IllegalStateException(
                          "the language model server answered " + received.getStatusCode());
                    }
                    read(received.getBody(), partial, reader);
                    return "";
                  });
              List<AssistantMessage.ToolCall> calls = new ArrayList<>(reader.finish());
              partial
                  .values()
                  .forEach(p -> calls.add(AnswerReader.call(p.id, p.name, p.arguments.toString())));
              sink.next(response("", calls, "stop", JSON.createObjectNode()));
              sink.complete();
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static final class PartialCall {
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();
  }

  /** Reads server-sent events until {@code [DONE]}. */
  private static void read(
      InputStream body, Map<Integer, PartialCall> partial, AnswerReader reader) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
        if (data.isEmpty() || data.equals("[DONE]")) {
          continue;
        }
        JsonNode delta = JSON.readTree(data).path("choices").path(0).path("delta");
        reader.accept(delta.path("content").stringValue(""));
        for (JsonNode call : delta.path("tool_calls")) {
          PartialCall part =
              partial.computeIfAbsent(call.path("index").intValue(0), i -> new PartialCall());
          part.id = call.path("id").stringValue(part.id);
          part.name = call.path("function").path("name").stringValue(part.name);
          part.arguments.append(call.path("function").path("arguments").stringValue(""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the language model server broke off its answer", e);
    }
  }

  private ObjectNode request(Prompt prompt, boolean stream) {
    ObjectNode request = JSON.createObjectNode().put("model", model).put("stream", stream);
    ChatOptions options = prompt.getOptions();
    Double temperature = options == null ? null : options.getTemperature();
    request.put("temperature", temperature == null ? 0.0 : temperature);
    ArrayNode messages = request.putArray("messages");
    prompt.getInstructions().forEach(m -> append(messages, m));
    List<ToolCallback> tools =
        options instanceof ToolCallingChatOptions calling && calling.getToolCallbacks() != null
            ? calling.getToolCallbacks()
            : List.of();
    if (!tools.isEmpty()) {
      ArrayNode list = request.putArray("tools");
      for (ToolCallback tool : tools) {
        ToolDefinition definition = tool.getToolDefinition();
        JsonNode parameters =
            CopiedWords.shown(
                    new dev.hearth.inference.chat.ToolDefinition(
                        definition.name(),
                        definition.description(),
                        JSON.readTree(definition.inputSchema())))
                .parameters();
        ObjectNode function =
            JSON.createObjectNode()
                .put("name", definition.name())
                .put("description", definition.description());
        function.set("parameters", parameters);
        list.addObject().put("type", "function").set("function", function);
      }
    }
    return request;
  }

  private static void append(ArrayNode messages, Message message) {
    String text = message.getText() == null ? "" : message.getText();
    switch (message) {
      case AssistantMessage assistant -> {
        ObjectNode node = messages.addObject().put("role", "assistant").put("content", text);
        if (assistant.hasToolCalls()) {
          ArrayNode calls = node.putArray("tool_calls");
          for (AssistantMessage.ToolCall call : assistant.getToolCalls()) {
            ObjectNode function =
                JSON.createObjectNode().put("name", call.name()).put("arguments", call.arguments());
            calls
                .addObject()
                .put("id", call.id())
                .put("type", "function")
                .set("function", function);
          }
        }
      }
      case ToolResponseMessage responses ->
          responses
              .getResponses()
              .forEach(r ->
                  messages
                      .addObject()
                      .put("role", "tool")
                      .put("tool_call_id", r.id())
                      .put("content", r.responseData()));
      default ->
          messages
              .addObject()
              .put("role", message.getMessageType().getValue())
              .put("content", text);
    }
  }

  private ChatResponse response(
      @Nullable String text, List<AssistantMessage.ToolCall> calls, String reason, JsonNode usage) {
    AssistantMessage message =
        AssistantMessage.builder().content(text == null ? "" : text).toolCalls(calls).build();
    int prompt = usage.path("prompt_tokens").intValue(0);
    int completion = usage.path("completion_tokens").intValue(0);
    return new ChatResponse(
        List.of(
            new Generation(message, ChatGenerationMetadata.builder().finishReason(reason).build())),
        ChatResponseMetadata.builder()
            .model(model)
            .usage(new DefaultUsage(prompt, completion, prompt + completion))
            .build());
  }
}

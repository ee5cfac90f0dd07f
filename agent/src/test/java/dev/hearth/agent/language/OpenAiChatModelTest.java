package dev.hearth.agent.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a server of the OpenAI API that answers as vLLM and llama-server do. */
class OpenAiChatModelTest {
  private final AtomicReference<String> request = new AtomicReference<>("");
  private final AtomicReference<String> answer = new AtomicReference<>("");
  private int status = 200;
  private HttpServer server;
  private OpenAiChatModel model;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          request.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] body = answer.get().getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .add(
                  "Content-Type",
                  answer.get().startsWith("data:") ? "text/event-stream" : "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    model =
        new OpenAiChatModel(
            "http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
            "secret",
            "mimo",
            Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static AssistantMessage message(ChatResponse response) {
    return Objects.requireNonNull(response.getResult()).getOutput();
  }

  @Test
  void readsToolCallsAndUsage() {
    answer.set(
        """
        {"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"1",
        "type":"function","function":{"name":"control","arguments":"{\\"do\\":\\"on\\"}"}}]},
        "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}
        """);

    ChatResponse response = model.call(new Prompt(List.of(new UserMessage("on"))));

    AssistantMessage.ToolCall call = message(response).getToolCalls().getFirst();
    assertThat(call.name()).isEqualTo("control");
    assertThat(call.arguments()).isEqualTo("{\"do\":\"on\"}");
    assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(10);
    assertThat(new JsonMapper().readTree(request.get()).path("model").stringValue())
        .isEqualTo("mimo");
  }

  @Test
  void putsToolCallsTogetherFromAStream() {
    answer.set(
        """
        data: {"choices":[{"delta":{"content":"O"}}]}

        data: {"choices":[{"delta":{"content":"K"}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1","function":{"name":"ask","arguments":"{\\"wh"}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"at\\":\\"on\\"}"}}]}}]}

        data: [DONE]
        """);

    List<ChatResponse> pieces =
        Objects.requireNonNull(
            model.stream(new Prompt(List.of(new UserMessage("?")))).collectList().block());

    assertThat(pieces.stream().map(p -> message(p).getText()).toList()).startsWith("O", "K");
    assertThat(message(pieces.getLast()).getToolCalls().getFirst().arguments())
        .isEqualTo("{\"what\":\"on\"}");
  }

  @Test
  void leavesOutWhatTheModelThinksAndReadsCallsThatTheServerLeftInTheText() {
    answer.set(
        """
        {"choices":[{"message":{"content":"<think>the lamp</think>Done. \
        <tool_call>{\\"name\\":\\"ask\\",\\"arguments\\":{}}</tool_call>"}}]}
        """);

    AssistantMessage whole = message(model.call(new Prompt(List.of(new UserMessage("?")))));

    assertThat(whole.getText()).isEqualTo("Done. ");
    assertThat(whole.getToolCalls()).extracting(c -> c.name()).containsExactly("ask");

    StringBuilder events = new StringBuilder();
    for (String part : List.of("<thi", "nk>the lamp</th", "ink>Done. ")) {
      events.append("data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(part));
    }
    answer.set(events + "data: [DONE]\n");

    List<ChatResponse> pieces =
        Objects.requireNonNull(
            model.stream(new Prompt(List.of(new UserMessage("?")))).collectList().block());

    assertThat(String.join("", pieces.stream().map(p -> message(p).getText()).toList()))
        .isEqualTo("Done. ");
  }

  @Test
  void leavesOutThinkingThatThePromptHasOpened() {
    answer.set("{\"choices\":[{\"message\":{\"content\":\"the lamp</think>Done.\"}}]}");

    ChatResponse response = model.call(new Prompt(List.of(new UserMessage("?"))));

    assertThat(message(response).getText()).isEqualTo("Done.");
  }

  @Test
  void aServerThatFailsIsAnError() {
    status = 500;
    answer.set("{}");

    assertThatThrownBy(() -> model.call(new Prompt(List.of(new UserMessage("?")))))
        .hasMessageContaining("500");
  }

  @Test
  void anAnswerWithoutChoicesNamesTheSetting() {
    answer.set("{}");

    assertThatThrownBy(() -> model.call(new Prompt(List.of(new UserMessage("?")))))
        .hasMessageContaining("hearth.language.base-url");
  }

  @Test
  void aServerThatIsTooSlowGivesNoAnswerAtAll() {
    server.createContext("/slow/chat/completions", exchange -> {});
    OpenAiChatModel slow =
        new OpenAiChatModel(
            "http://127.0.0.1:" + server.getAddress().getPort() + "/slow",
            "",
            "mimo",
            Duration.ofMillis(50));

    assertThatThrownBy(() -> slow.call(new Prompt(List.of(new UserMessage("on")))))
        .isInstanceOf(UnfinishedAnswerException.class)
        .hasMessageContaining("hearth.language.timeout-seconds");
  }
}

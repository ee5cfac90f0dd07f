package dev.hearth.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.web.FakeAssistant;
import dev.hearth.agent.web.WebTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CommandApiTest extends WebTest {

  @Test
  void answersCommandWithReplyOutcomeActionsAndTiming() throws Exception {
    HttpResponse<String> response = command(Map.of("text", "dim the kitchen"));

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = body(response);
    assertThat(body.get("reply").stringValue()).isEqualTo("Heard: dim the kitchen");
    assertThat(body.get("outcome").stringValue()).isEqualTo("done");
    assertThat(body.get("conversation").stringValue()).isNotEmpty();
    assertThat(body.has("confirmation")).isFalse();
    JsonNode action = body.get("actions").get(0);
    assertThat(action.propertyNames())
        .containsExactly("entity", "command", "arguments", "evidence", "detail", "ms");
    assertThat(action.get("arguments").get("percent").intValue()).isEqualTo(40);
    assertThat(body.get("timing").get("first_publish_ms").doubleValue()).isEqualTo(25);
    assertThat(body.get("timing").get("cached_tokens").intValue()).isEqualTo(150);
  }

  @Test
  void givesOnlyTheReplyWhenAskedForPlainText() throws Exception {
    HttpResponse<String> response =
        send(
            request("/api/v1/commands")
                .header("Content-Type", "application/json")
                .header("Accept", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"开灯\"}")));

    assertThat(response.body()).isEqualTo("Heard: 开灯\n");
    assertThat(response.headers().firstValue("Hearth-Outcome")).contains("done");
  }

  @Test
  void passesAreaByNameIdOrAliasAsId() throws Exception {
    for (String area : new String[] {"Kitchen", "kitchen", "厨房", " KITCHEN "}) {
      assistant.heard().clear();
      assertThat(command(Map.of("text", "light on", "area", area)).statusCode()).isEqualTo(200);
      assertThat(assistant.heard()).last().extracting("area").isEqualTo("kitchen");
    }
  }

  @Test
  void passesConversationAndPrimaryLanguage() throws Exception {
    command(Map.of("text", "开灯", "conversation", "c-42", "language", "zh-CN"));

    assertThat(assistant.heard().getLast().conversation()).isEqualTo("c-42");
    assertThat(assistant.heard().getLast().language()).isEqualTo("zh");
  }

  @Test
  void confirmsWaitingPlanOnceAskedTo() throws Exception {
    JsonNode asked = body(command(Map.of("text", "unlock the door")));
    assertThat(asked.get("outcome").stringValue()).isEqualTo("needs_confirmation");

    HttpResponse<String> confirmed =
        json("POST", "/api/v1/confirmations/" + asked.get("confirmation").stringValue(), "");

    assertThat(confirmed.statusCode()).isEqualTo(200);
    assertThat(body(confirmed).get("outcome").stringValue()).isEqualTo("done");
    assertThat(FakeAssistant.TOKEN).isEqualTo(asked.get("confirmation").stringValue());
  }

  @Test
  void undoesTheLastOfAConversationOrOfTheHome() throws Exception {
    JsonNode named =
        body(
            json("POST", "/api/v1/commands/undo", "{\"conversation\":\"c7\",\"language\":\"zh\"}"));
    assertThat(named.get("conversation").stringValue()).isEqualTo("c7");
    assertThat(named.get("reply").stringValue()).isEqualTo("Undone in zh.");

    HttpResponse<String> any =
        send(
            request("/api/v1/commands/undo")
                .header("Accept", "text/plain")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(any.body()).isEqualTo("Undone.\n");
    assertThat(any.headers().firstValue("Hearth-Outcome")).contains("done");

    assertProblem(
        json("POST", "/api/v1/commands/undo", "{\"conversation\":\"a b\"}"), 400, "conversation");
  }

  @Test
  void answersNotFoundForUnknownConfirmation() throws Exception {
    assertProblem(json("POST", "/api/v1/confirmations/nonsense", ""), 404, "confirmation token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"\"}",
        "{\"text\":\"  \\n \"}",
        "{\"text\":null}",
        "{}",
        "{\"text\":\"a\\u0000b\"}",
        "{\"text\":\"a\\u001bb\"}",
        "{\"text\":\"a\\u009fb\"}",
        "{\"text\":\"\\ud800\"}",
        "{\"text\":\"\\ufdd0\"}",
        "{\"text\":[\"on\"]}",
        "{\"text\":{\"a\":1}}",
        "{\"text\":\"light on\",\"area\":\"moon base\"}",
        "{\"text\":\"light on\",\"language\":\"tlh\"}",
        "{\"text\":\"light on\",\"conversation\":\"a b\"}",
        "[]",
        "\"text\"",
        "null",
        "",
        "{",
        "{\"text\":\"on\"}}",
        "text=on",
        "<xml/>"
      })
  void refusesBadBody(String body) throws Exception {
    assertProblem(json("POST", "/api/v1/commands", body), 400, "");
  }

  @Test
  void namesKnownAreasWhenAreaIsUnknown() throws Exception {
    HttpResponse<String> response = command(Map.of("text", "light on", "area", "moon base"));

    assertProblem(response, 400, "\"moon base\" is unknown here; known are: Hall, Kitchen");
    assertThat(body(response).get("field").stringValue()).isEqualTo("area");
  }

  @Test
  void acceptsTwoThousandCharactersAndNoMore() throws Exception {
    assertThat(command(Map.of("text", "灯".repeat(2000))).statusCode()).isEqualTo(200);
    assertThat(command(Map.of("text", "💡".repeat(2000))).statusCode()).isEqualTo(200);
    assertProblem(command(Map.of("text", "灯".repeat(2001))), 400, "2001 characters");
  }

  @Test
  void refusesBinaryAndInvalidUtf8() throws Exception {
    byte[] binary = new byte[512];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = (byte) (i * 37 + 200);
    }
    byte[] broken = "{\"text\":\"a_b\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    broken[10] = (byte) 0xC3;
    for (byte[] bytes : Arrays.asList(binary, broken)) {
      assertProblem(
          send(
              request("/api/v1/commands")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))),
          400,
          "not JSON");
    }
  }

  @Test
  void refusesLargeBodyOfAnnouncedAndOfUnknownLength() throws Exception {
    String large = "{\"text\":\"" + "a".repeat(100_000) + "\"}";
    assertProblem(json("POST", "/api/v1/commands", large), 413, "");
    assertProblem(
        send(
            request("/api/v1/commands")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(() ->
                        new java.io.ByteArrayInputStream(
                            large.getBytes(java.nio.charset.StandardCharsets.UTF_8))))),
        413,
        "");
  }

  @Test
  void refusesOtherMethodsMediaTypesAndPaths() throws Exception {
    assertProblem(get("/api/v1/commands"), 405, "");
    assertProblem(json("DELETE", "/api/v1/commands", "{}"), 405, "");
    assertProblem(
        send(
            request("/api/v1/commands")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("light on"))),
        415,
        "");
    assertProblem(
        send(
            request("/api/v1/commands")
                .header("Content-Type", "application/json")
                .header("Accept", "image/png")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"on\"}"))),
        406,
        "");
    assertProblem(get("/api/v1/nothing"), 404, "");
    assertProblem(get("/api"), 404, "");
  }

  @Test
  void tellsWhenToRetryWhenOverloaded() throws Exception {
    HttpResponse<String> response = command(Map.of("text", "overload"));

    assertProblem(response, 503, "more than 64 commands are waiting");
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
  }

  @Test
  void hidesTheInsideOfUnexpectedErrors() throws Exception {
    HttpResponse<String> response = command(Map.of("text", "explode"));

    assertProblem(response, 500, "its log says more");
    assertThat(response.body()).doesNotContain("secret", "Exception", "java");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode body = body(response);
    assertThat(body.get("status").intValue()).isEqualTo(status);
    assertThat(body.get("detail").stringValue()).isNotBlank().contains(detail);
    assertThat(response.body()).doesNotContain("\tat ", "Exception", "tools.jackson", "dev.hearth");
  }
}

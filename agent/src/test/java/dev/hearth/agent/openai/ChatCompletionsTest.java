package dev.hearth.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.web.WebTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ChatCompletionsTest extends WebTest {
  private static final String PATH = "/v1/chat/completions";

  @Test
  void answersLastUserMessage() throws Exception {
    HttpResponse<String> response =
        json(
            "POST",
            PATH,
            """
            {"model": "gpt-4o", "temperature": 0.2, "n": 1, "tools": [], "unheard_of": {"a": 1},
             "messages": [
               {"role": "system", "content": "You are a pirate."},
               {"role": "user", "content": "dim the light", "name": "ann"}]}\
            """);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode body = body(response);
    assertThat(body.get("object").stringValue()).isEqualTo("chat.completion");
    assertThat(body.get("model").stringValue()).isEqualTo("hearth");
    JsonNode choice = body.get("choices").get(0);
    assertThat(choice.get("message").get("role").stringValue()).isEqualTo("assistant");
    assertThat(choice.get("message").get("content").stringValue())
        .isEqualTo("Heard: dim the light");
    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(body.get("usage").get("prompt_tokens").intValue()).isEqualTo(200);
    assertThat(body.get("usage").get("completion_tokens").intValue()).isEqualTo(40);
    assertThat(body.get("usage").get("total_tokens").intValue()).isEqualTo(240);
    assertThat(body.get("hearth").get("outcome").stringValue()).isEqualTo("done");
    assertThat(body.get("hearth").get("actions").get(0).get("evidence").stringValue())
        .isEqualTo("state_confirmed");
  }

  @Test
  void readsContentGivenAsParts() throws Exception {
    JsonNode body =
        body(
            json(
                "POST",
                PATH,
                """
                {"messages": [{"role": "user", "content": [
                  {"type": "text", "text": "dim"}, {"type": "text", "text": "the light"}]}]}\
                """));

    assertThat(body.get("choices").get(0).get("message").get("content").stringValue())
        .isEqualTo("Heard: dim\nthe light");
  }

  @Test
  void streamsChunksThatEndWithDone() throws Exception {
    HttpResponse<String> response =
        json(
            "POST",
            PATH,
            """
            {"stream": true, "stream_options": {"include_usage": true},
             "messages": [{"role": "user", "content": "开灯"}]}\
            """);

    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<String> events = new ArrayList<>();
    for (String event : response.body().split("\n\n", -1)) {
      if (event.isEmpty()) {
        continue;
      }
      assertThat(event).startsWith("data: ");
      events.add(event.substring("data: ".length()));
    }
    assertThat(events.getLast()).isEqualTo("[DONE]");
    List<JsonNode> chunks =
        events.subList(0, events.size() - 1).stream().map(e -> JSON.readTree(e)).toList();
    StringBuilder content = new StringBuilder();
    for (JsonNode chunk : chunks) {
      assertThat(chunk.get("object").stringValue()).isEqualTo("chat.completion.chunk");
      assertThat(chunk.get("id")).isEqualTo(chunks.getFirst().get("id"));
      content.append(chunk.path("choices").path(0).path("delta").path("content").asString(""));
    }
    assertThat(content).hasToString("Heard: 开灯");
    assertThat(chunks.get(0).get("choices").get(0).get("delta").get("role").stringValue())
        .isEqualTo("assistant");
    assertThat(chunks.get(2).get("choices").get(0).get("finish_reason").stringValue())
        .isEqualTo("stop");
    assertThat(chunks.getLast().get("usage").get("total_tokens").intValue()).isEqualTo(240);
  }

  @Test
  void continuesConversationWhoseHistoryTheClientSendsBack() throws Exception {
    JsonNode first =
        body(json("POST", PATH, "{\"messages\":[{\"role\":\"user\",\"content\":\"first\"}]}"));

    JsonNode second =
        body(
            json(
                "POST",
                PATH,
                """
                {"messages": [{"role": "system", "content": "new words"},
                 {"role": "user", "content": "first"},
                 {"role": "assistant", "content": "Heard: first"},
                 {"role": "user", "content": "and now?"}]}\
                """));
    JsonNode other =
        body(
            json(
                "POST",
                PATH,
                """
                {"messages": [{"role": "user", "content": "other"},
                 {"role": "assistant", "content": "Heard: first"},
                 {"role": "user", "content": "and now?"}]}\
                """));

    String conversation = first.get("hearth").get("conversation").stringValue();
    assertThat(second.get("hearth").get("conversation").stringValue()).isEqualTo(conversation);
    assertThat(other.get("hearth").get("conversation").stringValue()).isNotEqualTo(conversation);
  }

  @Test
  void offersConfirmationToken() throws Exception {
    JsonNode body =
        body(json("POST", PATH, "{\"messages\":[{\"role\":\"user\",\"content\":\"unlock\"}]}"));

    assertThat(body.get("hearth").get("outcome").stringValue()).isEqualTo("needs_confirmation");
    assertThat(body.get("hearth").get("confirmation").stringValue()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                          | 400 | invalid_request_error | role",
        "{\"messages\":[]}                                           | 400 | invalid_request_error | role",
        "{\"messages\":[null]}                                       | 400 | invalid_request_error | role",
        "{\"messages\":[{\"role\":\"system\",\"content\":\"a\"}]}    | 400 | invalid_request_error | role",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}       | 400 | invalid_request_error | empty",
        "{\"messages\":[{\"role\":\"user\"}]}                        | 400 | invalid_request_error | empty",
        "{\"messages\":[{\"role\":\"user\",\"content\":7}]}          | 400 | invalid_request_error | empty",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} | 400 | invalid_request_error | only text",
        "{\"messages\":\"hello\"}                                    | 400 | invalid_request_error | messages",
        "not json                                                    | 400 | invalid_request_error | not JSON",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"overload\"}]} | 503 | overloaded_error | waiting",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"explode\"}]}  | 500 | server_error | log",
      })
  void speaksOpenAisErrorFormat(String body, int status, String type, String message)
      throws Exception {
    HttpResponse<String> response = json("POST", PATH, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = body(response).get("error");
    assertThat(error.get("type").stringValue()).isEqualTo(type);
    assertThat(error.get("message").stringValue()).contains(message).doesNotContain("Exception");
    assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
  }

  @Test
  void refusesTooMuchInOpenAisFormat() throws Exception {
    String words = "a".repeat(2001);
    assertThat(
            body(json(
                    "POST",
                    PATH,
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}"))
                .get("error")
                .get("message")
                .stringValue())
        .contains("2001 characters");
    HttpResponse<String> tooLarge = json("POST", PATH, "{\"x\":\"" + "a".repeat(1_100_000) + "\"}");
    assertThat(tooLarge.statusCode()).isEqualTo(413);
    assertThat(body(tooLarge).get("error").get("message").stringValue()).contains("1048576");
  }

  @Test
  void asksForTokenAndOtherMethodsInOpenAisFormat() throws Exception {
    HttpResponse<String> anonymous = send(HttpRequest.newBuilder(address("/v1/models")));
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(body(anonymous).get("error").get("type").stringValue())
        .isEqualTo("authentication_error");
    assertThat(get(PATH).statusCode()).isEqualTo(405);
    assertThat(body(get(PATH)).get("error").get("type").stringValue())
        .isEqualTo("invalid_request_error");
  }

  @Test
  void listsItsModel() throws Exception {
    JsonNode models = body(get("/v1/models"));
    assertThat(models.get("object").stringValue()).isEqualTo("list");
    assertThat(models.get("data").get(0).get("id").stringValue()).isEqualTo("hearth");
    assertThat(get("/v1/models/hearth").statusCode()).isEqualTo(200);
    assertThat(get("/v1/models/gpt-4o").statusCode()).isEqualTo(404);
  }
}

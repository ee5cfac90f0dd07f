package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application as a program on the network sees it: overload and nonsense. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "hearth.mqtt.port=0",
      "hearth.patience=3",
      "hearth.token=" + WholeAgentTest.TOKEN
    })
@DirtiesContext
class WholeAgentTest {
  static final String TOKEN = "whole-agent-0123456789";
  private static final int MANY = 1_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path data;
  @LocalServerPort private int port;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @DynamicPropertySource
  static void data(DynamicPropertyRegistry registry) {
    registry.add("hearth.data", data::toString);
  }

  @Test
  void aThousandCommandsAtOnceAreAnsweredOrTurnedAwayAndTheNextOneIsDone() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> sent =
        IntStream.range(0, MANY)
            .mapToObj(i ->
                client.sendAsync(
                    command(
                        i % 2 == 0 ? "turn on the kitchen lights" : "is the front door locked?"),
                    BodyHandlers.ofString()))
            .toList();
    List<HttpResponse<String>> responses = sent.stream().map(CompletableFuture::join).toList();

    assertThat(responses).hasSize(MANY);
    assertThat(responses)
        .extracting(HttpResponse::statusCode)
        .isSubsetOf(200, 429, 503)
        .contains(200);
    for (HttpResponse<String> response : responses) {
      if (response.statusCode() != 200) {
        assertProblem(response, response.statusCode());
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
      }
    }
    assertDone("turn off the kitchen lights");
  }

  static Stream<Arguments> nonsense() {
    byte[] binary = new byte[512];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = (byte) (i * 37 + 200);
    }
    return Stream.of(
        Arguments.of("no body", new byte[0], 400),
        Arguments.of("empty text", json(""), 400),
        Arguments.of("2,001 characters", json("a".repeat(2_001)), 400),
        Arguments.of("control characters", json("turn on\\u0000\\u001b[2J"), 400),
        Arguments.of("a raw control character", json("turn on \u0007"), 400),
        Arguments.of("half a surrogate pair", json("\\ud83d"), 400),
        Arguments.of("binary", binary, 400),
        Arguments.of("half of a JSON", "{\"text\":\"turn".getBytes(StandardCharsets.UTF_8), 400),
        Arguments.of("another JSON", "[1, 2, 3]".getBytes(StandardCharsets.UTF_8), 400),
        Arguments.of("no text", "{\"texxt\":\"hi\"}".getBytes(StandardCharsets.UTF_8), 400),
        Arguments.of("a large body", json("a".repeat(100_000)), 413));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nonsense")
  void nonsenseIsRefusedWithAProblemAndNothingOfTheInside(String what, byte[] body, int status)
      throws Exception {
    assertProblem(
        send(
            post()
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofByteArray(body))),
        status);
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    assertProblem(
        send(
            HttpRequest.newBuilder(uri("/api/v1/commands"))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/xml")
                .POST(BodyPublishers.ofString("<text>turn on the light</text>"))),
        415);
  }

  @Test
  void nobodyCommandsWithoutTheToken() throws Exception {
    var body = BodyPublishers.ofByteArray(json("turn on the kitchen lights"));

    assertProblem(send(post().POST(body)), 401);
    assertProblem(send(post().header("Authorization", "Bearer " + TOKEN + "0").POST(body)), 401);
    assertProblem(send(post().header("Authorization", "Basic YWRtaW46YWRtaW4=").POST(body)), 401);
  }

  @Test
  void healthNeedsNoToken() throws Exception {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/actuator/health")));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).get("status").stringValue()).isEqualTo("UP");
    assertProblem(send(HttpRequest.newBuilder(uri("/actuator/env"))), 401);
  }

  private void assertDone(String text) throws Exception {
    HttpResponse<String> response = client.send(command(text), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).get("outcome").stringValue())
        .as(response.body())
        .isEqualTo("done");
  }

  private static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.get("status").intValue()).isEqualTo(status);
    assertThat(body.get("detail").stringValue()).isNotBlank();
    assertThat(response.body())
        .doesNotContain("\\tat ", "Exception", "dev.hearth", "springframework", "jackson", "java.");
  }

  private HttpRequest command(String text) {
    return post()
        .header("Authorization", "Bearer " + TOKEN)
        .POST(BodyPublishers.ofByteArray(json(text)))
        .build();
  }

  private HttpRequest.Builder post() {
    return HttpRequest.newBuilder(uri("/api/v1/commands"))
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The body of a command; the text is written as it is, escapes and all. */
  private static byte[] json(String text) {
    return ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
  }
}

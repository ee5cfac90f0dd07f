package dev.hearth.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.agent.web.WebTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Models over real HTTP, downloaded from a real server. */
class ModelApiTest extends WebTest {
  private static final int FIRST_PART = 100_000;

  private final CountDownLatch rest = new CountDownLatch(1);
  private byte[] model = {};
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    try (InputStream in = ModelApiTest.class.getResourceAsStream("/models/hearth-home.gguf")) {
      model = Objects.requireNonNull(in).readAllBytes();
    }
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/whole.gguf", exchange -> answer(exchange, digest, model.length));
    server.createContext("/slow.gguf", exchange -> answer(exchange, digest, FIRST_PART));
    server.createContext("/wrong.gguf", exchange -> answer(exchange, "0".repeat(64), model.length));
    server.createContext(
        "/none.gguf",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
  }

  /** Sends the first bytes, and the others when the test says so. */
  private void answer(HttpExchange exchange, String digest, int first) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + digest + "\"");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      exchange.sendResponseHeaders(200, model.length);
      exchange.getResponseBody().write(model, 0, first);
      exchange.getResponseBody().flush();
      if (first < model.length) {
        rest.await();
        exchange.getResponseBody().write(model, first, model.length - first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    rest.countDown();
    server.stop(0);
  }

  private HttpResponse<String> pull(String path, String name) throws Exception {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
    return json(
        "POST", "/api/v1/models/pull", JSON.writeValueAsString(Map.of("model", url, "name", name)));
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode node : list) {
      if (node.get("name").stringValue().equals(name)) {
        return node;
      }
    }
    return JSON.createObjectNode();
  }

  private JsonNode download(String name) throws Exception {
    return named(body(get("/api/v1/models")).get("downloads"), name);
  }

  private void awaitState(String name, String state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> download(name).path("state").asString("").equals(state));
  }

  private int delete(String path) throws Exception {
    return send(request(path).DELETE()).statusCode();
  }

  @Test
  void pullsListsAndDeletesAModel() throws Exception {
    HttpResponse<String> begun = pull("/whole.gguf", "home-copy");

    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    assertThat(body(begun).get("name").stringValue()).isEqualTo("home-copy");
    awaitState("home-copy", "done");
    assertThat(download("home-copy").get("bytes").longValue()).isEqualTo(model.length);
    assertThat(download("home-copy").get("total").longValue()).isEqualTo(model.length);
    JsonNode models = body(get("/api/v1/models")).get("models");
    assertThat(named(models, "home-copy").get("bytes").longValue()).isEqualTo(model.length);
    assertThat(named(models, "home-copy").get("active").booleanValue()).isFalse();
    assertThat(named(models, "built-in").get("active").booleanValue()).isTrue();
    assertThat(pull("/whole.gguf", "home-copy").statusCode()).isEqualTo(409);

    assertThat(delete("/api/v1/models/home-copy")).isEqualTo(204);
    assertThat(delete("/api/v1/models/home-copy")).isEqualTo(404);
    assertThat(named(body(get("/api/v1/models")).get("models"), "home-copy").isEmpty()).isTrue();
  }

  @Test
  void aChosenModelIsThatOfTheNextStartUntilAnotherIsOrItIsDeleted() throws Exception {
    pull("/whole.gguf", "other");
    awaitState("other", "done");

    HttpResponse<String> chosen = use("other");
    assertThat(chosen.statusCode()).as(chosen.body()).isEqualTo(200);
    assertThat(body(chosen).get("name").stringValue()).isEqualTo("other");
    assertThat(body(chosen).get("active").booleanValue()).isTrue();
    assertThat(body(chosen).get("loaded").booleanValue()).isFalse();
    assertActive("other");

    assertThat(use("built-in").statusCode()).isEqualTo(200);
    assertActive("built-in");

    use("other");
    assertThat(delete("/api/v1/models/other")).isEqualTo(204);
    assertActive("built-in");
  }

  private HttpResponse<String> use(String name) throws Exception {
    return json("PUT", "/api/v1/models/active", JSON.writeValueAsString(Map.of("model", name)));
  }

  private void assertActive(String name) throws Exception {
    for (JsonNode model : body(get("/api/v1/models")).get("models")) {
      assertThat(model.get("active").booleanValue())
          .as(model.toString())
          .isEqualTo(model.get("name").stringValue().equals(name));
    }
  }

  @Test
  void showsProgressAndStops() throws Exception {
    assertThat(pull("/slow.gguf", "slow").statusCode()).isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> download("slow").path("bytes").asLong(0) == FIRST_PART);
    assertThat(download("slow").get("state").stringValue()).isEqualTo("running");
    assertThat(download("slow").get("total").longValue()).isEqualTo(model.length);
    assertThat(download("slow").has("bytes_per_second")).isTrue();
    assertThat(pull("/slow.gguf", "slow").statusCode()).isEqualTo(409);
    assertThat(delete("/api/v1/models/slow")).isEqualTo(409);

    assertThat(delete("/api/v1/models/slow/download")).isEqualTo(204);
    awaitState("slow", "cancelled");
    assertThat(delete("/api/v1/models/slow/download")).isEqualTo(404);

    rest.countDown();
    assertThat(pull("/slow.gguf", "slow").statusCode()).isEqualTo(202);
    awaitState("slow", "done");
    assertThat(delete("/api/v1/models/slow")).isEqualTo(204);
  }

  @Test
  void saysWhyADownloadFailed() throws Exception {
    pull("/none.gguf", "none");
    awaitState("none", "failed");
    assertThat(download("none").get("error").stringValue()).contains("404");
    pull("/wrong.gguf", "wrong");
    awaitState("wrong", "failed");
    assertThat(download("wrong").get("error").stringValue()).contains("It was deleted");
    assertThat(named(body(get("/api/v1/models")).get("models"), "wrong").isEmpty()).isTrue();
  }

  @Test
  void showsTheCatalogue() throws Exception {
    JsonNode offer = named(body(get("/api/v1/models")).get("catalogue"), "mimo-7b-rl-q4_k_m");
    assertThat(offer.get("licence").stringValue()).isEqualTo("MIT");
    assertThat(offer.get("about_bytes").longValue()).isGreaterThan(4_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST | pull | {}                                            | 400 | model is empty",
        "POST | pull | {\"model\":7,\"verify\":\"x\"}                | 400 | verify",
        "POST | pull | {\"model\":\"llama\"}                         | 400 | the catalogue, which has",
        "POST | pull | {\"model\":\"http://models.example/a.gguf\"}  | 400 | not encrypted",
        "POST | pull | {\"model\":\"https://a.example/..%2fb\"}      | 400 | name of a model",
        "POST | pull | {\"model\":\"https://a.example/b\",\"sha256\":\"1\"} | 400 | hexadecimal",
        "PUT  | active | {}                                          | 400 | model is empty",
        "PUT  | active | {\"model\":\"none\"}                        | 404 | none",
        "PUT  | active | {\"model\":\"../admin-token\"}              | 404 | admin-token",
        "DELETE | built-in                | {} | 409 | built-in",
        "DELETE | none                    | {} | 404 | none",
        "DELETE | ..%2Fadmin-token        | {} | 400 |",
        "DELETE | none/download           | {} | 404 | none",
        "GET    | pull                    | {} | 405 |",
      })
  void refusesWhatMakesNoSense(String method, String path, String body, int status, String detail)
      throws Exception {
    HttpResponse<String> response = json(method, "/api/v1/models/" + path, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    if (detail != null) {
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
      assertThat(body(response).get("detail").stringValue()).contains(detail);
    }
  }

  @Test
  void needsTheToken() throws Exception {
    assertThat(send(HttpRequest.newBuilder(address("/api/v1/models"))).statusCode()).isEqualTo(401);
    assertThat(send(HttpRequest.newBuilder(address("/api/v1/models/none")).DELETE()).statusCode())
        .isEqualTo(401);
    HttpRequest.BodyPublisher body =
        HttpRequest.BodyPublishers.ofString("{\"model\":\"built-in\"}");
    assertThat(
            send(HttpRequest.newBuilder(address("/api/v1/models/active"))
                    .header("Content-Type", "application/json")
                    .PUT(body))
                .statusCode())
        .isEqualTo(401);
  }
}

package dev.hearth.agent.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real HTTP against the ways in, on a random port. */
@ActiveProfiles("ways-in")
@SpringBootTest(
    classes = WebApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "hearth.data=target/test-data/web-${random.uuid}",
      "hearth.token=" + WebTest.TOKEN
    })
public abstract class WebTest {
  /** The fixed admin token of the tests. */
  public static final String TOKEN = "test-token-0123456789";

  /** What JSON is read with. */
  protected static final JsonMapper JSON = JsonMapper.builder().build();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What answers. */
  @Autowired protected FakeAssistant assistant;

  /** The home. */
  @Autowired protected FakeRegistry registry;

  @LocalServerPort private int port;

  /** The address of the agent. */
  protected final URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** A request with the token. */
  protected final HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address(path)).header("Authorization", "Bearer " + TOKEN);
  }

  /** Sends and reads the body as text. */
  protected final HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Gets with the token. */
  protected final HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** Sends a JSON body with the token. */
  protected final HttpResponse<String> json(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Posts a command. */
  protected final HttpResponse<String> command(Map<String, ?> body)
      throws IOException, InterruptedException {
    return json("POST", "/api/v1/commands", JSON.writeValueAsString(body));
  }

  /** The body as JSON. */
  protected static JsonNode body(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}

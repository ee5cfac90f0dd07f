package dev.hearth.agent.start;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * A short life of the agent for the virtual machine to learn from: uses every way in a few times,
 * then ends the process. The launcher starts it once per build with {@code
 * -XX:ArchiveClassesAtExit}, on a data directory of its own and with {@code hearth.token} set.
 */
@Component
class TrainingRun {
  private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
  private static final int ROUNDS = 10;
  private static final int DISCOVERY_TRIES = 50;
  private static final Duration DISCOVERY_PAUSE = Duration.ofMillis(200);
  private static final List<String> COMMANDS =
      List.of(
          "turn off the kitchen lights and set the bedroom to 21 degrees",
          "turn on the living room lights",
          "set the office light to 40 percent",
          "is the garage door open?",
          "把厨房的灯关掉",
          "open the blinds in the bedroom",
          "hello");

  private final Address address;
  private final Environment environment;
  private final ConfigurableApplicationContext context;

  TrainingRun(Address address, Environment environment, ConfigurableApplicationContext context) {
    this.address = address;
    this.environment = environment;
    this.context = context;
  }

  @EventListener
  @Order
  void ready(ApplicationReadyEvent event) {
    if (!environment.getProperty("hearth.train", Boolean.class, false)) {
      return;
    }
    String token = environment.getRequiredProperty("hearth.token");
    Thread.ofPlatform()
        .name("training")
        .start(() -> {
          int status = train(token) ? 0 : 1;
          System.exit(SpringApplication.exit(context, () -> status));
        });
  }

  private boolean train(String token) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Way way = new Way(client, address.url(), token);
      way.awaitDevices();
      way.send("/sign-in", null);
      way.send("/actuator/health", null);
      way.send("/v1/models", null);
      for (int round = 0; round < ROUNDS; round++) {
        for (String command : COMMANDS) {
          way.send("/api/v1/commands", "{\"text\":\"" + command + "\",\"area\":\"kitchen\"}");
        }
      }
      way.send(
          "/v1/chat/completions",
          "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
      return true;
    } catch (IOException e) {
      log.error("The training run failed", e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The way in over HTTP. */
  private record Way(HttpClient client, String url, String token) {
    void awaitDevices() throws IOException, InterruptedException {
      int known = -1;
      for (int i = 0; i < DISCOVERY_TRIES; i++) {
        int now = send("/api/v1/entities", null).length();
        if (now > 2 && now == known) {
          return;
        }
        known = now;
        Thread.sleep(DISCOVERY_PAUSE);
      }
    }

    String send(String path, @Nullable String body) throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .header("Authorization", "Bearer " + token)
              .timeout(Duration.ofSeconds(30));
      if (body != null) {
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
      }
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      log.info("{} {}: {}", response.statusCode(), path, response.body());
      return response.body();
    }
  }
}

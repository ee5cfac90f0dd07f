package dev.hearth.inference.benchmarks;

import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.MqttSubscription;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what a user feels: from the HTTP request to the first command on the broker, seen by a
 * subscriber of its own, and to the reply. The agent must be running with its simulated home.
 */
public final class CommandBench {
  private static final String USAGE =
      "usage: CommandBench DATA-FOLDER [ROUNDS [BROKER]]   (the data folder of a running agent)";

  /**
   * Pairs that undo each other, so that every request really sends something; the simulated home
   * begins with the kitchen lights on.
   */
  private static final List<String> SENTENCES =
      List.of(
          "turn off the kitchen lights",
          "turn on the kitchen lights",
          "dim the living room ceiling light to 30 percent",
          "set the living room ceiling light to 80 percent",
          "打开书房的灯",
          "关掉书房的灯",
          "turn on the hall light and set the bedroom to 21 degrees",
          "turn off the hall light and set the bedroom to 20 degrees");

  private CommandBench() {}

  /**
   * Runs the benchmark and prints its figures.
   *
   * @param args the agent's data folder, how often the sentences are said (default 20), and the
   *     address of its broker (default that of the embedded one)
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 1) {
      System.err.println(USAGE);
      return;
    }
    Path data = Path.of(args[0]);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    String address = Files.readString(data.resolve("address")).strip();
    String token = Files.readString(data.resolve("admin-token")).strip();
    String broker = args.length > 2 ? args[2] : "tcp://127.0.0.1:1883";
    String password = Files.readString(data.resolve("broker-password")).strip();
    AtomicLong published = new AtomicLong();
    List<Double> publish = new ArrayList<>();
    List<Double> reply = new ArrayList<>();
    try (MqttConnection watcher =
            MqttConnection.start(
                MqttOptions.of(broker)
                    .withCredentials("hearth", password)
                    .withClientId("hearth-bench"));
        HttpClient client = HttpClient.newHttpClient()) {
      MqttSubscription watching =
          watcher.subscribe(
              "#",
              message -> {
                if (!message.retained() && message.topic().endsWith("/set")) {
                  published.compareAndSet(0, System.nanoTime());
                }
              });
      if (!watcher.awaitConnected(Duration.ofSeconds(10))) {
        System.err.println("no connection to the broker at " + broker);
        return;
      }
      watching.active().join();
      for (int round = 0; round < rounds; round++) {
        for (String sentence : SENTENCES) {
          published.set(0);
          long start = System.nanoTime();
          HttpResponse<String> answer =
              client.send(request(address, token, sentence), HttpResponse.BodyHandlers.ofString());
          long end = System.nanoTime();
          if (answer.statusCode() != 200) {
            System.err.println(answer.statusCode() + " " + answer.body());
            return;
          }
          reply.add((end - start) / 1e6);
          if (published.get() != 0) {
            publish.add((published.get() - start) / 1e6);
          }
          if (round == 0 && sentence.equals(SENTENCES.getFirst())) {
            System.out.printf(
                Locale.ROOT,
                "first request: publish %.1f ms, reply %.1f ms%n",
                publish.isEmpty() ? Double.NaN : publish.getFirst(),
                reply.getFirst());
          }
        }
      }
    }
    print("request to first publish", publish.subList(Math.min(8, publish.size()), publish.size()));
    print("request to reply", reply.subList(Math.min(8, reply.size()), reply.size()));
  }

  private static HttpRequest request(String address, String token, String sentence) {
    return HttpRequest.newBuilder(URI.create(address + "/api/v1/commands"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"" + sentence + "\"}"))
        .build();
  }

  private static void print(String what, List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(m -> m).sorted().toArray();
    if (sorted.length == 0) {
      System.out.println(what + ": nothing measured");
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s, warm, n=%d: p50 %.1f ms, p95 %.1f ms, max %.1f ms%n",
        what,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.95)],
        sorted[sorted.length - 1]);
  }
}

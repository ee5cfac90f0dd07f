package dev.hearth.inference.benchmarks;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.grammar.Grammar;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command as a user feels it, here and in llama-server, in turn: a home of 100 entities in the
 * prompt, which both have read before, then a sentence, then a tool call whose form is fixed. Both
 * run the same file with the same number of threads; llama-server has its prompt cache on and gets
 * the same language as a grammar.
 *
 * <p>Arguments: path of llama-server, a GGUF file, rounds, threads.
 */
@SuppressWarnings("SystemOut") // a program that prints
public final class CommandCompare {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> ROOMS =
      List.of("kitchen", "bedroom", "hall", "office", "bathroom");
  private static final List<String> TOOLS =
      List.of("turn_on", "turn_off", "set_brightness", "set_temperature", "get_state");
  private static final List<String> ENTITIES =
      IntStream.range(0, 100)
          .mapToObj(i -> (i % 2 == 0 ? "light." : "sensor.") + ROOMS.get(i % 5) + "_" + (i / 5 + 1))
          .toList();

  private final LanguageModel model;
  private final Grammar grammar;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;

  private CommandCompare(LanguageModel model, URI server) {
    this.model = model;
    this.server = server;
    grammar = Grammar.forSchema(JSON.readTree(schema()), false, model.vocabulary());
  }

  private record Answer(double millis, double tokens, double steps) {}

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int threads = Integer.parseInt(args[3]);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process llama =
        new ProcessBuilder(
                args[0],
                "-m",
                args[1],
                "-t",
                args[3],
                "-c",
                "4096",
                "-np",
                "1",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .start();
    ModelOptions options = ModelOptions.defaults().withContextLength(4096).withThreads(threads);
    try (LanguageModel model = LanguageModel.load(Path.of(args[1]), options)) {
      new CommandCompare(model, URI.create("http://127.0.0.1:" + port))
          .run(Integer.parseInt(args[2]), llama);
    } finally {
      llama.destroy();
    }
  }

  private void run(int rounds, Process llama) throws IOException, InterruptedException {
    awaitServer(llama);
    for (int i = 0; i < 2; i++) {
      ours(-1 - i);
      theirs(-1 - i);
    }
    Answer[] ours = new Answer[rounds];
    Answer[] theirs = new Answer[rounds];
    for (int round = 0; round < rounds; round++) {
      ours[round] = ours(round);
      theirs[round] = theirs(round);
    }
    print("Hearth", ours);
    print("llama-server", theirs);
    double[] ratios =
        IntStream.range(0, rounds)
            .mapToDouble(i -> ours[i].millis() / theirs[i].millis())
            .sorted()
            .toArray();
    System.out.printf(
        Locale.ROOT,
        "time, ours to theirs: median %.2f (%.2f to %.2f)%n",
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1]);
  }

  /**
   * Reads what llama-server prints, until it says that it is ready and on, so that it never waits.
   */
  private static void awaitServer(Process llama) throws IOException, InterruptedException {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    Deque<String> last = new ArrayDeque<>();
    Thread.ofVirtual()
        .name("llama-server-output")
        .start(() -> {
          try (BufferedReader lines = llama.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              if (!ready.isDone()) {
                last.add(line);
              }
              if (line.contains("model loaded")) {
                ready.complete(true);
              }
            }
            ready.complete(false);
          } catch (IOException e) {
            ready.completeExceptionally(e);
          }
        });
    if (!ready.join()) {
      throw new IOException(
          "llama-server ended with " + llama.waitFor() + ":\n" + String.join("\n", last));
    }
  }

  private static String prompt(int round) {
    String home =
        ENTITIES.stream()
            .map(entity -> entity + " is in the " + entity.split("[._]")[1])
            .collect(Collectors.joining("\n"));
    return "You control a home. Its devices:\n"
        + home
        + "\nAnswer with one tool call.\nUser: please set "
        + ENTITIES.get(Math.floorMod(31 * round, 100))
        + " to "
        + Math.floorMod(17 * round, 100)
        + " percent\nCall: ";
  }

  private static String schema() {
    return JSON.writeValueAsString(
        Map.of(
            "type",
            "object",
            "required",
            List.of("name", "entity", "value"),
            "properties",
            ordered(
                "name",
                Map.of("enum", TOOLS),
                "entity",
                Map.of("enum", ENTITIES),
                "value",
                Map.of("type", "integer", "minimum", 0, "maximum", 99))));
  }

  private static Map<String, Object> ordered(Object... entries) {
    Map<String, Object> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put((String) entries[i], entries[i + 1]);
    }
    return map;
  }

  private static String gbnf() {
    return "root ::= \"{\\\"name\\\": \\\"\" tool \"\\\", \\\"entity\\\": \\\"\" entity \"\\\", \\\"value\\\":"
        + " \" [0-9] [0-9]? \"}\"\n"
        + "tool ::= "
        + alternatives(TOOLS)
        + "\nentity ::= "
        + alternatives(ENTITIES)
        + "\n";
  }

  private static String alternatives(List<String> texts) {
    return texts.stream().map(t -> '"' + t + '"').collect(Collectors.joining(" | "));
  }

  private Answer ours(int round) {
    long start = System.nanoTime();
    Generation generation =
        model.generate(
            GenerationRequest.of(model.tokenizer().encode(prompt(round), false))
                .grammar(grammar)
                .maxTokens(128)
                .build(),
            TokenListener.NONE);
    double millis = (System.nanoTime() - start) / 1e6;
    JSON.readTree(generation.text());
    return new Answer(millis, generation.tokens().length, generation.timings().modelSteps());
  }

  private Answer theirs(int round) throws IOException, InterruptedException {
    String body =
        JSON.writeValueAsString(
            Map.of(
                "prompt",
                prompt(round),
                "grammar",
                gbnf(),
                "n_predict",
                128,
                "temperature",
                0,
                "cache_prompt",
                true));
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/completion"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long start = System.nanoTime();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    double millis = (System.nanoTime() - start) / 1e6;
    JsonNode answer = JSON.readTree(response.body());
    if (response.statusCode() != 200) {
      throw new IOException("llama-server answered " + response.body());
    }
    JSON.readTree(answer.get("content").asString());
    double tokens = answer.get("tokens_predicted").asDouble();
    return new Answer(millis, tokens, tokens);
  }

  private static void print(String who, Answer[] answers) {
    double[] millis = Arrays.stream(answers).mapToDouble(Answer::millis).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%-14s median %8.1f ms (%.1f to %.1f), %.1f tokens, %.1f model steps a command%n",
        who,
        millis[millis.length / 2],
        millis[0],
        millis[millis.length - 1],
        Arrays.stream(answers).mapToDouble(Answer::tokens).average().orElse(0),
        Arrays.stream(answers).mapToDouble(Answer::steps).average().orElse(0));
  }
}

package dev.hearth.agent.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Chromium with one page, driven by its DevTools protocol over a web socket: all that these
 * tests need, without a driver to install.
 */
final class Chromium implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Chromium(Process process, URI page) {
    this.process = process;
    this.socket =
        client
            .newWebSocketBuilder()
            .buildAsync(page, new Listener())
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
    send("Page.enable", Map.of());
    send("Runtime.enable", Map.of());
    send("Log.enable", Map.of());
  }

  /** Where it is installed; empty where it is not. */
  static Optional<Path> executable() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Stream.of("/usr/bin/" + name, "/snap/bin/" + name))
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it with a fresh profile. */
  static Chromium start(Path executable, Path profile) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                executable.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--window-size=1280,900",
                "about:blank"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    Path portFile = profile.resolve("DevToolsActivePort");
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> Files.exists(portFile) && Files.readAllLines(portFile).size() >= 2);
    String base = "http://127.0.0.1:" + Files.readAllLines(portFile).getFirst();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Optional<URI> page =
          Awaitility.await()
              .alias("its page")
              .atMost(LIMIT)
              .until(() -> page(http, URI.create(base + "/json/list")), Optional::isPresent);
      return new Chromium(process, page.orElseThrow());
    }
  }

  /** Where its page is talked to; it listens before it has one. */
  private static Optional<URI> page(HttpClient http, URI list)
      throws IOException, InterruptedException {
    HttpResponse<String> targets =
        http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
    for (JsonNode target : JSON.readTree(targets.body())) {
      if (target.get("type").stringValue().equals("page")) {
        return Optional.of(URI.create(target.get("webSocketDebuggerUrl").stringValue()));
      }
    }
    return Optional.empty();
  }

  /** Sends a command of the protocol and waits for its result. */
  JsonNode send(String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode message = answer.orTimeout(60, TimeUnit.SECONDS).join();
    if (message.has("error")) {
      throw new IllegalStateException(method + ": " + message.get("error"));
    }
    return message.get("result");
  }

  void open(URI address) {
    send("Page.navigate", Map.of("url", address.toString()));
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of a JavaScript expression. */
  JsonNode value(String expression) {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.get("result").path("value");
  }

  String text(String selector) {
    return value("document.querySelector(" + JSON.writeValueAsString(selector) + ").innerText")
        .stringValue();
  }

  /** Waits until a JavaScript expression is true. */
  void await(String condition) {
    Awaitility.await()
        .alias(condition)
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> value("Boolean(" + condition + ")").asBoolean(false));
  }

  /** Types into what has the focus, as a person does. */
  void type(String text) {
    send("Input.insertText", Map.of("text", text));
  }

  /** Presses a key: {@code Enter} or {@code Tab}. */
  void press(String key) {
    int code = key.equals("Enter") ? 13 : 9;
    Map<String, Object> event =
        Map.of(
            "key", key, "code", key, "windowsVirtualKeyCode", code, "text", code == 13 ? "\r" : "");
    for (String type : List.of("keyDown", "keyUp")) {
      Map<String, Object> typed = new java.util.HashMap<>(event);
      typed.put("type", type);
      send("Input.dispatchKeyEvent", typed);
    }
  }

  /** Clicks the middle of an element. */
  void click(String selector) {
    JsonNode at =
        value(
            "(() => { const e = document.querySelector("
                + JSON.writeValueAsString(selector)
                + "); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      send(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              at.get(0).doubleValue(),
              "y",
              at.get(1).doubleValue(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Sets the window's inner size and the preferred color scheme. */
  void look(int width, int height, String scheme) {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void screenshot(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        Base64.getDecoder()
            .decode(send("Page.captureScreenshot", Map.of()).get("data").stringValue()));
  }

  /** What the page's scripts and policies complained about. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JsonNode read = JSON.readTree(message.toString());
        message.setLength(0);
        if (read.has("id")) {
          CompletableFuture<JsonNode> answer = waiting.remove(read.get("id").intValue());
          if (answer != null) {
            answer.complete(read);
          }
        } else {
          event(read.get("method").stringValue(), read.get("params"));
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void event(String method, JsonNode parameters) {
      if (method.equals("Runtime.exceptionThrown")
          || (method.equals("Log.entryAdded")
              && parameters.path("entry").path("level").asString("").equals("error"))
          || method.equals("Page.javascriptDialogOpening")) {
        complaints.add(method + " " + parameters);
      }
    }
  }
}

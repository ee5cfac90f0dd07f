package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.MqttSubscription;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The agent as a device on a real broker, in a process of its own that may die. */
class AnnouncedAgentTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final String TOKEN = "announced-agent-0123456789";
  private static final String BASE = "hearth/test/";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<MqttMessage> HEARD = new CopyOnWriteArrayList<>();

  @TempDir private static Path folder;
  private static Mosquitto broker;
  private static MqttConnection spy;
  private static Process agent;
  private static String url;

  /** What came of the first utterance, and all outcomes up to then. */
  private static List<String> first;

  @BeforeAll
  static void start() throws Exception {
    broker = Mosquitto.start();
    spy = MqttConnection.start(MqttOptions.of(broker.uri()).withPrefix("house/"));
    spy.subscribe("hearth/#", HEARD::add);
    spy.subscribe("homeassistant/device/+/config", HEARD::add);
    MqttSubscription last = spy.subscribe("home/office_desk_lamp/#", HEARD::add);
    assertThat(spy.awaitConnected(LONG)).isTrue();
    assertThat(last.active().get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    byte[] old = "turn on the desk lamp".getBytes(StandardCharsets.UTF_8);
    assertThat(spy.publish(BASE + "ask", old, 1, true).join().sent()).isTrue();
    agent = run("test", true);
    await("the agent")
        .atMost(LONG)
        .until(() -> agent.isAlive() && last(BASE + "availability").equals("online"));
    // The broker replays the retained utterance before this one: it would be answered first.
    first = List.of(ask("thank you"), String.join(" ", all(BASE + "outcome")));
    Path address = folder.resolve("test").resolve("address");
    url =
        await("its address")
            .atMost(LONG)
            .until(
                () -> Files.exists(address) ? Files.readString(address).strip() : "",
                text -> !text.isEmpty());
    await("its devices").atMost(LONG).ignoreExceptions().until(() -> entities().contains("desk"));
  }

  private static Process run(String id, boolean simulation) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(HearthApplication.class.getName());
    command.add("--hearth.data=" + folder.resolve(id));
    command.add("--hearth.port=0");
    command.add("--hearth.token=" + TOKEN);
    command.add("--hearth.mqtt.uri=" + broker.uri());
    command.add("--hearth.mqtt.prefix=house/");
    command.add("--hearth.mqtt.announce=true");
    command.add("--hearth.mqtt.announce-id=" + id);
    command.add("--hearth.simulation=" + simulation);
    command.add("--hearth.patience=3");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(id + ".log").toFile())
        .start();
  }

  @AfterAll
  static void stop() throws Exception {
    agent.destroyForcibly().waitFor();
    spy.close();
    broker.close();
  }

  @BeforeEach
  void forget() {
    HEARD.removeIf(message -> message.topic().endsWith("/reply"));
    HEARD.removeIf(message -> message.topic().endsWith("/outcome"));
  }

  private static List<String> all(String topic) {
    return HEARD.stream().filter(m -> m.topic().equals(topic)).map(MqttMessage::text).toList();
  }

  private static String last(String topic) {
    List<String> all = all(topic);
    return all.isEmpty() ? "" : all.getLast();
  }

  private static String entities() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/entities"))
            .header("Authorization", "Bearer " + TOKEN)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static String ask(String text) {
    return send("ask", text);
  }

  /** Sends and waits for reply and outcome, whichever is heard first. */
  private static String send(String topic, String text) {
    int replies = all(BASE + "reply").size();
    int before = all(BASE + "outcome").size();
    assertThat(spy.publish(BASE + topic, text).join().sent()).isTrue();
    await(text).atMost(LONG).until(() -> all(BASE + "outcome").size() > before);
    await(text).atMost(LONG).until(() -> all(BASE + "reply").size() > replies);
    return last(BASE + "outcome");
  }

  @Test
  void showsItselfAsADeviceButIsNoDeviceOfItsOwnHome() throws Exception {
    JsonNode config = JSON.readTree(last("homeassistant/device/hearth_test/config"));

    assertThat(config.at("/device/name").stringValue()).isEqualTo("Hearth");
    assertThat(config.at("/availability_topic").stringValue()).isEqualTo(BASE + "availability");
    assertThat(config.at("/components").size()).isEqualTo(4);
    assertThat(config.at("/components/ask/platform").stringValue()).isEqualTo("text");
    assertThat(config.at("/components/ask/command_topic").stringValue()).isEqualTo(BASE + "ask");
    assertThat(config.at("/components/undo/platform").stringValue()).isEqualTo("button");
    assertThat(config.at("/components/undo/command_topic").stringValue()).isEqualTo(BASE + "undo");
    assertThat(config.at("/components/reply/state_topic").stringValue()).isEqualTo(BASE + "reply");
    assertThat(config.at("/components/outcome/state_topic").stringValue())
        .isEqualTo(BASE + "outcome");
    assertThat(config.at("/components/outcome/options").toString())
        .contains("\"done\"", "\"needs_confirmation\"");
    assertThat(entities()).contains("office_desk_lamp").doesNotContainIgnoringCase("hearth_test");
  }

  @Test
  void anUtteranceIsATurnWhoseReplyAndOutcomeAreTrue() {
    ask("turn off the desk lamp");
    forget();

    assertThat(ask("turn on the desk lamp")).isEqualTo("done");

    assertThat(last(BASE + "reply")).contains("lamp is on.");
    await("the lamp's own word")
        .atMost(LONG)
        .until(() -> last("home/office_desk_lamp").contains("\"state\":\"ON\""));
    assertThat(HEARD.stream().filter(m -> m.topic().equals(BASE + "reply")))
        .noneMatch(MqttMessage::retained);

    assertThat(ask("turn on the sauna")).isEqualTo("failed");
    assertThat(last(BASE + "reply")).contains("sauna");
  }

  @Test
  void itsButtonUndoesTheLastUtterance() {
    ask("turn off the desk lamp");
    assertThat(ask("turn on the desk lamp")).isEqualTo("done");

    assertThat(send("undo", "PRESS")).isEqualTo("done");

    assertThat(last(BASE + "reply")).contains("lamp is off.");
    await("the lamp's own word")
        .atMost(LONG)
        .until(() -> last("home/office_desk_lamp").contains("\"state\":\"OFF\""));
  }

  @Test
  void whatNeedsAConfirmationIsNotDoneOverMqttEvenAfterAYes() throws Exception {
    assertThat(ask("unlock the front door")).isEqualTo("needs_confirmation");

    ask("yes");

    JsonNode lock = JSON.readTree(entities());
    assertThat(lock.toString()).contains("\"locked\"").doesNotContain("\"unlocked\"");
  }

  @Test
  void theRetainedUtteranceDidNothing() {
    assertThat(first).containsExactly("answered", "answered");
  }

  @Test
  void whatIsTooLongOrNoTextIsRefusedWithTheReason() {
    assertThat(ask("turn on ".repeat(65))).isEqualTo("failed");
    assertThat(last(BASE + "reply")).contains("more than 512 characters");

    assertThat(ask("turn\u0007on")).isEqualTo("failed");
    assertThat(last(BASE + "reply")).contains("U+0007");
  }

  @Test
  void isOfflineWhenItDiesAndWhenItIsStopped() throws Exception {
    String availability = "hearth/other/availability";
    Process dying = run("other", false);
    await("it is there").atMost(LONG).until(() -> last(availability).equals("online"));

    dying.destroyForcibly().waitFor();

    await("its death is told").atMost(LONG).until(() -> last(availability).equals("offline"));

    int before = all(availability).size();
    Process stopped = run("other", false);
    await("it is back").atMost(LONG).until(() -> all(availability).size() > before);
    assertThat(last(availability)).isEqualTo("online");

    stopped.destroy();

    await("its end is told").atMost(LONG).until(() -> last(availability).equals("offline"));
    stopped.waitFor();
  }
}

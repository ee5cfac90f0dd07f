package dev.hearth.agent.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.agent.Mosquitto;
import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.Utterance;
import dev.hearth.agent.home.AnnounceSettings;
import dev.hearth.agent.web.FakeAssistant;
import dev.hearth.agent.web.FakeRegistry;
import dev.hearth.agent.web.UtteranceRules;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.registry.HomeRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The way in over a real broker, with an assistant that answers when the test lets it. */
@Timeout(180)
class MqttDeviceTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String BASE = "hearth/test/";

  /** Holds every turn until it is let go. */
  private static final class Patient implements Assistant {
    private final FakeAssistant answers = new FakeAssistant();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<String> undone = new CopyOnWriteArrayList<>();

    @Override
    public Turn ask(Utterance utterance) {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return answers.ask(utterance);
    }

    @Override
    public Turn confirm(String token) {
      return answers.confirm(token);
    }

    @Override
    public Turn undo(@Nullable String conversation, @Nullable String language) {
      undone.add(String.valueOf(conversation));
      return answers.undo(conversation, language);
    }

    @Override
    public boolean undoable(String conversation) {
      return answers.undoable(conversation);
    }
  }

  private final Patient assistant = new Patient();
  private final List<String> replies = new CopyOnWriteArrayList<>();
  private Mosquitto broker;
  private MqttConnection own;
  private MqttConnection person;
  private MqttDevice device;

  @BeforeEach
  void start() throws Exception {
    broker = Mosquitto.start();
    own = MqttConnection.start(MqttOptions.of(broker.uri()));
    person = MqttConnection.start(MqttOptions.of(broker.uri()));
    MqttSubscription heard =
        person.subscribe(BASE + "reply", message -> replies.add(message.text()));
    assertThat(own.awaitConnected(LONG) && person.awaitConnected(LONG)).isTrue();
    assertThat(heard.active().get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    // What is retained is old: it is told to whoever comes, and neither asks nor presses.
    for (String topic : List.of("ask", "undo")) {
      byte[] old = "PRESS".getBytes(StandardCharsets.UTF_8);
      assertThat(person.publish(BASE + topic, old, 1, true).join().sent()).isTrue();
    }
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.registerBean(HomeRegistry.class, FakeRegistry::new);
      context.register(UtteranceRules.class);
      context.refresh();
      device =
          MqttDevice.start(
              new AnnounceSettings(true, "test", ""),
              own,
              assistant,
              context.getBean(UtteranceRules.class));
    }
    // Its subscriptions come before this one, so once this is confirmed it listens.
    assertThat(own.subscribe("last", message -> {}).active().join()).isTrue();
  }

  @AfterEach
  void stop() {
    assistant.go.countDown();
    device.close();
    person.close();
    own.close();
    broker.close();
  }

  private void send(String topic, String text) {
    assertThat(person.publish(BASE + topic, text).join().sent()).isTrue();
  }

  @Test
  void eightUtterancesWaitAndFurtherOnesAreDropped() throws Exception {
    send("ask", "first");
    assistant.begun.await();
    IntStream.rangeClosed(1, MqttDevice.MOST_WAITING + 3).forEach(i -> send("ask", "more " + i));
    // In order on one connection: when this is heard, all the others were.
    CountDownLatch heard = new CountDownLatch(1);
    own.subscribe("marker", message -> heard.countDown()).active().join();
    assertThat(person.publish("marker", "").join().sent()).isTrue();
    heard.await();

    assistant.go.countDown();

    await().atMost(LONG).until(() -> replies.size() == 1 + MqttDevice.MOST_WAITING);
    send("ask", "afterwards");
    await().atMost(LONG).until(() -> replies.contains("Heard: afterwards"));
    assertThat(replies)
        .hasSize(2 + MqttDevice.MOST_WAITING)
        .startsWith("Heard: first", "Heard: more 1")
        .contains("Heard: more 8")
        .doesNotContain("Heard: more 9");
  }

  @Test
  void theButtonUndoesTheLastUtteranceAndNothingElsePressesIt() {
    assistant.go.countDown();
    send("undo", "PRESS");
    await().atMost(LONG).until(() -> replies.size() == 1);
    assertThat(replies.getFirst()).contains("nothing to undo");
    send("ask", "dim the kitchen");

    send("undo", "");
    send("undo", "press me");
    send("undo", "PRESS");
    await().atMost(LONG).until(() -> replies.contains("Undone."));
    assertThat(assistant.undone).containsExactly("c1");
    assertThat(replies).hasSize(3);
  }
}

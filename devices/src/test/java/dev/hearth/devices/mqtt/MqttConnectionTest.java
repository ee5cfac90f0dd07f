package dev.hearth.devices.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every hole of bare Paho, against a real Mosquitto. */
@Timeout(120)
class MqttConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void connectsWhenTheBrokerComesUpLater() throws Exception {
    try (Mosquitto broker = Mosquitto.stopped();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      List<MqttStatus> seen = new CopyOnWriteArrayList<>();
      connection.onStatus(seen::add);
      await().atMost(SOON).until(() -> seen.size() >= 3);
      assertThat(connection.status().phase()).isEqualTo(MqttStatus.Phase.FAILING);
      assertThat(connection.status().detail()).contains("No connection to tcp://127.0.0.1");

      broker.restart();

      assertThat(connection.awaitConnected(SOON)).isTrue();
      assertThat(connection.status().detail()).contains("by MQTT 5");
    }
  }

  @Test
  void restoresSubscriptionsAfterTheBrokerLostTheSession() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options());
        MqttConnection other = MqttConnection.start(broker.options())) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      connection.subscribe("home/+/state", m -> got.add(m.text()));
      connection.subscribe("exact/topic", m -> got.add(m.text()));
      assertThat(connection.awaitConnected(SOON) && other.awaitConnected(SOON)).isTrue();

      for (int round = 1; round <= 3; round++) {
        broker.kill();
        await()
            .atMost(SOON)
            .until(() -> !connection.status().connected() && !other.status().connected());
        broker.restart();
        assertThat(connection.awaitConnected(SOON) && other.awaitConnected(SOON)).isTrue();
        got.clear();
        assertThat(other.publish("home/lamp/state", "ON " + round).get().sent()).isTrue();
        assertThat(other.publish("exact/topic", "x " + round).get().sent()).isTrue();
        await().atMost(SOON).until(() -> got.size() == 2);
        assertThat(got).containsExactlyInAnyOrder("ON " + round, "x " + round);
      }
    }
  }

  @Test
  void givesUpOnAServerThatNeverAnswersConnect() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<Socket> accepted = new CopyOnWriteArrayList<>();
      Thread.ofVirtual().start(() -> acceptAll(silent, accepted));
      MqttOptions options =
          MqttOptions.of("tcp://127.0.0.1:" + silent.getLocalPort())
              .withConnectTimeout(Duration.ofMillis(300))
              .withBackoff(Duration.ofMillis(20), Duration.ofMillis(50));
      try (MqttConnection connection = MqttConnection.start(options)) {
        await().atMost(SOON).until(() -> accepted.size() >= 3);
        assertThat(connection.status().detail()).contains("no answer within 300 ms");
        await().atMost(SOON).until(() -> closedByClient(accepted.get(0)));
      }
    }
  }

  private static void acceptAll(ServerSocket server, List<Socket> accepted) {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  private static boolean closedByClient(Socket socket) {
    try {
      socket.setSoTimeout(100);
      while (socket.getInputStream().read() >= 0) {
        // The CONNECT packet first.
      }
      return true;
    } catch (IOException e) {
      return socket.isClosed();
    }
  }

  @Test
  void connectsToAServerThatWasSilentBefore() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      broker.freeze();
      try (MqttConnection connection =
          MqttConnection.start(broker.options().withConnectTimeout(Duration.ofMillis(500)))) {
        await().atMost(SOON).until(() -> connection.status().detail().contains("no answer"));
        broker.thaw();
        assertThat(connection.awaitConnected(SOON)).isTrue();
      } finally {
        broker.thaw();
      }
    }
  }

  @Test
  void acceptsABurstOfTwoThousandPublishes() throws Exception {
    try (Mosquitto broker = Mosquitto.start("allow_anonymous true", "max_queued_messages 10000");
        MqttConnection connection = MqttConnection.start(broker.options())) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription all = connection.subscribe("burst", m -> got.add(m.text()));
      assertThat(all.active().get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(connection.awaitConnected(SOON)).isTrue();

      List<CompletableFuture<PublishResult>> results =
          IntStream.range(0, 2_000)
              .mapToObj(i -> connection.publish("burst", Integer.toString(i)))
              .toList();

      for (CompletableFuture<PublishResult> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS).sent()).isTrue();
      }
      await().atMost(SOON).until(() -> got.size() == 2_000);
      assertThat(got)
          .containsExactlyElementsOf(
              IntStream.range(0, 2_000).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void saysClearlyWhenTheQueueIsFull() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection =
            MqttConnection.start(broker.options().withPublishLimits(1, 5))) {
      assertThat(connection.awaitConnected(SOON)).isTrue();
      broker.freeze();
      try {
        List<CompletableFuture<PublishResult>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          results.add(connection.publish("full", "x"));
        }
        List<PublishResult> refused =
            results.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
        assertThat(refused).hasSizeGreaterThanOrEqualTo(20 - 5 - 2);
        assertThat(refused)
            .allSatisfy(r -> {
              assertThat(r.status()).isEqualTo(PublishResult.Status.QUEUE_FULL);
              assertThat(r.detail()).contains("5 messages already wait");
            });
        broker.thaw();
        for (CompletableFuture<PublishResult> result : results) {
          assertThat(result.get(30, TimeUnit.SECONDS).status())
              .isIn(PublishResult.Status.SENT, PublishResult.Status.QUEUE_FULL);
        }
      } finally {
        broker.thaw();
      }
    }
  }

  @Test
  void goesOnAfterAHandlerThrows() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription boom =
          connection.subscribe(
              "boom",
              m -> {
                if (m.text().equals("error")) {
                  throw new StackOverflowError("a bad handler");
                }
                if (m.text().equals("exception")) {
                  throw new IOException("a bad handler");
                }
                got.add("first " + m.text());
              });
      connection.subscribe("boom", m -> got.add("second " + m.text()));
      assertThat(connection.awaitConnected(SOON)).isTrue();
      assertThat(boom.active().get(30, TimeUnit.SECONDS)).isTrue();

      for (String payload : List.of("exception", "error", "fine")) {
        assertThat(connection.publish("boom", payload).get().sent()).isTrue();
      }

      await().atMost(SOON).until(() -> got.contains("second fine"));
      assertThat(got)
          .containsExactly("second exception", "second error", "first fine", "second fine");
      assertThat(connection.status().connected()).isTrue();
    }
  }

  @Test
  void failsAtOnceWhenPublishingWhileDisconnected() throws Exception {
    try (Mosquitto broker = Mosquitto.stopped();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      PublishResult result = connection.publish("lamp/set", "ON").getNow(null);
      assertThat(result).isNotNull();
      assertThat(result.status()).isEqualTo(PublishResult.Status.NOT_CONNECTED);

      broker.restart();
      assertThat(connection.awaitConnected(SOON)).isTrue();
      Queue<String> got = new ConcurrentLinkedQueue<>();
      assertThat(
              connection
                  .subscribe("lamp/set", m -> got.add(m.text()))
                  .active()
                  .get(30, TimeUnit.SECONDS))
          .isTrue();
      connection.publish("lamp/set", "last").get();
      await().atMost(SOON).until(() -> got.contains("last"));
      assertThat(got).containsExactly("last");
    }
  }

  @Test
  void failsPublishesUnderWayWhenTheBrokerDies() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      assertThat(connection.awaitConnected(SOON)).isTrue();
      broker.freeze();
      List<CompletableFuture<PublishResult>> results =
          IntStream.range(0, 300).mapToObj(i -> connection.publish("gone", "x")).toList();
      broker.kill();
      for (CompletableFuture<PublishResult> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS).status())
            .isIn(PublishResult.Status.CONNECTION_LOST, PublishResult.Status.NOT_CONNECTED);
      }
    }
  }

  @Test
  void stopsQuicklyWhileDisconnected() {
    try (Mosquitto broker = Mosquitto.stopped()) {
      MqttConnection connection = MqttConnection.start(broker.options());
      await().atMost(SOON).until(() -> connection.status().detail().contains("No connection"));
      await().atMost(Duration.ofSeconds(10)).until(() -> closed(connection));
    }
  }

  @Test
  void stopsQuicklyWhileTheBrokerIsSilent() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      MqttConnection connection = MqttConnection.start(broker.options());
      assertThat(connection.awaitConnected(SOON)).isTrue();
      broker.freeze();
      try {
        await().atMost(Duration.ofSeconds(10)).until(() -> closed(connection));
      } finally {
        broker.thaw();
      }
    }
  }

  private static boolean closed(MqttConnection connection) {
    connection.close();
    return connection.status().phase() == MqttStatus.Phase.CLOSED;
  }

  @Test
  void tellsRetainedReplaysFromLiveMessages() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      assertThat(connection.awaitConnected(SOON)).isTrue();
      byte[] payload = "kept".getBytes(StandardCharsets.UTF_8);
      assertThat(connection.publish("kept", payload, 1, true).get().sent()).isTrue();
      Queue<Boolean> retained = new ConcurrentLinkedQueue<>();
      connection.subscribe("kept", m -> retained.add(m.retained()));
      await().atMost(SOON).until(() -> retained.size() == 1);
      assertThat(connection.publish("kept", payload, 1, true).get().sent()).isTrue();
      await().atMost(SOON).until(() -> retained.size() == 2);
      assertThat(retained).containsExactly(true, false);

      Queue<Boolean> late = new ConcurrentLinkedQueue<>();
      connection.subscribe("kept", m -> late.add(m.retained()));
      await().atMost(SOON).until(() -> !late.isEmpty());
      assertThat(late).containsOnly(true);
    }
  }

  @Test
  void keepsTheOrderOfTheBrokerAcrossTopicsHoweverSlowAHandlerIs() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      CountDownLatch release = new CountDownLatch(1);
      Queue<String> heard = new ConcurrentLinkedQueue<>();
      List<String> topics = IntStream.range(0, 16).mapToObj(i -> "order/" + i).toList();
      List<MqttSubscription> all = new ArrayList<>();
      for (String topic : topics) {
        all.add(
            connection.subscribe(
                topic,
                m -> {
                  if (topic.equals("order/0")) {
                    release.await();
                  }
                  heard.add(m.topic() + " " + m.text());
                }));
      }
      assertThat(connection.awaitConnected(SOON)).isTrue();
      for (MqttSubscription each : all) {
        assertThat(each.active().get(30, TimeUnit.SECONDS)).isTrue();
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String topic = topics.get(7 * i % 16);
        connection.publish(topic, Integer.toString(i)).get();
        sent.add(topic + " " + i);
      }
      assertThat(heard).isEmpty();
      release.countDown();
      await().atMost(SOON).until(() -> heard.size() == sent.size());
      assertThat(heard).containsExactlyElementsOf(sent);
    }
  }

  @Test
  void authenticatesAndNeverShowsThePassword() throws Exception {
    try (Mosquitto broker = Mosquitto.startWithPassword("hearth", "s3cret!");
        MqttConnection connection =
            MqttConnection.start(broker.options().withCredentials("hearth", "s3cret!"))) {
      assertThat(connection.awaitConnected(SOON)).isTrue();
      assertThat(connection.status().toString()).doesNotContain("s3cret");
    }
    MqttOptions options = MqttOptions.of("tcp://user:s3cret%21@localhost:1883");
    assertThat(options.username()).isEqualTo("user");
    assertThat(options.password()).isEqualTo("s3cret!");
    assertThat(options.uri().toString()).isEqualTo("tcp://localhost:1883");
    assertThat(options.toString()).doesNotContain("s3cret");
    assertThatThrownBy(() -> MqttOptions.of("tcp://u:s3cret@"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void keepsTryingWhenTheBrokerRefusesTheCredentials() throws Exception {
    try (Mosquitto broker = Mosquitto.start("allow_anonymous false");
        MqttConnection connection =
            MqttConnection.start(broker.options().withCredentials("u", "s3cret"))) {
      await().atMost(SOON).until(() -> connection.status().detail().contains("No connection"));
      assertThat(connection.status().detail()).doesNotContain("s3cret");
      assertThat(connection.status().detail())
          .contains("the user 'u' or the password is wrong", "hearth.mqtt.password");
    }
  }

  @Test
  void fallsBackToMqtt311WhenTheBrokerRefusesMqtt5() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        OldBroker old = OldBroker.inFrontOf(broker.port());
        MqttConnection connection =
            MqttConnection.start(
                MqttOptions.of("tcp://127.0.0.1:" + old.port())
                    .withBackoff(Duration.ofMillis(50), Duration.ofMillis(200)))) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription all = connection.subscribe("old/#", m -> got.add(m.text() + m.retained()));
      assertThat(connection.awaitConnected(SOON)).isTrue();
      assertThat(all.active().get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(connection.status().detail()).contains("MQTT 3.1.1");
      List<CompletableFuture<PublishResult>> results =
          IntStream.range(0, 500).mapToObj(i -> connection.publish("old/burst", "x")).toList();
      for (CompletableFuture<PublishResult> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS).sent()).isTrue();
      }
      await().atMost(SOON).until(() -> got.size() == 500);
      assertThat(got).containsOnly("xfalse");

      broker.kill();
      await().atMost(SOON).until(() -> !connection.status().connected());
      broker.restart();
      assertThat(connection.awaitConnected(SOON)).isTrue();
      got.clear();
      connection.publish("old/again", "y").get();
      await().atMost(SOON).until(() -> !got.isEmpty());
    }
  }

  @Test
  void publishesTheLastWillBelowItsPrefixWhenTheClientVanishes() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        OldBroker proxy = OldBroker.inFrontOf(broker.port());
        MqttConnection watcher = MqttConnection.start(broker.options());
        MqttConnection connection =
            MqttConnection.start(
                MqttOptions.of("tcp://127.0.0.1:" + proxy.port())
                    .withPrefix("house/")
                    .withWill(new LastWill("dev/status", "offline", true)))) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      watcher.subscribe("house/dev/status", m -> got.add(m.text()));
      assertThat(watcher.awaitConnected(SOON) && connection.awaitConnected(SOON)).isTrue();
      proxy.cut();
      await().atMost(SOON).until(() -> got.contains("offline"));
    }
  }

  @Test
  void endsASubscriptionThatIsClosed() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription first = connection.subscribe("t", m -> got.add("first"));
      connection.subscribe("t", m -> got.add("second"));
      assertThat(first.active().get(30, TimeUnit.SECONDS)).isTrue();
      first.close();
      assertThat(connection.awaitConnected(SOON)).isTrue();
      connection.publish("t", "x").get();
      await().atMost(SOON).until(() -> got.contains("second"));
      assertThat(got).doesNotContain("first");
    }
  }
}

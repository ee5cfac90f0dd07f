package dev.hearth.devices.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong between a client and a real Mosquitto, and what is said of it. */
@Timeout(180)
class MqttFaultsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void tellsThatTwoClientsOfOneIdKickEachOtherOut() {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection one = MqttConnection.start(broker.options().withClientId("twin"));
        MqttConnection two = MqttConnection.start(broker.options().withClientId("twin"))) {
      // Connected or not just now, whoever looks reads it.
      for (MqttConnection each : List.of(one, two)) {
        await()
            .atMost(SOON)
            .until(() ->
                each.status().connected()
                    && mentions(each, "client with the client id 'twin'", "hearth.mqtt.client-id"));
      }
    }
  }

  @Test
  void hearsAllThatIsRetainedOfABrokerThatQueuesAThousandMessages() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection devices = MqttConnection.start(broker.options());
        MqttConnection connection = MqttConnection.start(broker.options())) {
      assertThat(devices.awaitConnected(SOON) && connection.awaitConnected(SOON)).isTrue();
      byte[] payload = "x".repeat(500).getBytes(StandardCharsets.UTF_8);
      List<CompletableFuture<PublishResult>> sent =
          IntStream.range(0, 3_000)
              .mapToObj(i -> devices.publish("announced/" + i + "/config", payload, 1, true))
              .toList();
      CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
      Map<String, Boolean> heard = new ConcurrentHashMap<>();
      connection.subscribe("announced/+/config", m -> heard.put(m.topic(), m.retained()));
      await().atMost(SOON).until(() -> heard.size() == 3_000);
    }
  }

  private static boolean mentions(MqttConnection connection, String... words) {
    String detail = connection.status().detail();
    return List.of(words).stream().allMatch(detail::contains);
  }

  @Test
  void noticesAConnectionThatIsHalfOpen() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection =
            MqttConnection.start(
                broker
                    .options()
                    .withKeepAlive(Duration.ofSeconds(1))
                    .withConnectTimeout(Duration.ofSeconds(1)))) {
      assertThat(connection.awaitConnected(SOON)).isTrue();
      broker.freeze();
      try {
        await().atMost(SOON).until(() -> !connection.status().connected());
        assertThat(connection.publish("t", "x").getNow(null).status())
            .isEqualTo(PublishResult.Status.NOT_CONNECTED);
      } finally {
        broker.thaw();
      }
      assertThat(connection.awaitConnected(SOON)).isTrue();
    }
  }

  @Test
  void endsWhatIsUnderWayOnADeadWireSaysSoAndHearsAgainOnANewOne() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        Wire wire = Wire.to(broker.port());
        MqttConnection device = MqttConnection.start(broker.options());
        MqttConnection connection =
            MqttConnection.start(
                MqttOptions.of("tcp://127.0.0.1:" + wire.port())
                    .withKeepAlive(Duration.ofSeconds(1))
                    .withConnectTimeout(Duration.ofSeconds(2)))) {
      Queue<String> heard = new ConcurrentLinkedQueue<>();
      Queue<String> lost = new ConcurrentLinkedQueue<>();
      connection.subscribe("lamp/state", m -> heard.add(m.text()));
      assertThat(device.awaitConnected(SOON) && connection.awaitConnected(SOON)).isTrue();
      connection.onStatus(status -> {
        if (!status.connected()) {
          lost.add(status.detail());
        }
      });

      wire.die();
      List<CompletableFuture<PublishResult>> sent =
          IntStream.range(0, 200)
              .mapToObj(i -> connection.command("lamp/set", "ON", Duration.ofSeconds(2)))
              .toList();

      for (CompletableFuture<PublishResult> each : sent) {
        assertThat(each.get(60, TimeUnit.SECONDS).sent()).isFalse();
      }
      await().atMost(SOON).until(() -> !lost.isEmpty());
      assertThat(lost)
          .first()
          .asString()
          .contains("Lost the connection to tcp://127.0.0.1:" + wire.port(), "imed out");
      assertThat(connection.awaitConnected(SOON)).isTrue();
      assertThat(device.publish("lamp/state", "OFF").get(30, TimeUnit.SECONDS).sent()).isTrue();
      await().atMost(SOON).until(() -> heard.contains("OFF"));
    }
  }

  @Test
  void takesMessagesOfAMebibyteBothWaysAndOutlivesLargerOnes() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        OldBroker proxy = OldBroker.inFrontOf(broker.port());
        MqttConnection five = MqttConnection.start(broker.options());
        MqttConnection three =
            MqttConnection.start(
                MqttOptions.of("tcp://127.0.0.1:" + proxy.port())
                    .withBackoff(Duration.ofMillis(50), Duration.ofMillis(200)))) {
      Map<String, Integer> got = new ConcurrentHashMap<>();
      for (MqttConnection each : List.of(five, three)) {
        String name = each.equals(five) ? "five " : "three ";
        CompletableFuture<Boolean> heard =
            each.subscribe("large/+", m -> got.merge(name + m.payload().length, 1, Integer::sum))
                .active();
        assertThat(each.awaitConnected(SOON)).isTrue();
        assertThat(heard.get(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(three.status().detail()).contains("3.1.1");
      byte[] large = new byte[1 << 20];
      byte[] tooLarge = new byte[9 << 20];
      MqttClient stranger =
          new MqttClient("tcp://127.0.0.1:" + broker.port(), "stranger", new MemoryPersistence());
      stranger.connect();
      stranger.publish("large/a", tooLarge, 1, false);
      stranger.disconnect();
      stranger.close();
      for (MqttConnection each : List.of(five, three)) {
        PublishResult refused =
            each.publish("large/a", tooLarge, 1, false).get(60, TimeUnit.SECONDS);
        assertThat(refused.detail()).contains("9437184 bytes, at most 8388608");
        assertThat(each.publish("large/a", large, 1, false).get(60, TimeUnit.SECONDS).sent())
            .isTrue();
      }
      await().atMost(SOON).until(() -> got.values().stream().mapToInt(i -> i).sum() == 4);
      assertThat(got).containsOnly(Map.entry("five 1048576", 2), Map.entry("three 1048576", 2));
    }
  }

  @Test
  void staysConnectedWithBoundedMemoryWhenAHandlerIsTooSlow() throws Exception {
    try (Mosquitto broker = Mosquitto.start("allow_anonymous true", "max_queued_messages 100000");
        MqttConnection slow =
            MqttConnection.start(broker.options().withKeepAlive(Duration.ofSeconds(2)));
        MqttConnection flood = MqttConnection.start(broker.options())) {
      CountDownLatch release = new CountDownLatch(1);
      Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
      CompletableFuture<Boolean> heard =
          slow.subscribe(
                  "flood/#",
                  m -> {
                    release.await();
                    sizes.add(m.payload().length);
                  })
              .active();
      assertThat(slow.awaitConnected(SOON) && flood.awaitConnected(SOON)).isTrue();
      assertThat(heard.get(30, TimeUnit.SECONDS)).isTrue();
      byte[] large = new byte[1 << 20];
      List<CompletableFuture<PublishResult>> results =
          IntStream.range(0, 100)
              .mapToObj(i -> flood.publish("flood/" + i, large, 0, false))
              .toList();
      for (CompletableFuture<PublishResult> each : results) {
        assertThat(each.get(60, TimeUnit.SECONDS).sent()).isTrue();
      }
      // One megabyte and a little takes 1,025 of 65,536 parts: 63 messages have room.
      await().atMost(SOON).until(() -> slow.dropped() == 37);
      // The slow one still answers the broker's and its own pings.
      assertThat(slow.publish("other", "x").get(60, TimeUnit.SECONDS).sent()).isTrue();
      release.countDown();
      assertThat(flood.publish("flood/last", "last").get(60, TimeUnit.SECONDS).sent()).isTrue();
      await().atMost(SOON).until(() -> sizes.contains(4));
      assertThat(sizes).hasSize(64);
      assertThat(slow.status().connected()).isTrue();
    }
  }

  @Test
  void speaksBelowItsPrefixAndHearsNothingElse() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection outside = MqttConnection.start(broker.options());
        MqttConnection inside =
            MqttConnection.start(
                broker
                    .options()
                    .withPrefix("house/")
                    .withWill(new LastWill("status", "offline", true)))) {
      Queue<String> outsideHears = new ConcurrentLinkedQueue<>();
      Queue<String> insideHears = new ConcurrentLinkedQueue<>();
      CompletableFuture<Boolean> all =
          outside.subscribe("#", m -> outsideHears.add(m.topic())).active();
      CompletableFuture<Boolean> lamp =
          inside.subscribe("lamp/+", m -> insideHears.add(m.topic() + " " + m.text())).active();
      assertThat(outside.awaitConnected(SOON) && inside.awaitConnected(SOON)).isTrue();
      assertThat(all.get(30, TimeUnit.SECONDS) && lamp.get(30, TimeUnit.SECONDS)).isTrue();

      inside.publish("lamp/set", "ON").get(30, TimeUnit.SECONDS);
      outside.publish("lamp/state", "not ours").get(30, TimeUnit.SECONDS);
      outside.publish("house/lamp/state", "ours").get(30, TimeUnit.SECONDS);

      await().atMost(SOON).until(() -> insideHears.contains("lamp/state ours"));
      assertThat(insideHears).containsExactly("lamp/set ON", "lamp/state ours");
      await().atMost(SOON).until(() -> outsideHears.size() == 3);
      assertThat(outsideHears).contains("house/lamp/set");
    }
  }

  @Test
  void letsTheBrokerForgetCommandsThatCannotBeDeliveredInTime() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection connection = MqttConnection.start(broker.options())) {
      MqttClient device =
          new MqttClient("tcp://127.0.0.1:" + broker.port(), "device", new MemoryPersistence());
      assertThat(connection.awaitConnected(SOON)).isTrue();
      Queue<String> got = new ConcurrentLinkedQueue<>();
      IMqttMessageListener listener =
          (topic, message) ->
              got.add(
                  new String(message.getPayload(), StandardCharsets.UTF_8)
                      + " "
                      + message.getProperties().getMessageExpiryInterval()
                      + " "
                      + message.isRetained());
      device.connect();
      device.subscribe(
          new MqttSubscription[] {new MqttSubscription("lamp/set", 1)},
          new IMqttMessageListener[] {listener});

      connection.command("lamp/set", "ON", Duration.ofMillis(2_500)).get(30, TimeUnit.SECONDS);
      connection.command("lamp/set", "OFF", Duration.ofMillis(1)).get(30, TimeUnit.SECONDS);
      connection.publish("lamp/set", "plain").get(30, TimeUnit.SECONDS);

      await().atMost(SOON).until(() -> got.size() == 3);
      assertThat(got).containsExactly("ON 3 false", "OFF 1 false", "plain null false");
      device.disconnect();
      device.close();
    }
  }

  /** How often the broker is killed: {@code -Dhearth.outages=50} for the full length. */
  private static final int OUTAGES = Integer.getInteger("hearth.outages", 10);

  @Test
  void survivesTheBrokersDeathsUnderLoadWithoutLosingASubscriptionOrGettingStuck()
      throws Exception {
    try (Mosquitto broker = Mosquitto.start("allow_anonymous true", "max_queued_messages 100000");
        MqttConnection connection = MqttConnection.start(broker.options());
        MqttConnection device = MqttConnection.start(broker.options())) {
      Map<String, String> heard = new ConcurrentHashMap<>();
      List<String> topics = IntStream.range(0, 300).mapToObj(i -> "load/" + i).toList();
      topics.forEach(topic -> connection.subscribe(topic, m -> heard.put(m.topic(), m.text())));
      connection.subscribe("wild/+/state", m -> heard.put(m.topic(), m.text()));
      List<CompletableFuture<PublishResult>> pending = new ArrayList<>();
      for (int round = 1; round <= OUTAGES; round++) {
        assertThat(connection.awaitConnected(SOON) && device.awaitConnected(SOON)).isTrue();
        for (int i = 0; i < 500; i++) {
          pending.add(connection.command("load/sink", "x", Duration.ofSeconds(2)));
          if (i == 250) {
            broker.kill();
          }
        }
        await()
            .atMost(SOON)
            .until(() -> !connection.status().connected() && !device.status().connected());
        for (CompletableFuture<PublishResult> each : pending) {
          assertThat(each.get(30, TimeUnit.SECONDS)).isNotNull();
        }
        pending.clear();
        broker.restart();
        assertThat(connection.awaitConnected(SOON) && device.awaitConnected(SOON)).isTrue();
        String mark = "round " + round;
        for (String topic : topics) {
          assertThat(device.publish(topic, mark).get(30, TimeUnit.SECONDS).sent()).isTrue();
        }
        device.publish("wild/a/state", mark).get(30, TimeUnit.SECONDS);
        await()
            .atMost(SOON)
            .until(() ->
                mark.equals(heard.get("wild/a/state"))
                    && topics.stream().allMatch(topic -> mark.equals(heard.get(topic))));
      }
    }
  }
}

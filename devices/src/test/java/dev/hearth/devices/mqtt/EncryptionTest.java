package dev.hearth.devices.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encryption with a real Mosquitto: that it works, and what is said when it does not. */
@Timeout(120)
class EncryptionTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Mosquitto 2.0.11 does not start without a listener that is no WebSocket. */
  private static final String UNUSED = "listener 0 FOLDER/unused";

  private static final Certificates AUTHORITY = Certificates.authority();

  /** A broker with a certificate; {@code wss} for WebSocket, {@code ssl} for plain TLS. */
  private static Mosquitto broker(
      String scheme, Certificates.Issued certificate, String... settings) {
    Mosquitto broker = Mosquitto.stopped();
    certificate.write(broker.folder(), "broker");
    AUTHORITY.write(broker.folder().resolve("ca.crt"));
    broker.settings(
        "allow_anonymous true",
        "certfile FOLDER/broker.crt",
        "keyfile FOLDER/broker.key",
        "cafile FOLDER/ca.crt",
        scheme.equals("wss") ? "protocol websockets" : "protocol mqtt");
    broker.settings(settings);
    broker.settings(UNUSED);
    broker.restart();
    return broker;
  }

  private static MqttConnection connect(
      Mosquitto broker, String scheme, @Nullable SSLContext encryption) {
    return MqttConnection.start(
        MqttOptions.of(scheme + "://127.0.0.1:" + broker.port())
            .withBackoff(Duration.ofMillis(50), Duration.ofMillis(200))
            .withEncryption(encryption));
  }

  private static String problem(MqttConnection connection) {
    await().atMost(SOON).until(() -> connection.status().detail().contains("No connection"));
    return connection.status().detail();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "wss"})
  void connectsWhenTheBrokersAuthorityIsTrusted(String scheme) throws Exception {
    try (Mosquitto broker = broker(scheme, AUTHORITY.issue("127.0.0.1"));
        MqttConnection connection = connect(broker, scheme, AUTHORITY.context(null))) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription heard = connection.subscribe("t", m -> got.add(m.text()));
      assertThat(connection.awaitConnected(SOON)).as(connection.status().detail()).isTrue();
      assertThat(heard.active().get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(connection.publish("t", "x").get(30, TimeUnit.SECONDS).sent()).isTrue();
      await().atMost(SOON).until(() -> got.contains("x"));

      broker.kill();
      await().atMost(SOON).until(() -> !connection.status().connected());
      broker.restart();
      assertThat(connection.awaitConnected(SOON)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "wss"})
  void namesTheSettingWhenTheAuthorityIsUnknown(String scheme) {
    try (Mosquitto broker = broker(scheme, AUTHORITY.issue("127.0.0.1"));
        MqttConnection usual = connect(broker, scheme, null);
        MqttConnection other = connect(broker, scheme, Certificates.authority().context(null))) {
      assertThat(problem(usual)).contains("not trusted", "hearth.mqtt.tls.ca").contains("MQTT 5");
      assertThat(problem(other)).contains("hearth.mqtt.tls.ca");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "wss"})
  void saysThatTheCertificateIsForAnotherName(String scheme) {
    try (Mosquitto broker = broker(scheme, AUTHORITY.issue("broker.example"));
        MqttConnection connection = connect(broker, scheme, AUTHORITY.context(null))) {
      assertThat(problem(connection)).contains("for another name", "127.0.0.1");
    }
  }

  @Test
  void saysThatTheCertificateHasExpired() {
    try (Mosquitto broker = broker("ssl", AUTHORITY.issueExpired("127.0.0.1"));
        MqttConnection connection = connect(broker, "ssl", AUTHORITY.context(null))) {
      assertThat(problem(connection)).contains("has expired", "renew it");
    }
  }

  @Test
  void provesItselfByACertificateWhereTheBrokerWantsOne() throws Exception {
    try (Mosquitto broker =
            broker("ssl", AUTHORITY.issue("127.0.0.1"), "require_certificate true");
        MqttConnection without = connect(broker, "ssl", AUTHORITY.context(null));
        MqttConnection with =
            connect(broker, "ssl", AUTHORITY.context(AUTHORITY.issue("hearth")))) {
      assertThat(with.awaitConnected(SOON)).as(with.status().detail()).isTrue();
      assertThat(problem(without)).contains("hearth.mqtt.tls.certificate");
    }
  }

  @Test
  void saysThatItsOwnCertificateIsNotAccepted() {
    Certificates.Issued strange = Certificates.authority().issue("hearth");
    try (Mosquitto broker =
            broker("ssl", AUTHORITY.issue("127.0.0.1"), "require_certificate true");
        MqttConnection connection = connect(broker, "ssl", AUTHORITY.context(strange))) {
      assertThat(problem(connection)).contains("hearth.mqtt.tls.certificate");
    }
  }

  @Test
  void tellsEncryptedPortsFromOthers() {
    try (Mosquitto plain = Mosquitto.start();
        Mosquitto encrypted = broker("ssl", AUTHORITY.issue("127.0.0.1"));
        MqttConnection tooMuch = connect(plain, "ssl", AUTHORITY.context(null));
        MqttConnection tooLittle = connect(encrypted, "tcp", null)) {
      assertThat(problem(tooMuch)).contains("write tcp://");
      await().atMost(SOON).until(() -> tooLittle.status().detail().contains("write ssl://"));
    }
  }

  @Test
  void carriesLargeMessagesOverWebSocket() throws Exception {
    try (Mosquitto broker = Mosquitto.start("allow_anonymous true", "protocol websockets", UNUSED);
        MqttConnection connection = connect(broker, "ws", null)) {
      Queue<String> got = new ConcurrentLinkedQueue<>();
      MqttSubscription heard = connection.subscribe("large", m -> got.add(m.text()));
      assertThat(connection.awaitConnected(SOON)).as(connection.status().detail()).isTrue();
      assertThat(heard.active().get(30, TimeUnit.SECONDS)).isTrue();
      String large = "0123456789abcdef".repeat(1 << 11); // Mosquitto sends 40 KB a second.
      assertThat(connection.publish("large", large).get(30, TimeUnit.SECONDS).sent()).isTrue();
      await().atMost(SOON).until(() -> got.size() == 1);
      assertThat(got.peek()).isEqualTo(large);
    }
  }
}

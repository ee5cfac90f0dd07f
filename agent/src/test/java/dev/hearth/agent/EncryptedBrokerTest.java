package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole application on an encrypted broker that wants to see a certificate, and a second one.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "hearth.token=" + EncryptedBrokerTest.TOKEN,
      "hearth.simulation=false",
      "hearth.mqtt.prefix=house/"
    })
@DirtiesContext
class EncryptedBrokerTest {
  static final String TOKEN = "encrypted-broker-0123456789";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path data;
  @TempDir private static Path pem;
  private static Mosquitto encrypted;
  private static Mosquitto plain;
  @LocalServerPort private int port;

  private final HttpClient client = HttpClient.newHttpClient();

  /** A certificate of its own, which is its own authority, as files mine.crt and mine.key. */
  @BeforeAll
  static void start() throws Exception {
    Path store = pem.resolve("store");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "mine",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    write("mine.crt", "CERTIFICATE", keys.getCertificate("mine").getEncoded());
    write("mine.key", "PRIVATE KEY", keys.getKey("mine", "secret".toCharArray()).getEncoded());
    encrypted =
        Mosquitto.start(
            "certfile " + pem.resolve("mine.crt"),
            "keyfile " + pem.resolve("mine.key"),
            "cafile " + pem.resolve("mine.crt"),
            "require_certificate true");
    plain = Mosquitto.start();
  }

  private static void write(String name, String what, byte[] content) throws Exception {
    Files.writeString(
        pem.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(content), what));
  }

  @AfterAll
  static void stop() {
    encrypted.close();
    plain.close();
  }

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("hearth.data", data::toString);
    registry.add("hearth.mqtt.uri", () -> encrypted.uri().replace("tcp:", "ssl:"));
    registry.add("hearth.mqtt.tls.ca", () -> pem.resolve("mine.crt").toString());
    registry.add("hearth.mqtt.tls.certificate", () -> pem.resolve("mine.crt").toString());
    registry.add("hearth.mqtt.tls.key", () -> pem.resolve("mine.key").toString());
    registry.add("hearth.mqtt.others[0].uri", () -> plain.uri());
  }

  @Test
  void healthSaysInWordsWhichBrokerIsOutOfReachToThoseWhoMayKnow() throws Exception {
    String first = encrypted.uri().replace("tcp:", "ssl:") + " house/";
    await("connected").atMost(LONG).until(() -> status(true).equals("UP"));
    assertThat(detail(first)).startsWith("Connected to ssl://127.0.0.1").contains("MQTT 5");
    assertThat(detail(plain.uri())).startsWith("Connected to tcp://127.0.0.1");
    assertThat(health(false).has("components")).isFalse();

    plain.kill();

    await("told").atMost(LONG).until(() -> detail(plain.uri()).contains("connection refused"));
    assertThat(status(true)).isEqualTo("DOWN");
    assertThat(status(false)).isEqualTo("DOWN");
    assertThat(detail(first)).startsWith("Connected to ssl://127.0.0.1");

    plain.restart();

    await("back").atMost(LONG).until(() -> status(false).equals("UP"));
  }

  private JsonNode health(boolean token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health"));
    if (token) {
      request.header("Authorization", "Bearer " + TOKEN);
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  private String status(boolean token) throws Exception {
    return health(token).get("status").stringValue();
  }

  private String detail(String broker) throws Exception {
    return health(true).at("/components/broker/details").get(broker).stringValue();
  }
}

package dev.hearth.agent.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What can be checked of the container files without a container engine. */
class ContainersTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path ROOT = Repository.root();

  @Test
  void composeFileKeepsToTheComposeSpecification() throws IOException {
    JsonNode compose = yaml("docker-compose.yml");

    assertThat(schema().validate(compose)).isEmpty();
  }

  @Test
  void schemaFindsMistakes() throws IOException {
    ObjectNode compose = (ObjectNode) yaml("docker-compose.yml");
    ((ObjectNode) compose.get("services").get("hearth")).put("portz", "8080");

    assertThat(schema().validate(compose)).isNotEmpty();
  }

  @Test
  void composeFileMountsFilesThatExistAndDeclaresItsVolumes() throws IOException {
    JsonNode compose = yaml("docker-compose.yml");
    for (JsonNode service : compose.get("services")) {
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.stringValue().split(":", 2)[0];
        if (source.startsWith(".")) {
          assertThat(ROOT.resolve(source)).exists();
        } else {
          assertThat(compose.get("volumes").has(source)).as(source).isTrue();
        }
      }
    }
  }

  @Test
  void containerRunsAsAnotherUserWithHealthCheckAndTheLaunchersOptions() throws IOException {
    String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
    String launcher = Files.readString(ROOT.resolve("hearth"));

    assertThat(dockerfile).contains("USER hearth", "HEALTHCHECK", "/actuator/health", "25-jre");
    Matcher options = Pattern.compile("JAVA_OPTIONS=\"([^\"]+)\"").matcher(dockerfile);
    assertThat(options.find()).isTrue();
    for (String option : options.group(1).split(" ", -1)) {
      assertThat(launcher).contains(option);
    }
  }

  @Test
  void exampleConfigurationChangesNothing() throws IOException {
    Object loaded =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(ROOT.resolve("config/application.yaml")));
    assertThat(loaded).isNull();
  }

  @Test
  void brokerOfTheComposeFileStartsAndWantsItsPassword(
      @TempDir(cleanup = CleanupMode.ALWAYS) Path folder) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/mosquitto")),
        "no Mosquitto here: install Debian's package mosquitto");
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    // Mosquitto may drop root's rights before it reads the files.
    assertThat(folder.toFile().setExecutable(true, false)).isTrue();
    Path data = Files.createDirectory(folder.resolve("data"));
    assertThat(data.toFile().setWritable(true, false)).isTrue();
    Path config = folder.resolve("mosquitto.conf");
    Files.writeString(
        config,
        Files.readString(ROOT.resolve("config/mosquitto/mosquitto.conf"))
            .replace("/mosquitto/", folder + "/")
            .replace("listener 1883", "listener " + port + " 127.0.0.1"));
    ProcessBuilder start =
        new ProcessBuilder(
            "sh", ROOT.resolve("config/mosquitto/start.sh").toString(), config.toString());
    start.environment().put("SECRET_DIR", folder.resolve("secret").toString());
    start.environment().put("HEARTH_BROKER_PASSWORD", "right-password");
    start.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    Process mosquitto =
        start.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> connect(port, "right-password") == 0);
      assertThat(connect(port, "wrong-password")).isEqualTo(5);
      assertThat(connect(port, "")).isEqualTo(5);
      assertThat(Files.readString(folder.resolve("log"))).doesNotContain("Error", "Warning");
    } finally {
      mosquitto.destroy();
      mosquitto.waitFor();
    }
  }

  /** Connects by MQTT 3.1.1 (section 3.1) and gives the return code of CONNACK: 5 is "refused". */
  private static int connect(int port, String password) throws IOException {
    byte[] secret = password.getBytes(StandardCharsets.UTF_8);
    boolean named = secret.length > 0;
    int rest = 10 + 2 + (named ? 2 + 6 + 2 + secret.length : 0);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      var out = new java.io.DataOutputStream(socket.getOutputStream());
      out.write(new byte[] {0x10, (byte) rest});
      out.writeUTF("MQTT");
      out.write(new byte[] {4, (byte) (named ? 0xC2 : 0x02), 0, 30});
      out.writeUTF("");
      if (named) {
        out.writeUTF("hearth");
        out.writeUTF(password);
      }
      out.flush();
      byte[] connack = socket.getInputStream().readNBytes(4);
      return connack.length == 4 ? connack[3] : 5;
    }
  }

  private static Schema schema() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ContainersTest.class.getResourceAsStream("/compose-spec/compose-spec.json"))) {
      ObjectNode schema = (ObjectNode) JSON.readTree(in);
      // Its spelling of the dialect's name is not the registered one, and its id is no address.
      schema.remove("$schema");
      schema.remove("$id");
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema);
    }
  }

  private static JsonNode yaml(String file) throws IOException {
    Map<String, Object> tree =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(ROOT.resolve(file)));
    return JSON.valueToTree(tree);
  }
}

package dev.hearth.agent.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.agent.HearthApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The whole application, set up wrongly: what is wrong, the value and the remedy, and no stack
 * trace.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {
  @TempDir private Path folder;

  @Test
  void portInUse(CapturedOutput output) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      fails("--hearth.port=" + port);

      assertSaid(output, "Port " + port + " is in use", "./hearth up --port N");
    }
  }

  @Test
  void portThatDoesNotExist(CapturedOutput output) {
    fails("--hearth.port=99999");

    assertSaid(output, "127.0.0.1 port 99999: port out of range:99999.", "1 to 65535");
  }

  @Test
  void addressOfAnotherMachine(CapturedOutput output) {
    fails("--hearth.address=192.0.2.1");

    assertSaid(output, "Hearth cannot listen on 192.0.2.1 port 0: ", "HEARTH_ADDRESS is");
  }

  @Test
  void addressThatNobodyHas(CapturedOutput output) {
    fails("--hearth.address=no.such.host.invalid");

    assertSaid(output, "HEARTH_ADDRESS is 'no.such.host.invalid'", "0.0.0.0 for the network");
  }

  @Test
  void dataDirectoryThatIsAFile(CapturedOutput output) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");

    fails("--hearth.data=" + file);

    assertSaid(output, "The data directory " + file + " cannot be used", "./hearth up --data DIR");
  }

  @Test
  void dataDirectoryOfARunningAgent(CapturedOutput output) throws IOException {
    try (DataDirectory running = new DataDirectory(new HearthSettings(folder.resolve("data")))) {
      fails();

      assertSaid(
          output,
          "The data directory %s is used by another Hearth (process %d)."
              .formatted(running.path(), ProcessHandle.current().pid()),
          "Stop that one, or give this one its own");
    }
  }

  @Test
  void damagedDatabase(CapturedOutput output) throws IOException {
    Path database = Files.createDirectories(folder.resolve("data").resolve("db"));
    Files.write(database.resolve("hearth.mv.db"), new byte[10_000]);

    fails();

    assertSaid(output, "The database in " + database + " cannot be opened", "move the folder away");
  }

  @Test
  void missingModel(CapturedOutput output) {
    Path file = folder.resolve("missing.gguf");

    fails("--hearth.language.provider=gguf", "--hearth.language.model=" + file);

    assertSaid(output, "no readable language model " + file, "./hearth up --model FILE");
  }

  @Test
  void chosenModelThatIsGone(CapturedOutput output) throws IOException {
    Path models = Files.createDirectories(folder.resolve("data").resolve("models"));
    Files.writeString(models.resolve("active"), "gone\n");

    fails();

    assertSaid(output, "The model gone, chosen by ./hearth models use, is not in", "use built-in");
  }

  @Test
  void chosenModelThatIsThere(CapturedOutput output) throws IOException {
    Path models = Files.createDirectories(folder.resolve("data").resolve("models"));
    Files.writeString(models.resolve("active"), "broken\n");
    Path file = Files.writeString(models.resolve("broken.gguf"), "this is not a model at all");

    fails();

    assertSaid(output, file + ": magic: expected GGUF, found", "./hearth up --model FILE");
  }

  @Test
  void brokenModel(CapturedOutput output) throws IOException {
    Path file = Files.writeString(folder.resolve("broken.gguf"), "this is not a model at all");

    fails("--hearth.language.provider=gguf", "--hearth.language.model=" + file);

    assertSaid(output, file + ": magic: expected GGUF, found", "./hearth up --model FILE");
  }

  @Test
  void unknownProvider(CapturedOutput output) {
    fails("--hearth.language.provider=magic");

    assertSaid(output, "HEARTH_PROVIDER is 'magic'.", "embedded, gguf or openai");
  }

  @Test
  void unknownStorageOfKeysAndValues(CapturedOutput output) {
    fails("--hearth.language.kv-type=q4");

    assertSaid(
        output,
        "hearth.language.kv-type is 'q4'.",
        "It must be one of f32, f16, q8_0, or be left out.");
    assertThat(output).doesNotContain("KvType");
  }

  @Test
  void bridgeTopicWithWildcard(CapturedOutput output) {
    fails("--hearth.zigbee2mqtt=zigbee2mqtt,upstairs/#");

    assertSaid(output, "hearth.zigbee2mqtt has 'upstairs/#', which is no topic.", "base topics");
  }

  @Test
  void patienceOutOfRange(CapturedOutput output) {
    fails("--hearth.patience=0");

    assertSaid(output, "hearth.patience is 0.0.", "a number from 0.5 to 20");
  }

  @Test
  void shellyPrefixThatIsNoFilter(CapturedOutput output) {
    fails("--hearth.shelly=home/shelly/#");

    assertSaid(output, "hearth.shelly has 'home/shelly/#', which is no filter", "home/shelly/+");
  }

  @Test
  void brokerAddressThatIsNone(CapturedOutput output) {
    fails("--hearth.mqtt.uri=http://hearth:secret@broker:1883");

    assertSaid(output, "The broker's address 'broker:1883' is not understood.", "tcp://host:1883");
    assertThat(output).doesNotContain("secret");
  }

  @Test
  void authorityOfTheBrokerThatIsNotThere(CapturedOutput output) {
    Path file = folder.resolve("ca.crt");

    fails("--hearth.mqtt.uri=ssl://127.0.0.1:1", "--hearth.mqtt.tls.ca=" + file);

    assertSaid(output, "hearth.mqtt.tls.ca is '" + file + "', which cannot be read", "PEM file");
  }

  @Test
  void authorityOfTheBrokerThatIsNoPem(CapturedOutput output) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.crt"), "binary");

    fails("--hearth.mqtt.uri=ssl://127.0.0.1:1", "--hearth.mqtt.tls.ca=" + file);

    assertSaid(
        output, "hearth.mqtt.tls.ca is '" + file + "', which is no PEM file", "openssl x509");
  }

  @Test
  void certificatesForAPlainConnection(CapturedOutput output) {
    fails("--hearth.mqtt.tls.ca=" + folder.resolve("ca.crt"));

    assertSaid(output, "the broker's address tcp://127.0.0.1:1 is plain", "Write ssl:// or wss://");
  }

  @Test
  void encryptedAddressInCapitals(CapturedOutput output) {
    fails("--hearth.mqtt.uri=SSL://127.0.0.1:1", "--hearth.mqtt.tls.key=mine.key");

    assertSaid(output, "only one is given", "Give both, or neither");
  }

  @Test
  void announceIdThatIsNone(CapturedOutput output) {
    fails("--hearth.mqtt.announce=true", "--hearth.mqtt.announce-id=a/b");

    assertSaid(output, "hearth.mqtt.announce-id is 'a/b', which is no id.", "1 to 64 letters");
  }

  @Test
  void certificateWithoutItsKey(CapturedOutput output) {
    fails("--hearth.mqtt.uri=ssl://127.0.0.1:1", "--hearth.mqtt.tls.certificate=mine.crt");

    assertSaid(output, "hearth.mqtt.tls.key only one is given", "Give both");
  }

  @Test
  void prefixWithWildcard(CapturedOutput output) {
    fails("--hearth.mqtt.prefix=house/#");

    assertSaid(output, "hearth.mqtt.prefix is 'house/#', which is no topic", "such as house/");
  }

  @Test
  void furtherBrokerWithAnAddressThatIsNone(CapturedOutput output) {
    fails("--hearth.mqtt.others[0].uri=ftp://user:secret@broker");

    assertSaid(output, "The broker's address 'broker' is not understood.", "wss://host:443/path");
    assertThat(output).doesNotContain("secret");
  }

  @Test
  void tokenThatCanBeGuessed(CapturedOutput output) {
    fails("--hearth.token=guess-me");

    assertSaid(output, "HEARTH_TOKEN has 8 characters", "openssl rand -hex 32");
    assertThat(output).doesNotContain("guess-me");
  }

  /** Starts with what is right but for the given options. */
  private void fails(String... wrong) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--hearth.port=0",
                "--hearth.data=" + folder.resolve("data"),
                "--hearth.mqtt.uri=tcp://127.0.0.1:1",
                "--logging.level.dev.hearth.devices.mqtt=error",
                "--hearth.simulation=false"));
    for (String option : wrong) {
      String name = option.substring(0, option.indexOf('=') + 1);
      arguments.removeIf(a -> a.startsWith(name));
      arguments.add(option);
    }
    assertThatThrownBy(
            () -> SpringApplication.run(HearthApplication.class, arguments.toArray(String[]::new)))
        .isNotNull();
  }

  private static void assertSaid(CapturedOutput output, String what, String remedy) {
    assertThat(output)
        .contains("APPLICATION FAILED TO START", what, remedy)
        .doesNotContain("\tat ", "Exception", "org.springframework", "dev.hearth.");
  }
}

package dev.hearth.agent.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hearth.agent.web.WebTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code hearth} against a running agent. */
class LauncherTest extends WebTest {
  @TempDir private Path folder;

  @BeforeEach
  void needBash() {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash here");
  }

  /** How a run of the script ended. */
  private record Ended(int status, String out, String err) {}

  @Test
  void asksAndShowsTheReply() throws Exception {
    Ended ended = run(Map.of(), "ask", "turn off the \"kitchen\" lights \\ 开灯\t💡");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEqualTo("  Heard: turn off the \"kitchen\" lights \\ 开灯\t💡\n");
    assertThat(ended.status()).isZero();
  }

  @Test
  void joinsWordsAndPassesTheArea() throws Exception {
    assertThat(run(Map.of(), "ask", "light", "on", "--area", "Kitchen").out())
        .isEqualTo("  Heard: light on\n");
    assertThat(assistant.heard().getLast().area()).isEqualTo("kitchen");
  }

  @Test
  void asksForConfirmationWithAnotherExitStatusAndConfirms() throws Exception {
    Ended asked = run(Map.of(), "ask", "unlock the door");
    assertThat(asked.status()).isEqualTo(2);
    assertThat(asked.out()).contains("To confirm: ./hearth confirm ");

    String token = asked.out().strip().substring(asked.out().strip().lastIndexOf(' ') + 1);
    Ended confirmed = run(Map.of(), "confirm", token);

    assertThat(confirmed.out()).isEqualTo("  The door is unlocked.\n");
    assertThat(confirmed.status()).isZero();
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(run(Map.of(), "ask", "light", "--area", "moon").err())
        .startsWith("hearth: area \"moon\" is unknown here; known are: Hall, Kitchen")
        .endsWith("(400)\n");
    assertThat(run(Map.of(), "ask", "a\u0001b").err()).contains("U+0001");
    assertThat(run(Map.of("HEARTH_TOKEN", "wrong"), "ask", "light").err())
        .contains("the token is not valid");
    assertThat(run(Map.of("HEARTH_URL", "http://127.0.0.1:1"), "ask", "light").err())
        .contains("nobody answers at http://127.0.0.1:1: start the agent with ./hearth up");
    assertThat(run(Map.of(), "ask").err()).contains("say what to do");
    assertThat(run(Map.of(), "dance").status()).isEqualTo(1);
    assertThat(run(Map.of("HEARTH_TOKEN", ""), "ask", "light").err()).contains("no admin token");
    assertThat(run(Map.of("HEARTH_PORT", "many"), "up").err()).contains("is not a number");
    assertThat(run(Map.of(), "up", "--model", "/nowhere.gguf").err()).contains("/nowhere.gguf");
  }

  @Test
  void findsTokenAndAddressInTheDataDirectory() throws Exception {
    Files.writeString(folder.resolve("admin-token"), TOKEN + "\n");
    Files.writeString(folder.resolve("address"), address("") + "\n");

    Ended ended = run(Map.of("HEARTH_TOKEN", "", "HEARTH_URL", ""), "ask", "light on");

    assertThat(ended.out()).isEqualTo("  Heard: light on\n");
  }

  @Test
  void exportsAndImportsTheHomeAsOneFile() throws Exception {
    Path file = folder.resolve("home.yaml");
    assertThat(run(Map.of(), "home", "export", file.toString()).status()).isZero();
    assertThat(run(Map.of(), "home", "export").out())
        .isEqualTo(Files.readString(file))
        .contains("# Kitchen ceiling light", "厨房");

    Ended imported = run(Map.of(), "home", "import", file.toString());
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).startsWith("  Taken over: floors 1, areas ");

    Files.writeString(file, "version: 1\nentities:\n  light.x: {risk: no}\n  y: {}\n");
    Ended refused = run(Map.of(), "home", "import", file.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("line 3: entities.light.x.risk: 'no' is no risk; write normal or guarded\n")
        .contains("line 4: entities.y:");
    assertThat(run(Map.of(), "home", "import", "/nowhere").err()).contains("no readable file");
    assertThat(run(Map.of(), "home").err()).contains("export and import");
    assertThat(run(Map.of(), "home", "export", "--port").err()).contains("no option --port");
  }

  @Test
  void takesAModelForAFileOnlyWhenItRunsHere() throws Exception {
    Files.createDirectories(folder.resolve("checkpoint"));
    String nowhere = "/proc/no-such-folder";
    assertThat(run(Map.of(), "up", "--model", folder.resolve("checkpoint").toString()).err())
        .contains("there is no readable model");
    assertThat(
            run(
                    Map.of(
                        "HEARTH_PROVIDER", "openai",
                        "HEARTH_MODEL", "mimo-7b-rl",
                        "HEARTH_DATA", nowhere),
                    "up")
                .err())
        .contains("cannot make the data directory " + nowhere);
  }

  private Ended run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("hearth").toString());
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HEARTH_URL", address("").toString());
    builder.environment().put("HEARTH_TOKEN", TOKEN);
    builder.environment().put("HEARTH_DATA", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}

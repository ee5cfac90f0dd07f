package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Code;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.json.JsonMapper;

/**
 * Announcements of our own writing and what Hearth makes of them, messages and commands included.
 * After a wanted change, {@code -Dgolden.update=true} writes the expectations anew.
 */
public final class Golden {
  private static final JsonMapper JSON = new JsonMapper();

  private Golden() {}

  /** Tells what becomes of a fixture. */
  @FunctionalInterface
  public interface Reading {
    /** Writes it down. */
    void read(Map<?, ?> fixture, StringBuilder out) throws Exception;
  }

  /** A test for each fixture of a folder, with its expectation beside it. */
  public static Stream<DynamicTest> tests(String folder, Reading reading) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .sorted()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f, reading)))
          .toList()
          .stream();
    }
  }

  private static void check(Path file, Reading reading) throws Exception {
    StringBuilder out = new StringBuilder();
    reading.read(JSON.readValue(Files.readString(file), Map.class), out);
    String actual = out.toString();
    Path golden = Path.of(file.toString().replace(".json", ".txt"));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(golden));
  }

  /** Tells what an announcement says. */
  public static void describe(Announcement announcement, Map<?, ?> fixture, StringBuilder out)
      throws Exception {
    switch (announcement) {
      case Announcement.Entities(List<Discovered> entities) -> {
        for (Discovered found : entities) {
          describe(found, fixture, out);
        }
      }
      case Announcement.Partly(List<Discovered> entities, List<DiscoveryFault> faults) -> {
        for (Discovered found : entities) {
          describe(found, fixture, out);
        }
        faults.forEach(fault -> line(out, "fault of " + fault.entity(), fault.message()));
      }
      default -> out.append(announcement).append('\n');
    }
  }

  private static void describe(Discovered found, Map<?, ?> fixture, StringBuilder out) {
    EntityDescription entity = found.description();
    out.append("entity ").append(entity.id()).append(" '").append(entity.name()).append("'\n");
    line(out, "key", found.key());
    line(out, "kind", entity.kind() + " / " + entity.deviceClass());
    line(out, "aliases", entity.aliases());
    line(out, "visible", entity.visible());
    line(out, "availability", entity.availability());
    line(out, "device", entity.device());
    line(out, "capabilities", entity.capabilities());
    line(out, "topics", found.codec().topics());
    line(out, "optimistic", found.codec().optimistic());
    line(out, "reports", reported(found));
    if (!found.codec().greeting().isEmpty()) {
      line(out, "greeting", found.codec().greeting());
    }
    if (!found.codec().ownTopics().isEmpty()) {
      line(out, "own topics", new TreeSet<>(found.codec().ownTopics()));
    }
    line(out, "expires", found.codec().expiresAfter() + " " + found.codec().offDelay());
    State state = State.UNKNOWN;
    for (Object each : list(fixture, "messages")) {
      List<?> message = (List<?>) each;
      String topic = String.valueOf(message.get(0));
      String text = String.valueOf(message.get(1));
      if (found.codec().topics().contains(topic)) {
        StateUpdate update =
            found.codec().parse(topic, text.getBytes(StandardCharsets.UTF_8), state);
        state = update.applyTo(state, Instant.EPOCH);
        out.append("  <- ").append(topic).append(' ').append(JSON.writeValueAsString(text));
        out.append("\n     ").append(update.values());
        if (!update.unknown().isEmpty()) {
          out.append(" unknown ").append(new TreeSet<>(update.unknown()));
        }
        if (update.availability() != null) {
          out.append(' ').append(update.availability());
        }
        if (update.failure() != null) {
          out.append(' ').append(update.failure());
        }
        out.append('\n');
      }
    }
    for (Object each : list(fixture, "commands")) {
      out.append("  ").append(each).append('\n');
      try {
        Encoded encoded = found.codec().encode(command(String.valueOf(each)), State.UNKNOWN);
        encoded
            .messages()
            .forEach(
                m -> out.append("  -> " + m.topic() + " " + lasting(m.payload())).append('\n'));
        out.append("     target ").append(new TreeMap<>(encoded.target())).append('\n');
      } catch (UnsupportedCommandException e) {
        out.append("     ").append(e.getMessage()).append('\n');
      }
    }
  }

  /** Numbers of calls are others each time. */
  private static String lasting(String payload) {
    return payload.replaceAll("\\{\"id\":\\d{4,},\"src\"", "{\"id\":N,\"src\"");
  }

  private static List<Attribute> reported(Discovered found) {
    return Stream.of(Attribute.values()).filter(found.codec()::reports).toList();
  }

  private static void line(StringBuilder out, String name, @Nullable Object value) {
    out.append("  ").append(name).append(": ").append(value).append('\n');
  }

  /** A list of a fixture. */
  public static List<?> list(Map<?, ?> fixture, String key) {
    assertThat(fixture.get(key)).as(key).isInstanceOf(List.class);
    return fixture.get(key) instanceof List<?> list ? list : List.of();
  }

  private static Command command(String text) {
    String[] words = text.split(" ");
    return switch (words[0]) {
      case "TurnOn" -> new Command.TurnOn();
      case "TurnOff" -> new Command.TurnOff();
      case "SetBrightness" -> new Command.SetBrightness(Integer.parseInt(words[1]));
      case "SetColor" ->
          new Command.SetColor(
              new Color(Double.parseDouble(words[1]), Double.parseDouble(words[2])), null);
      case "SetColorTemperature" -> new Command.SetColorTemperature(Integer.parseInt(words[1]));
      case "Open" -> new Command.Open();
      case "Close" -> new Command.Close();
      case "Stop" -> new Command.Stop();
      case "SetPosition" -> new Command.SetPosition(Integer.parseInt(words[1]));
      case "SetTemperature" -> new Command.SetTemperature(Double.parseDouble(words[1]));
      case "SetMode" -> new Command.SetMode(words[1]);
      case "SetFanSpeed" -> new Command.SetFanSpeed(Integer.parseInt(words[1]));
      case "SetPreset" -> new Command.SetPreset(words[1]);
      case "Lock" -> new Command.Lock(code(words, 1));
      case "Unlock" -> new Command.Unlock(code(words, 1));
      case "SetTilt" -> new Command.SetTilt(Integer.parseInt(words[1]));
      case "SetTemperatureRange" ->
          new Command.SetTemperatureRange(
              Double.parseDouble(words[1]), Double.parseDouble(words[2]));
      case "SetHumidity" -> new Command.SetHumidity(Integer.parseInt(words[1]));
      case "Choose" -> new Command.Choose(Attribute.valueOf(words[1]), words[2]);
      case "SetNumber" -> new Command.SetNumber(Double.parseDouble(words[1]));
      case "SetText" -> new Command.SetText(text.substring(words[0].length() + 1));
      case "Perform" -> new Command.Perform(Action.valueOf(words[1]));
      case "Arm" -> new Command.Arm(ArmMode.valueOf(words[1]), code(words, 2));
      case "Disarm" -> new Command.Disarm(code(words, 1));
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static @Nullable Code code(String[] words, int at) {
    return words.length > at ? new Code(words[at]) : null;
  }
}

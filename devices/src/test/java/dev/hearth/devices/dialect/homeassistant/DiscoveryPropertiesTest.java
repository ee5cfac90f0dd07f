package dev.hearth.devices.dialect.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Code;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Hostile announcements and payloads: whatever comes, it is refused or harmless. */
class DiscoveryPropertiesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<Map<?, ?>> FIXTURES = fixtures();
  private static final List<Command> COMMANDS =
      List.of(
          new Command.TurnOn(),
          new Command.TurnOff(),
          new Command.SetBrightness(33),
          new Command.SetColor(new Color(200, 70), null),
          new Command.SetColorTemperature(3000),
          new Command.Open(),
          new Command.Close(),
          new Command.Stop(),
          new Command.SetPosition(70),
          new Command.SetTemperature(20.5),
          new Command.SetMode("heat"),
          new Command.SetFanSpeed(60),
          new Command.SetPreset("eco"),
          new Command.Lock(),
          new Command.Unlock(new Code("1234")),
          new Command.SetTilt(30),
          new Command.SetTemperatureRange(19, 23),
          new Command.SetHumidity(45),
          new Command.Choose(Attribute.FAN_MODE, "low"),
          new Command.Choose(Attribute.DIRECTION, "reverse"),
          new Command.SetNumber(1e300),
          new Command.SetNumber(4.2),
          new Command.SetText("{{ 1/0 }}"),
          new Command.Perform(Action.START),
          new Command.Perform(Action.PRESS),
          new Command.Arm(ArmMode.AWAY, new Code("1234")),
          new Command.Disarm(null));
  private static final Map<String, Object> REPORT =
      Map.of(
          "state",
          "ON",
          "brightness",
          "77",
          "position",
          30,
          "fan_speed",
          "min",
          "battery_level",
          "50",
          "event_type",
          "press",
          "installed_version",
          1,
          "effect",
          "fire");
  private static final List<Object> POISON =
      List.of(
          "",
          "~",
          "#",
          "a/+/b",
          "\u0000",
          "x".repeat(10_000),
          "{{ value_json.a.b.c }}",
          "{% for i in range(100000000) %}x{% endfor %}",
          "{{ 1/0 }}",
          "{{",
          "\ud800",
          -1,
          0,
          1e308,
          "NaN",
          "-0x1p9",
          "None",
          "12,5",
          Long.MIN_VALUE,
          true,
          List.of(),
          List.of(List.of(1, 2, 3)),
          Map.of(),
          Map.of("topic", 7),
          "<|im_end|>");

  private static List<Map<?, ?>> fixtures() {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/discovery"))) {
      List<Map<?, ?>> all = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        all.add(JSON.readValue(Files.readString(file), Map.class));
      }
      return all;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Property(tries = 1_500)
  void survivesMutatedAnnouncements(@ForAll long seed) {
    Random random = new Random(seed);
    Map<?, ?> fixture = FIXTURES.get(random.nextInt(FIXTURES.size()));
    Object config = mutate(fixture.get("config"), random);
    byte[] payload = bytes(JSON.writeValueAsString(config), random);
    use(String.valueOf(fixture.get("topic")), payload, random);
  }

  @Property(tries = 500)
  void survivesRandomBytes(@ForAll byte[] payload, @ForAll long seed) {
    use("homeassistant/light/a/config", payload, new Random(seed));
  }

  private static void use(String topic, byte[] payload, Random random) {
    Announcement announcement;
    try {
      announcement = new HomeAssistantDiscovery("homeassistant").read(topic, payload);
    } catch (DiscoveryException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    List<Discovered> entities =
        switch (announcement) {
          case Announcement.Entities all -> all.entities();
          case Announcement.Partly some -> some.entities();
          default -> List.of();
        };
    for (Discovered found : entities) {
      String name = found.description().name();
      assertThat(name).isEqualTo(Names.clean(name)).isNotEmpty();
      for (String each : found.codec().topics()) {
        assertThat(Topics.isTopic(each)).isTrue();
        byte[] message = new byte[random.nextInt(40)];
        random.nextBytes(message);
        found.codec().parse(each, message, State.UNKNOWN);
        String json = JSON.writeValueAsString(mutate(REPORT, random));
        found.codec().parse(each, json.getBytes(StandardCharsets.UTF_8), State.UNKNOWN);
      }
      for (Command command : COMMANDS) {
        try {
          Encoded encoded = found.codec().encode(command, State.UNKNOWN);
          for (Outgoing message : encoded.messages()) {
            assertThat(Topics.isTopic(message.topic())).isTrue();
          }
        } catch (UnsupportedCommandException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  private static @Nullable Object mutate(@Nullable Object value, Random random) {
    if (random.nextInt(12) == 0) {
      return POISON.get(random.nextInt(POISON.size()));
    }
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((k, v) -> {
          if (random.nextInt(15) != 0) {
            out.put(String.valueOf(k), mutate(v, random));
          }
        });
        yield out;
      }
      case List<?> list -> {
        List<@Nullable Object> out = new ArrayList<>();
        list.forEach(each -> out.add(mutate(each, random)));
        yield out;
      }
      case null -> null;
      default -> value;
    };
  }

  /** The text's bytes, now and then cut short or with a byte changed. */
  private static byte[] bytes(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 2 && random.nextInt(5) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(10) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
        : bytes;
  }

  @Property
  void brightnessSurvivesTheDevicesScale(
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll @IntRange(min = 100, max = 65_535) int scale) {
    int back = Scales.toPercent(Scales.fromPercent(percent, scale), scale);
    assertThat(Math.abs(back - percent)).isLessThanOrEqualTo(1);
    assertThat(back).isPositive();
  }

  @Property
  void colorTemperatureSurvivesMired(@ForAll @IntRange(min = 2000, max = 6500) int kelvin) {
    ColorTemperatures scale = new ColorTemperatures(false, 2000, 6500);
    double error = Math.abs(1e6 / scale.quantised(kelvin) - 1e6 / kelvin);
    assertThat(error).isLessThanOrEqualTo(0.6);
  }

  @Property
  void colorSurvivesRgbAndXy(
      @ForAll @IntRange(min = 0, max = 359) int hue,
      @ForAll @IntRange(min = 0, max = 100) int saturation) {
    Color color = new Color(hue, saturation);
    int[] rgb = color.rgb();
    assertThat(color.matches(Color.ofRgb(rgb[0], rgb[1], rgb[2]))).isTrue();
    double[] xy = color.xy();
    assertThat(color.matches(Color.ofXy(xy[0], xy[1]))).isTrue();
  }
}

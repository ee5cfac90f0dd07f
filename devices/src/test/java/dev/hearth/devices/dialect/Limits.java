package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.mqtt.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may become of a message from a stranger at most. */
final class Limits {
  private static final int MOST_ENTITIES = 5_000;
  private static final int MOST_WORDS = 1_000;
  private static final int MOST_TOPICS = 200;
  private static final int MOST_KEYS = 32;
  private static final int LONGEST_KEY = 200;
  private static final int LONGEST_PAYLOAD = 1 << 16;

  static final List<Command> COMMANDS =
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
          new Command.SetTilt(30),
          new Command.SetTemperature(20.5),
          new Command.SetTemperatureRange(19, 23),
          new Command.SetHumidity(45),
          new Command.SetMode("heat"),
          new Command.SetFanSpeed(60),
          new Command.SetPreset("eco"),
          new Command.Choose(Attribute.FAN_MODE, "low"),
          new Command.Choose(Attribute.DIRECTION, "reverse"),
          new Command.SetNumber(1e300),
          new Command.SetNumber(4.2),
          new Command.SetText("{{ 1/0 }}"),
          new Command.Perform(Action.START),
          new Command.Perform(Action.PRESS),
          new Command.Perform(Action.ACTIVATE),
          new Command.Lock(),
          new Command.Unlock(new Code("1234")),
          new Command.Arm(ArmMode.AWAY, new Code("1234")),
          new Command.Disarm(null));

  private Limits() {}

  static void check(List<Announced> all) {
    int entities = 0;
    for (Announced each : all) {
      assertThat(each.source()).isNotBlank().hasSizeLessThanOrEqualTo(Topics.MAX_BYTES);
      switch (each.announcement()) {
        case Announcement.Faulty(String reason) -> line(reason);
        case Announcement.Ignored(String reason) -> line(reason);
        case Announcement.Partly(var _, List<DiscoveryFault> faults) ->
            faults.forEach(fault -> line(fault.message()));
        case Announcement.Asking(List<Outgoing> questions) -> questions.forEach(Limits::check);
        default -> {}
      }
      for (Discovered found : HostilePayloadsTest.entities(each.announcement())) {
        entities++;
        check(found);
      }
    }
    assertThat(entities).isLessThanOrEqualTo(MOST_ENTITIES);
  }

  private static void check(Discovered found) {
    EntityDescription entity = found.description();
    name(entity.name());
    entity.aliases().forEach(Limits::name);
    assertThat(entity.aliases()).hasSizeLessThan(10);
    optional(entity.deviceClass());
    DeviceDescription device = entity.device();
    optional(device.name());
    optional(device.manufacturer());
    optional(device.model());
    optional(device.suggestedArea());
    assertThat(device.keys()).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_KEYS);
    device.keys().forEach(key -> assertThat(key).hasSizeLessThanOrEqualTo(LONGEST_KEY));
    entity.capabilities().forEach(Limits::check);
    Codec codec = found.codec();
    assertThat(codec.topics()).hasSizeLessThanOrEqualTo(MOST_TOPICS).allMatch(Topics::isTopic);
    assertThat(codec.topics()).containsAll(codec.ownTopics());
    codec.greeting().forEach(Limits::check);
  }

  private static void check(Capability capability) {
    switch (capability) {
      case Capability.Mode(List<String> words) -> words(words);
      case Capability.Preset(List<String> words) -> words(words);
      case Capability.Choice(var _, List<String> words) -> words(words);
      case Capability.Events(List<String> words) -> words(words);
      case Capability.ColorTemperature(int min, int max) ->
          assertThat(min).isPositive().isLessThanOrEqualTo(max);
      case Capability.Setpoint(double min, double max, double step) -> range(min, max, step);
      case Capability.SetpointRange(double min, double max, double step) -> range(min, max, step);
      case Capability.HumiditySetpoint(double min, double max) -> range(min, max, 1);
      case Capability.NumberInput(double min, double max, double step, String unit) -> {
        range(min, max, step);
        optional(unit);
      }
      case Capability.TextInput(int min, int max) ->
          assertThat(min).isNotNegative().isLessThanOrEqualTo(max);
      case Capability.FanSpeed(int steps) -> assertThat(steps).isBetween(1, 100);
      case Capability.Measurement(String unit, String deviceClass) -> {
        optional(unit);
        optional(deviceClass);
      }
      case Capability.Binary(String deviceClass) -> optional(deviceClass);
      default -> {}
    }
  }

  private static void range(double min, double max, double step) {
    assertThat(min).isFinite().isLessThanOrEqualTo(max);
    assertThat(max).isFinite();
    assertThat(step).isFinite().isPositive();
  }

  private static void words(Collection<String> words) {
    assertThat(words).hasSizeLessThanOrEqualTo(MOST_WORDS);
    words.forEach(Limits::name);
  }

  private static void optional(@Nullable String text) {
    if (text != null) {
      name(text);
    }
  }

  private static void name(String text) {
    assertThat(text).isEqualTo(Names.clean(text)).isNotEmpty();
  }

  /** A text that goes to a log or to people: one short line that hides nothing. */
  static void line(@Nullable String text) {
    assertThat(text).isNotBlank().isEqualTo(Names.line(String.valueOf(text)));
  }

  private static void check(Outgoing message) {
    assertThat(Topics.isTopic(message.topic())).as(message.topic()).isTrue();
    assertThat(message.topic()).doesNotStartWith("z/bridge/");
    assertThat(message.payload()).hasSizeLessThanOrEqualTo(LONGEST_PAYLOAD);
  }

  private static void value(Attribute attribute, Object value) {
    switch (value) {
      case String word -> assertThat(word).as("%s", attribute).isEqualTo(Names.clean(word));
      case Double number -> assertThat(number).as("%s", attribute).isFinite();
      case Integer number ->
          assertThat(number)
              .as("%s", attribute)
              .isBetween(0, attribute == Attribute.COLOR_TEMPERATURE ? 1_000_000 : 100);
      case Color color -> {
        assertThat(color.hue() >= 0 && color.hue() <= 360).as("%s", color).isTrue();
        assertThat(color.saturation() >= 0 && color.saturation() <= 100).as("%s", color).isTrue();
      }
      default -> assertThat(value).isInstanceOf(Boolean.class);
    }
  }

  /** An entity that hears messages and gets commands. */
  static final class Talk {
    private final Codec codec;
    private State state = State.UNKNOWN;

    Talk(Codec codec) {
      this.codec = codec;
    }

    void hear(String topic, byte[] payload) {
      StateUpdate update = codec.parse(topic, payload, state);
      update.values().forEach(Limits::value);
      if (update.failure() != null) {
        line(update.failure().reason());
      }
      state = update.applyTo(state, Instant.EPOCH);
    }

    void command() {
      for (Command command : COMMANDS) {
        try {
          Encoded encoded = codec.encode(command, state);
          encoded.messages().forEach(Limits::check);
          for (Map.Entry<Attribute, Object> each : encoded.target().entrySet()) {
            assertThat(each.getValue()).isInstanceOf(each.getKey().type());
          }
          codec.laggards(encoded.target()).forEach(each -> name(each.name()));
        } catch (UnsupportedCommandException e) {
          line(e.getMessage());
        }
      }
      for (Attribute attribute : Attribute.values()) {
        codec.readBack(Set.of(attribute)).forEach(Limits::check);
      }
    }
  }
}

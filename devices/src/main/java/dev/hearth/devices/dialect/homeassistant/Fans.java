package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fan. */
final class Fans {
  private final String commandTopic;
  private final ValueTemplate commandTemplate;
  private final String payloadOn;
  private final String payloadOff;
  private final @Nullable String speedTopic;
  private final ValueTemplate speedTemplate;
  private final int min;
  private final int max;
  private final String speedReset;
  private final @Nullable String presetTopic;
  private final ValueTemplate presetTemplate;
  private final List<String> presets;
  private final @Nullable String oscillationTopic;
  private final ValueTemplate oscillationTemplate;
  private final String oscillates;
  private final String stands;
  private final @Nullable String directionTopic;
  private final ValueTemplate directionTemplate;
  private final String forward;
  private final String reverse;

  private Fans(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    commandTemplate = config.template("command_template");
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
    speedTopic = config.topic("percentage_command_topic");
    speedTemplate = config.template("percentage_command_template");
    min = (int) config.number("speed_range_min", 1, 1, 1e6);
    max = (int) config.number("speed_range_max", 100, 1, 1e6);
    if (min > max) {
      throw Config.wrong("speed_range_min", min, "at most speed_range_max (" + max + ")");
    }
    speedReset = config.text("payload_reset_percentage", "None");
    presetTopic = config.topic("preset_mode_command_topic");
    presetTemplate = config.template("preset_mode_command_template");
    presets = presetTopic == null ? List.of() : config.words("preset_modes", List.of());
    oscillationTopic = config.topic("oscillation_command_topic");
    oscillationTemplate = config.template("oscillation_command_template");
    oscillates = config.text("payload_oscillation_on", "oscillate_on");
    stands = config.text("payload_oscillation_off", "oscillate_off");
    directionTopic = config.topic("direction_command_topic");
    directionTemplate = config.template("direction_command_template");
    forward = config.text("payload_direction_forward", "forward");
    reverse = config.text("payload_direction_reverse", "reverse");
  }

  static Component of(Config config) throws DiscoveryException {
    Fans fan = new Fans(config);
    List<Capability> capabilities = new ArrayList<>(List.of(new Capability.OnOff()));
    if (fan.speedTopic != null) {
      capabilities.add(new Capability.FanSpeed(fan.steps()));
    }
    if (!fan.presets.isEmpty()) {
      capabilities.add(new Capability.Preset(fan.presets));
    }
    if (fan.oscillationTopic != null) {
      capabilities.add(new Capability.Choice(Attribute.OSCILLATION, List.of("on", "off")));
    }
    if (fan.directionTopic != null) {
      capabilities.add(new Capability.Choice(Attribute.DIRECTION, List.of("forward", "reverse")));
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "state_value_template",
        Values.onOff(fan.payloadOn, fan.payloadOff),
        Attribute.ON);
    builder.read(
        "percentage_state_topic", "percentage_value_template", fan::readSpeed, Attribute.FAN_SPEED);
    builder.read(
        "preset_mode_state_topic",
        "preset_mode_value_template",
        Values.resettable(
            config.text("payload_reset_preset_mode", "None"),
            Values.word(Attribute.PRESET),
            Attribute.PRESET),
        Attribute.PRESET);
    builder.read(
        "oscillation_state_topic",
        "oscillation_value_template",
        Values.choice(
            Attribute.OSCILLATION, Map.of(fan.oscillates, "on"), Map.of(fan.stands, "off")),
        Attribute.OSCILLATION);
    builder.read(
        "direction_state_topic",
        "direction_value_template",
        Values.choice(
            Attribute.DIRECTION, Map.of(fan.forward, "forward"), Map.of(fan.reverse, "reverse")),
        Attribute.DIRECTION);
    return new Component(capabilities, builder.build(fan::encode));
  }

  private int steps() {
    return max - min + 1;
  }

  private void readSpeed(String value, Payload payload, State before, StateUpdate.Builder out) {
    if (value.equals(speedReset) || Values.isReset(value)) {
      out.unknown(Attribute.FAN_SPEED);
    } else {
      out.set(Attribute.FAN_SPEED, toPercent(Values.number(value)));
    }
  }

  /** Speeds min to max are equal shares of 100 percent; below min the fan stands still. */
  private int toPercent(double speed) {
    double share = (speed - (min - 1)) / steps();
    return (int) Math.round(100 * Math.clamp(share, 0, 1));
  }

  private int fromPercent(int percent) {
    return (int) Math.ceil(percent * (double) steps() / 100) + min - 1;
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.TurnOn on -> Values.encoded(Map.of(Attribute.ON, true), power(payloadOn));
      case Command.TurnOff off -> Values.encoded(Map.of(Attribute.ON, false), power(payloadOff));
      case Command.SetFanSpeed(int percent) when speedTopic != null -> {
        int speed = fromPercent(percent);
        Outgoing message = new Outgoing(speedTopic, speedTemplate.write(speed, Map.of()));
        yield onFirst(
            state, Map.of(Attribute.ON, true, Attribute.FAN_SPEED, toPercent(speed)), message);
      }
      case Command.SetPreset(String preset) when presetTopic != null && presets.contains(preset) ->
          onFirst(
              state,
              Map.of(Attribute.ON, true, Attribute.PRESET, preset),
              new Outgoing(presetTopic, presetTemplate.write(preset, Map.of())));
      case Command.Choose(Attribute what, String word)
          when what == Attribute.OSCILLATION && oscillationTopic != null ->
          Values.encoded(
              Map.of(what, word),
              new Outgoing(
                  oscillationTopic,
                  oscillationTemplate.write(word.equals("on") ? oscillates : stands, Map.of())));
      case Command.Choose(Attribute what, String word)
          when what == Attribute.DIRECTION && directionTopic != null ->
          Values.encoded(
              Map.of(what, word),
              new Outgoing(
                  directionTopic,
                  directionTemplate.write(word.equals("forward") ? forward : reverse, Map.of())));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Outgoing power(String payload) {
    return new Outgoing(commandTopic, commandTemplate.write(payload, Map.of()));
  }

  private Encoded onFirst(State state, Map<Attribute, Object> target, Outgoing message) {
    return state.on().orElse(false)
        ? Values.encoded(target, message)
        : Values.encoded(target, power(payloadOn), message);
  }
}

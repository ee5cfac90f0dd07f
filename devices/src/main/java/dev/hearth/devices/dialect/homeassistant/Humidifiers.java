package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Humidifiers and dehumidifiers. */
final class Humidifiers {
  private final String commandTopic;
  private final ValueTemplate commandTemplate;
  private final String payloadOn;
  private final String payloadOff;
  private final String humidityTopic;
  private final ValueTemplate humidityTemplate;
  private final @Nullable String modeTopic;
  private final ValueTemplate modeTemplate;
  private final List<String> modes;

  private Humidifiers(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    commandTemplate = config.template("command_template");
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
    humidityTopic = config.requiredTopic("target_humidity_command_topic");
    humidityTemplate = config.template("target_humidity_command_template");
    modeTopic = config.topic("mode_command_topic");
    modeTemplate = config.template("mode_command_template");
    modes = modeTopic == null ? List.of() : config.words("modes", List.of());
  }

  static Component of(Config config) throws DiscoveryException {
    Humidifiers humidifier = new Humidifiers(config);
    List<Capability> capabilities =
        new ArrayList<>(List.of(new Capability.OnOff(), humidity(config, 0, 100)));
    if (!humidifier.modes.isEmpty()) {
      capabilities.add(new Capability.Mode(humidifier.modes));
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "state_value_template",
        Values.onOff(humidifier.payloadOn, humidifier.payloadOff),
        Attribute.ON);
    builder.read(
        "target_humidity_state_topic",
        "target_humidity_state_template",
        Values.resettable(
            config.text("payload_reset_humidity", "None"),
            Values.temperature(Attribute.HUMIDITY_SETPOINT, false),
            Attribute.HUMIDITY_SETPOINT),
        Attribute.HUMIDITY_SETPOINT);
    builder.read(
        "current_humidity_topic",
        "current_humidity_template",
        Values.temperature(Attribute.HUMIDITY, false),
        Attribute.HUMIDITY);
    builder.read(
        "mode_state_topic",
        "mode_state_template",
        Values.resettable(
            config.text("payload_reset_mode", "None"), Values.word(Attribute.MODE), Attribute.MODE),
        Attribute.MODE);
    builder.read(
        "action_topic", "action_template", Values.word(Attribute.ACTION), Attribute.ACTION);
    return new Component(capabilities, builder.build(humidifier::encode));
  }

  /** The wished humidity's range, which climate devices have too. */
  static Capability humidity(Config config, double lowest, double highest)
      throws DiscoveryException {
    double min = config.number("min_humidity", lowest, 0, 100);
    double max = config.number("max_humidity", highest, 0, 100);
    if (min > max) {
      throw Config.wrong("min_humidity", min, "at most max_humidity (" + max + ")");
    }
    return new Capability.HumiditySetpoint(min, max);
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.TurnOn c -> power(true);
      case Command.TurnOff c -> power(false);
      case Command.SetHumidity(int percent) ->
          Values.encoded(
              Map.of(Attribute.HUMIDITY_SETPOINT, (double) percent),
              new Outgoing(humidityTopic, humidityTemplate.write(percent, Map.of())));
      case Command.SetMode(String mode) when modeTopic != null && modes.contains(mode) ->
          Values.encoded(
              Map.of(Attribute.MODE, mode),
              new Outgoing(modeTopic, modeTemplate.write(mode, Map.of())));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Encoded power(boolean on) {
    return Values.encoded(
        Map.of(Attribute.ON, on),
        new Outgoing(commandTopic, commandTemplate.write(on ? payloadOn : payloadOff, Map.of())));
  }
}

package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sirens; their tones are presets. Duration and volume are left to the device. */
final class Sirens {
  private final String commandTopic;
  private final ValueTemplate onTemplate;
  private final ValueTemplate offTemplate;
  private final String payloadOn;
  private final String payloadOff;
  private final String stateOn;
  private final String stateOff;
  private final List<String> tones;

  private Sirens(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    onTemplate = config.template("command_template");
    ValueTemplate off = config.template("command_off_template");
    offTemplate = off.present() ? off : onTemplate;
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
    stateOn = config.text("state_on", payloadOn);
    stateOff = config.text("state_off", payloadOff);
    tones = config.words("available_tones", List.of());
  }

  static Component of(Config config) throws DiscoveryException {
    Sirens siren = new Sirens(config);
    List<Capability> capabilities = new ArrayList<>(List.of(new Capability.OnOff()));
    if (!siren.tones.isEmpty()) {
      capabilities.add(new Capability.Preset(siren.tones));
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read("state_topic", "state_value_template", siren::read, Attribute.ON);
    return new Component(capabilities, builder.build(siren::encode));
  }

  private void read(String value, Payload payload, State before, StateUpdate.Builder out) {
    HomeAssistantCodec.Mapper onOff = Values.onOff(stateOn, stateOff);
    if (!(Json.parseOrNull(value) instanceof Map<?, ?> json)) {
      onOff.map(value, payload, before, out);
      return;
    }
    if (json.get("tone") instanceof String tone) {
      Values.word(Attribute.PRESET).map(tone, payload, before, out);
    }
    if (json.containsKey("state")) {
      onOff.map(Values.rendered(json.get("state")), payload, before, out);
    }
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.TurnOn c -> Values.encoded(Map.of(Attribute.ON, true), sound(null));
      case Command.TurnOff c ->
          Values.encoded(
              Map.of(Attribute.ON, false),
              write(offTemplate, payloadOff, Map.of("state", payloadOff)));
      case Command.SetPreset(String tone) when tones.contains(tone) ->
          Values.encoded(Map.of(Attribute.ON, true, Attribute.PRESET, tone), sound(tone));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Outgoing sound(@Nullable String tone) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("state", payloadOn);
    if (tone != null) {
      variables.put("tone", tone);
    }
    return write(onTemplate, payloadOn, variables);
  }

  private Outgoing write(ValueTemplate template, String value, Map<String, Object> variables) {
    return new Outgoing(
        commandTopic,
        template.present() ? template.write(value, variables) : Json.write(variables));
  }
}

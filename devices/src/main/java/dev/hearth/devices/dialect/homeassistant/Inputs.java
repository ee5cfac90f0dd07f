package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people set or press, whatever it does: number, select, text, button, scene. */
final class Inputs {
  private static final double WIDE = 1e12;
  private static final int MAX_TEXT = 4_096;

  private Inputs() {}

  static Component number(Config config) throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    double min = config.number("min", 1, -WIDE, WIDE);
    double max = config.number("max", 100, -WIDE, WIDE);
    double step = config.number("step", 1, 1e-6, WIDE);
    if (min > max) {
      throw Config.wrong("min", min, "at most max (" + max + ")");
    }
    String reset = config.text("payload_reset", "None");
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        (value, payload, before, out) -> {
          if (value.equals(reset) || Values.isReset(value)) {
            out.unknown(Attribute.NUMBER);
          } else {
            out.set(Attribute.NUMBER, Values.number(value));
          }
        },
        Attribute.NUMBER);
    return new Component(
        List.of(new Capability.NumberInput(min, max, step, Simple.unit(config))),
        builder.build((command, state) ->
            switch (command) {
              case Command.SetNumber(double wanted) -> {
                double value = stepped(wanted, min, max, step);
                yield Values.encoded(
                    Map.of(Attribute.NUMBER, value),
                    new Outgoing(topic, template.write(Scales.plain(value), Map.of())));
              }
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  /** The value of the device's scale, which begins at its lowest value, that comes closest. */
  private static double stepped(double wanted, double min, double max, double step) {
    double value = min + Math.rint((wanted - min) / step) * step;
    return Scales.round(Math.clamp(value > max ? value - step : value, min, max), 4);
  }

  static Component select(Config config) throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    List<String> options = config.words("options", List.of());
    if (!config.has("options")) {
      throw new DiscoveryException("options is missing; a select needs what it can be set to");
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        (value, payload, before, out) -> {
          if (options.contains(value)) {
            out.set(Attribute.MODE, value);
            return;
          }
          out.unknown(Attribute.MODE);
          if (!Values.isReset(value)) {
            throw new IllegalArgumentException(
                "'" + Names.clean(value) + "' is none of its options: " + options);
          }
        },
        Attribute.MODE);
    return new Component(
        List.of(new Capability.Mode(options)),
        builder.build((command, state) ->
            switch (command) {
              case Command.SetMode(String mode) when options.contains(mode) ->
                  Values.encoded(
                      Map.of(Attribute.MODE, mode),
                      new Outgoing(topic, template.write(mode, Map.of())));
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  static Component text(Config config) throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    int min = (int) config.number("min", 0, 0, MAX_TEXT);
    int max = (int) config.number("max", 255, 0, MAX_TEXT);
    if (min > max) {
      throw Config.wrong("min", min, "at most max (" + max + ")");
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    if (!config.text("mode", "text").equals("password")) { // A password is never shown again.
      builder.read("state_topic", "value_template", Values.word(Attribute.TEXT), Attribute.TEXT);
    }
    return new Component(
        List.of(new Capability.TextInput(min, max)),
        builder.build((command, state) ->
            switch (command) {
              case Command.SetText(String text) ->
                  Values.encoded(
                      Map.of(Attribute.TEXT, Names.clean(text)),
                      new Outgoing(topic, template.write(text, Map.of())));
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  static Component button(Config config) throws DiscoveryException {
    return pressed(config, Action.PRESS, config.text("payload_press", "PRESS"));
  }

  static Component scene(Config config) throws DiscoveryException {
    return pressed(config, Action.ACTIVATE, config.text("payload_on", "ON"));
  }

  private static Component pressed(Config config, Action action, String payload)
      throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    return new Component(
        List.of(new Capability.Actions(Set.of(action))),
        new HomeAssistantCodec.Builder(config)
            .build((command, state) ->
                switch (command) {
                  case Command.Perform(Action wanted) when wanted == action ->
                      Values.encoded(
                          Map.of(), new Outgoing(topic, template.write(payload, Map.of())));
                  default -> throw UnsupportedCommandException.of(command);
                }));
  }
}

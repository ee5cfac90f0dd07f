package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The components of one topic each way: switch, lock, sensor, binary sensor. */
final class Simple {
  private static final int MAX_UNIT = 16;

  private Simple() {}

  static Component aSwitch(Config config) throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    String on = config.text("payload_on", "ON");
    String off = config.text("payload_off", "OFF");
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        Values.onOff(config.text("state_on", on), config.text("state_off", off)),
        Attribute.ON);
    return new Component(
        List.of(new Capability.OnOff()),
        builder.build((command, state) ->
            switch (command) {
              case Command.TurnOn c ->
                  Values.encoded(
                      Map.of(Attribute.ON, true),
                      new Outgoing(topic, template.write(on, Map.of())));
              case Command.TurnOff c ->
                  Values.encoded(
                      Map.of(Attribute.ON, false),
                      new Outgoing(topic, template.write(off, Map.of())));
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  static Component lock(Config config) throws DiscoveryException {
    String topic = config.requiredTopic("command_topic");
    ValueTemplate template = config.template("command_template");
    String lock = config.text("payload_lock", "LOCK");
    String unlock = config.text("payload_unlock", "UNLOCK");
    Map<String, String> words = new LinkedHashMap<>();
    for (String word : List.of("locked", "unlocked", "locking", "unlocking", "jammed")) {
      words.put(config.text("state_" + word, word.toUpperCase(java.util.Locale.ROOT)), word);
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        (value, payload, before, out) -> {
          String word = words.get(value);
          if (word != null) {
            out.set(Attribute.LOCK, word);
          } else if (Values.isReset(value)) {
            out.unknown(Attribute.LOCK);
          } else {
            throw new IllegalArgumentException(
                "'" + Names.clean(value) + "' is no state of this lock: " + words.keySet());
          }
        },
        Attribute.LOCK);
    String format = config.text("code_format");
    return new Component(
        List.of(new Capability.Lock(format != null && !format.isEmpty())),
        builder.build((command, state) ->
            switch (command) {
              case Command.Lock(Code code) ->
                  Values.encoded(
                      Map.of(Attribute.LOCK, "locked"),
                      new Outgoing(topic, template.write(lock, variables(code))));
              case Command.Unlock(Code code) ->
                  Values.encoded(
                      Map.of(Attribute.LOCK, "unlocked"),
                      new Outgoing(topic, template.write(unlock, variables(code))));
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  private static Map<String, Object> variables(@Nullable Code code) {
    return Map.of("code", code == null ? "" : code.value());
  }

  static Component binarySensor(Config config) throws DiscoveryException {
    config.requiredTopic("state_topic");
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        Values.onOff(config.text("payload_on", "ON"), config.text("payload_off", "OFF")),
        Attribute.ON);
    return new Component(
        List.of(new Capability.Binary(deviceClass(config))),
        builder.build((command, state) -> {
          throw UnsupportedCommandException.of(command);
        }));
  }

  static Component sensor(Config config) throws DiscoveryException {
    config.requiredTopic("state_topic");
    String unit = unit(config);
    boolean fahrenheit = "°F".equals(unit);
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        (value, payload, before, out) -> {
          if (Values.isReset(value)) {
            out.unknown(Attribute.NUMBER).unknown(Attribute.TEXT);
            return;
          }
          Double number = Values.numberOrNull(value);
          if (number != null) {
            out.set(Attribute.NUMBER, Scales.toCelsius(number, fahrenheit));
            out.unknown(Attribute.TEXT);
          } else {
            out.set(Attribute.TEXT, Names.clean(value));
            out.unknown(Attribute.NUMBER);
          }
        },
        Attribute.NUMBER,
        Attribute.TEXT);
    return new Component(
        List.of(new Capability.Measurement(fahrenheit ? "°C" : unit, deviceClass(config))),
        builder.build((command, state) -> {
          throw UnsupportedCommandException.of(command);
        }));
  }

  /** The unit when it has the form of one. */
  static @Nullable String unit(Config config) throws DiscoveryException {
    String given = config.text("unit_of_measurement");
    String unit = given == null ? "" : Names.clean(given);
    return unit.isEmpty() || unit.length() > MAX_UNIT ? null : unit;
  }

  /** The device class when it has the form of one. */
  static @Nullable String deviceClass(Config config) throws DiscoveryException {
    String text = config.text("device_class");
    return text != null && text.matches("[a-z0-9_.]{1,40}") ? text : null;
  }
}

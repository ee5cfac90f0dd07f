package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Valves: those that open and close by words, and those that know their position. */
final class Valves {
  private final @Nullable String commandTopic;
  private final ValueTemplate commandTemplate;
  private final boolean position;
  private final @Nullable String payloadOpen;
  private final @Nullable String payloadClose;
  private final @Nullable String payloadStop;
  private final double open;
  private final double closed;
  private final Map<String, String> words = new LinkedHashMap<>();

  private Valves(Config config) throws DiscoveryException {
    commandTopic = config.topic("command_topic");
    commandTemplate = config.template("command_template");
    position = config.flag("reports_position", false);
    payloadOpen = config.payload("payload_open", "OPEN");
    payloadClose = config.payload("payload_close", "CLOSE");
    payloadStop = config.text("payload_stop");
    open = config.number("position_open", 100, -1e6, 1e6);
    closed = config.number("position_closed", 0, -1e6, 1e6);
    if (open == closed) {
      throw Config.wrong("position_open", open, "different from position_closed");
    }
    for (String word : List.of("open", "opening", "closed", "closing")) {
      words.put(config.text("state_" + word, word), word);
    }
  }

  static Component of(Config config) throws DiscoveryException {
    Valves valve = new Valves(config);
    List<Capability> capabilities = new ArrayList<>();
    if (valve.commandTopic != null) {
      if (valve.position || (valve.payloadOpen != null && valve.payloadClose != null)) {
        capabilities.add(new Capability.OpenCloseStop(valve.payloadStop != null));
      }
      if (valve.position) {
        capabilities.add(new Capability.Position());
      }
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    Attribute[] reported =
        valve.position
            ? new Attribute[] {Attribute.COVER, Attribute.POSITION}
            : new Attribute[] {Attribute.COVER};
    builder.read("state_topic", "value_template", valve::read, reported);
    return new Component(capabilities, builder.build(valve::encode));
  }

  private void read(String value, Payload payload, State before, StateUpdate.Builder out) {
    if (!(Json.parseOrNull(value) instanceof Map<?, ?> json)) {
      if (!position || words.containsKey(value) || Values.isReset(value)) {
        readWord(value, out);
      } else {
        readPosition(Values.number(value), null, out);
      }
      return;
    }
    Double number = position ? Values.numberOrNull(json.get("position")) : null;
    String word = json.containsKey("state") ? Values.rendered(json.get("state")) : null;
    if (number != null) {
      readPosition(number, word == null ? null : words.get(word), out);
    } else if (word != null) {
      readWord(word, out);
    }
  }

  private void readWord(String value, StateUpdate.Builder out) {
    String word = words.get(value);
    if (word != null) {
      out.set(Attribute.COVER, word);
      return;
    }
    out.unknown(Attribute.COVER);
    if (!Values.isReset(value)) {
      throw new IllegalArgumentException(
          "'" + Names.clean(value) + "' is no state of this valve: " + words.keySet());
    }
  }

  private void readPosition(double value, @Nullable String word, StateUpdate.Builder out) {
    int percent = (int) Math.round(100 * Math.clamp((value - closed) / (open - closed), 0, 1));
    out.set(Attribute.POSITION, percent);
    String rests = percent == 0 ? "closed" : "open";
    out.set(Attribute.COVER, word != null && word.endsWith("ing") ? word : rests);
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    String topic = commandTopic;
    if (topic == null) {
      throw UnsupportedCommandException.of(command);
    }
    return switch (command) {
      case Command.Open c when position -> position(topic, 100);
      case Command.Close c when position -> position(topic, 0);
      case Command.SetPosition(int percent) when position -> position(topic, percent);
      case Command.Open c when payloadOpen != null -> word(topic, payloadOpen, "open");
      case Command.Close c when payloadClose != null -> word(topic, payloadClose, "closed");
      case Command.Stop c when payloadStop != null ->
          Values.encoded(
              Map.of(), new Outgoing(topic, commandTemplate.write(payloadStop, Map.of())));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Encoded word(String topic, String payload, String target) {
    return Values.encoded(
        Map.of(Attribute.COVER, target),
        new Outgoing(topic, commandTemplate.write(payload, Map.of())));
  }

  private Encoded position(String topic, int percent) {
    Object value = Scales.plain(Math.rint(closed + percent * (open - closed) / 100));
    return Values.encoded(
        Map.of(Attribute.POSITION, percent, Attribute.COVER, percent == 0 ? "closed" : "open"),
        new Outgoing(topic, commandTemplate.write(value, Map.of())));
  }
}

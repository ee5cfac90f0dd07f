package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cover: blinds, curtains, garage doors. Tilt is not supported yet. */
final class Covers {
  private final @Nullable String commandTopic;
  private final @Nullable String payloadOpen;
  private final @Nullable String payloadClose;
  private final @Nullable String payloadStop;
  private final @Nullable String positionTopic;
  private final ValueTemplate positionTemplate;
  private final double open;
  private final double closed;
  private final double tiltMin;
  private final double tiltMax;
  private final boolean reportsPosition;
  private final boolean reportsState;
  private final Map<String, String> words = new LinkedHashMap<>();

  private Covers(Config config) throws DiscoveryException {
    commandTopic = config.topic("command_topic");
    payloadOpen = payload(config, "payload_open", "OPEN");
    payloadClose = payload(config, "payload_close", "CLOSE");
    payloadStop = payload(config, "payload_stop", "STOP");
    positionTopic = config.topic("set_position_topic");
    positionTemplate = config.template("set_position_template");
    open = config.number("position_open", 100, -1e6, 1e6);
    closed = config.number("position_closed", 0, -1e6, 1e6);
    if (open == closed) {
      throw Config.wrong("position_open", open, "different from position_closed");
    }
    tiltMin = config.number("tilt_min", 0);
    tiltMax = config.number("tilt_max", 100);
    reportsPosition = config.topic("position_topic") != null;
    reportsState = config.topic("state_topic") != null;
    if (positionTopic != null && !reportsPosition) {
      throw new DiscoveryException("set_position_topic needs a position_topic beside it");
    }
    if (commandTopic == null && positionTopic == null) {
      throw new DiscoveryException("command_topic is missing; a cover needs it to be moved");
    }
    words.put(config.text("state_open", "open"), "open");
    words.put(config.text("state_opening", "opening"), "opening");
    words.put(config.text("state_closed", "closed"), "closed");
    words.put(config.text("state_closing", "closing"), "closing");
    words.putIfAbsent(config.text("state_stopped", "stopped"), "stopped");
  }

  private static @Nullable String payload(Config config, String key, String otherwise)
      throws DiscoveryException {
    return config.isNull(key) ? null : config.text(key, otherwise);
  }

  static Component of(Config config) throws DiscoveryException {
    Covers cover = new Covers(config);
    List<Capability> capabilities = new ArrayList<>();
    boolean moves = cover.commandTopic != null && cover.payloadOpen != null;
    boolean shuts = cover.commandTopic != null && cover.payloadClose != null;
    if ((moves && shuts) || cover.positionTopic != null) {
      capabilities.add(
          new Capability.OpenCloseStop(cover.commandTopic != null && cover.payloadStop != null));
    }
    if (cover.positionTopic != null) {
      capabilities.add(new Capability.Position());
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read("state_topic", "value_template", cover::readState, Attribute.COVER);
    builder.read(
        "position_topic",
        "position_template",
        cover::readPosition,
        Attribute.POSITION,
        Attribute.COVER);
    return new Component(capabilities, builder.build(cover::encode));
  }

  private void readState(String value, Payload payload, State before, StateUpdate.Builder out) {
    String word = words.get(value);
    if (word == null) {
      if (Values.isReset(value)) {
        out.unknown(Attribute.COVER);
        return;
      }
      throw new IllegalArgumentException(
          "'" + Names.clean(value) + "' is no state of this cover: " + words.keySet());
    }
    if (word.equals("stopped")) {
      // Where it stopped is told by its position; without one, somewhere that is not closed.
      word = before.position().orElse(100) == 0 ? "closed" : "open";
    }
    out.set(Attribute.COVER, word);
  }

  private void readPosition(String value, Payload payload, State before, StateUpdate.Builder out) {
    if (Values.isReset(value)) {
      out.unknown(Attribute.POSITION);
      return;
    }
    double share = (Values.number(value) - closed) / (open - closed);
    int percent = (int) Math.round(100 * Math.clamp(share, 0, 1));
    out.set(Attribute.POSITION, percent);
    if (!reportsState) {
      out.set(Attribute.COVER, percent == 0 ? "closed" : "open");
    }
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.Open o when commandTopic != null && payloadOpen != null ->
          Values.encoded(target(100), new Outgoing(commandTopic, payloadOpen));
      case Command.Open o when positionTopic != null -> position(100);
      case Command.Close c when commandTopic != null && payloadClose != null ->
          Values.encoded(target(0), new Outgoing(commandTopic, payloadClose));
      case Command.Close c when positionTopic != null -> position(0);
      case Command.SetPosition(int percent) when positionTopic != null -> position(percent);
      case Command.Stop s when commandTopic != null && payloadStop != null ->
          Values.encoded(Map.of(), new Outgoing(commandTopic, payloadStop));
      default -> throw Values.cannot(command);
    };
  }

  private Map<Attribute, Object> target(int percent) {
    String word = percent == 0 ? "closed" : "open";
    return reportsPosition
        ? Map.of(Attribute.POSITION, percent, Attribute.COVER, word)
        : Map.of(Attribute.COVER, word);
  }

  private Encoded position(int percent) throws UnsupportedCommandException {
    if (positionTopic == null) {
      throw new UnsupportedCommandException("The cover has no topic for its position");
    }
    double value = closed + percent * (open - closed) / 100;
    Object number = Values.plain(Math.rint(value));
    Map<String, Object> variables =
        Map.of(
            "position",
            percent,
            "position_open",
            Values.plain(open),
            "position_closed",
            Values.plain(closed),
            "tilt_min",
            Values.plain(tiltMin),
            "tilt_max",
            Values.plain(tiltMax));
    return Values.encoded(
        target(percent), new Outgoing(positionTopic, positionTemplate.write(number, variables)));
  }
}

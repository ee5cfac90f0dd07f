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
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cover: blinds, curtains, garage doors. */
final class Covers {
  private final @Nullable String commandTopic;
  private final @Nullable String payloadOpen;
  private final @Nullable String payloadClose;
  private final @Nullable String payloadStop;
  private final @Nullable String positionTopic;
  private final ValueTemplate positionTemplate;
  private final double open;
  private final double closed;
  private final @Nullable String tiltTopic;
  private final ValueTemplate tiltTemplate;
  private final double tiltMin;
  private final double tiltMax;
  private final boolean tiltAssumed;
  private final boolean reportsPosition;
  private final boolean reportsState;
  private final Map<String, String> words = new LinkedHashMap<>();

  private Covers(Config config) throws DiscoveryException {
    commandTopic = config.topic("command_topic");
    payloadOpen = config.payload("payload_open", "OPEN");
    payloadClose = config.payload("payload_close", "CLOSE");
    payloadStop = config.payload("payload_stop", "STOP");
    positionTopic = config.topic("set_position_topic");
    positionTemplate = config.template("set_position_template");
    open = config.number("position_open", 100, -1e6, 1e6);
    closed = config.number("position_closed", 0, -1e6, 1e6);
    if (open == closed) {
      throw Config.wrong("position_open", open, "different from position_closed");
    }
    tiltTopic = config.topic("tilt_command_topic");
    tiltTemplate = config.template("tilt_command_template");
    tiltMin = config.number("tilt_min", 0, -1e6, 1e6);
    tiltMax = config.number("tilt_max", 100, -1e6, 1e6);
    if (tiltMin == tiltMax) {
      throw Config.wrong("tilt_min", tiltMin, "different from tilt_max");
    }
    tiltAssumed = config.flag("tilt_optimistic", false);
    reportsPosition = config.topic("position_topic") != null;
    reportsState = config.topic("state_topic") != null;
    if (positionTopic != null && !reportsPosition) {
      throw new DiscoveryException("set_position_topic needs a position_topic beside it");
    }
    if (commandTopic == null && positionTopic == null && tiltTopic == null) {
      throw new DiscoveryException("command_topic is missing; a cover needs it to be moved");
    }
    words.put(config.text("state_open", "open"), "open");
    words.put(config.text("state_opening", "opening"), "opening");
    words.put(config.text("state_closed", "closed"), "closed");
    words.put(config.text("state_closing", "closing"), "closing");
    words.putIfAbsent(config.text("state_stopped", "stopped"), "stopped");
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
    if (cover.tiltTopic != null) {
      capabilities.add(new Capability.Tilt());
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read("state_topic", "value_template", cover::readState, Attribute.COVER);
    builder.read(
        "position_topic",
        "position_template",
        cover::readPosition,
        Attribute.POSITION,
        Attribute.COVER);
    // Slats whose angle is assumed are shown, but confirm nothing.
    Attribute[] tilt = cover.tiltAssumed ? new Attribute[0] : new Attribute[] {Attribute.TILT};
    builder.read("tilt_status_topic", "tilt_status_template", cover::readTilt, tilt);
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

  private void readTilt(String value, Payload payload, State before, StateUpdate.Builder out) {
    if (Values.isReset(value)) {
      out.unknown(Attribute.TILT);
      return;
    }
    double share = (Values.number(value) - tiltMin) / (tiltMax - tiltMin);
    out.set(Attribute.TILT, (int) Math.round(100 * Math.clamp(share, 0, 1)));
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
      case Command.SetTilt(int percent) when tiltTopic != null -> {
        double value = Math.rint(tiltMin + percent * (tiltMax - tiltMin) / 100);
        int target = (int) Math.round(100 * (value - tiltMin) / (tiltMax - tiltMin));
        yield Values.encoded(
            Map.of(Attribute.TILT, target),
            new Outgoing(
                tiltTopic,
                tiltTemplate.write(
                    Scales.plain(value),
                    Map.of(
                        "tilt_position",
                        percent,
                        "tilt_min",
                        Scales.plain(tiltMin),
                        "tilt_max",
                        Scales.plain(tiltMax)))));
      }
      default -> throw UnsupportedCommandException.of(command);
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
    Object number = Scales.plain(Math.rint(value));
    Map<String, Object> variables =
        Map.of(
            "position",
            percent,
            "position_open",
            Scales.plain(open),
            "position_closed",
            Scales.plain(closed),
            "tilt_min",
            Scales.plain(tiltMin),
            "tilt_max",
            Scales.plain(tiltMax));
    return Values.encoded(
        target(percent), new Outgoing(positionTopic, positionTemplate.write(number, variables)));
  }
}

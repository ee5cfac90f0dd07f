package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One part of a device, or of a group whose members are not known. */
final class DeviceCodec implements Codec {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceCodec.class);

  /** The largest message of a device that is read, in bytes. */
  static final int MAX_PAYLOAD = 256 * 1024;

  /** Whether it hears what it is asked. */
  enum Hearing {
    /** It answers at once. */
    AWAKE,
    /** It runs on a battery and hears commands when it wakes. */
    SLEEPING,
    /** It is many, or does not report at all. */
    NONE
  }

  private final String base;
  private final String name;
  private final Part part;
  private final Hearing hearing;
  private final Presence presence;
  private final AtomicBoolean complained = new AtomicBoolean();

  /**
   * A codec.
   *
   * @param base the bridge's base topic
   * @param name the device's or group's name
   * @param part the part
   * @param hearing whether it can be asked for its state
   */
  DeviceCodec(String base, String name, Part part, Hearing hearing) {
    this.base = base;
    this.name = name;
    this.part = part;
    this.hearing = hearing;
    this.presence = new Presence(base, name);
  }

  @Override
  public Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>(presence.topics());
    topics.add(base + "/" + name);
    if (part.settable()) {
      topics.addAll(BridgeLog.topics(base));
    }
    return topics;
  }

  @Override
  public Set<String> ownTopics() {
    return Set.of(base + "/" + name);
  }

  @Override
  public StateUpdate parse(String topic, byte[] payload, State before) {
    StateUpdate.Builder out = new StateUpdate.Builder();
    if (topic.equals(base + "/" + name)) {
      read(payload, before, out);
    } else if (BridgeLog.topics(base).contains(topic)) {
      BridgeLog.Failure failure = part.settable() ? BridgeLog.read(payload) : null;
      if (failure != null && isMine(failure)) {
        out.failure(new StateUpdate.Failure(failure.reading(), failure.reason()));
      }
    } else {
      Availability availability = presence.hear(topic, payload);
      if (availability != null) {
        out.availability(availability);
      }
    }
    return out.build();
  }

  private boolean isMine(BridgeLog.Failure failure) {
    String key = failure.key();
    return failure.name().equals(name) && (key == null || part.knows(key));
  }

  private void read(byte[] payload, State before, StateUpdate.Builder out) {
    Map<?, ?> message = payload.length > MAX_PAYLOAD ? null : Json.objectOrNull(payload);
    if (message == null) {
      if (payload.length > 0) {
        complain("it is not a JSON object of at most " + MAX_PAYLOAD + " bytes");
      }
      return;
    }
    try {
      part.read(message, before, out);
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  private void complain(String reason) {
    if (complained.compareAndSet(false, true)) {
      LOG.warn(
          "A message on '{}/{}' cannot be understood and is left out (later ones are not told): {}",
          base,
          name,
          Names.line(reason));
    }
  }

  @Override
  public Encoded encode(Command command, State state) throws UnsupportedCommandException {
    Part.Written written = part.write(command, state);
    return new Encoded(
        List.of(new Outgoing(base + "/" + name + "/set", Json.write(written.message()))),
        written.target());
  }

  @Override
  public List<Outgoing> readBack(Set<Attribute> attributes) {
    Set<String> keys = hearing == Hearing.AWAKE ? part.questions(attributes) : Set.of();
    return keys.isEmpty() ? List.of() : List.of(question(base, name, keys));
  }

  static Outgoing question(String base, String name, Set<String> keys) {
    Map<String, Object> json = new LinkedHashMap<>();
    keys.forEach(key -> json.put(key, ""));
    return new Outgoing(base + "/" + name + "/get", Json.write(json));
  }

  @Override
  public boolean reports(Attribute attribute) {
    return part.reports(attribute);
  }

  @Override
  public boolean optimistic() {
    return false;
  }

  @Override
  public boolean relayed() {
    return !part.proven();
  }

  @Override
  public boolean sleeps() {
    return hearing == Hearing.SLEEPING;
  }

  @Override
  public Optional<Duration> expiresAfter() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> offDelay() {
    return Optional.empty();
  }
}

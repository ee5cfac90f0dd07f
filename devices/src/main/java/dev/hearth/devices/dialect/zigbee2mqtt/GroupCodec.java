package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group whose members are known. It is commanded as one, but believed member by member: it has a
 * value when all members have reported it, and none while they differ.
 */
final class GroupCodec implements Codec {
  private static final double MILLION = 1e6;

  /** Who is in it, and what was last heard of it. */
  static final class Member {
    private final String name;
    private final String shown;
    private final Part part;
    private final boolean answers;
    private State state = State.UNKNOWN;

    /**
     * A member.
     *
     * @param name its topic below the base topic
     * @param shown what people call it
     * @param part the part of it that is in the group
     * @param answers whether it can be asked for its state
     */
    Member(String name, String shown, Part part, boolean answers) {
      this.name = name;
      this.shown = shown;
      this.part = part;
      this.answers = answers;
    }
  }

  private final String base;
  private final String name;
  private final Part part;
  private final List<Member> members;
  private final Presence presence;

  GroupCodec(String base, String name, Part part, List<Member> members) {
    this.base = base;
    this.name = name;
    this.part = part;
    this.members = List.copyOf(members);
    this.presence = new Presence(base, name);
  }

  @Override
  public Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>(presence.topics());
    members.forEach(each -> topics.add(base + "/" + each.name));
    topics.addAll(BridgeLog.topics(base));
    return topics;
  }

  @Override
  public StateUpdate parse(String topic, byte[] payload, State before) {
    StateUpdate.Builder out = new StateUpdate.Builder();
    if (BridgeLog.topics(base).contains(topic)) {
      BridgeLog.Failure failure = BridgeLog.read(payload);
      if (failure != null) {
        hear(failure, out);
      }
      return out.build();
    }
    Availability availability = presence.hear(topic, payload);
    if (availability != null) {
      return out.availability(availability).build();
    }
    Map<?, ?> message =
        payload.length > DeviceCodec.MAX_PAYLOAD ? null : Json.objectOrNull(payload);
    if (message != null && hear(topic, message)) {
      tell(out);
    }
    return out.build();
  }

  private void hear(BridgeLog.Failure failure, StateUpdate.Builder out) {
    String key = failure.key();
    if (failure.name().equals(name)) {
      if (!failure.reading() && (key == null || part.knows(key))) {
        out.failure(new StateUpdate.Failure(false, failure.reason()));
      }
    } else if (failure.reading()) {
      members.stream()
          .filter(each -> each.name.equals(failure.name()))
          .findFirst()
          .ifPresent(each ->
              out.failure(new StateUpdate.Failure(true, each.shown + ": " + failure.reason())));
    }
  }

  /** Whether a member told something. */
  private synchronized boolean hear(String topic, Map<?, ?> message) {
    boolean any = false;
    for (Member each : members) {
      if (topic.equals(base + "/" + each.name)) {
        StateUpdate.Builder heard = new StateUpdate.Builder();
        try {
          each.part.read(message, each.state, heard);
        } catch (IllegalArgumentException e) {
          continue; // The member's own codec says so.
        }
        StateUpdate update = heard.build();
        any |= update.aboutState();
        each.state = update.applyTo(each.state, Instant.EPOCH);
      }
    }
    return any;
  }

  private synchronized void tell(StateUpdate.Builder out) {
    for (Attribute attribute : Attribute.values()) {
      if (!part.reports(attribute)) {
        continue;
      }
      Object common = null;
      boolean all = true;
      boolean agreed = true;
      for (Member each : members) {
        Object value = each.state.get(attribute);
        all &= value != null;
        if (value != null && common != null) {
          agreed &= agree(attribute, common, value);
        }
        common = common == null ? value : common;
      }
      if (!agreed) {
        out.unknown(attribute);
      } else if (all && common != null) {
        out.set(attribute, common);
      }
    }
  }

  /** Whether two values are the same to devices of different makers. */
  private static boolean agree(Attribute attribute, Object one, @Nullable Object two) {
    return switch (one) {
      case Integer a when two instanceof Integer b ->
          switch (attribute) {
            case COLOR_TEMPERATURE -> Math.abs(MILLION / a - MILLION / b) <= 5.5;
            case POSITION -> Math.abs(a - b) <= 3;
            default -> Math.abs(a - b) <= 1;
          };
      case Double a when two instanceof Double b -> Math.abs(a - b) <= 0.25;
      case Color a when two instanceof Color b -> a.matches(b);
      default -> one.equals(two);
    };
  }

  @Override
  public Encoded encode(Command command, State state) throws UnsupportedCommandException {
    Part.Written written = part.write(command, state);
    return new Encoded(
        List.of(new Outgoing(base + "/" + name + "/set", Json.write(written.message()))),
        written.target());
  }

  @Override
  public boolean relayed() {
    return true;
  }

  /** Asks every member, and forgets what they said before; asks none when one cannot be asked. */
  @Override
  public synchronized List<Outgoing> readBack(Set<Attribute> attributes) {
    List<Outgoing> questions = new ArrayList<>();
    for (Member each : members) {
      Set<String> keys = each.answers ? each.part.questions(attributes) : Set.of();
      if (keys.isEmpty()) {
        return List.of();
      }
      questions.add(DeviceCodec.question(base, each.name, keys));
    }
    for (Member each : members) {
      Map<Attribute, Object> left = new EnumMap<>(Attribute.class);
      left.putAll(each.state.values());
      left.keySet().removeAll(attributes);
      each.state = new State(left, Instant.EPOCH);
    }
    return questions;
  }

  @Override
  public synchronized List<Laggard> laggards(Map<Attribute, Object> target) {
    List<Laggard> laggards = new ArrayList<>();
    for (Member each : members) {
      boolean silent = false;
      boolean contrary = false;
      for (Map.Entry<Attribute, Object> wanted : target.entrySet()) {
        if (part.reports(wanted.getKey())) {
          Object value = each.state.get(wanted.getKey());
          silent |= value == null;
          contrary |= value != null && !agree(wanted.getKey(), wanted.getValue(), value);
        }
      }
      if (silent || contrary) {
        laggards.add(new Laggard(each.shown, contrary));
      }
    }
    return laggards;
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
  public Optional<Duration> expiresAfter() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> offDelay() {
    return Optional.empty();
  }
}

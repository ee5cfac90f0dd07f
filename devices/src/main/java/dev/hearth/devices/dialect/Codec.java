package dev.hearth.devices.dialect;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Translates between one entity and its messages. Thread-safe. */
public interface Codec {
  /**
   * The topics that tell about the entity's state and availability.
   *
   * @return without wildcards
   */
  Set<String> topics();

  /**
   * Those of the {@link #topics} on which no other device speaks. Whoever announces a device that
   * listens to one of them speaks of this device.
   *
   * @return empty when the device is known by its keys alone
   */
  default Set<String> ownTopics() {
    return Set.of();
  }

  /**
   * The messages that ask the device for all it has to say. They are sent as soon as its answers
   * can be heard, after every connect; equal ones of several entities are sent once.
   *
   * @return empty when the broker keeps what the device said
   */
  default List<Outgoing> greeting() {
    return List.of();
  }

  /**
   * Reads a message on one of the topics. Payloads come from strangers: what cannot be understood
   * says nothing.
   *
   * @param topic its topic
   * @param payload its payload
   * @param before the entity's state before
   * @return what it says
   */
  StateUpdate parse(String topic, byte[] payload, State before);

  /**
   * Writes a command.
   *
   * @param command a command that fits the entity's capabilities
   * @param state the entity's present state
   * @return the messages to publish, and the state they should lead to
   * @throws UnsupportedCommandException when this entity has no way to do it
   */
  Encoded encode(Command command, State state) throws UnsupportedCommandException;

  /**
   * Whether the device reports an attribute, so that a command can be confirmed by it.
   *
   * @param attribute which
   * @return false when there is no topic for it
   */
  boolean reports(Attribute attribute);

  /**
   * Whether the announcement calls the entity optimistic: its reports may come from what was sent,
   * not from what happened.
   *
   * @return true when reports prove nothing
   */
  boolean optimistic();

  /**
   * How long a report stays true.
   *
   * @return empty for ever
   */
  Optional<Duration> expiresAfter();

  /**
   * After which time an "on" turns itself to "off", as motion sensors do that report on only.
   *
   * @return empty for never
   */
  Optional<Duration> offDelay();

  /**
   * Whether a bridge in front of the device reports the wished state as soon as the device took the
   * command. Such a report proves no more than that; what the device does, it tells when asked.
   *
   * @return true when only a {@linkplain #readBack reading} is proof
   */
  default boolean relayed() {
    return false;
  }

  /**
   * Whether the device sleeps most of the time to save its battery, and takes commands when it
   * wakes: silence of it means nothing.
   *
   * @return true when its bridge keeps commands for it
   */
  default boolean sleeps() {
    return false;
  }

  /**
   * How long it may take to answer, where that is longer than its kind usually does.
   *
   * @return zero for as long as its kind
   */
  default Duration answersWithin() {
    return Duration.ZERO;
  }

  /**
   * The messages that ask the device for its state. What it reports then comes from the device.
   *
   * @param attributes what to ask for
   * @return empty when it cannot be asked, for it sleeps or does not answer
   */
  default List<Outgoing> readBack(Set<Attribute> attributes) {
    return List.of();
  }

  /**
   * Who of a group has not reported the wished state.
   *
   * @param target the wished state
   * @return empty when all have, or when this is not a group
   */
  default List<Laggard> laggards(Map<Attribute, Object> target) {
    return List.of();
  }

  /**
   * A member of a group that has not reported the wished state.
   *
   * @param name what it is called
   * @param contrary whether it reported another state, rather than nothing
   */
  record Laggard(String name, boolean contrary) {}
}

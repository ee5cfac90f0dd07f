package dev.hearth.devices.dialect;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
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
}

package dev.hearth.devices;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one message says about an entity.
 *
 * @param values attributes with their reported values
 * @param unknown attributes that the device says are unknown now
 * @param availability its availability when the message tells it, or null
 * @param failure a command or question that came to nothing when the message tells it, or null
 * @param accepted whether the device says that it took a command, though not yet what became of it
 */
public record StateUpdate(
    Map<Attribute, Object> values,
    Set<Attribute> unknown,
    @Nullable Availability availability,
    @Nullable Failure failure,
    boolean accepted) {
  /**
   * Word from the device, or a bridge in front of it, that a message to it came to nothing.
   *
   * @param reading whether it was a question for its state, not a command
   * @param reason why, cleaned by {@link Names}
   */
  public record Failure(boolean reading, String reason) {}

  /** A message that says nothing. */
  public static final StateUpdate NOTHING = new StateUpdate(Map.of(), Set.of(), null);

  /**
   * A message that answers no command.
   *
   * @param values attributes with their reported values
   * @param unknown attributes that the device says are unknown now
   * @param availability its availability when the message tells it, or null
   */
  public StateUpdate(
      Map<Attribute, Object> values, Set<Attribute> unknown, @Nullable Availability availability) {
    this(values, unknown, availability, null, false);
  }

  /** Copies the collections. */
  public StateUpdate {
    EnumMap<Attribute, Object> copy = new EnumMap<>(Attribute.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
    unknown = Set.copyOf(unknown);
  }

  /**
   * Whether it tells anything about the state.
   *
   * @return false when it is about availability or a command alone, or nothing
   */
  public boolean aboutState() {
    return !values.isEmpty() || !unknown.isEmpty();
  }

  /**
   * Whether it tells nothing at all.
   *
   * @return true when it may be forgotten
   */
  public boolean empty() {
    return !aboutState() && availability == null && failure == null && !accepted;
  }

  /**
   * The state after this message.
   *
   * @param before the state before
   * @param time when the message came
   * @return the new state
   */
  public State applyTo(State before, Instant time) {
    if (!aboutState()) {
      return before;
    }
    EnumMap<Attribute, Object> after = new EnumMap<>(Attribute.class);
    after.putAll(before.values());
    unknown.forEach(after::remove);
    after.putAll(values);
    return new State(after, time);
  }

  /** Collects an update. */
  public static final class Builder {
    private final EnumMap<Attribute, Object> values = new EnumMap<>(Attribute.class);
    private final EnumSet<Attribute> unknown = EnumSet.noneOf(Attribute.class);
    private @Nullable Availability availability;
    private @Nullable Failure failure;
    private boolean accepted;

    /** An empty update. */
    public Builder() {}

    /**
     * A reported value.
     *
     * @param attribute which
     * @param value of the attribute's type
     * @return this
     */
    public Builder set(Attribute attribute, Object value) {
      values.put(attribute, attribute.type().cast(value));
      unknown.remove(attribute);
      return this;
    }

    /**
     * An attribute that is unknown now.
     *
     * @param attribute which
     * @return this
     */
    public Builder unknown(Attribute attribute) {
      values.remove(attribute);
      unknown.add(attribute);
      return this;
    }

    /**
     * The availability.
     *
     * @param availability what the message tells
     * @return this
     */
    public Builder availability(Availability availability) {
      this.availability = availability;
      return this;
    }

    /**
     * A failure.
     *
     * @param failure what came to nothing
     * @return this
     */
    public Builder failure(Failure failure) {
      this.failure = failure;
      return this;
    }

    /**
     * A command that was taken.
     *
     * @return this
     */
    public Builder accepted() {
      accepted = true;
      return this;
    }

    /**
     * The update.
     *
     * @return immutable
     */
    public StateUpdate build() {
      return new StateUpdate(values, unknown, availability, failure, accepted);
    }
  }
}

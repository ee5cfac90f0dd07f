package dev.hearth.devices.command;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers devices whose word was worth nothing: they confirmed a command and took it back at
 * once, or they confirmed it sooner than a device can act, were not heard again and turned out to
 * be offline, so that somebody in between echoes what is wished. Their word counts for less until
 * it has held a few times. Not thread-safe.
 */
final class Honesty {
  private static final Logger LOG = LoggerFactory.getLogger(Honesty.class);

  /** Later, somebody may have used the wall switch. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /**
   * Brokers notice within one and a half keep-alives, mostly of a minute, that a device is gone.
   */
  private static final Duration SOON = Duration.ofMinutes(2);

  /** How often a word must hold before it is believed again. */
  private static final int PROBATION = 3;

  private record Claim(Map<Attribute, Object> values, boolean hasty, long nanos) {}

  private final Map<EntityId, Claim> claims = new HashMap<>();
  private final Map<EntityId, Integer> doubts = new HashMap<>();

  boolean doubtful(EntityId id) {
    return doubts.containsKey(id);
  }

  /** A word was given and believed, or nearly so. */
  void claimed(EntityId id, Map<Attribute, Object> values, boolean hasty, long nowNanos) {
    claims.put(id, new Claim(values, hasty, nowNanos));
    doubts.computeIfPresent(id, (key, left) -> left > 1 ? left - 1 : null);
  }

  /** A new command was sent: what is reported from now on answers that. */
  void commanded(EntityId id) {
    claims.remove(id);
  }

  /** A live report came that no command under way explains. */
  void heard(EntityId id, StateUpdate update, long nowNanos) {
    Claim claim = claims.get(id);
    if (claim == null) {
      return;
    }
    long age = nowNanos - claim.nanos;
    boolean dead = claim.hasty && update.availability() == Availability.OFFLINE;
    if (dead && age <= SOON.toNanos()) {
      claims.remove(id);
      doubt(id);
    } else if (age > (update.aboutState() ? AT_ONCE : SOON).toNanos()) {
      claims.remove(id); // It lives, and somebody may have used the wall switch.
    } else if (contradicts(claim, update)) {
      claims.remove(id);
      doubt(id);
    }
  }

  private static boolean contradicts(Claim claim, StateUpdate update) {
    return claim.values.entrySet().stream()
        .anyMatch(each -> {
          Object value = update.values().get(each.getKey());
          return value != null && !Matching.matches(each.getKey(), each.getValue(), value);
        });
  }

  /** A word was taken back. */
  void doubt(EntityId id) {
    LOG.info("{} did not stand by what it had reported; its word counts for less for a while", id);
    doubts.put(id, PROBATION);
  }

  void forget(EntityId id) {
    claims.remove(id);
    doubts.remove(id);
  }
}

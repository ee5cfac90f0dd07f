package dev.hearth.agent.policy;

import dev.hearth.agent.plan.Plan;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Plans that wait for a confirmation. A token is 128 random bits, works once and for two minutes;
 * the oldest plan gives way when too many wait.
 */
@Component
public class PendingPlans {
  /** How long a plan waits. */
  public static final Duration LIFETIME = Duration.ofMinutes(2);

  private static final int MOST = 1_000;
  private static final int TOKEN_BYTES = 16;

  /**
   * A plan that waits.
   *
   * @param plan the whole plan
   * @param conversation the conversation it came from
   * @param language the language to answer in
   */
  public record Pending(Plan plan, String conversation, String language) {}

  private record Waiting(Pending pending, Instant until) {}

  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  PendingPlans() {
    this(Clock.systemUTC());
  }

  PendingPlans(Clock clock) {
    this.clock = clock;
  }

  /** Keeps a plan; the token confirms it. */
  public synchronized String keep(Pending pending) {
    Instant now = clock.instant();
    waiting.values().removeIf(w -> !w.until.isAfter(now));
    if (waiting.size() >= MOST) {
      waiting.remove(waiting.keySet().iterator().next());
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    waiting.put(token, new Waiting(pending, now.plus(LIFETIME)));
    return token;
  }

  /** Takes the plan of a token; empty when it is unknown, used or expired. */
  public synchronized Optional<Pending> take(String token) {
    Waiting found = waiting.remove(token);
    return found == null || !found.until.isAfter(clock.instant())
        ? Optional.empty()
        : Optional.of(found.pending);
  }
}

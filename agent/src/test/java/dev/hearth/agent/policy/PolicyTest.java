package dev.hearth.agent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.plan.Plan;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final PendingPlans.Pending PLAN =
      new PendingPlans.Pending(new Plan(List.of(), List.of(), List.of(), ""), "c", "en");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final PendingPlans pending =
      new PendingPlans(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return InstantSource.fixed(instant()).withZone(zone);
            }

            @Override
            public Instant instant() {
              return now.get();
            }
          });

  @Test
  void aTokenWorksOnce() {
    String token = pending.keep(PLAN);

    assertThat(pending.take(token)).contains(PLAN);
    assertThat(pending.take(token)).isEmpty();
  }

  @Test
  void aTokenExpires() {
    String token = pending.keep(PLAN);
    now.set(Instant.EPOCH.plus(PendingPlans.LIFETIME));

    assertThat(pending.take(token)).isEmpty();
  }

  @Test
  void anUnknownTokenIsNothing() {
    assertThat(pending.take("guess")).isEmpty();
  }
}

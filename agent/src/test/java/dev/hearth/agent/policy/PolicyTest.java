package dev.hearth.agent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import dev.hearth.devices.State;
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

  private static boolean confirms(Kind kind, Risk risk, Command command) {
    EntityId id = new EntityId(kind.component() + ".x");
    Entity entity =
        new Entity(
            id,
            "X",
            List.of(),
            kind,
            null,
            new DeviceId("d"),
            null,
            List.of(),
            Exposure.ALLOWED,
            risk,
            Availability.ONLINE,
            State.UNKNOWN);
    Home home = new Home(List.of(), List.of(), List.of(), List.of(entity));
    Plan plan = new Plan(List.of(new Step(id, "X", command)), List.of(), List.of(), "");
    return !new Policy().toConfirm(plan, home).isEmpty();
  }

  @Test
  void guardedThingsWaitForAYesButForWhatMakesThemSafer() {
    assertThat(confirms(Kind.VALVE, Risk.GUARDED, new Command.Open())).isTrue();
    assertThat(confirms(Kind.VALVE, Risk.NORMAL, new Command.Open())).isFalse();
    assertThat(confirms(Kind.LIGHT, Risk.GUARDED, new Command.TurnOn())).isTrue();
    assertThat(confirms(Kind.LIGHT, Risk.NORMAL, new Command.TurnOn())).isFalse();
    assertThat(confirms(Kind.COVER, Risk.GUARDED, new Command.Stop())).isFalse();
    assertThat(confirms(Kind.LOCK, Risk.GUARDED, new Command.Lock(null))).isFalse();
  }

  @Test
  void unlockingAndDisarmingWaitForAYesHoweverLowTheRisk() {
    assertThat(confirms(Kind.LOCK, Risk.NORMAL, new Command.Unlock(null))).isTrue();
    assertThat(confirms(Kind.ALARM_CONTROL_PANEL, Risk.NORMAL, new Command.Disarm(null))).isTrue();
  }

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

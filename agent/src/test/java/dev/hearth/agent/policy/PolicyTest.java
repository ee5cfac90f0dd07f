package dev.hearth.agent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Question;
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
import java.util.stream.Stream;
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
  void whatAnOperatorHidSinceIsTakenOutOfThePlanAndNamed() {
    Step lock = new Step(new EntityId("lock.x"), "前门锁", new Command.Unlock(null));
    Step lamp = new Step(new EntityId("light.y"), "Lamp", new Command.TurnOn());
    Step gone = new Step(new EntityId("light.z"), "Gone", new Command.TurnOn());
    Question locked = new Question("locked", "lock", List.of(lock.entity(), lamp.entity()), true);
    Question only = new Question("locked", "", List.of(lock.entity()), false);
    Plan plan =
        new Plan(List.of(lock, lamp, gone), List.of(locked, only), List.of(), "", List.of());
    Home seen = home(Exposure.ALLOWED, lock, lamp);
    Home hidden =
        new Home(
            List.of(),
            List.of(),
            List.of(),
            List.of(entity(lock, Exposure.DENIED), entity(lamp, Exposure.OPEN)));

    assertThat(new Policy().released(plan, seen)).isEqualTo(plan);
    Plan left = new Policy().released(plan, hidden);

    assertThat(left.steps())
        .as("what is gone is for the devices to say")
        .containsExactly(lamp, gone);
    assertThat(left.questions())
        .containsExactly(new Question("locked", "lock", List.of(lamp.entity()), true));
    assertThat(left.problems()).containsExactly(new Problem.NotReleased(List.of("前门锁")));
  }

  private static Home home(Exposure exposure, Step... steps) {
    return new Home(
        List.of(),
        List.of(),
        List.of(),
        Stream.of(steps).map(step -> entity(step, exposure)).toList());
  }

  private static Entity entity(Step step, Exposure exposure) {
    return new Entity(
        step.entity(),
        step.name(),
        List.of(),
        Kind.LIGHT,
        null,
        new DeviceId("d"),
        null,
        List.of(),
        exposure,
        Risk.NORMAL,
        Availability.ONLINE,
        State.UNKNOWN);
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

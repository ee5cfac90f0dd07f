package dev.hearth.devices.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Entity LAMP = entity("light.lamp", Kind.LIGHT);
  private static final Entity BLIND = entity("cover.blind", Kind.COVER);
  private static final MqttConnection NOWHERE =
      MqttConnection.start(MqttOptions.of("tcp://127.0.0.1:9"));

  private final Patience patience = new Patience(Deadlines.DEFAULTS);

  @AfterAll
  static void close() {
    NOWHERE.close();
  }

  private static Entity entity(String id, Kind kind) {
    return new Entity(
        new EntityId(id),
        id,
        List.of(),
        kind,
        null,
        new DeviceId("device"),
        null,
        List.of(),
        true,
        Availability.ONLINE,
        State.UNKNOWN);
  }

  /** Reports everything. */
  private static final class Plain implements Codec {
    @Override
    public Set<String> topics() {
      return Set.of();
    }

    @Override
    public StateUpdate parse(String topic, byte[] payload, State before) {
      return new StateUpdate(Map.of(), Set.of(), null);
    }

    @Override
    public Encoded encode(Command command, State state) {
      return new Encoded(List.of(), Map.of());
    }

    @Override
    public boolean reports(Attribute attribute) {
      return true;
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

  private static Run run(Entity entity, Command command) {
    EvidenceExecutor.Binding binding =
        new EvidenceExecutor.Binding(new Plain(), CompletableFuture.completedFuture(true), NOWHERE);
    Run run = new Run(entity, command, command, binding, 0);
    run.sent = true;
    run.usual = Deadlines.DEFAULTS.of(entity.kind());
    run.target = Map.of(Attribute.ON, true);
    return run;
  }

  private void answers(int times, Duration delay) {
    for (int i = 0; i < times; i++) {
      patience.heard(run(LAMP, new Command.TurnOn()), Run.Verdict.CONFIRMED, delay.toNanos());
    }
  }

  @Test
  void waitsAsLongAsItsKindDoesAtFirst() {
    assertThat(patience.answer(LAMP)).isEqualTo(Deadlines.DEFAULTS.quick());
    assertThat(patience.answer(BLIND)).isEqualTo(Deadlines.DEFAULTS.coverStart());
  }

  @Test
  void waitsHalfAsLongForWhatHasAlwaysBeenQuickButOnlyAfterSeveralAnswers() {
    answers(7, Duration.ofMillis(80));
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(2));
    answers(1, Duration.ofMillis(80));
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void waitsTwiceAsLongAsSlowDevicesNeedButNotForEver() {
    answers(1, Duration.ofMillis(1_900));
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofMillis(3_800));
    answers(1, Duration.ofSeconds(60));
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void forgetsOneSlowAnswerAmongManyQuickOnes() {
    answers(1, Duration.ofSeconds(7));
    answers(31, Duration.ofMillis(700));
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofMillis(1_400));
  }

  @Test
  void learnsFromAnAnswerThatCameAfterTheDeadline() {
    Run gone = run(LAMP, new Command.TurnOn());
    patience.gaveUp(gone);
    late(3);
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(6));
    late(4); // Only the first report answers.
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void learnsNothingFromReportsLongAfterOrAfterANewCommand() {
    patience.gaveUp(run(LAMP, new Command.TurnOn()));
    late(300);
    patience.gaveUp(run(LAMP, new Command.TurnOn()));
    patience.commanded(LAMP.id());
    late(3);
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(2));
  }

  private void late(int seconds) {
    StateUpdate on = new StateUpdate(Map.of(Attribute.ON, true), Set.of(), null);
    patience.late(
        LAMP.id(),
        on,
        new State(Map.of(Attribute.ON, true), Instant.EPOCH),
        Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void neverWaitsLessForAWayBecauseTheLastOnesWereShort() {
    for (int i = 0; i < 20; i++) {
      Run run = run(BLIND, new Command.Open());
      run.started = true;
      patience.heard(run, Run.Verdict.CONFIRMED, Duration.ofSeconds(4).toNanos());
    }
    Run run = run(BLIND, new Command.Open());
    assertThat(patience.way(run)).isEqualTo(Duration.ofSeconds(60));
    run.started = true;
    patience.heard(run, Run.Verdict.CONFIRMED, Duration.ofSeconds(80).toNanos());
    patience.heard(run, Run.Verdict.CONFIRMED, Duration.ofSeconds(80).toNanos());
    assertThat(patience.way(run)).isEqualTo(Duration.ofSeconds(160));
    assertThat(patience.answer(BLIND)).isEqualTo(Deadlines.DEFAULTS.coverStart());
  }

  @Test
  void forgetsWhatIsGone() {
    answers(8, Duration.ofMillis(80));
    patience.forget(LAMP.id());
    assertThat(patience.answer(LAMP)).isEqualTo(Duration.ofSeconds(2));
  }
}

package dev.hearth.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Change CHANGE =
      new Change(
          new EntityId("light.desk"),
          "Desk lamp",
          List.of(new Command.TurnOn()),
          State.UNKNOWN,
          state(Map.of(Attribute.ON, true)),
          true,
          false);

  private final AtomicLong now = new AtomicLong();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private Home home = Home.EMPTY;
  private final History history =
      new History(Duration.ofMinutes(10), now::get, () -> home, later::add);

  private static State state(Map<Attribute, Object> values) {
    return new State(values, Instant.EPOCH);
  }

  private static History.Done done(String conversation, int changes) {
    return new History.Done(conversation, "en", Collections.nCopies(changes, CHANGE));
  }

  @Test
  void knowsTheLastOfAConversationAndTheLastOfAll() {
    history.keep(done("a", 1));
    history.keep(done("b", 1));
    history.keep(done("a", 2));

    assertThat(history.last("a")).contains(done("a", 2));
    assertThat(history.last("b")).contains(done("b", 1));
    assertThat(history.last(null)).contains(done("a", 2));
    assertThat(history.last("c")).isEmpty();
  }

  @Test
  void whatIsUndoneIsTakenOnce() {
    history.keep(done("a", 1));
    History.Done first = history.last("a").orElseThrow();
    assertThat(history.take(first)).isTrue();
    assertThat(history.take(first)).isFalse();
    assertThat(history.last("a")).isEmpty();

    history.keep(done("a", 1));
    assertThat(history.take(first)).as("the same was done again").isFalse();
    assertThat(history.last("a")).isPresent();
  }

  @Test
  void learnsLaterWhatElseTheCommandsBroughtAbout() {
    history.keep(done("a", 1));
    home =
        new Home(
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new Entity(
                    CHANGE.entity(),
                    "Desk lamp",
                    List.of(),
                    Kind.LIGHT,
                    null,
                    new DeviceId("desk"),
                    null,
                    List.of(),
                    true,
                    Availability.ONLINE,
                    state(Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 70)))));

    later.remove().run();

    Change settled = history.last("a").orElseThrow().changes().getFirst();
    assertThat(settled.settled()).isTrue();
    assertThat(settled.after().values())
        .as("what the command itself changed is not overwritten by what came later")
        .isEqualTo(Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 70));
  }

  @Test
  void whatWasReplacedDoesNotSettle() {
    history.keep(done("a", 2));
    history.keep(done("a", 1));

    later.remove().run();

    assertThat(history.last("a")).contains(done("a", 1));
  }

  @Test
  void forgetsWhatIsTooLongAgo() {
    history.keep(done("a", 1));
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    history.keep(done("b", 1));
    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(history.last("a")).isEmpty();
    assertThat(history.last("b")).isPresent();
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    assertThat(history.last(null)).isEmpty();
  }

  @Test
  void theOldestGivesWayWhenItIsTooMuch() {
    history.keep(done("a", History.MOST_CHANGES - 1));
    history.keep(done("b", 1));
    assertThat(history.last("a")).isPresent();

    history.keep(done("c", 1));

    assertThat(history.last("a")).isEmpty();
    assertThat(history.last("b")).isPresent();
  }
}

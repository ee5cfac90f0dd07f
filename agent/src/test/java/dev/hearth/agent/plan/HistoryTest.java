package dev.hearth.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Change CHANGE =
      new Change(
          new EntityId("light.desk"),
          "Desk lamp",
          List.of(new Command.TurnOn()),
          State.UNKNOWN,
          State.UNKNOWN,
          true);

  private final AtomicLong now = new AtomicLong();
  private final History history = new History(Duration.ofMinutes(10), now::get);

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

package dev.hearth.devices.command;

import dev.hearth.devices.dialect.Outgoing;
import java.time.Duration;
import java.util.List;

/**
 * Asks devices for their state where the word of their bridge proves only that they took a command,
 * or where they said nothing in time. A lamp that fades and a blind that moves are not yet where
 * they should be when first asked, so they are asked again. Guarded by the lock of {@link Runs}.
 */
final class ReadBack {
  /** Each question costs air time. */
  private static final int MOST = 4;

  private static final Duration AGAIN = Duration.ofMillis(700);

  /** A group whose deadline is nearer than this may not answer in time. */
  private static final Duration ENOUGH = AGAIN.dividedBy(2);

  private final Runs runs;

  ReadBack(Runs runs) {
    this.runs = runs;
  }

  /** Asks later, in case nothing is said at all: a bridge may be told not to assume. */
  void plan(Run run) {
    if (!run.codec.readBack(run.confirmable()).isEmpty()) {
      later(run, run.deadline.dividedBy(2));
    }
  }

  /** Asks now; false when the device cannot be asked. */
  boolean ask(Run run) {
    if (run.questions >= MOST) {
      return true; // A group forgets what its members said when it is asked: let it keep that.
    }
    List<Outgoing> questions = run.codec.readBack(run.confirmable());
    if (questions.isEmpty()) {
      return false;
    }
    run.questions++;
    for (Outgoing each : questions) {
      var _ = run.connection.command(each.topic(), each.payload(), run.deadline);
    }
    later(run, AGAIN);
    return true;
  }

  private void later(Run run, Duration delay) {
    Runs.cancel(run.asking);
    run.asking =
        runs.later(
            run,
            delay,
            () -> {
              if (run.verdict() != Run.Verdict.CONFIRMED && !keeps(run)) {
                var _ = ask(run);
              }
            });
  }

  /** Whether what the members of a group said before is better than what they may yet say. */
  private static boolean keeps(Run run) {
    return run.questions > 0
        && run.left().compareTo(ENOUGH) < 0
        && !run.codec.laggards(run.target).isEmpty();
  }
}

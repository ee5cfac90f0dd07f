package dev.hearth.devices.command;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Judges what devices report while commands are under way. Attributes are confirmed one by one,
 * each by a report of its own; what the device did not repeat is not confirmed. Guarded by the lock
 * of {@link Runs}.
 */
final class Judge {
  private final Runs runs;
  private final Function<EntityId, Optional<Entity>> entities;
  private final Honesty honesty;
  private final Deadlines deadlines;
  private final Patience patience;
  private final ReadBack readBack;

  Judge(
      Runs runs,
      Function<EntityId, Optional<Entity>> entities,
      Honesty honesty,
      Deadlines deadlines,
      Patience patience,
      ReadBack readBack) {
    this.runs = runs;
    this.entities = entities;
    this.honesty = honesty;
    this.deadlines = deadlines;
    this.patience = patience;
    this.readBack = readBack;
  }

  /** Takes a live report that came after the command was sent. */
  void hear(Run run, StateUpdate update, State after, long receivedNanos) {
    run.heard = true;
    run.taken |= update.accepted();
    StateUpdate.Failure failure = update.failure();
    if (failure != null) {
      fail(run, failure);
    } else if (update.aboutState()) {
      run.hear(update, after);
      judge(run, receivedNanos);
    }
  }

  private void fail(Run run, StateUpdate.Failure failure) {
    if (!failure.reading()) {
      runs.conclude(run, Evidence.REJECTED, "It did not take the command: " + failure.reason());
    } else {
      run.unreadable = failure.reason();
      if (run.accepted && run.codec.laggards(run.target).isEmpty()) {
        expire(run);
      }
    }
  }

  private void judge(Run run, long receivedNanos) {
    Run.Verdict verdict = run.verdict();
    if (run.settling != null && verdict != Run.Verdict.CONFIRMED) {
      Runs.cancel(run.settling);
      run.settling = null;
      honesty.doubt(run.id);
    }
    switch (verdict) {
      case CONFIRMED -> {
        run.confirmedNanos = run.settling == null ? receivedNanos : run.confirmedNanos;
        Duration stand = standing(run);
        if (stand.isZero()) {
          confirm(run);
        } else if (run.settling == null) {
          run.settling = runs.later(run, stand, () -> settled(run));
        }
      }
      case REJECTED ->
          runs.conclude(
              run, Evidence.REJECTED, Objects.requireNonNullElse(run.refusal(), "It refuses"));
      case STARTED -> {
        // The word of a device that assumes its state does not prove that anything moves.
        if (!run.started && !run.codec.optimistic()) {
          patience.heard(run, verdict, receivedNanos);
          run.started = true;
          Runs.cancel(run.timer);
          Duration gone = Duration.ofNanos(System.nanoTime() - run.sentNanos);
          run.timer = runs.later(run, patience.way(run).minus(gone), () -> expire(run));
          runs.tell(run, Evidence.STARTED, "It is on its way");
        }
      }
      case NOT_YET -> {}
    }
  }

  /** How long a confirming report must stand before it counts. */
  private Duration standing(Run run) {
    if (run.codec.relayed() && !run.accepted) {
      return Duration.ZERO; // It counts for so little that there is nothing to wait for.
    }
    if (honesty.doubtful(run.id)) {
      return deadlines.settle().multipliedBy(2);
    }
    return since(run).compareTo(deadlines.hasty()) < 0 ? deadlines.settle() : Duration.ZERO;
  }

  /** How long the confirming report took. */
  private static Duration since(Run run) {
    return Duration.ofNanos(run.confirmedNanos - run.sinceNanos());
  }

  private void settled(Run run) {
    run.settling = null;
    if (offline(run)) {
      runs.conclude(run, Evidence.OFFLINE, "It was reported, but the device went offline at once");
    } else if (run.verdict() == Run.Verdict.CONFIRMED) {
      confirm(run);
    }
  }

  private void confirm(Run run) {
    if (run.codec.relayed() && !run.accepted) {
      run.accept();
      if (!readBack.ask(run)) {
        runs.conclude(
            run, Evidence.ACCEPTED, "The device took it; it cannot be asked what it does");
      }
      return;
    }
    patience.heard(run, Run.Verdict.CONFIRMED, run.confirmedNanos);
    boolean doubtful = honesty.doubtful(run.id);
    boolean hasty = since(run).compareTo(deadlines.echo()) < 0;
    honesty.claimed(run.id, run.claim(), hasty, System.nanoTime());
    if (run.codec.optimistic()) {
      runs.conclude(
          run,
          Evidence.BROKER_ACKNOWLEDGED,
          "The broker has it; the device reports what it assumes, not what happened");
    } else if (doubtful) {
      runs.conclude(
          run, Evidence.ACCEPTED, "The device reports it, but it took such reports back before");
    } else if (run.accepted) {
      runs.conclude(run, Evidence.READ_BACK, "The device reports it when asked");
    } else {
      runs.conclude(run, Evidence.STATE_CONFIRMED, "The device reports it");
    }
  }

  /** The deadline has passed. */
  void expire(Run run) {
    if (run.sent && run.verdict() == Run.Verdict.CONFIRMED) {
      settled(run);
      return;
    }
    Conclusion conclusion = Conclusion.atDeadline(run, offline(run), System.nanoTime());
    runs.conclude(run, conclusion.evidence(), conclusion.detail());
    if (conclusion.evidence() == Evidence.TIMED_OUT || conclusion.evidence() == Evidence.STARTED) {
      patience.gaveUp(run);
    }
  }

  private boolean offline(Run run) {
    return entities.apply(run.id).filter(e -> e.availability() == Availability.OFFLINE).isPresent();
  }
}

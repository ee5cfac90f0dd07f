package dev.hearth.devices.command;

import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How long to wait for a device, learned from how long it took before.
 *
 * <p>Of each entity the last {@value #WINDOW} delays are kept, in memory alone: those from sending
 * to the first word of obeying, and apart from them those to the end of a way. The deadline is
 * twice the 95th percentile (nearest rank) of them: half the kind's usual deadline at least, four
 * times at most. It gets shorter only after {@value #ENOUGH} answers. Ways are not alike, so their
 * deadline never gets shorter than usual. What answers after its deadline is still listened to up
 * to the longest one, else a slow device would never be known as slow. Guarded by the lock of
 * {@link Runs}.
 */
final class Patience {
  private static final int WINDOW = 32;
  private static final int ENOUGH = 8;
  private static final int MOST = 4;

  /** The delays of an entity, the oldest overwritten first. */
  private static final class Delays {
    private final long[] nanos = new long[WINDOW];
    private int count;

    void add(long delay) {
      nanos[count++ % WINDOW] = Math.max(0, delay);
    }

    Duration deadline(Duration usual, Duration least) {
      int known = Math.min(count, WINDOW);
      if (known == 0) {
        return usual;
      }
      long[] sorted = Arrays.copyOf(nanos, known);
      Arrays.sort(sorted);
      long percentile = sorted[(int) Math.ceil(0.95 * known) - 1];
      Duration learned = Duration.ofNanos(2 * percentile);
      Duration floor = known < ENOUGH ? usual : least;
      Duration most = usual.multipliedBy(MOST);
      return learned.compareTo(floor) < 0 ? floor : learned.compareTo(most) > 0 ? most : learned;
    }
  }

  private final Deadlines usual;
  private final Map<EntityId, Delays> answers = new HashMap<>();
  private final Map<EntityId, Delays> ways = new HashMap<>();
  private final Map<EntityId, Run> late = new HashMap<>();

  Patience(Deadlines usual) {
    this.usual = usual;
  }

  /** How long to wait for the first word of obeying. */
  Duration answer(Entity entity) {
    Duration start = usual.of(entity.kind());
    Delays known = answers.get(entity.id());
    return known == null ? start : known.deadline(start, start.dividedBy(2));
  }

  /** How long to wait for the end of what has begun, since sending. */
  Duration way(Run run) {
    Duration start = usual.travel(run.command);
    Delays known = ways.get(run.id);
    return known == null ? start : known.deadline(start, start);
  }

  /** The device said that it begins to obey, or that it has obeyed. */
  void heard(Run run, Run.Verdict verdict, long receivedNanos) {
    boolean end = verdict == Run.Verdict.CONFIRMED && run.started;
    (end ? ways : answers)
        .computeIfAbsent(run.id, id -> new Delays())
        .add(receivedNanos - run.sentNanos);
  }

  /** The deadline has passed; the answer may still come. */
  void gaveUp(Run run) {
    late.put(run.id, run);
  }

  /** A live report came that no command under way explains. */
  void late(EntityId id, StateUpdate update, State after, long receivedNanos) {
    Run run = late.get(id);
    if (run == null || !update.aboutState()) {
      return;
    }
    Duration most = (run.started ? usual.travel(run.command) : run.usual).multipliedBy(MOST);
    if (receivedNanos - run.sentNanos > most.toNanos()) {
      late.remove(id);
      return;
    }
    run.hear(update, after);
    Run.Verdict verdict = run.verdict();
    boolean begins = verdict == Run.Verdict.STARTED && !run.started;
    if (verdict == Run.Verdict.CONFIRMED || begins) {
      late.remove(id);
      heard(run, verdict, receivedNanos);
    }
  }

  /** A new command was sent: what is reported from now on answers that. */
  void commanded(EntityId id) {
    late.remove(id);
  }

  void forget(EntityId id) {
    answers.remove(id);
    ways.remove(id);
    late.remove(id);
  }
}

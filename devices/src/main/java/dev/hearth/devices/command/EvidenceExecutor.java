package dev.hearth.devices.command;

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
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttStatus;
import dev.hearth.devices.mqtt.PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes commands and judges what comes back.
 *
 * <p>Implementation notes. All bookkeeping happens under one lock; publishing only queues, so the
 * order in which commands are given is the order in which they reach the broker, device by device.
 * A report counts as evidence when it is live (no retained replay) and came after the first message
 * of the command was queued. Attributes are confirmed one by one, each by a report of its own; what
 * the device did not repeat is not confirmed. Results reach callers on virtual threads, never under
 * the lock.
 */
public final class EvidenceExecutor implements CommandExecutor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceExecutor.class);

  /**
   * How to talk to an entity.
   *
   * @param codec its codec
   * @param listening completes when the broker has confirmed the subscriptions to all its topics,
   *     with false when it refused one
   */
  public record Binding(Codec codec, CompletableFuture<Boolean> listening) {}

  private final Function<EntityId, Optional<Entity>> entities;
  private final Function<EntityId, Optional<Binding>> bindings;
  private final MqttConnection connection;
  private final Deadlines deadlines;
  private final MqttConnection.Registration statusListener;
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();

  // Guarded by this.
  private final Map<EntityId, List<Run>> active = new HashMap<>();
  private final Map<DeviceId, CompletableFuture<?>> tails = new HashMap<>();
  private final Map<EntityId, Long> lastReport = new HashMap<>();
  private final Honesty honesty = new Honesty();
  private final ReadBack readBack;
  private long lostNanos = System.nanoTime();
  private boolean wasConnected;

  /**
   * An executor.
   *
   * @param entities finds an entity as it is now
   * @param bindings finds how to talk to it
   * @param connection where to publish
   * @param deadlines how long to wait
   */
  public EvidenceExecutor(
      Function<EntityId, Optional<Entity>> entities,
      Function<EntityId, Optional<Binding>> bindings,
      MqttConnection connection,
      Deadlines deadlines) {
    this.entities = entities;
    this.bindings = bindings;
    this.connection = connection;
    this.deadlines = deadlines;
    timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("hearth-deadlines").factory());
    timers.setRemoveOnCancelPolicy(true);
    readBack = new ReadBack(connection, timers, this);
    statusListener = connection.onStatus(this::connectionChanged);
  }

  // --- sending ----------------------------------------------------------------------------------

  @Override
  public Execution submit(EntityId id, Command asked) {
    long start = System.nanoTime();
    Entity entity = entities.apply(id).orElse(null);
    Binding binding = bindings.apply(id).orElse(null);
    if (entity == null || binding == null) {
      return refused(
          id,
          asked,
          Evidence.FAILED,
          "There is no entity '" + id + "' in this home",
          State.UNKNOWN,
          start);
    }
    String problem = Validation.problem(entity, asked);
    if (problem != null) {
      return refused(id, asked, Evidence.UNSUPPORTED, problem, entity.state(), start);
    }
    if (entity.availability() == Availability.OFFLINE) {
      return refused(
          id,
          asked,
          Evidence.OFFLINE,
          entity.name() + " is offline; nothing was sent",
          entity.state(),
          start);
    }
    MqttStatus status = connection.status();
    if (!status.connected()) {
      return refused(
          id,
          asked,
          Evidence.NOT_CONNECTED,
          "Nothing was sent: " + status.detail(),
          entity.state(),
          start);
    }
    Command command = Validation.normalise(entity, asked);
    Run run = new Run(entity, asked, command, binding.codec(), start);
    enqueue(run, entity, binding);
    return new Execution(run.first, run.last);
  }

  private static Execution refused(
      EntityId id, Command asked, Evidence evidence, String detail, State state, long start) {
    Outcome outcome =
        new Outcome(
            id, asked, evidence, detail, state, Duration.ofNanos(System.nanoTime() - start), false);
    CompletableFuture<Outcome> done = CompletableFuture.completedFuture(outcome);
    return new Execution(done, done);
  }

  private synchronized void enqueue(Run run, Entity entity, Binding binding) {
    boolean contested = false;
    for (Run older : List.copyOf(active.getOrDefault(run.id, List.of()))) {
      if (Matching.supersedes(run.command, older.command)) {
        contested = true;
        conclude(older, Evidence.SUPERSEDED, "A newer command to it took over");
      }
    }
    active.computeIfAbsent(run.id, id -> new ArrayList<>()).add(run);
    boolean already = !contested;
    CompletableFuture<?> tail = tails.get(run.device);
    CompletableFuture<Boolean> listening = binding.listening();
    if (listening.isDone() && (tail == null || tail.isDone())) {
      tails.remove(run.device);
      send(run, entity, listening.getNow(false), already);
      return;
    }
    // The broker has not confirmed the subscriptions yet: a report could be missed. Wait for that.
    run.timer = schedule(deadline(run), () -> expire(run));
    CompletableFuture<?> turn = tail == null ? listening : CompletableFuture.allOf(tail, listening);
    CompletableFuture<?> sent =
        turn.handleAsync(
            (nothing, error) -> {
              send(run, entity, listening.getNow(false), already);
              return null;
            },
            completions);
    tails.put(run.device, sent);
  }

  private synchronized void send(Run run, Entity given, boolean listening, boolean mayHold) {
    if (run.done) {
      return;
    }
    Entity entity = entities.apply(run.id).orElse(given);
    run.listening = listening;
    run.state = entity.state();
    Encoded encoded;
    try {
      encoded = run.codec.encode(run.command, entity.state());
    } catch (UnsupportedCommandException e) {
      conclude(run, Evidence.UNSUPPORTED, String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException e) {
      LOG.error("{} could not be written for {}", run.command, run.id, e);
      conclude(run, Evidence.FAILED, "The command could not be written: " + e);
      return;
    }
    run.target = encoded.target();
    run.heldBefore = mayHold && listening && current(run) && run.heldBy(entity.state());
    if (run.heldBefore && proves(run.codec) && !isSafety(entity, run.command)) {
      conclude(run, Evidence.ALREADY, "It was so already");
      return;
    }
    run.sentNanos = System.nanoTime();
    run.sent = true;
    honesty.commanded(run.id);
    cancel(run.timer);
    run.timer = schedule(deadline(run), () -> expire(run));
    readBack.plan(run, deadline(run));
    List<CompletableFuture<PublishResult>> results = new ArrayList<>();
    for (Outgoing message : encoded.messages()) {
      results.add(
          connection.publish(
              message.topic(), message.payload().getBytes(StandardCharsets.UTF_8), 1, false));
    }
    var _ =
        CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
            .thenRun(() -> published(run, results));
  }

  /** Whether a report proves what the device does. */
  private static boolean proves(Codec codec) {
    return !codec.optimistic() && !codec.relayed();
  }

  /** Whether the known state was reported since the connection last came up. */
  private boolean current(Run run) {
    Long reported = lastReport.get(run.id);
    return reported != null && reported - lostNanos >= 0;
  }

  /** Locking and closing is always sent, for the known state may be wrong and the cost is none. */
  private static boolean isSafety(Entity entity, Command command) {
    return entity.safety()
        && (command instanceof Command.Lock
            || command instanceof Command.Close
            || command instanceof Command.TurnOff
            || (command instanceof Command.SetPosition(int percent) && percent == 0));
  }

  private synchronized void published(Run run, List<CompletableFuture<PublishResult>> results) {
    if (run.done) {
      return;
    }
    for (CompletableFuture<PublishResult> each : results) {
      PublishResult result = each.join();
      switch (result.status()) {
        case SENT -> {}
        case NOT_CONNECTED, CONNECTION_LOST -> {
          conclude(run, Evidence.NOT_CONNECTED, result.detail());
          return;
        }
        case QUEUE_FULL, FAILED -> {
          conclude(run, Evidence.FAILED, result.detail());
          return;
        }
      }
    }
    run.acknowledged = true;
    if (run.heldBefore && proves(run.codec)) {
      conclude(run, Evidence.ALREADY, "It was so already; the command was sent all the same");
    } else if (!run.reported()) {
      conclude(
          run, Evidence.BROKER_ACKNOWLEDGED, "The broker has it; the device does not report back");
    } else if (!run.listening) {
      conclude(
          run,
          Evidence.BROKER_ACKNOWLEDGED,
          "The broker has it, but does not let Hearth hear what the device reports");
    }
  }

  // --- hearing ----------------------------------------------------------------------------------

  /**
   * Tells what an entity reported, whether it changed anything or not.
   *
   * @param after the entity after the report
   * @param update what it said
   * @param retained whether it is the replay of an old message
   * @param receivedNanos when it came, by {@link System#nanoTime()}
   */
  public synchronized void reported(
      Entity after, StateUpdate update, boolean retained, long receivedNanos) {
    if (update.aboutState()) {
      lastReport.put(after.id(), receivedNanos);
    }
    List<Run> runs = active.get(after.id());
    if (retained) {
      return;
    }
    if (runs == null) {
      honesty.heard(after.id(), update, receivedNanos);
      return;
    }
    for (Run run : List.copyOf(runs)) {
      if (run.sent && receivedNanos - run.sinceNanos() >= 0) {
        run.taken |= update.accepted();
        StateUpdate.Failure failure = update.failure();
        if (failure != null) {
          fail(run, failure);
        } else if (update.aboutState()) {
          run.hear(update, after.state());
          judge(run, receivedNanos);
        }
      }
    }
  }

  private void fail(Run run, StateUpdate.Failure failure) {
    if (!failure.reading()) {
      conclude(run, Evidence.REJECTED, "It did not take the command: " + failure.reason());
    } else {
      run.unreadable = failure.reason();
      if (run.accepted && run.codec.laggards(run.target).isEmpty()) {
        expire(run);
      }
    }
  }

  /**
   * An entity is gone: nothing more will be heard of it.
   *
   * @param id which
   */
  public synchronized void removed(EntityId id) {
    lastReport.remove(id);
    honesty.forget(id);
    for (Run run : List.copyOf(active.getOrDefault(id, List.of()))) {
      conclude(run, Evidence.FAILED, "The device was removed meanwhile");
    }
  }

  private void judge(Run run, long receivedNanos) {
    Run.Verdict verdict = run.verdict();
    if (run.settling != null && verdict != Run.Verdict.CONFIRMED) {
      cancel(run.settling);
      run.settling = null;
      honesty.doubt(run.id);
    }
    switch (verdict) {
      case CONFIRMED -> {
        Duration stand = standing(run, receivedNanos);
        if (stand.isZero()) {
          confirm(run);
        } else if (run.settling == null) {
          run.settling = schedule(stand, () -> settled(run));
        }
      }
      case REJECTED ->
          conclude(run, Evidence.REJECTED, Objects.requireNonNullElse(run.refusal(), "It refuses"));
      case STARTED -> {
        // The word of a device that assumes its state does not prove that anything moves.
        if (!run.started && !run.codec.optimistic()) {
          run.started = true;
          cancel(run.timer);
          Duration travel = deadlines.travel(run.command);
          run.timer =
              schedule(travel.minusNanos(System.nanoTime() - run.sentNanos), () -> expire(run));
          complete(run.first, outcome(run, Evidence.STARTED, "It is on its way"));
        }
      }
      case NOT_YET -> {}
    }
  }

  /** How long a confirming report must stand before it counts. */
  private Duration standing(Run run, long receivedNanos) {
    if (run.codec.relayed() && !run.accepted) {
      return Duration.ZERO; // It counts for so little that there is nothing to wait for.
    }
    if (honesty.doubtful(run.id)) {
      return deadlines.settle().multipliedBy(2);
    }
    boolean hasty = receivedNanos - run.sinceNanos() < deadlines.hasty().toNanos();
    return hasty ? deadlines.settle() : Duration.ZERO;
  }

  private synchronized void settled(Run run) {
    run.settling = null;
    if (!run.done && run.verdict() == Run.Verdict.CONFIRMED) {
      confirm(run);
    }
  }

  private void confirm(Run run) {
    if (run.codec.relayed() && !run.accepted) {
      run.accept();
      if (!readBack.ask(run)) {
        conclude(run, Evidence.ACCEPTED, "The device took it; it cannot be asked what it does");
      }
      return;
    }
    boolean doubtful = honesty.doubtful(run.id);
    honesty.claimed(run.id, run.claim(), System.nanoTime());
    if (run.codec.optimistic()) {
      conclude(
          run,
          Evidence.BROKER_ACKNOWLEDGED,
          "The broker has it; the device reports what it assumes, not what happened");
    } else if (doubtful) {
      conclude(
          run, Evidence.ACCEPTED, "The device reports it, but it took such reports back before");
    } else if (run.accepted) {
      conclude(run, Evidence.READ_BACK, "The device reports it when asked");
    } else {
      conclude(run, Evidence.STATE_CONFIRMED, "The device reports it");
    }
  }

  private synchronized void connectionChanged(MqttStatus status) {
    if (status.connected()) {
      wasConnected = true;
      return;
    }
    if (!wasConnected) {
      return;
    }
    wasConnected = false;
    lostNanos = System.nanoTime();
    for (List<Run> runs : List.copyOf(active.values())) {
      for (Run run : List.copyOf(runs)) {
        conclude(
            run,
            Evidence.NOT_CONNECTED,
            run.acknowledged
                ? "The broker took the command, but the connection to it broke before the device"
                    + " answered"
                : run.sent
                    ? "The connection to the broker broke before it acknowledged; the device may"
                        + " have got the command or not"
                    : "The connection to the broker broke; nothing was sent");
      }
    }
  }

  // --- concluding -------------------------------------------------------------------------------

  private Duration deadline(Run run) {
    Kind kind = entities.apply(run.id).map(Entity::kind).orElse(Kind.SWITCH);
    return deadlines.of(kind);
  }

  private synchronized void expire(Run run) {
    if (run.done) {
      return;
    }
    if (run.sent && run.verdict() == Run.Verdict.CONFIRMED) {
      confirm(run);
      return;
    }
    Conclusion conclusion = Conclusion.atDeadline(run, offline(run), System.nanoTime());
    conclude(run, conclusion.evidence(), conclusion.detail());
  }

  private boolean offline(Run run) {
    return entities.apply(run.id).filter(e -> e.availability() == Availability.OFFLINE).isPresent();
  }

  private void conclude(Run run, Evidence evidence, String detail) {
    if (run.done) {
      return;
    }
    run.done = true;
    cancel(run.timer);
    cancel(run.settling);
    cancel(run.asking);
    List<Run> runs = active.get(run.id);
    if (runs != null) {
      runs.remove(run);
      if (runs.isEmpty()) {
        active.remove(run.id);
      }
    }
    Outcome outcome = outcome(run, evidence, detail);
    LOG.debug("{}", outcome);
    complete(run.first, outcome);
    complete(run.last, outcome);
  }

  private static Outcome outcome(Run run, Evidence evidence, String detail) {
    return new Outcome(
        run.id,
        run.asked,
        evidence,
        detail,
        run.state,
        Duration.ofNanos(System.nanoTime() - run.startNanos),
        run.sent);
  }

  private void complete(CompletableFuture<Outcome> future, Outcome outcome) {
    completions.execute(() -> future.complete(outcome));
  }

  private Future<?> schedule(Duration delay, Runnable action) {
    return timers.schedule(action, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
  }

  static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Concludes everything under way and stops. */
  @Override
  public void close() {
    statusListener.close();
    synchronized (this) {
      for (List<Run> runs : List.copyOf(active.values())) {
        for (Run run : List.copyOf(runs)) {
          conclude(run, Evidence.FAILED, "Hearth is stopping");
        }
      }
    }
    timers.shutdownNow();
    completions.shutdown();
  }
}

package dev.hearth.devices.command;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttStatus;
import dev.hearth.devices.mqtt.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes commands and judges what comes back.
 *
 * <p>Implementation notes. All bookkeeping happens under one lock, that of {@link Runs}; publishing
 * only queues, so the order in which commands are given is the order in which they reach the
 * broker, device by device. A report counts as evidence when it is live (no retained replay) and
 * came after the first message of the command was queued; {@link Judge} says for what.
 */
public final class EvidenceExecutor implements CommandExecutor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceExecutor.class);

  /**
   * How to talk to an entity.
   *
   * @param codec its codec
   * @param listening completes when the broker has confirmed the subscriptions to all its topics,
   *     with false when it refused one
   * @param connection the connection to its broker
   */
  public record Binding(
      Codec codec, CompletableFuture<Boolean> listening, MqttConnection connection) {}

  /** What is known of a connection. */
  private static final class Link {
    private boolean up;
    private long lostNanos = System.nanoTime();
  }

  private final Function<EntityId, Optional<Entity>> entities;
  private final Function<EntityId, Optional<Binding>> bindings;
  private final Deadlines deadlines;
  private final List<MqttConnection.Registration> statusListeners;
  private final Runs runs = new Runs();
  private final ReadBack readBack;
  private final Judge judge;

  // Guarded by runs.
  private final Map<DeviceId, CompletableFuture<?>> tails = new HashMap<>();
  private final Map<EntityId, Long> lastReport = new HashMap<>();
  private final Honesty honesty = new Honesty();
  private final Patience patience;
  private final Map<MqttConnection, Link> links = new HashMap<>();

  /**
   * An executor.
   *
   * @param entities finds an entity as it is now
   * @param bindings finds how to talk to it
   * @param connections all that devices are bound to
   * @param deadlines how long to wait; of devices that have answered a few times, what they need
   */
  public EvidenceExecutor(
      Function<EntityId, Optional<Entity>> entities,
      Function<EntityId, Optional<Binding>> bindings,
      List<MqttConnection> connections,
      Deadlines deadlines) {
    this.entities = entities;
    this.bindings = bindings;
    this.deadlines = deadlines;
    patience = new Patience(deadlines);
    readBack = new ReadBack(runs);
    judge = new Judge(runs, entities, honesty, deadlines, patience, readBack);
    connections.forEach(each -> links.put(each, new Link()));
    statusListeners =
        connections.stream()
            .map(each -> each.onStatus(status -> connectionChanged(each, status)))
            .toList();
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
    MqttStatus status = binding.connection().status();
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
    Run run = new Run(entity, asked, command, binding, start);
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

  private void enqueue(Run run, Entity entity, Binding binding) {
    synchronized (runs) {
      boolean contested = runs.begin(run);
      CompletableFuture<?> tail = tails.get(run.device);
      CompletableFuture<Boolean> listening = binding.listening();
      if (listening.isDone() && (tail == null || tail.isDone())) {
        tails.remove(run.device);
        send(run, entity, listening.getNow(false), !contested);
        return;
      }
      // The broker has not confirmed the subscriptions yet: a report could be missed. Wait for
      // that.
      run.timer = runs.later(run, deadlines.of(entity.kind()), () -> judge.expire(run));
      CompletableFuture<?> turn =
          tail == null ? listening : CompletableFuture.allOf(tail, listening);
      CompletableFuture<?> sent =
          turn.handleAsync(
              (nothing, error) -> {
                synchronized (runs) {
                  send(run, entity, listening.getNow(false), !contested);
                }
                return null;
              },
              runs.elsewhere());
      tails.put(run.device, sent);
      var _ = sent.thenRun(() -> forget(run.device, sent));
    }
  }

  private void forget(DeviceId device, CompletableFuture<?> tail) {
    synchronized (runs) {
      tails.remove(device, tail);
    }
  }

  private void send(Run run, Entity given, boolean listening, boolean mayHold) {
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
      runs.conclude(run, Evidence.UNSUPPORTED, String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException e) {
      LOG.error("{} could not be written for {}", run.command, run.id, e);
      runs.conclude(run, Evidence.FAILED, "The command could not be written: " + e);
      return;
    }
    run.target = encoded.target();
    run.heldBefore = mayHold && listening && current(run) && run.heldBy(entity.state());
    if (run.heldBefore && proves(run.codec) && !isSafety(entity, run.command)) {
      runs.conclude(run, Evidence.ALREADY, "It was so already");
      return;
    }
    run.sentNanos = System.nanoTime();
    run.sent = true;
    honesty.commanded(run.id);
    patience.commanded(run.id);
    run.messages = encoded.messages();
    run.usual = deadlines.of(entity.kind());
    Duration least = run.codec.answersWithin();
    Duration learned = patience.answer(entity);
    run.deadline = learned.compareTo(least) < 0 ? least : learned;
    Runs.cancel(run.timer);
    run.timer = runs.later(run, run.deadline, () -> judge.expire(run));
    readBack.plan(run);
    if (proves(run.codec) && !run.codec.sleeps() && Repeats.harmless(entity, run.command)) {
      run.repeating = runs.later(run, run.deadline.dividedBy(2), () -> repeat(run));
    }
    List<CompletableFuture<PublishResult>> results = publish(run, run.deadline);
    var _ =
        CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
            .thenRun(() -> published(run, results));
  }

  /** The broker forgets what it cannot deliver before the deadline: nothing shall act late. */
  private static List<CompletableFuture<PublishResult>> publish(Run run, Duration left) {
    List<CompletableFuture<PublishResult>> results = new ArrayList<>();
    for (Outgoing message : run.messages) {
      results.add(run.connection.command(message.topic(), message.payload(), left));
    }
    return results;
  }

  /** Sends it once more, when the broker had it and the device said nothing at all. */
  private void repeat(Run run) {
    if (run.acknowledged && !run.heard && run.connection.status().connected()) {
      LOG.debug("{} says nothing; sending {} again", run.id, run.command);
      List<CompletableFuture<PublishResult>> results = publish(run, run.deadline.dividedBy(2));
      var _ =
          CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
              .thenRun(() -> repeated(run, results));
    }
  }

  private void repeated(Run run, List<CompletableFuture<PublishResult>> results) {
    synchronized (runs) {
      run.repeated = results.stream().allMatch(each -> each.join().sent());
    }
  }

  /** Whether a report proves what the device does. */
  private static boolean proves(Codec codec) {
    return !codec.optimistic() && !codec.relayed();
  }

  /** Whether the known state was reported since the connection last came up. */
  private boolean current(Run run) {
    Long reported = lastReport.get(run.id);
    Link link = links.get(run.connection);
    return reported != null && link != null && reported - link.lostNanos >= 0;
  }

  /** Locking and closing is always sent, for the known state may be wrong and the cost is none. */
  private static boolean isSafety(Entity entity, Command command) {
    return entity.safety()
        && (command instanceof Command.Lock
            || command instanceof Command.Close
            || command instanceof Command.TurnOff
            || (command instanceof Command.SetPosition(int percent) && percent == 0));
  }

  private void published(Run run, List<CompletableFuture<PublishResult>> results) {
    synchronized (runs) {
      if (run.done) {
        return;
      }
      for (CompletableFuture<PublishResult> each : results) {
        PublishResult result = each.join();
        switch (result.status()) {
          case SENT -> {}
          case NOT_CONNECTED, CONNECTION_LOST -> {
            runs.conclude(run, Evidence.NOT_CONNECTED, result.detail());
            return;
          }
          case QUEUE_FULL, FAILED -> {
            runs.conclude(run, Evidence.FAILED, result.detail());
            return;
          }
        }
      }
      run.acknowledged = true;
      if (run.heldBefore && proves(run.codec)) {
        runs.conclude(
            run, Evidence.ALREADY, "It was so already; the command was sent all the same");
      } else if (!run.reported()) {
        runs.conclude(
            run,
            Evidence.BROKER_ACKNOWLEDGED,
            "The broker has it; the device does not report back");
      } else if (!run.listening) {
        runs.conclude(
            run,
            Evidence.BROKER_ACKNOWLEDGED,
            "The broker has it, but does not let Hearth hear what the device reports");
      }
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
  public void reported(Entity after, StateUpdate update, boolean retained, long receivedNanos) {
    synchronized (runs) {
      if (update.aboutState()) {
        lastReport.put(after.id(), receivedNanos);
      }
      if (retained) {
        return;
      }
      List<Run> underWay = runs.of(after.id());
      if (underWay.isEmpty()) {
        honesty.heard(after.id(), update, receivedNanos);
        patience.late(after.id(), update, after.state(), receivedNanos);
      }
      for (Run run : underWay) {
        if (run.sent && receivedNanos - run.sinceNanos() >= 0) {
          judge.hear(run, update, after.state(), receivedNanos);
        }
      }
    }
  }

  /**
   * An entity is gone: nothing more will be heard of it.
   *
   * @param id which
   */
  public void removed(EntityId id) {
    synchronized (runs) {
      lastReport.remove(id);
      honesty.forget(id);
      patience.forget(id);
      runs.of(id)
          .forEach(run -> runs.conclude(run, Evidence.FAILED, "The device was removed meanwhile"));
    }
  }

  private void connectionChanged(MqttConnection connection, MqttStatus status) {
    synchronized (runs) {
      Link link = links.get(connection);
      if (link == null || link.up == status.connected()) {
        return;
      }
      link.up = status.connected();
      if (!link.up) {
        link.lostNanos = System.nanoTime();
        runs.all().stream()
            .filter(run -> run.connection.equals(connection))
            .forEach(run -> runs.conclude(run, Evidence.NOT_CONNECTED, broken(run)));
      }
    }
  }

  private static String broken(Run run) {
    if (run.acknowledged) {
      return "The broker took the command, but the connection to it broke before the device"
          + " answered";
    }
    return run.sent
        ? "The connection to the broker broke before it acknowledged; the device may have got the"
            + " command or not"
        : "The connection to the broker broke; nothing was sent";
  }

  /** Concludes everything under way and stops. */
  @Override
  public void close() {
    statusListeners.forEach(MqttConnection.Registration::close);
    runs.close();
  }
}

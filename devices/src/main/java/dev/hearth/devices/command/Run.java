package dev.hearth.devices.command;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.mqtt.MqttConnection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One command under way and what was heard of it. Guarded by the lock of {@link Runs}. */
final class Run {
  /** What the reports so far amount to. */
  enum Verdict {
    NOT_YET,
    STARTED,
    CONFIRMED,
    REJECTED
  }

  // Given.
  final EntityId id;
  final DeviceId device;
  final Command asked;
  final Command command;
  final Codec codec;
  final MqttConnection connection;
  final State initial;
  final long startNanos;
  final CompletableFuture<Outcome> first = new CompletableFuture<>();
  final CompletableFuture<Outcome> last = new CompletableFuture<>();

  // While under way.
  List<Outgoing> messages = List.of();
  Map<Attribute, Object> target = Map.of();
  final Map<Attribute, Object> fresh = new EnumMap<>(Attribute.class);
  State state;
  Duration usual = Duration.ZERO;
  Duration deadline = Duration.ZERO;
  long sentNanos;
  long confirmedNanos;
  boolean sent;
  boolean acknowledged;
  boolean heard;
  boolean repeated;
  boolean heldBefore;
  boolean listening = true;
  boolean started;
  boolean sawMoving;
  boolean done;
  boolean accepted;
  boolean taken;
  long askedNanos;
  int questions;
  @Nullable String unreadable;
  @Nullable ScheduledFuture<?> timer;
  @Nullable Future<?> asking;
  @Nullable Future<?> repeating;
  @Nullable Future<?> settling;

  Run(
      Entity entity,
      Command asked,
      Command command,
      EvidenceExecutor.Binding binding,
      long startNanos) {
    this.id = entity.id();
    this.device = entity.device();
    this.asked = asked;
    this.command = command;
    this.codec = binding.codec();
    this.connection = binding.connection();
    this.initial = entity.state();
    this.state = entity.state();
    this.startNanos = startNanos;
    this.sawMoving = isMoving(entity.state());
  }

  /** What may still be waited for. */
  Stream<@Nullable Future<?>> timers() {
    return Stream.of(timer, asking, repeating, settling);
  }

  /** How long until the deadline. */
  Duration left() {
    return timer == null ? Duration.ZERO : Duration.ofNanos(timer.getDelay(TimeUnit.NANOSECONDS));
  }

  /** The attributes to confirm that the device reports. */
  Set<Attribute> confirmable() {
    if (command instanceof Command.Stop) {
      return codec.reports(Attribute.COVER) ? Set.of(Attribute.COVER) : Set.of();
    }
    return Matching.primary(target).stream()
        .filter(codec::reports)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What a confirming device claims. */
  Map<Attribute, Object> claim() {
    return target.entrySet().stream()
        .filter(each -> confirmable().contains(each.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Whether the device reports everything that the command is about. */
  boolean reported() {
    return !confirmable().isEmpty()
        && confirmable().size()
            == (command instanceof Command.Stop ? 1 : Matching.primary(target).size());
  }

  /** Whether a state is the wished one, as far as the device reports it. */
  boolean holds(State state) {
    return reported()
        && !(command instanceof Command.Stop)
        && target.keySet().stream().filter(codec::reports).allMatch(a -> matches(a, state.get(a)));
  }

  /** Whether a known state is so much the wished one that nothing need be sent. */
  boolean heldBy(State state) {
    return holds(state)
        && target.entrySet().stream()
            .filter(each -> codec.reports(each.getKey()))
            .allMatch(each -> {
              Object value = state.get(each.getKey());
              return value != null && Matching.same(each.getKey(), each.getValue(), value);
            });
  }

  private boolean matches(Attribute attribute, @Nullable Object value) {
    Object wanted = target.get(attribute);
    return wanted != null && value != null && Matching.matches(attribute, wanted, value);
  }

  /** The bridge said that the device took the command: from now on the device's answers count. */
  void accept() {
    accepted = true;
    fresh.clear();
    askedNanos = System.nanoTime();
  }

  /** When the message was sent that reports must answer to count. */
  long sinceNanos() {
    return accepted ? askedNanos : sentNanos;
  }

  /** Takes a live report that came after the command was sent. */
  void hear(StateUpdate update, State after) {
    update.unknown().forEach(fresh::remove);
    fresh.putAll(update.values());
    state = after;
    sawMoving |= isMoving(after);
  }

  Verdict verdict() {
    if (refusal() != null) {
      return Verdict.REJECTED;
    }
    if (confirmed()) {
      return Verdict.CONFIRMED;
    }
    return moving() ? Verdict.STARTED : Verdict.NOT_YET;
  }

  /** What the device reports that rules the wish out, as a sentence; null when nothing does. */
  @Nullable String refusal() {
    if ("jammed".equals(fresh.get(Attribute.LOCK))) {
      return "It reports that it is jammed";
    }
    if (command instanceof Command.Arm && "triggered".equals(fresh.get(Attribute.ALARM))) {
      return "It reports an alarm instead";
    }
    // A robot that was in trouble before may repeat that before it obeys.
    if ("error".equals(fresh.get(Attribute.ACTIVITY))
        && !initial.word(Attribute.ACTIVITY).equals(Optional.of("error"))) {
      return "It reports an error";
    }
    return null;
  }

  private boolean confirmed() {
    Set<Attribute> confirmable = confirmable();
    if (confirmable.isEmpty() || !fresh.keySet().containsAll(confirmable)) {
      return false;
    }
    if (command instanceof Command.Stop) {
      // Seen to move, then seen not to. A cover without a state topic is never seen to move.
      return sawMoving && !isMoving(state);
    }
    return confirmable.stream().allMatch(a -> matches(a, fresh.get(a))) && holds(state);
  }

  /** Whether it reports to be on its way to what was asked for. */
  private boolean moving() {
    switch (command) {
      case Command.Arm c -> {
        return fresh.get(Attribute.ALARM) instanceof String word
            && (word.equals("arming") || word.equals("pending"));
      }
      case Command.Disarm c -> {
        return "disarming".equals(fresh.get(Attribute.ALARM));
      }
      case Command.Perform(Action action) -> {
        return action == Action.DOCK && "returning".equals(fresh.get(Attribute.ACTIVITY));
      }
      default -> {}
    }
    boolean cover = fresh.containsKey(Attribute.COVER) || fresh.containsKey(Attribute.POSITION);
    if (Matching.slot(command) != Matching.Slot.COVER
        || command instanceof Command.Stop
        || !cover) {
      return false;
    }
    String word = state.cover().orElse("");
    if (word.equals("opening") || word.equals("closing")) {
      return towards(word);
    }
    if (fresh.get(Attribute.POSITION) instanceof Integer now
        && target.get(Attribute.POSITION) instanceof Integer wanted
        && initial.position().isPresent()) {
      int before = initial.position().getAsInt();
      return now != before && Integer.signum(now - before) == Integer.signum(wanted - before);
    }
    return false;
  }

  /** Whether the last report is one of being on its way, in whatever direction. */
  boolean onItsWay() {
    return Matching.slot(command) == Matching.Slot.COVER ? isMoving(state) : moving();
  }

  private boolean towards(String word) {
    return switch (command) {
      case Command.Open c -> word.equals("opening");
      case Command.Close c -> word.equals("closing");
      default -> true;
    };
  }

  static boolean isMoving(State state) {
    Optional<String> word = state.cover();
    return word.filter(w -> w.equals("opening") || w.equals("closing")).isPresent();
  }

  /** Something reported since, that is not what was asked for; null when there is none. */
  @Nullable Attribute differing() {
    for (Attribute attribute : Matching.primary(target)) {
      Object value = fresh.get(attribute);
      if (value != null && !matches(attribute, value)) {
        return attribute;
      }
    }
    for (Map.Entry<Attribute, Object> each : target.entrySet()) {
      Object value = fresh.get(each.getKey());
      if (value != null && !matches(each.getKey(), value)) {
        return each.getKey();
      }
    }
    return null;
  }
}

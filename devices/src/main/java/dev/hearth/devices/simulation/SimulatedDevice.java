package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device of the simulated home, as a test sees it: what it really does, and what is to go wrong
 * with it. Thread-safe.
 */
public final class SimulatedDevice {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedDevice.class);

  /** Sends a message. */
  @FunctionalInterface
  interface Publisher {
    void publish(String topic, String payload, boolean retained);
  }

  /** A point and its life. All but {@code actual} belongs to the simulation's thread. */
  private static final class Live {
    private final Point point;
    private final String base;
    private final List<SimulationTime.Timer> course = new ArrayList<>();
    private final Map<String, String> reported = new HashMap<>();
    private volatile State actual;
    private @Nullable State claim;
    private SimulationTime.@Nullable Timer retraction;

    Live(Point point, String base) {
      this.point = point;
      this.base = base;
      this.actual = point.initial();
    }

    String topic(String below) {
      return base.isEmpty() ? below : below.isEmpty() ? base : base + "/" + below;
    }

    void stop() {
      course.forEach(SimulationTime.Timer::close);
      course.clear();
    }
  }

  private final Blueprint blueprint;
  private final SimulationOptions options;
  private final Publisher publisher;
  private final Map<String, Live> points = new LinkedHashMap<>();
  private volatile @Nullable Fault fault;
  private int commands;

  SimulatedDevice(Blueprint blueprint, SimulationOptions options, Publisher publisher) {
    this.blueprint = blueprint;
    this.options = options;
    this.publisher = publisher;
    for (Point point : blueprint.points()) {
      points.put(point.label().id(), new Live(point, blueprint.base(options.base(), point)));
    }
    measure(Duration.ZERO);
  }

  /**
   * The device's id.
   *
   * @return a slug such as {@code kitchen_ceiling}
   */
  public String id() {
    return blueprint.id();
  }

  /**
   * The device's name.
   *
   * @return such as {@code Kitchen ceiling light}
   */
  public String name() {
    return blueprint.name();
  }

  /**
   * What the device's main feature really does now, whatever it reports. The time of the state
   * means nothing.
   *
   * @return the physical state
   */
  public State actual() {
    return points.values().iterator().next().actual;
  }

  /**
   * What one of the device's points really does now.
   *
   * @param point the point's id, the part of the entity id after the dot
   * @return the physical state
   * @throws IllegalArgumentException when the device has no such point
   */
  public State actual(String point) {
    return live(point).actual;
  }

  private Live live(String point) {
    Live live = points.get(point);
    if (live == null) {
      throw new IllegalArgumentException(
          "Device " + id() + " has no point '" + point + "'; it has " + points.keySet());
    }
    return live;
  }

  /**
   * Breaks the device. Takes the place of an earlier fault; effects on messages come at once.
   *
   * @param fault what is wrong
   */
  public void fault(Fault fault) {
    change(fault);
  }

  /** Mends the device: it says that it is online and what its state is. */
  public void repair() {
    change(null);
  }

  private void change(@Nullable Fault next) {
    Fault before = fault;
    fault = next;
    options
        .time()
        .execute(() -> {
          for (Live live : points.values()) {
            if (silent(next)) {
              live.stop();
            }
            live.claim = null;
            if (live.retraction != null) {
              live.retraction.close();
            }
          }
          if (next instanceof Fault.Offline) {
            present(false);
          } else if (before instanceof Fault.Offline) {
            present(true);
          }
          if (next == null) {
            points.values().forEach(this::reportAll);
          }
        });
  }

  /**
   * Lets something happen to the device by other hands than ours: somebody presses the wall switch,
   * opens the window, walks by. It reports as it would.
   *
   * @param attribute what changes at the main feature
   * @param value the new value, of the attribute's type
   */
  public void happen(Attribute attribute, Object value) {
    Live main = points.values().iterator().next();
    options
        .time()
        .execute(() -> {
          main.stop();
          main.actual = Point.with(main.actual, attribute, value);
          reportAll(main);
          measure(Duration.ZERO);
        });
  }

  Blueprint blueprint() {
    return blueprint;
  }

  String availabilityTopic() {
    return blueprint.presenceTopic(options.base());
  }

  private void present(boolean online) {
    publisher.publish(availabilityTopic(), blueprint.presence(online), true);
  }

  /** Where commands come in. */
  Collection<String> commandTopics() {
    List<String> topics = new ArrayList<>();
    for (Live live : points.values()) {
      live.point.commandTopics().forEach(topic -> topics.add(live.topic(topic)));
    }
    return topics;
  }

  /** Says everything there is to say: availability and states. */
  void introduce() {
    present(!(fault instanceof Fault.Offline));
    points.values().forEach(this::reportAll);
  }

  /** Takes a command; call within the simulation's time. */
  void receive(String topic, String payload) {
    for (Live live : points.values()) {
      for (String each : live.point.commandTopics()) {
        if (topic.equals(live.topic(each))) {
          receive(live, each, payload);
          return;
        }
      }
    }
  }

  private void receive(Live live, String topic, String payload) {
    Duration delay = options.reaction();
    Map<String, String> answer =
        live.point.answer(live.claim == null ? live.actual : live.claim, topic, payload);
    if (answer != null) {
      SimulationTime.Timer _ = options.time().after(delay, () -> say(live, answer));
      return;
    }
    switch (fault) {
      case Fault.Dead() -> {
        return;
      }
      case Fault.Offline() -> {
        return;
      }
      case Fault.Flaky(int every) -> {
        commands++;
        if (commands % every == 0) {
          return;
        }
      }
      case Fault.Lying lying -> {
        lie(live, topic, payload, lying);
        return;
      }
      case Fault.Slow(Duration more) -> delay = delay.plus(more);
      case null, default -> {}
    }
    SimulationTime.Timer _ = options.time().after(delay, () -> act(live, topic, payload));
  }

  private void act(Live live, String topic, String payload) {
    Fault now = fault;
    if (silent(now)) {
      return; // It broke between the command and the act.
    }
    if (now instanceof Fault.Rejecting) {
      Map<String, String> refusal = live.point.outcome(topic, payload, false);
      if (refusal.isEmpty()) {
        reportAll(live);
      }
      say(live, refusal);
      return;
    }
    State goal = target(live, live.actual, topic, payload);
    if (goal == null) {
      return;
    }
    if (now instanceof Fault.Clamping(int percent)) {
      goal = live.point.clamp(goal, percent);
    }
    say(live, live.point.outcome(topic, payload, true));
    live.stop();
    List<Point.Stage> course = live.point.course(live.actual, goal, payload);
    for (int i = 0; i < course.size(); i++) {
      State state = course.get(i).state();
      Duration after = course.get(i).after();
      boolean last = i == course.size() - 1;
      if (after.isZero()) {
        reach(live, state, last);
      } else {
        live.course.add(
            options.time().after(options.scaled(after), () -> reach(live, state, last)));
      }
    }
  }

  private void reach(Live live, State state, boolean last) {
    live.actual = state;
    if (last) {
      reportAll(live);
    } else {
      reportChanges(live);
    }
    measure(Duration.ZERO);
  }

  private void lie(Live live, String topic, String payload, Fault.Lying lying) {
    State claim = target(live, live.claim == null ? live.actual : live.claim, topic, payload);
    if (claim == null) {
      return;
    }
    live.claim = claim;
    say(live, live.point.outcome(topic, payload, true));
    publish(live, live.point.lie(claim), false);
    if (live.retraction != null) {
      live.retraction.close();
    }
    Duration after = lying.retractAfter();
    if (after != null) {
      live.retraction =
          options
              .time()
              .after(
                  after,
                  () -> {
                    live.claim = null;
                    reportAll(live);
                  });
    }
  }

  private @Nullable State target(Live live, State from, String topic, String payload) {
    try {
      return live.point.target(from, topic, payload);
    } catch (IllegalArgumentException e) {
      LOG.warn("{} does not understand a command on {}: {}", id(), topic, e.getMessage());
      return null;
    }
  }

  /** Lets time pass. */
  void tick(Duration life) {
    measure(life);
  }

  private void measure(Duration life) {
    for (Live live : points.values()) {
      live.actual = live.point.live(live.actual, life, this::actual);
      if (!live.reported.isEmpty()) {
        reportChanges(live);
      }
    }
  }

  private static boolean silent(@Nullable Fault fault) {
    return fault instanceof Fault.Dead || fault instanceof Fault.Offline;
  }

  private void reportAll(Live live) {
    publish(live, live.point.reports(live.actual), false);
  }

  private void reportChanges(Live live) {
    if (live.claim == null) {
      publish(live, live.point.reports(live.actual), true);
    }
  }

  private void publish(Live live, Map<String, String> reports, boolean onlyChanges) {
    if (silent(fault)) {
      return;
    }
    reports.forEach((topic, payload) -> {
      String before = live.reported.put(topic, payload);
      if (!onlyChanges || !payload.equals(before)) {
        publisher.publish(live.topic(topic), payload, live.point.retains(topic));
      }
    });
  }

  /** Says something that is no report of the state, and not kept. */
  private void say(Live live, Map<String, String> messages) {
    if (!silent(fault)) {
      messages.forEach((topic, payload) -> publisher.publish(live.topic(topic), payload, false));
    }
  }

  /** All topics on which the device leaves retained messages. */
  Collection<String> reportTopics() {
    List<String> topics = new ArrayList<>(List.of(availabilityTopic()));
    for (Live live : points.values()) {
      live.point.reports(live.point.initial()).keySet().stream()
          .filter(live.point::retains)
          .forEach(topic -> topics.add(live.topic(topic)));
    }
    return topics;
  }

  @Override
  public String toString() {
    Fault wrong = fault;
    return "SimulatedDevice[" + id() + (wrong == null ? "]" : ", " + wrong + "]");
  }
}

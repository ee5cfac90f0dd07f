package dev.hearth.agent.tool;

import dev.hearth.devices.Capability;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Which entities a kind of {@link HomeTools#KINDS} means, and which an action is meant for. */
final class Kinds {
  private static final Set<String> OUTLET_WORDS = Set.of("outlet", "plug", "socket", "插座", "插排");
  private static final Set<String> DOOR_CLASSES =
      Set.of("door", "garage_door", "garage", "opening");
  private static final Set<String> MOTION_CLASSES =
      Set.of("motion", "occupancy", "presence", "moving");

  private Kinds() {}

  /**
   * Entities of a kind among others. For a kind that device classes tell apart (blinds from
   * curtains), those of the class when there are any, else all that it could mean: who has only
   * "covers" may call them blinds.
   *
   * @param purpose what is to be done: a door is a lock to one who unlocks it
   */
  static List<Entity> of(String kind, Purpose purpose, List<Entity> entities) {
    Predicate<Entity> wide = wide(kind, purpose);
    List<Entity> all = entities.stream().filter(wide).toList();
    Predicate<Entity> narrow = narrow(kind);
    List<Entity> exact = all.stream().filter(narrow).toList();
    return exact.isEmpty() ? all : exact;
  }

  private static Predicate<Entity> wide(String kind, Purpose purpose) {
    return switch (kind) {
      case "light" -> e -> e.kind() == Kind.LIGHT;
      case "switch", "outlet" -> e -> e.kind() == Kind.SWITCH;
      case "cover", "blind", "curtain", "shutter" -> e -> e.kind() == Kind.COVER && !e.safety();
      case "garage_door" -> e -> e.kind() == Kind.COVER && e.safety();
      case "climate" -> e -> e.kind() == Kind.CLIMATE;
      case "fan" -> e -> e.kind() == Kind.FAN;
      case "lock" -> e -> e.kind() == Kind.LOCK;
      case "door" ->
          switch (purpose) {
            case LOCK -> e -> e.kind() == Kind.LOCK;
            case OPEN -> e -> e.kind() == Kind.COVER && e.safety();
            default ->
                e ->
                    (e.kind() == Kind.BINARY_SENSOR && classIn(e, DOOR_CLASSES))
                        || (e.kind() == Kind.COVER && e.safety())
                        || (purpose == Purpose.ASK_LOCKED && e.kind() == Kind.LOCK);
          };
      case "window" ->
          e ->
              (e.kind() == Kind.BINARY_SENSOR && classIn(e, Set.of("window")))
                  || (e.kind() == Kind.COVER && classIn(e, Set.of("window")));
      case "motion" -> e -> e.kind() == Kind.BINARY_SENSOR && classIn(e, MOTION_CLASSES);
      case "sensor" -> e -> e.kind() == Kind.SENSOR || e.kind() == Kind.BINARY_SENSOR;
      case "everything" -> purpose.everything();
      default -> throw new IllegalArgumentException("unknown kind '" + kind + "'");
    };
  }

  private static Predicate<Entity> narrow(String kind) {
    return switch (kind) {
      case "outlet" ->
          e -> classIn(e, Set.of("outlet")) || OUTLET_WORDS.stream().anyMatch(w -> named(e, w));
      case "blind" -> e -> classIn(e, Set.of("blind", "shade")) || named(e, "blind");
      case "curtain" -> e -> classIn(e, Set.of("curtain")) || named(e, "curtain") || named(e, "窗帘");
      case "shutter" -> e -> classIn(e, Set.of("shutter")) || named(e, "shutter");
      default -> e -> true;
    };
  }

  private static boolean classIn(Entity entity, Set<String> classes) {
    String own = entity.deviceClass();
    return own != null && classes.contains(own);
  }

  private static boolean named(Entity entity, String word) {
    return entity.name().toLowerCase(Locale.ROOT).contains(word);
  }

  /** What is to be done with things; decides what a bare place and "everything" mean. */
  @SuppressWarnings("ImmutableEnumChecker") // the predicates hold no state
  enum Purpose {
    /** On, off or toggle: lights first, then what else can be switched. */
    SWITCH(
        e -> e.kind() == Kind.LIGHT,
        e ->
            e.kind() == Kind.LIGHT
                || e.kind() == Kind.SWITCH
                || e.kind() == Kind.FAN
                || e.kind() == Kind.CLIMATE),
    /** Brightness or color. */
    LIGHT(e -> e.kind() == Kind.LIGHT, e -> e.kind() == Kind.LIGHT),
    /** Open, close, stop, position. Never a garage door unless it is named. */
    OPEN(e -> e.kind() == Kind.COVER && !e.safety(), e -> e.kind() == Kind.COVER && !e.safety()),
    /** Lock or unlock. */
    LOCK(e -> e.kind() == Kind.LOCK, e -> e.kind() == Kind.LOCK),
    /** Temperature or mode. */
    CLIMATE(e -> e.kind() == Kind.CLIMATE, e -> e.kind() == Kind.CLIMATE),
    /** Fan speed. */
    FAN(e -> e.kind() == Kind.FAN, e -> e.kind() == Kind.FAN),
    /** A measured temperature. */
    ASK_TEMPERATURE(
        e -> e.kind() == Kind.CLIMATE || measures(e, "temperature"),
        e -> e.kind() == Kind.CLIMATE || measures(e, "temperature")),
    /** A measured humidity. */
    ASK_HUMIDITY(
        e -> measures(e, "humidity") || e.state().humidity().isPresent(),
        e -> measures(e, "humidity") || e.state().humidity().isPresent()),
    /** Power use. */
    ASK_POWER(e -> measures(e, "power"), e -> measures(e, "power")),
    /** Battery level. */
    ASK_BATTERY(e -> measures(e, "battery"), e -> measures(e, "battery")),
    /** Light level. */
    ASK_ILLUMINANCE(e -> measures(e, "illuminance"), e -> measures(e, "illuminance")),
    /** Whether somebody moves. */
    ASK_MOTION(
        e -> e.kind() == Kind.BINARY_SENSOR && classIn(e, MOTION_CLASSES),
        e -> e.kind() == Kind.BINARY_SENSOR && classIn(e, MOTION_CLASSES)),
    /** Whether something is open. */
    ASK_OPEN(
        e ->
            e.kind() == Kind.COVER
                || (e.kind() == Kind.BINARY_SENSOR
                    && (classIn(e, DOOR_CLASSES) || classIn(e, Set.of("window")))),
        e ->
            e.kind() == Kind.COVER
                || (e.kind() == Kind.BINARY_SENSOR
                    && (classIn(e, DOOR_CLASSES) || classIn(e, Set.of("window"))))),
    /** Whether something is locked. */
    ASK_LOCKED(e -> e.kind() == Kind.LOCK, e -> e.kind() == Kind.LOCK),
    /** Whether something is on. */
    ASK_ON(
        e -> e.capability(Capability.OnOff.class).isPresent() || e.kind() == Kind.CLIMATE,
        e -> e.capability(Capability.OnOff.class).isPresent() || e.kind() == Kind.CLIMATE),
    /** Anything. */
    ASK_STATE(e -> true, e -> true);

    private final Predicate<Entity> bare;
    private final Predicate<Entity> everything;

    Purpose(Predicate<Entity> bare, Predicate<Entity> everything) {
      this.bare = bare;
      this.everything = everything;
    }

    /** Whether nothing is changed, but asked. */
    boolean asks() {
      return name().startsWith("ASK_");
    }

    /** The things meant when only a place, or nothing, was said. */
    Predicate<Entity> bare() {
      return bare;
    }

    /** The things meant by "everything". */
    Predicate<Entity> everything() {
      return everything;
    }
  }

  private static boolean measures(Entity entity, String deviceClass) {
    return entity
        .capability(Capability.Measurement.class)
        .filter(m -> deviceClass.equals(m.deviceClass()))
        .isPresent();
  }
}

package dev.hearth.devices.registry;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The registry that discovery and reports keep current. Snapshots are made when somebody asks and
 * kept until something changes.
 */
public final class LiveHomeRegistry implements HomeRegistry, AutoCloseable {
  private final Decisions decisions;
  private final boolean exposeNew;
  private final Clock clock;
  private final Devices devices = new Devices();
  private final Map<EntityId, EntityDescription> descriptions = new LinkedHashMap<>();
  private final Map<EntityId, Entity> entities = new LinkedHashMap<>();
  private final EventBus events = new EventBus();
  private @Nullable Home snapshot;

  /**
   * A registry without entities.
   *
   * @param store where decisions are kept
   * @param exposeNew whether entities are exposed that nobody decided about, but for guarded ones
   *     and those of which nobody knows what they do
   * @param clock tells when states were updated
   */
  public LiveHomeRegistry(HomeStore store, boolean exposeNew, Clock clock) {
    this.decisions = new Decisions(store);
    this.exposeNew = exposeNew;
    this.clock = clock;
  }

  @Override
  public synchronized Home home() {
    Home home = snapshot;
    if (home == null) {
      home =
          new Home(
              decisions.home().floors(),
              decisions.home().areas(),
              devices.all(),
              entities.values());
      snapshot = home;
    }
    return home;
  }

  /**
   * One entity as it is now, without making a snapshot.
   *
   * @param id its id
   * @return empty when unknown
   */
  public synchronized Optional<Entity> entity(EntityId id) {
    return Optional.ofNullable(entities.get(id));
  }

  @Override
  public Subscription subscribe(Consumer<HomeEvent> listener) {
    return events.subscribe(listener);
  }

  @Override
  public synchronized StoredHome decisions() {
    return decisions.home();
  }

  @Override
  public synchronized StoredHome decide(UnaryOperator<StoredHome> change) {
    StoredHome before = decisions.home();
    decisions.change(change);
    StoredHome after = decisions.home();
    boolean places =
        !after.floors().equals(before.floors()) || !after.areas().equals(before.areas());
    if (places) {
      changed(new HomeEvent.AreasChanged());
    }
    for (EntityDescription description : List.copyOf(descriptions.values())) {
      EntityId id = description.id();
      if (places || !after.of(id).equals(before.of(id))) {
        refresh(description);
      }
    }
    return after;
  }

  /**
   * An entity announced itself, for the first time or anew.
   *
   * @param description what it says
   * @return the entity now; its state survives a new announcement
   */
  public synchronized Entity announce(EntityDescription description) {
    descriptions.put(description.id(), description);
    String suggested = description.device().suggestedArea();
    if (suggested != null && decisions.suggest(suggested)) {
      changed(new HomeEvent.AreasChanged());
    }
    return refresh(description);
  }

  /** Builds an entity from its description and the decisions about it, and tells what changed. */
  private Entity refresh(EntityDescription description) {
    EntityId id = description.id();
    Entity before = entities.get(id);
    Device device = devices.merge(description.device(), description.name(), decisions::named);
    EntityOverride override = decisions.home().of(id);
    Risk risk =
        override.risk() == null
            ? Risk.of(description.kind(), description.deviceClass(), description.name())
            : override.risk();
    Entity after =
        new Entity(
            id,
            override.name() == null ? description.name() : override.name(),
            override.aliases() == null ? description.aliases() : override.aliases(),
            description.kind(),
            description.deviceClass(),
            device.id(),
            override.area() == null ? device.area() : override.area(),
            description.capabilities(),
            exposure(description, override.exposed()),
            risk,
            before == null || description.availability() == Availability.ONLINE
                ? description.availability()
                : before.availability(),
            before == null ? State.UNKNOWN : before.state());
    if (!after.equals(before)) {
      entities.put(id, after);
      changed(
          before == null ? new HomeEvent.EntityAdded(after) : new HomeEvent.EntityChanged(after));
    }
    return after;
  }

  /** A guarded risk that somebody lowered stays hidden: to allow it is a decision of its own. */
  private Exposure exposure(EntityDescription description, @Nullable Boolean decided) {
    if (decided != null) {
      return decided ? Exposure.ALLOWED : Exposure.DENIED;
    }
    Kind kind = description.kind();
    if (!description.visible() || kind.silent()) {
      return Exposure.DIAGNOSTIC;
    }
    if (Risk.of(kind, description.deviceClass(), description.name()) == Risk.GUARDED) {
      return Exposure.RISKY;
    }
    return exposeNew && !kind.anything() ? Exposure.OPEN : Exposure.UNDECIDED;
  }

  /**
   * An entity is gone.
   *
   * @param id which
   */
  public synchronized void remove(EntityId id) {
    descriptions.remove(id);
    Entity gone = entities.remove(id);
    if (gone == null) {
      return;
    }
    DeviceId device = gone.device();
    if (entities.values().stream().noneMatch(e -> e.device().equals(device))) {
      devices.remove(device);
    }
    changed(new HomeEvent.EntityRemoved(gone));
  }

  /**
   * An entity reported something.
   *
   * @param id which
   * @param update what it said
   * @return the entity now, empty when it is unknown
   */
  public synchronized Optional<Entity> report(EntityId id, StateUpdate update) {
    Entity before = entities.get(id);
    if (before == null) {
      return Optional.empty();
    }
    State state = update.applyTo(before.state(), clock.instant());
    Availability availability = update.availability();
    Entity after = before.withState(state);
    if (availability != null) {
      after = after.withAvailability(availability);
    }
    entities.put(id, after);
    snapshot = null;
    // The same key pressed again is news, though the state is the same.
    if (!state.values().equals(before.state().values())
        || update.values().containsKey(Attribute.EVENT)) {
      changed(new HomeEvent.StateChanged(after, before.state()));
    }
    if (after.availability() != before.availability()) {
      changed(new HomeEvent.AvailabilityChanged(after, before.availability()));
    }
    return Optional.of(after);
  }

  /**
   * How many entities there are.
   *
   * @return the number
   */
  public synchronized int size() {
    return entities.size();
  }

  private void changed(HomeEvent event) {
    snapshot = null;
    events.publish(event);
  }

  /** Stops delivering events. */
  @Override
  public void close() {
    events.close();
  }
}

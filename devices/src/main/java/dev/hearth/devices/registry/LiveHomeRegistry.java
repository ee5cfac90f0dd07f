package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
   * @param exposeNew whether entities are exposed that nobody decided about, but for those of a
   *     kind that is {@linkplain dev.hearth.devices.Kind#hiddenAtFirst() hidden at first}
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
              decisions.floors().values(),
              decisions.areas().values(),
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
  public synchronized Entity update(EntityId id, EntityPatch patch) {
    EntityDescription description = descriptions.get(id);
    if (description == null) {
      throw new UnknownEntityException(id);
    }
    decisions.patch(id, patch);
    return refresh(description);
  }

  @Override
  public synchronized Area putArea(Area area) {
    Area kept = decisions.put(area);
    changed(new HomeEvent.AreasChanged());
    return kept;
  }

  @Override
  public synchronized Floor putFloor(Floor floor) {
    Floor kept = decisions.put(floor);
    changed(new HomeEvent.AreasChanged());
    return kept;
  }

  /**
   * An entity announced itself, for the first time or anew.
   *
   * @param description what it says
   * @return the entity now; its state survives a new announcement
   */
  public synchronized Entity announce(EntityDescription description) {
    descriptions.put(description.id(), description);
    DeviceDescription device = description.device();
    String suggested = device.suggestedArea();
    int areas = decisions.areas().size();
    AreaId area = suggested == null ? null : decisions.suggested(suggested);
    if (decisions.areas().size() != areas) {
      changed(new HomeEvent.AreasChanged());
    }
    devices.merge(device, area, description.name());
    return refresh(description);
  }

  /** Builds an entity from its description and the decisions about it, and tells what changed. */
  private Entity refresh(EntityDescription description) {
    EntityId id = description.id();
    Entity before = entities.get(id);
    Device device = devices.merge(description.device(), null, description.name());
    EntityOverride override = decisions.of(id);
    AreaId area = override.area();
    Boolean exposed = override.exposed();
    Entity after =
        new Entity(
            id,
            description.name(),
            override.aliases() == null ? description.aliases() : override.aliases(),
            description.kind(),
            description.deviceClass(),
            device.id(),
            area == null ? device.area() : area,
            description.capabilities(),
            exposed == null
                ? description.visible() && exposeNew && !description.kind().hiddenAtFirst()
                : exposed,
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

package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The home as it is now, and the place to decide about names, areas and exposure. Thread-safe. */
public interface HomeRegistry {
  /**
   * The home at this moment.
   *
   * @return an immutable snapshot
   */
  Home home();

  /**
   * Listens to changes. Events come in order, one at a time, on a thread of the registry; an
   * exception of a listener is logged and does not stop the others. A listener that is so slow that
   * 10,000 events wait loses the newest ones, which is logged.
   *
   * @param listener what to call
   * @return closes to stop listening
   */
  Subscription subscribe(Consumer<HomeEvent> listener);

  /**
   * What people decided so far, also about entities that are not there at present.
   *
   * @return an immutable snapshot
   */
  StoredHome decisions();

  /**
   * Decides about floors, areas and entities at once. Names and aliases are cleaned. All of the
   * change is stored and outlives restarts and rediscovery, or nothing of it.
   *
   * @param change makes of what was decided what shall hold; called while the registry is locked
   * @return what holds now
   * @throws IllegalArgumentException when the outcome is not consistent: a floor or area that does
   *     not exist, an empty name, a name that is claimed twice
   */
  StoredHome decide(UnaryOperator<StoredHome> change);

  /**
   * Decides about an entity.
   *
   * @param id which entity
   * @param change makes of what was decided about it what shall hold
   * @return the entity now
   * @throws UnknownEntityException when there is no such entity
   * @throws IllegalArgumentException as {@link #decide}
   */
  default Entity update(EntityId id, UnaryOperator<EntityOverride> change) {
    if (home().entity(id).isEmpty()) {
      throw new UnknownEntityException(id);
    }
    decide(decided -> decided.with(Map.of(id, change.apply(decided.of(id)))));
    return home().entity(id).orElseThrow(() -> new UnknownEntityException(id));
  }

  /**
   * Adds or replaces an area.
   *
   * @param area the area; those that it adjoins adjoin it too
   * @return the area as kept
   * @throws IllegalArgumentException as {@link #decide}
   */
  default Area putArea(Area area) {
    return decide(decided -> decided.with(area)).area(area.id()).orElseThrow();
  }

  /**
   * Adds or replaces a floor.
   *
   * @param floor the floor
   * @return the floor as kept
   * @throws IllegalArgumentException as {@link #decide}
   */
  default Floor putFloor(Floor floor) {
    return decide(decided -> decided.with(floor)).floor(floor.id()).orElseThrow();
  }

  /** A running subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}

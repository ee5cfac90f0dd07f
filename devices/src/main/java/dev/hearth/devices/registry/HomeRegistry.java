package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import java.util.function.Consumer;

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
   * Decides about an entity; the decision is stored and outlives restarts and rediscovery.
   *
   * @param id which entity
   * @param patch what to change
   * @return the entity now
   * @throws UnknownEntityException when there is no such entity
   * @throws IllegalArgumentException when the patch names an area that does not exist
   */
  Entity update(EntityId id, EntityPatch patch);

  /**
   * Adds or replaces an area.
   *
   * @param area the area; its name and aliases are cleaned
   * @return the area as kept
   * @throws IllegalArgumentException when its floor does not exist or its name is empty
   */
  Area putArea(Area area);

  /**
   * Adds or replaces a floor.
   *
   * @param floor the floor; its name and aliases are cleaned
   * @return the floor as kept
   * @throws IllegalArgumentException when its name is empty
   */
  Floor putFloor(Floor floor);

  /** A running subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}

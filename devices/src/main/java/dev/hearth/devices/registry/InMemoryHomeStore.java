package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps everything in memory, for tests and for trying things out. */
public final class InMemoryHomeStore implements HomeStore {
  private final Map<FloorId, Floor> floors = new LinkedHashMap<>();
  private final Map<AreaId, Area> areas = new LinkedHashMap<>();
  private final Map<EntityId, EntityOverride> entities = new LinkedHashMap<>();

  /** An empty store. */
  public InMemoryHomeStore() {}

  @Override
  public synchronized StoredHome load() {
    return new StoredHome(List.copyOf(floors.values()), List.copyOf(areas.values()), entities);
  }

  @Override
  public synchronized void saveFloor(Floor floor) {
    floors.put(floor.id(), floor);
  }

  @Override
  public synchronized void saveArea(Area area) {
    areas.put(area.id(), area);
  }

  @Override
  public synchronized void saveEntity(EntityId id, EntityOverride override) {
    entities.put(id, override);
  }
}

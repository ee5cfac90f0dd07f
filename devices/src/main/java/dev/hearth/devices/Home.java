package dev.hearth.devices;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The home at one moment, immutable. Order is stable: floors by level, then by name; areas, devices
 * and entities by id, so that two snapshots of the same home list the same things alike.
 */
public final class Home {
  /** A home without anything. */
  public static final Home EMPTY = new Home(List.of(), List.of(), List.of(), List.of());

  private final Map<FloorId, Floor> floors;
  private final Map<AreaId, Area> areas;
  private final Map<DeviceId, Device> devices;
  private final Map<EntityId, Entity> entities;

  /**
   * A snapshot of these things.
   *
   * @param floors the floors
   * @param areas the areas
   * @param devices the devices
   * @param entities the entities
   */
  public Home(
      Collection<Floor> floors,
      Collection<Area> areas,
      Collection<Device> devices,
      Collection<Entity> entities) {
    this.floors =
        index(
            floors,
            Floor::id,
            Comparator.comparingInt(Floor::level).thenComparing(f -> f.id().value()));
    this.areas = index(areas, Area::id, Comparator.comparing(a -> a.id().value()));
    this.devices = index(devices, Device::id, Comparator.comparing(d -> d.id().value()));
    this.entities = index(entities, Entity::id, Comparator.comparing(e -> e.id().value()));
  }

  private static <K, V> Map<K, V> index(
      Collection<V> values, Function<V, K> key, Comparator<V> order) {
    Map<K, V> map = LinkedHashMap.newLinkedHashMap(values.size());
    values.stream().sorted(order).forEach(value -> map.put(key.apply(value), value));
    return Collections.unmodifiableMap(map);
  }

  /**
   * All floors, lowest first.
   *
   * @return immutable
   */
  public Collection<Floor> floors() {
    return floors.values();
  }

  /**
   * All areas.
   *
   * @return immutable
   */
  public Collection<Area> areas() {
    return areas.values();
  }

  /**
   * All devices.
   *
   * @return immutable
   */
  public Collection<Device> devices() {
    return devices.values();
  }

  /**
   * All entities, exposed or not.
   *
   * @return immutable
   */
  public Collection<Entity> entities() {
    return entities.values();
  }

  /**
   * A floor.
   *
   * @param id its id
   * @return empty when unknown
   */
  public Optional<Floor> floor(FloorId id) {
    return Optional.ofNullable(floors.get(id));
  }

  /**
   * An area.
   *
   * @param id its id
   * @return empty when unknown
   */
  public Optional<Area> area(AreaId id) {
    return Optional.ofNullable(areas.get(id));
  }

  /**
   * A device.
   *
   * @param id its id
   * @return empty when unknown
   */
  public Optional<Device> device(DeviceId id) {
    return Optional.ofNullable(devices.get(id));
  }

  /**
   * An entity.
   *
   * @param id its id
   * @return empty when unknown
   */
  public Optional<Entity> entity(EntityId id) {
    return Optional.ofNullable(entities.get(id));
  }

  /**
   * The entities in an area.
   *
   * @param area the area
   * @return in order of id
   */
  public List<Entity> entitiesIn(AreaId area) {
    return entities().stream().filter(e -> area.equals(e.area())).toList();
  }

  /**
   * The entities on a floor.
   *
   * @param floor the floor
   * @return in order of id
   */
  public List<Entity> entitiesOn(FloorId floor) {
    return entities().stream()
        .filter(e -> {
          AreaId area = e.area();
          return area != null && area(area).map(Area::floor).filter(floor::equals).isPresent();
        })
        .toList();
  }

  /**
   * The entities of a device.
   *
   * @param device the device
   * @return in order of id
   */
  public List<Entity> entitiesOf(DeviceId device) {
    return entities().stream().filter(e -> device.equals(e.device())).toList();
  }
}

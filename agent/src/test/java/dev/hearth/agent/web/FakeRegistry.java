package dev.hearth.agent.web;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.registry.EntityPatch;
import dev.hearth.devices.registry.HomeRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A home of three entities and two areas that only tests change. */
public final class FakeRegistry implements HomeRegistry {
  private final Map<EntityId, Entity> entities = new LinkedHashMap<>();
  private final Map<AreaId, Area> areas = new LinkedHashMap<>();
  private final Map<FloorId, Floor> floors = new LinkedHashMap<>();
  private final List<Consumer<HomeEvent>> listeners = new CopyOnWriteArrayList<>();

  /** The home. */
  public FakeRegistry() {
    FloorId ground = new FloorId("ground_floor");
    floors.put(ground, new Floor(ground, "Ground floor", 0, List.of("downstairs", "一楼")));
    area("kitchen", "Kitchen", ground, "厨房");
    area("hall", "Hall", ground, "门厅");
    entity(
        "light.kitchen_ceiling",
        "Kitchen ceiling light",
        Kind.LIGHT,
        "kitchen",
        List.of(new Capability.OnOff(), new Capability.Brightness()),
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40));
    entity(
        "lock.front_door",
        "Front door lock",
        Kind.LOCK,
        "hall",
        List.of(new Capability.Lock()),
        Map.of(Attribute.LOCK, "locked"));
    entity(
        "sensor.evil",
        "<img src=x onerror=alert(1)> \"evil\" & 'co'",
        Kind.SENSOR,
        "hall",
        List.of(new Capability.Measurement("°C", "temperature")),
        Map.of(Attribute.NUMBER, 21.5));
  }

  private void area(String id, String name, FloorId floor, String alias) {
    areas.put(new AreaId(id), new Area(new AreaId(id), name, floor, List.of(alias)));
  }

  private void entity(
      String id,
      String name,
      Kind kind,
      String area,
      List<Capability> capabilities,
      Map<Attribute, Object> state) {
    EntityId entityId = new EntityId(id);
    entities.put(
        entityId,
        new Entity(
            entityId,
            name,
            List.of(),
            kind,
            null,
            DeviceId.of(id),
            new AreaId(area),
            capabilities,
            true,
            Availability.ONLINE,
            new State(state, Instant.parse("2026-01-02T03:04:05Z"))));
  }

  @Override
  public synchronized Home home() {
    return new Home(
        floors.values(),
        areas.values(),
        entities.values().stream()
            .map(e -> new Device(e.device(), e.name(), null, null, e.area()))
            .toList(),
        entities.values());
  }

  @Override
  public Subscription subscribe(Consumer<HomeEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** How many listen now. */
  public int listeners() {
    return listeners.size();
  }

  /** Lets a device report. */
  public void report(String id, Map<Attribute, Object> values) {
    Entity before = find(id);
    Entity now = before.withState(new State(values, Instant.now()));
    keep(now);
    publish(new HomeEvent.StateChanged(now, before.state()));
  }

  /** Lets a device come or go. */
  public void availability(String id, Availability availability) {
    Entity before = find(id);
    Entity now = before.withAvailability(availability);
    keep(now);
    publish(new HomeEvent.AvailabilityChanged(now, before.availability()));
  }

  @Override
  public Entity update(EntityId id, EntityPatch patch) {
    Entity e = find(id.value());
    Entity now =
        new Entity(
            e.id(),
            e.name(),
            patch.aliases() == null ? e.aliases() : patch.aliases(),
            e.kind(),
            e.deviceClass(),
            e.device(),
            patch.area() == null ? e.area() : patch.area(),
            e.capabilities(),
            patch.exposed() == null ? e.exposed() : patch.exposed(),
            e.availability(),
            e.state());
    keep(now);
    publish(new HomeEvent.EntityChanged(now));
    return now;
  }

  @Override
  public Area putArea(Area area) {
    synchronized (this) {
      areas.put(area.id(), area);
    }
    publish(new HomeEvent.AreasChanged());
    return area;
  }

  @Override
  public Floor putFloor(Floor floor) {
    synchronized (this) {
      floors.put(floor.id(), floor);
    }
    publish(new HomeEvent.AreasChanged());
    return floor;
  }

  private synchronized Entity find(String id) {
    Entity entity = entities.get(new EntityId(id));
    if (entity == null) {
      throw new IllegalArgumentException("no " + id);
    }
    return entity;
  }

  private synchronized void keep(Entity entity) {
    entities.put(entity.id(), entity);
  }

  private void publish(HomeEvent event) {
    listeners.forEach(listener -> listener.accept(event));
  }
}

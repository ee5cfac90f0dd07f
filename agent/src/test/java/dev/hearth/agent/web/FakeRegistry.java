package dev.hearth.agent.web;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.Kind;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.InMemoryHomeStore;
import dev.hearth.devices.registry.LiveHomeRegistry;
import dev.hearth.devices.registry.StoredHome;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A home of a few entities and two areas that only tests change. */
public final class FakeRegistry implements HomeRegistry, AutoCloseable {
  private final LiveHomeRegistry live =
      new LiveHomeRegistry(
          new InMemoryHomeStore(),
          true,
          Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));
  private final AtomicInteger listeners = new AtomicInteger();

  /** The home. */
  public FakeRegistry() {
    FloorId ground = new FloorId("ground_floor");
    live.putFloor(new Floor(ground, "Ground floor", 0, List.of("downstairs", "一楼")));
    live.putArea(new Area(new AreaId("kitchen"), "Kitchen", ground, List.of("厨房")));
    live.putArea(new Area(new AreaId("hall"), "Hall", ground, List.of("门厅")));
    add(
        "light.kitchen_ceiling",
        "Kitchen ceiling light",
        Kind.LIGHT,
        "Kitchen",
        true,
        List.of(new Capability.OnOff(), new Capability.Brightness()),
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40));
    add(
        "lock.front_door",
        "Front door lock",
        Kind.LOCK,
        "Hall",
        true,
        List.of(new Capability.Lock()),
        Map.of(Attribute.LOCK, "locked"));
    live.update(new EntityId("lock.front_door"), e -> e.withExposed(true));
    add(
        "sensor.evil",
        "<img src=x onerror=alert(1)> \"evil\" & 'co'",
        Kind.SENSOR,
        "Hall",
        true,
        List.of(new Capability.Measurement("°C", "temperature")),
        Map.of(Attribute.NUMBER, 21.5));
  }

  /** Lets a device appear. */
  public void add(
      String id,
      String name,
      Kind kind,
      String area,
      boolean visible,
      List<Capability> capabilities,
      Map<Attribute, Object> state) {
    live.announce(
        new EntityDescription(
            new EntityId(id),
            name,
            List.of(),
            kind,
            null,
            new DeviceDescription(Set.of("id:" + id), name, null, null, area),
            capabilities,
            visible,
            Availability.ONLINE));
    report(id, state);
  }

  /** Lets a device go. */
  public void remove(String id) {
    live.remove(new EntityId(id));
  }

  @Override
  public Home home() {
    return live.home();
  }

  @Override
  public Subscription subscribe(Consumer<HomeEvent> listener) {
    listeners.incrementAndGet();
    Subscription subscription = live.subscribe(listener);
    return () -> {
      subscription.close();
      listeners.decrementAndGet();
    };
  }

  /** How many listen now. */
  public int listeners() {
    return listeners.get();
  }

  /** Lets a device report. */
  public void report(String id, Map<Attribute, Object> values) {
    live.report(new EntityId(id), new StateUpdate(values, Set.of(), null));
  }

  /** Lets a device come or go. */
  public void availability(String id, Availability availability) {
    live.report(new EntityId(id), new StateUpdate(Map.of(), Set.of(), availability));
  }

  @Override
  public StoredHome decisions() {
    return live.decisions();
  }

  @Override
  public StoredHome decide(UnaryOperator<StoredHome> change) {
    return live.decide(change);
  }

  @Override
  public void close() {
    live.close();
  }
}

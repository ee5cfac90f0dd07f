package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Slugs;
import dev.hearth.devices.simulation.Blueprint.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A home of any size: things of all kinds and conventions in turn, room by room. The same number
 * makes the same home.
 */
final class GeneratedHome {
  private static final List<String> FLOORS =
      List.of("Ground", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh");
  private static final List<String> ROOMS =
      List.of(
          "Kitchen",
          "Living room",
          "Hall",
          "Dining room",
          "Bedroom",
          "Bathroom",
          "Office",
          "Kids room",
          "Guest room",
          "Library",
          "Music room",
          "Playroom",
          "Studio",
          "Pantry",
          "Laundry room",
          "Dressing room",
          "Winter garden",
          "Gym",
          "Sauna",
          "Store room");

  /** So many rooms at most, for a registry knows 200 areas. */
  private static final int MOST_ROOMS = FLOORS.size() * ROOMS.size();

  private static final int ENTITIES_PER_ROOM = 12;
  private static final int ROOMS_PER_FLOOR = 5;

  /** Makes the points of a thing out of an id of its own, its name and its number in the home. */
  @FunctionalInterface
  private interface Maker {
    List<Point> make(String id, String name, int number);
  }

  private record Thing(String name, Style style, Maker maker) {}

  private static final List<Thing> THINGS =
      List.of(
          thing("ceiling light", Style.FULL, id -> lamp(id, "color_temp", white())),
          thing("motion sensor", Style.SHORT, id -> new Detector(main(id), "motion", false)),
          thing("blind", Style.FULL, id -> shade(id, "blind", Shade.Reports.BOTH)),
          new Thing("outlet", Style.DEVICE, (id, name, number) -> outlet(id)),
          thing("lamp", Style.SHORT, id -> plainLamp(id, 255, dimmed())),
          thing("window", Style.SHORT, id -> new Detector(main(id), "window", false)),
          own("plug", (id, name, number) -> new TasmotaPlug(mac(number), id, 60)),
          new Thing("climate sensor", Style.DEVICE, (id, name, number) -> climate(id)),
          thing("wall light", Style.DEVICE, id -> lamp(id, "brightness", dimmed())),
          thing("thermostat", Style.FULL, id -> new Radiator(main(id), true, 21, 20)),
          own("floor lamp", (id, name, number) -> new TasmotaLamp(mac(number), id)),
          thing("fan", Style.SHORT, id -> new Ventilator(main(id), 3, false, 67)),
          thing("leak sensor", Style.FULL, id -> new Detector(main(id), "moisture", false)),
          thing("mirror light", Style.FULL, id -> plainLamp(id, 0, Map.of(Attribute.ON, false))),
          own(
              "heater",
              (id, name, number) -> new ShellyPlug("shellyplugs-" + low(number), name, 900)),
          thing("light strip", Style.SHORT, id -> lamp(id, "rgb", colored())),
          thing("curtain", Style.SHORT, id -> shade(id, "curtain", Shade.Reports.POSITION)),
          own("shutter", (id, name, number) -> new TasmotaShutter(mac(number), id)),
          thing("light sensor", Style.FULL, GeneratedHome::illuminance),
          thing("air conditioner", Style.FULL, id -> new AirConditioner(main(id), "off", 24, 25)),
          own(
              "shelf light",
              (id, name, number) -> new ShellyLamp("shellyrgbw-" + low(number), name)),
          thing("door", Style.SHORT, id -> new Detector(main(id), "door", false)),
          thing("door lock", Style.FULL, id -> new DoorLock(main(id), true)),
          own("awning", (id, name, number) -> new ShellyBlind("shelly2pm-" + low(number), name)),
          thing("reading light", Style.FULL, id -> lamp(id, "onoff", Map.of(Attribute.ON, true))),
          thing("skylight", Style.SHORT, id -> shade(id, "window", Shade.Reports.WORDS)),
          own("pump", (id, name, number) -> ShelliesPoint.relay("shelly1-" + low(number))),
          thing("desk lamp", Style.DEVICE, id -> lamp(id, "hs", colored())),
          thing("humidifier", Style.SHORT, id -> new AirHumidifier(main(id), 45, 40)),
          own(
              "roller",
              (id, name, number) -> ShelliesPoint.roller("shellyswitch25-" + low(number))),
          thing("vacuum", Style.FULL, id -> Robot.vacuum(main(id))),
          thing("water valve", Style.SHORT, id -> new WaterValve(main(id))),
          own("night light", (id, name, number) -> new HomieLamp(id.replace('_', '-'))),
          own("loft", (id, name, number) -> new RoomRobot(id)),
          thing("boiler", Style.FULL, id -> new Boiler(main(id))),
          thing("radio volume", Style.SHORT, GeneratedHome::volume),
          thing("programme", Style.DEVICE, GeneratedHome::programme),
          own("venetian blind", (id, name, number) -> new HomieBlind(id.replace('_', '-'))),
          thing("display", Style.FULL, GeneratedHome::display),
          thing("chime", Style.SHORT, id -> new PushButton(Kind.BUTTON, main(id), "PRESS")),
          thing("scene", Style.FULL, id -> new PushButton(Kind.SCENE, main(id), "ON")),
          thing("remote", Style.FULL, id -> new RemoteKey(main(id))),
          thing("firmware", Style.DEVICE, id -> new Firmware(main(id))),
          thing("siren", Style.FULL, id -> new Horn(main(id))),
          thing("mower", Style.SHORT, id -> Robot.mower(main(id))),
          thing("alarm", Style.FULL, id -> new AlarmPanel(main(id), "1234")));

  private final List<Floor> floors = new ArrayList<>();
  private final List<Area> areas = new ArrayList<>();
  private final List<Blueprint> devices = new ArrayList<>();

  /**
   * A home.
   *
   * @param entities how many entities it has, above 0
   */
  GeneratedHome(int entities) {
    int rooms = Math.clamp(entities / ENTITIES_PER_ROOM, 1, MOST_ROOMS);
    int storeys = Math.min(FLOORS.size(), Math.ceilDiv(rooms, ROOMS_PER_FLOOR));
    for (int i = 0; i < storeys; i++) {
      String name = FLOORS.get(i) + " floor";
      floors.add(new Floor(FloorId.of(name), name, i, List.of()));
    }
    int onOneFloor = Math.ceilDiv(rooms, storeys);
    for (int i = 0; i < rooms; i++) {
      Floor floor = floors.get(i / onOneFloor);
      String name = ROOMS.get(i % ROOMS.size());
      // The first of a name needs no floor beside it.
      String full = i < ROOMS.size() ? name : floor.name() + " " + name.toLowerCase(Locale.ROOT);
      areas.add(new Area(AreaId.of(full), full, floor.id(), List.of()));
    }
    Map<String, Integer> named = new HashMap<>();
    int made = 0;
    while (made < entities) {
      Area area = areas.get((int) ((long) made * rooms / entities));
      Thing thing = THINGS.get(devices.size() % THINGS.size());
      String plain = area.name() + " " + thing.name;
      int same = named.merge(plain, 1, Integer::sum);
      String name = same == 1 ? plain : plain + " " + same;
      int number = devices.size() + 1;
      String id = Slugs.slug(plain + " " + number);
      List<Point> points = thing.maker.make(id, name, number);
      if (made + points.size() > entities) {
        points = List.of(new Outlet(main(id), "outlet", true));
      }
      devices.add(
          StandardHome.blueprint(
              name, area, thing.style, false, "Model " + number % 7, points.toArray(Point[]::new)));
      made += points.size();
    }
  }

  List<Blueprint> devices() {
    return List.copyOf(devices);
  }

  HomeLayout layout() {
    return new HomeLayout(floors, areas, StandardHome.places(devices));
  }

  @FunctionalInterface
  private interface Simple {
    Point make(String id);
  }

  @FunctionalInterface
  private interface Own {
    NativePoint make(String id, String name, int number);
  }

  private static Thing thing(String name, Style style, Simple maker) {
    return new Thing(name, style, (id, full, number) -> List.of(maker.make(id)));
  }

  private static Thing own(String name, Own maker) {
    return new Thing(
        name, Style.NATIVE, (id, full, number) -> List.of(maker.make(id, full, number)));
  }

  private static Point.Label main(String id) {
    return StandardHome.main(id);
  }

  private static Point.Label part(String id, String name) {
    return new Point.Label(id + "_" + name, name, List.of());
  }

  /** An address that no maker has: locally administered. */
  private static String mac(int number) {
    return String.format(Locale.ROOT, "02DE%08X", number);
  }

  private static String low(int number) {
    return mac(number).toLowerCase(Locale.ROOT);
  }

  private static Point lamp(String id, String mode, Map<Attribute, Object> initial) {
    return new JsonLamp(main(id), List.of(mode), initial);
  }

  private static Point plainLamp(String id, int scale, Map<Attribute, Object> initial) {
    return new PlainLamp(main(id), scale, false, false, initial);
  }

  private static Map<Attribute, Object> dimmed() {
    return Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 40);
  }

  private static Map<Attribute, Object> white() {
    return Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 80, Attribute.COLOR_TEMPERATURE, 3000);
  }

  private static Map<Attribute, Object> colored() {
    return Map.of(
        Attribute.ON, false, Attribute.BRIGHTNESS, 60, Attribute.COLOR, new Color(210, 40));
  }

  private static Point shade(String id, String deviceClass, Shade.Reports reports) {
    return new Shade(main(id), deviceClass, reports, false, Duration.ofSeconds(12), 0);
  }

  private static List<Point> outlet(String id) {
    return List.of(new Outlet(main(id), "outlet", true), Meter.power(part(id, "power"), id, 120));
  }

  private static List<Point> climate(String id) {
    return List.of(
        Meter.room(part(id, "temperature"), "temperature", "°C", 21, 0.8),
        Meter.room(part(id, "humidity"), "humidity", "%", 48, 4));
  }

  private static Point illuminance(String id) {
    return Meter.room(main(id), "illuminance", "lx", 320, 120);
  }

  private static Point volume(String id) {
    return new Knob(
        Kind.NUMBER, main(id), Attribute.NUMBER, 20.0, Wire.map("min", 0, "max", 40, "step", 0.5));
  }

  private static Point programme(String id) {
    return new Knob(
        Kind.SELECT,
        main(id),
        Attribute.MODE,
        "cotton",
        Wire.map("options", List.of("cotton", "wool", "quick")));
  }

  private static Point display(String id) {
    return new Knob(Kind.TEXT, main(id), Attribute.TEXT, "Welcome", Wire.map("max", 32));
  }
}

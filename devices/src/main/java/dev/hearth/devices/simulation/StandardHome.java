package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.simulation.Blueprint.Style;
import dev.hearth.devices.simulation.Point.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The simulated home, as a table: three floors, nine areas, 48 entities on 44 devices. */
final class StandardHome {
  static final Floor GROUND =
      floor("ground_floor", "Ground floor", 0, "downstairs", "一楼", "楼下", "底楼");
  private static final Floor FIRST = floor("first_floor", "First floor", 1, "upstairs", "二楼", "楼上");
  private static final Floor TOP = floor("top_floor", "Attic", 2, "top floor", "顶楼", "三楼");

  private static final Area KITCHEN = area("kitchen", "Kitchen", GROUND, "厨房");
  private static final Area LIVING =
      area("living_room", "Living room", GROUND, "lounge", "sitting room", "客厅", "起居室");
  private static final Area HALL =
      area("hall", "Hall", GROUND, "hallway", "entrance", "门厅", "玄关", "走廊");
  private static final Area GARAGE = area("garage", "Garage", GROUND, "车库");
  private static final Area BEDROOM =
      area("bedroom", "Bedroom", FIRST, "main bedroom", "master bedroom", "卧室", "主卧");
  private static final Area KIDS =
      area("kids_room", "Kids room", FIRST, "children's room", "nursery", "儿童房", "孩子房间");
  private static final Area BATHROOM =
      area("bathroom", "Bathroom", FIRST, "bath", "浴室", "卫生间", "洗手间");
  private static final Area OFFICE = area("office", "Office", FIRST, "study", "书房", "办公室");
  private static final Area ATTIC = area("attic", "Attic", TOP, "loft", "阁楼");

  private static final List<String> WHITE = List.of("color_temp");
  private static final List<String> DIMMED = List.of("brightness");

  private final List<Blueprint> devices = new ArrayList<>();

  private StandardHome() {
    kitchen();
    livingRoom();
    hall();
    garage();
    bedroom();
    kidsRoom();
    bathroom();
    office();
    attic();
  }

  static List<Blueprint> devices() {
    return List.copyOf(new StandardHome().devices);
  }

  static HomeLayout layout() {
    return new HomeLayout(
        List.of(GROUND, FIRST, TOP),
        List.of(KITCHEN, LIVING, HALL, GARAGE, BEDROOM, KIDS, BATHROOM, OFFICE, ATTIC),
        places(devices()));
  }

  static List<HomeLayout.Place> places(List<Blueprint> devices) {
    List<HomeLayout.Place> places = new ArrayList<>();
    for (Blueprint device : devices) {
      for (Point point : device.points()) {
        String own = point.label().name();
        places.add(
            new HomeLayout.Place(
                new EntityId(point.kind().component() + "." + point.label().id()),
                own == null ? device.name() : device.name() + " " + own,
                device.area().id(),
                point.label().aliases()));
      }
    }
    return places;
  }

  private void kitchen() {
    add(
        "Kitchen ceiling light",
        KITCHEN,
        Style.FULL,
        "Panel 30",
        new JsonLamp(main("kitchen_ceiling", "厨房吸顶灯", "厨房主灯"), WHITE, white(true, 80, 3000)));
    add(
        "Kitchen counter light",
        KITCHEN,
        Style.SHORT,
        "Strip",
        new PlainLamp(
            main("kitchen_counter", "厨房台面灯", "操作台灯"), 255, false, false, dimmed(true, 60)));
    add(
        "Coffee machine",
        KITCHEN,
        Style.DEVICE,
        "Plug PM",
        new Outlet(main("kitchen_coffee", "咖啡机"), "outlet", false),
        Meter.power(part("kitchen_coffee_power", "power", "咖啡机功率"), "kitchen_coffee", 1150));
    add(
        "Kitchen blind",
        KITCHEN,
        Style.FULL,
        "Roller 2",
        shade("kitchen_blind", "blind", Shade.Reports.BOTH, false, 12, 100, "厨房百叶窗", "厨房窗帘"));
    add(
        "Kitchen window",
        KITCHEN,
        Style.SHORT,
        "Contact",
        new Detector(main("kitchen_window", "厨房窗户"), "window", false));
    add(
        "Kitchen leak sensor",
        KITCHEN,
        Style.FULL,
        "Drop",
        new Detector(main("kitchen_leak", "厨房漏水传感器"), "moisture", false));
    add(
        "Kitchen climate sensor",
        KITCHEN,
        Style.DEVICE,
        "TH 1",
        room("kitchen_air_temperature", "temperature", "°C", 21.5, 0.8, "厨房温度"),
        room("kitchen_air_humidity", "humidity", "%", 48, 4, "厨房湿度"));
  }

  private void livingRoom() {
    add(
        "Living room ceiling light",
        LIVING,
        Style.FULL,
        "Panel 60 Color",
        new JsonLamp(
            main("living_ceiling", "客厅吸顶灯", "客厅主灯", "客厅大灯"),
            List.of("color_temp", "xy"),
            white(true, 70, 2700)));
    add(
        "Floor lamp",
        LIVING,
        Style.SHORT,
        "Column",
        new PlainLamp(
            main("living_floor_lamp", "落地灯"),
            100,
            true,
            false,
            Map.of(
                Attribute.ON,
                false,
                Attribute.BRIGHTNESS,
                50,
                Attribute.COLOR,
                new Color(30, 70))));
    add(
        "Bookshelf light",
        LIVING,
        Style.FULL,
        "Relay",
        new PlainLamp(main("living_shelf", "书架灯"), 0, false, false, Map.of(Attribute.ON, false)));
    add(
        "Living room curtain",
        LIVING,
        Style.SHORT,
        "Rail 4",
        shade("living_curtain", "curtain", Shade.Reports.BOTH, false, 10, 100, "客厅窗帘"));
    addAlone(
        "Living room air conditioner",
        LIVING,
        Style.FULL,
        "Split 35",
        new AirConditioner(main("living_ac", "客厅空调", "空调"), "off", 24, 25.5));
    add(
        "Living room fan",
        LIVING,
        Style.SHORT,
        "Tower 3",
        new Ventilator(main("living_fan", "客厅风扇", "电风扇"), 3, false, 67));
    add(
        "TV outlet",
        LIVING,
        Style.DEVICE,
        "Plug PM",
        new Outlet(main("living_tv", "电视插座", "电视"), "outlet", true),
        Meter.power(part("living_tv_power", "power", "电视功率"), "living_tv", 92));
    add(
        "Living room motion sensor",
        LIVING,
        Style.FULL,
        "Eye",
        new Detector(main("living_motion", "客厅人体传感器"), "motion", true));
  }

  private void hall() {
    add(
        "Hall light",
        HALL,
        Style.SHORT,
        "Bulb 9",
        new JsonLamp(main("hall_light", "门厅灯", "走廊灯"), DIMMED, dimmed(true, 40)));
    add(
        "Front door lock",
        HALL,
        Style.FULL,
        "Bolt",
        new DoorLock(main("front_door", "前门锁", "大门锁", "前门"), true));
    add(
        "Front door contact",
        HALL,
        Style.SHORT,
        "Contact",
        new Detector(main("front_door_contact", "前门门磁"), "door", false));
    add(
        "Hall motion sensor",
        HALL,
        Style.SHORT,
        "Eye",
        new Detector(main("hall_motion", "门厅人体传感器"), "motion", false));
  }

  private void garage() {
    addAlone(
        "Garage door",
        GARAGE,
        Style.FULL,
        "Opener",
        shade("garage_door", "garage", Shade.Reports.WORDS, false, 15, 0, "车库门"));
    add(
        "Garage light",
        GARAGE,
        Style.FULL,
        "Relay",
        new Outlet(main("garage_light", "车库灯"), "switch", false));
    add(
        "Back door lock",
        GARAGE,
        Style.SHORT,
        "Bolt",
        new DoorLock(main("back_door", "后门锁", "后门"), true));
    add(
        "Car charger",
        GARAGE,
        Style.DEVICE,
        "Plug PM 16",
        new Outlet(main("garage_charger", "充电桩", "汽车充电器"), "outlet", true),
        Meter.power(part("garage_charger_power", "power", "充电桩功率"), "garage_charger", 3_600));
  }

  private void bedroom() {
    add(
        "Bedroom ceiling light",
        BEDROOM,
        Style.FULL,
        "Panel 30",
        new JsonLamp(main("bedroom_ceiling", "卧室吸顶灯", "卧室主灯"), WHITE, white(false, 60, 2700)));
    add(
        "Left bedside lamp",
        BEDROOM,
        Style.SHORT,
        "Globe",
        new PlainLamp(main("bedroom_left", "左床头灯", "左边床头灯"), 255, false, true, dimmed(false, 30)));
    add(
        "Right bedside lamp",
        BEDROOM,
        Style.SHORT,
        "Globe",
        new PlainLamp(main("bedroom_right", "右床头灯", "右边床头灯"), 255, false, true, dimmed(true, 30)));
    add(
        "Bedroom thermostat",
        BEDROOM,
        Style.FULL,
        "Valve 2",
        new Radiator(main("bedroom_thermostat", "卧室温控器", "卧室暖气"), true, 19, 19.1));
    add(
        "Bedroom shutter",
        BEDROOM,
        Style.FULL,
        "Shutter",
        shade("bedroom_shutter", "shutter", Shade.Reports.POSITION, false, 18, 0, "卧室卷帘", "卧室百叶"));
    add(
        "Bedroom window",
        BEDROOM,
        Style.SHORT,
        "Contact",
        new Detector(main("bedroom_window", "卧室窗户"), "window", true));
  }

  private void kidsRoom() {
    add(
        "Kids room light",
        KIDS,
        Style.SHORT,
        "Cloud",
        new JsonLamp(
            main("kids_light", "儿童房灯"),
            List.of("rgb"),
            Map.of(
                Attribute.ON,
                true,
                Attribute.BRIGHTNESS,
                90,
                Attribute.COLOR,
                new Color(210, 40))));
    add(
        "Night light",
        KIDS,
        Style.FULL,
        "Moon",
        new JsonLamp(main("kids_night_light", "小夜灯", "夜灯"), DIMMED, dimmed(false, 10)));
    add(
        "Kids room thermostat",
        KIDS,
        Style.SHORT,
        "Valve 2",
        new Radiator(main("kids_thermostat", "儿童房温控器", "儿童房暖气"), true, 21, 20.4));
    add(
        "Kids room blind",
        KIDS,
        Style.SHORT,
        "Roller 2",
        shade("kids_blind", "blind", Shade.Reports.BOTH, true, 12, 50, "儿童房百叶窗", "儿童房窗帘"));
  }

  private void bathroom() {
    add(
        "Bathroom light",
        BATHROOM,
        Style.FULL,
        "Ring",
        new JsonLamp(main("bathroom_light", "浴室灯", "卫生间灯"), DIMMED, dimmed(false, 100)));
    add(
        "Bathroom fan",
        BATHROOM,
        Style.FULL,
        "Vent",
        new Ventilator(main("bathroom_fan", "浴室排风扇", "换气扇"), 0, false, 0));
    add(
        "Bathroom sensor",
        BATHROOM,
        Style.DEVICE,
        "TH 1",
        room("bathroom_air_humidity", "humidity", "%", 61, 8, "浴室湿度"));
    add(
        "Bathroom leak sensor",
        BATHROOM,
        Style.SHORT,
        "Drop",
        new Detector(main("bathroom_leak", "浴室漏水传感器"), "moisture", false));
  }

  private void office() {
    add(
        "Office ceiling light",
        OFFICE,
        Style.FULL,
        "Panel 60",
        new JsonLamp(main("office_ceiling", "书房吸顶灯", "书房灯"), WHITE, white(true, 100, 4000)));
    add(
        "Desk lamp",
        OFFICE,
        Style.SHORT,
        "Arm",
        new JsonLamp(
            main("office_desk_lamp", "台灯", "书桌灯"),
            List.of("hs", "color_temp"),
            white(true, 75, 3500)));
    add(
        "Office thermostat",
        OFFICE,
        Style.FULL,
        "Valve 2",
        new Radiator(main("office_thermostat", "书房温控器", "书房暖气"), false, 20, 18.7));
    add(
        "Office light sensor",
        OFFICE,
        Style.FULL,
        "Lux",
        Meter.room(main("office_illuminance", "书房光照"), "illuminance", "lx", 320, 120));
  }

  private void attic() {
    add(
        "Attic light",
        ATTIC,
        Style.SHORT,
        "Bulb 5",
        new JsonLamp(main("attic_light", "阁楼灯"), List.of("onoff"), Map.of(Attribute.ON, false)));
    add(
        "Attic skylight",
        ATTIC,
        Style.FULL,
        "Roof 1",
        shade("attic_skylight", "window", Shade.Reports.BOTH, false, 20, 0, "天窗", "阁楼天窗"));
    add(
        "Attic fan",
        ATTIC,
        Style.SHORT,
        "Box",
        new Ventilator(main("attic_fan", "阁楼风扇"), 100, false, 40));
  }

  private void add(String name, Area area, Style style, String model, Point... points) {
    devices.add(blueprint(name, area, style, false, model, points));
  }

  private void addAlone(String name, Area area, Style style, String model, Point... points) {
    devices.add(blueprint(name, area, style, true, model, points));
  }

  static Blueprint blueprint(
      String name, Area area, Style style, boolean alone, String model, Point... points) {
    String id = points[0].label().id();
    String first = points[0].label().name();
    // A device without a main feature is named after what its points have in common.
    return new Blueprint(
        first == null ? id : id.substring(0, id.lastIndexOf('_')),
        name,
        area,
        style,
        alone,
        model,
        List.of(points));
  }

  static Label main(String id, String... aliases) {
    return label(id, null, aliases);
  }

  private static Label part(String id, String name, String... aliases) {
    return label(id, name, aliases);
  }

  private static Label label(String id, @Nullable String name, String... aliases) {
    return new Label(id, name, List.of(aliases));
  }

  private static Meter room(
      String id, String deviceClass, String unit, double value, double swing, String alias) {
    return Meter.room(part(id, deviceClass, alias), deviceClass, unit, value, swing);
  }

  private static Shade shade(
      String id,
      String deviceClass,
      Shade.Reports reports,
      boolean reversed,
      int seconds,
      int position,
      String... aliases) {
    return new Shade(
        main(id, aliases), deviceClass, reports, reversed, Duration.ofSeconds(seconds), position);
  }

  private static Map<Attribute, Object> dimmed(boolean on, int percent) {
    return Map.of(Attribute.ON, on, Attribute.BRIGHTNESS, percent);
  }

  private static Map<Attribute, Object> white(boolean on, int percent, int kelvin) {
    return Map.of(
        Attribute.ON, on, Attribute.BRIGHTNESS, percent, Attribute.COLOR_TEMPERATURE, kelvin);
  }

  private static Floor floor(String id, String name, int level, String... aliases) {
    return new Floor(new FloorId(id), name, level, List.of(aliases));
  }

  static Area area(String id, String name, Floor floor, String... aliases) {
    return new Area(new AreaId(id), name, floor.id(), List.of(aliases));
  }
}

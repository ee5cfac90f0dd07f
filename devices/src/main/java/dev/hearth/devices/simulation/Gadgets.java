package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.simulation.Blueprint.Style;
import java.util.List;

/**
 * Devices of the kinds that the standard home lacks, one each. They are apart, for few homes have
 * them, and what can do harm should not be there unasked.
 */
final class Gadgets {
  private static final Area UTILITY =
      StandardHome.area("utility_room", "Utility room", StandardHome.GROUND, "杂物间");

  private Gadgets() {}

  static List<Blueprint> devices() {
    return List.of(
        device("Robot", Style.FULL, Robot.vacuum(StandardHome.main("robot"))),
        device("Mower", Style.SHORT, Robot.mower(StandardHome.main("mower"))),
        device(
            "Humidifier", Style.SHORT, new AirHumidifier(StandardHome.main("humidifier"), 45, 38)),
        device("Siren", Style.FULL, new Horn(StandardHome.main("siren"))),
        device("Water valve", Style.SHORT, new WaterValve(StandardHome.main("water_valve"))),
        device("Alarm", Style.FULL, new AlarmPanel(StandardHome.main("alarm"), "1234")),
        device("Boiler", Style.FULL, new Boiler(StandardHome.main("boiler"))),
        device(
            "Radio volume",
            Style.SHORT,
            new Knob(
                Kind.NUMBER,
                StandardHome.main("radio_volume"),
                Attribute.NUMBER,
                20.0,
                Wire.map("min", 0, "max", 40, "step", 0.5, "unit_of_measurement", "dB"))),
        device(
            "Washing programme",
            Style.DEVICE,
            new Knob(
                Kind.SELECT,
                StandardHome.main("washing_programme"),
                Attribute.MODE,
                "cotton",
                Wire.map("options", List.of("cotton", "wool", "quick")))),
        device(
            "Door display",
            Style.FULL,
            new Knob(
                Kind.TEXT,
                StandardHome.main("door_display"),
                Attribute.TEXT,
                "Welcome",
                Wire.map("max", 32))),
        device(
            "Doorbell chime",
            Style.SHORT,
            new PushButton(Kind.BUTTON, StandardHome.main("doorbell_chime"), "PRESS")),
        device(
            "Movie night",
            Style.FULL,
            new PushButton(Kind.SCENE, StandardHome.main("movie_night"), "ON")),
        device("Remote control", Style.FULL, new RemoteKey(StandardHome.main("remote_control"))),
        device("Hub firmware", Style.DEVICE, new Firmware(StandardHome.main("hub_firmware"))));
  }

  private static Blueprint device(String name, Style style, Point point) {
    return StandardHome.blueprint(name, UTILITY, style, false, "Gadget", point);
  }
}

package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import java.util.List;

/** Devices that speak other conventions than Home Assistant's. */
final class Natives {
  private static final Area WORKSHOP =
      StandardHome.area("workshop", "Workshop", StandardHome.GROUND, "工作间");

  private Natives() {}

  static List<Blueprint> devices() {
    return List.of(
        device("Soldering station", "Sonoff POW", new TasmotaPlug("A0B1C2D3E401", "soldering", 60)),
        device("Bench lamp", "Generic RGBCCT", new TasmotaLamp("A0B1C2D3E402", "bench")),
        device("Workshop shutter", "Shelly 2.5", new TasmotaShutter("A0B1C2D3E403", "shutter")),
        device(
            "Compressor",
            "Plus Plug S",
            new ShellyPlug("shellyplugs-a0b1c2d3e404", "Compressor", 900)),
        device(
            "Showcase light",
            "Plus RGBW PM",
            new ShellyLamp("shellyrgbw-a0b1c2d3e405", "Showcase light")),
        device(
            "Skylight blind",
            "Plus 2PM",
            new ShellyBlind("shelly2pm-a0b1c2d3e406", "Skylight blind")),
        device("Pump", "Shelly 1", ShelliesPoint.relay("shelly1-a0b1c2d3e407")),
        device("Gate blind", "Shelly 2.5", ShelliesPoint.roller("shellyswitch25-a0b1c2d3e408")),
        device("Attic lamp", "Homie lamp", new HomieLamp("attic-lamp")),
        device("Attic blind", "Homie blind", new HomieBlind("attic-blind")),
        device("Loft", "Valetudo robot", new RoomRobot("duster")));
  }

  private static Blueprint device(String name, String model, NativePoint point) {
    return StandardHome.blueprint(name, WORKSHOP, Blueprint.Style.NATIVE, true, model, point);
  }
}

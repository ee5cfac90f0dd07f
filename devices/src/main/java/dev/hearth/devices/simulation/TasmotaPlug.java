package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A socket with a meter. */
final class TasmotaPlug extends TasmotaPoint {
  private final double load;

  /**
   * A socket.
   *
   * @param load what hangs on it, in watts
   */
  TasmotaPlug(String mac, String topic, double load) {
    super(Kind.SWITCH, "relay_1", mac, topic, Map.of(Attribute.ON, false));
    this.load = load;
  }

  @Override
  List<String> commands() {
    return List.of("POWER1");
  }

  @Override
  Map<String, Object> setup() {
    return Wire.map("rl", List.of(1, 0, 0, 0, 0, 0, 0, 0), "lt_st", 0);
  }

  @Override
  Map<String, Object> status(State state) {
    return Wire.map("POWER", word(state));
  }

  @Override
  Map<String, Object> sensors(State state) {
    return Wire.map("ENERGY", Wire.map("Power", on(state) ? load : 0, "Voltage", 230));
  }

  @Override
  State target(State now, String command, List<Double> values, String payload) {
    return with(now, Attribute.ON, choice(payload, "ON", "OFF"));
  }
}

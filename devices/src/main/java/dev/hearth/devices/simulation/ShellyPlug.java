package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.Map;

/** A socket with a meter. */
final class ShellyPlug extends ShellyPoint {
  private final double load;

  /**
   * A socket.
   *
   * @param load what hangs on it, in watts
   */
  ShellyPlug(String id, String name, double load) {
    super(Kind.SWITCH, id, "switch:0", name, Map.of(Attribute.ON, false));
    this.load = load;
  }

  @Override
  Map<String, Object> status(State state) {
    return Wire.map("id", 0, "output", on(state), "apower", on(state) ? load : 0, "voltage", 230);
  }

  @Override
  State target(State now, String method, Map<?, ?> parameters) {
    return switched(now, parameters);
  }
}

package dev.hearth.devices.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The home's devices without a broker, in a time that the test turns. */
final class Workbench {
  final ManualTime time = new ManualTime();
  final SimulationOptions options = SimulationOptions.defaults().withTime(time);
  final Map<String, SimulatedDevice> devices = new LinkedHashMap<>();
  final List<Blueprint> blueprints =
      Stream.of(StandardHome.devices(), Gadgets.devices()).flatMap(List::stream).toList();

  /** The last payload on each topic, as a broker would retain it. */
  final Map<String, String> retained = new HashMap<>();

  /** Everything sent since {@link #forget}, as {@code topic payload}. */
  final List<String> sent = new ArrayList<>();

  Workbench() {
    for (Blueprint blueprint : blueprints) {
      devices.put(
          blueprint.id(),
          new SimulatedDevice(
              blueprint,
              options,
              (topic, payload, retained) -> {
                this.retained.put(topic, payload);
                sent.add(topic + " " + payload);
              }));
    }
  }

  SimulatedDevice device(String id) {
    SimulatedDevice device = devices.get(id);
    if (device == null) {
      throw new IllegalArgumentException("no device " + id);
    }
    return device;
  }

  void introduce() {
    devices.values().forEach(SimulatedDevice::introduce);
    forget();
  }

  void forget() {
    sent.clear();
  }

  /** Sends a command and waits for the device to react. */
  void command(String id, String topic, String payload) {
    device(id).receive(topic, payload);
    time.advance(options.reaction());
  }

  void pass(Duration duration) {
    time.advance(duration);
  }
}

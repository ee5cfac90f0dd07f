package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.ReaderCodec;
import java.util.List;
import java.util.Map;

/** How all parts of a device are heard. */
final class Wiring {
  private Wiring() {}

  /** Reads what a device says of itself, on whatever topic. */
  @FunctionalInterface
  interface Reader {
    /** Takes the values; throws IllegalArgumentException when they make no sense. */
    void read(Map<?, ?> json, State before, StateUpdate.Builder out);
  }

  /**
   * A codec that hears the outcome of commands, the reports of the state and those of sensors, and
   * asks for both at first.
   *
   * @param setup of the device
   * @param commands what it may be told, by which refusals are known
   * @param sensors whether what it says comes with the sensors rather than with the state
   * @param reader takes the values
   */
  static ReaderCodec.Builder codec(
      Setup setup, List<String> commands, boolean sensors, Reader reader) {
    ReaderCodec.Builder codec = new ReaderCodec.Builder();
    codec.availability(setup.tele() + "LWT", setup.online(), setup.offline());
    for (String topic : setup.answers(commands)) {
      codec.readOwn(
          topic,
          (payload, before, out) -> {
            if (payload.startsWith("{")) { // With answers by command, a plain word comes as well.
              ReaderCodec.json(
                      (json, state, update) -> {
                        refusal(json, commands, update);
                        reader.read(json, state, update);
                      })
                  .read(payload, before, out);
            }
          });
    }
    String report = sensors ? "SENSOR" : "STATE";
    codec.readOwnJson(setup.tele() + report, reader::read);
    // The answer to a question for the status has all values in an object of their own.
    codec.readOwnJson(
        setup.stat() + (sensors ? "STATUS10" : "STATUS11"),
        (json, before, out) -> {
          if (json.get(sensors ? "StatusSNS" : "StatusSTS") instanceof Map<?, ?> values) {
            reader.read(values, before, out);
          }
        });
    codec.greet(sensors ? setup.send("STATUS", "10") : setup.send("STATE", ""));
    return codec;
  }

  /** Newer firmware tells which command it did not know, older does not. */
  private static void refusal(Map<?, ?> json, List<String> commands, StateUpdate.Builder out) {
    if (json.get("Command") instanceof String word && List.of("Unknown", "Error").contains(word)) {
      boolean mine =
          !(json.get("Input") instanceof String input)
              || commands.stream().anyMatch(input::equalsIgnoreCase);
      if (mine && !commands.isEmpty()) {
        out.failure(
            new StateUpdate.Failure(false, Names.clean("the firmware says \"" + word + "\"")));
      }
    }
  }
}

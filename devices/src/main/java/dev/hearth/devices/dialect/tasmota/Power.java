package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The switch of one output.
 *
 * @param setup of its device
 * @param number of the output, from 1
 */
record Power(Setup setup, int number) {
  String command() {
    return "POWER" + number;
  }

  Outgoing write(boolean on) {
    return setup.send(command(), on ? "ON" : "OFF");
  }

  /** A device of one output leaves its number out, unless SetOption26 says otherwise. */
  void read(Map<?, ?> json, StateUpdate.Builder out) {
    Object value = json.get(command());
    if (value == null && number == 1) {
      value = json.get("POWER");
    }
    if (value != null) {
      out.set(Attribute.ON, isOn(setup, value));
    }
  }

  /** Whether a word, which people can change, means on. */
  static boolean isOn(Setup setup, @Nullable Object value) {
    String word = Json.word(value);
    if (word.equals(setup.words().get(1)) || word.equalsIgnoreCase("ON") || word.equals("1")) {
      return true;
    }
    if (word.equals(setup.words().get(0)) || word.equalsIgnoreCase("OFF") || word.equals("0")) {
      return false;
    }
    throw Json.nonsense(value, "'" + setup.words().get(1) + "' or '" + setup.words().get(0) + "'");
  }
}

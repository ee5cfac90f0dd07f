package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of how it is set up.
 *
 * @param mac its MAC address, twelve hexadecimal digits
 * @param name what people call it, cleaned
 * @param model the module, cleaned, or null
 * @param names friendly names of its outputs, cleaned; empty where there is none
 * @param command topic of commands, which ends with a slash
 * @param stat topic of answers, which ends with a slash
 * @param tele topic of reports, which ends with a slash
 * @param online the word by which it says that it is there
 * @param offline the word by which the broker says that it is gone
 * @param words its words for off and on
 * @param outputs what each output drives: 0 nothing, 1 a relay, 2 a lamp, 3 a shutter
 * @param lamp what the lamp can do: 0 on and off, 1 dimmed, 2 two whites, 3 RGB, 4 RGB and white, 5
 *     RGB and two whites
 * @param linked whether color and white are one lamp
 * @param fan whether it is a fan whose speeds hang on the outputs from the second on
 * @param inverted by shutter, whether 0 % is open
 * @param tilts by shutter: lowest angle, highest angle, time to turn; zeros where it has no slats
 * @param options numbers of options ({@code SetOption…}) that are on
 */
record Setup(
    String mac,
    String name,
    @Nullable String model,
    List<String> names,
    String command,
    String stat,
    String tele,
    String online,
    String offline,
    List<String> words,
    List<Integer> outputs,
    int lamp,
    boolean linked,
    boolean fan,
    List<Boolean> inverted,
    List<List<Integer>> tilts,
    List<Integer> options) {
  static final int RELAY = 1;
  static final int LAMP = 2;
  static final int SHUTTER = 3;

  /** Answers come on a topic of each command. */
  static final int ANSWERS_BY_COMMAND = 4;

  /** Dimming does not turn on. */
  static final int NO_POWER_ON = 20;

  /** Relays drive lamps. */
  static final int RELAYS_ARE_LAMPS = 30;

  /** Each channel is a lamp. */
  static final int CHANNELS = 68;

  /** Whites from 200 to 380 mired only. */
  static final int FEW_WHITES = 82;

  /** Switches drive nothing themselves. */
  static final int DETACHED = 114;

  private static final int MAX_OUTPUTS = 32;

  static Setup of(Fields json, String mac) throws DiscoveryException {
    String topic = json.required("t");
    String full = json.required("ft");
    List<?> prefixes = json.list("tp", 3);
    if (prefixes.size() != 3) {
      throw Fields.wrong("tp", prefixes, "the three prefixes cmnd, stat and tele");
    }
    String host = json.text("hn");
    String[] bases = new String[3];
    for (int i = 0; i < 3; i++) {
      String template = i == 0 && !full.contains("%prefix%") ? full + "/%prefix%" : full;
      String base =
          template
                  .replace("%prefix%", String.valueOf(prefixes.get(i)))
                  .replace("%topic%", topic)
                  .replace("%hostname%", host == null ? "" : host)
                  .replace("%id%", mac)
              + "/";
      bases[i] = base.replaceAll("/{2,}", "/");
      if (!Topics.isTopic(bases[i] + "RESULT")) {
        throw Fields.wrong("ft", full, "a template of topics without + and #");
      }
    }
    List<String> words = texts(json.list("state", 4));
    Map<String, Object> options = new LinkedHashMap<>();
    json.section("so").values().forEach((key, value) -> options.put(String.valueOf(key), value));
    return new Setup(
        mac,
        title(json.text("dn"), topic),
        clean(json.text("md")),
        texts(json.list("fn", MAX_OUTPUTS)).stream().map(Names::clean).toList(),
        bases[0],
        bases[1],
        bases[2],
        or(json.text("onln"), "Online"),
        or(json.text("ofln"), "Offline"),
        words.size() < 2 ? List.of("OFF", "ON") : words.subList(0, 2),
        integers("rl", json.list("rl", MAX_OUTPUTS)),
        json.integer("lt_st", 0),
        json.integer("lk", 1) != 0,
        json.integer("if", 0) == 1,
        integers("sho", json.list("sho", MAX_OUTPUTS)).stream()
            .map(each -> (each & 1) == 1)
            .toList(),
        tilts(json.list("sht", MAX_OUTPUTS)),
        options.entrySet().stream()
            .filter(each -> each.getKey().matches("\\d{1,3}") && isOn(each.getValue()))
            .map(each -> Integer.valueOf(each.getKey()))
            .sorted()
            .toList());
  }

  private static boolean isOn(@Nullable Object value) {
    return value instanceof Integer i && i == 1;
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }

  private static String title(@Nullable String name, String topic) {
    String clean = Names.clean(or(name, topic));
    return clean.isEmpty() ? "Tasmota device" : clean;
  }

  private static @Nullable String clean(@Nullable String text) {
    String clean = text == null ? "" : Names.clean(text);
    return clean.isEmpty() ? null : clean;
  }

  private static List<String> texts(List<?> list) {
    return list.stream().map(each -> each instanceof String s ? s : "").toList();
  }

  private static List<Integer> integers(String key, List<?> list) throws DiscoveryException {
    List<Integer> out = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Integer i)) {
        throw Fields.wrong(key, each, "a list of whole numbers");
      }
      out.add(i);
    }
    return out;
  }

  private static List<List<Integer>> tilts(List<?> list) throws DiscoveryException {
    List<List<Integer>> out = new ArrayList<>();
    for (Object each : list) {
      List<Integer> one =
          each instanceof List<?> three ? integers("sht", three) : List.<Integer>of();
      out.add(one.size() == 3 ? one : List.of(0, 0, 0));
    }
    return out;
  }

  boolean has(int option) {
    return options.contains(option);
  }

  /**
   * What to call an output.
   *
   * @param number counted from 1
   * @param alone whether it is all there is
   */
  String outputName(int number, boolean alone) {
    String own = number <= names.size() ? names.get(number - 1) : "";
    if (alone || own.isEmpty() || own.matches("Tasmota\\d?")) { // what the firmware calls them
      return alone ? name : Names.clean(name + " " + number);
    }
    return own;
  }

  /** A command of its own message, never retained. */
  Outgoing send(String command, String value) {
    return new Outgoing(this.command + command, value);
  }

  /** Topics on which the outcome of commands is told. */
  List<String> answers(List<String> commands) {
    List<String> topics = new ArrayList<>(List.of(stat + "RESULT"));
    if (has(ANSWERS_BY_COMMAND)) {
      for (String each : commands) {
        // The number of an output is not part of the topic, but for that of plain words.
        topics.add(stat + each.toUpperCase(java.util.Locale.ROOT).replaceAll("\\d+$", ""));
      }
      topics.add(stat + "STATE");
    }
    return topics.stream().distinct().toList();
  }
}

package dev.hearth.devices.dialect.zigbee2mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every device that Zigbee2MQTT knows is read, and what it can do is what its definition says,
 * looked up in the JSON by another way.
 */
class RealDevicesTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final List<Real> ALL = new ArrayList<>();

  /** A definition, and what was made of it. */
  private record Real(String model, JsonNode exposes, String topic, List<Discovered> entities) {
    Optional<Discovered> entity(Kind kind, String object) {
      return entities.stream()
          .filter(each -> each.description().kind() == kind)
          .filter(each -> each.key().endsWith("_" + object + "_zigbee2mqtt"))
          .filter(each -> each.key().length() == key(kind, object))
          .findFirst();
    }

    private int key(Kind kind, String object) {
      return (kind.component() + "." + topic + "_" + object + "_zigbee2mqtt").length();
    }

    EntityDescription require(Kind kind, String object) {
      return entity(kind, object)
          .orElseThrow(() -> new AssertionError(model + " has no " + kind + " " + object))
          .description();
    }
  }

  @BeforeAll
  static void readAll() throws DiscoveryException {
    if (!ALL.isEmpty()) {
      return;
    }
    List<String> lines = RealDevices.lines();
    // As many at once as a large home has.
    for (int from = 0; from < lines.size(); from += 200) {
      List<String> some = lines.subList(from, Math.min(lines.size(), from + 200));
      byte[] payload = ("[" + String.join(",", some) + "]").getBytes(StandardCharsets.UTF_8);
      List<Announced> announced =
          new Zigbee2MqttDiscovery("zigbee2mqtt")
              .announcements("zigbee2mqtt/bridge/devices", payload);
      assertThat(announced).hasSameSizeAs(some);
      for (int i = 0; i < some.size(); i++) {
        JsonNode entry = MAPPER.readTree(some.get(i));
        String model = entry.at("/definition/model").asString();
        assertThat(announced.get(i).announcement())
            .as(model)
            .isInstanceOf(Announcement.Entities.class);
        List<Discovered> entities =
            ((Announcement.Entities) announced.get(i).announcement()).entities();
        ALL.add(
            new Real(
                model,
                entry.at("/definition/exposes"),
                entry.get("friendly_name").asString(),
                entities));
      }
    }
  }

  @Test
  void readsEveryDeviceAndLosesNoFeature(TestReporter reporter) {
    Map<String, Integer> checked = new HashMap<>();
    for (Real real : ALL) {
      for (JsonNode expose : real.exposes) {
        check(real, expose, checked);
      }
    }
    report(reporter, ALL.size() + " definitions, features checked", checked);
    assertThat(ALL).hasSizeGreaterThan(4_000);
    assertThat(checked)
        .containsKeys("light", "switch", "cover", "lock", "climate", "fan", "numeric", "binary");
  }

  private static void report(TestReporter reporter, String what, Map<String, Integer> counts) {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    reporter.publishEntry(what, all + " " + new TreeMap<>(counts));
  }

  private static String withEndpoint(String object, JsonNode expose) {
    return expose.has("endpoint") ? object + "_" + expose.get("endpoint").asString() : object;
  }

  private static JsonNode feature(JsonNode expose, String... names) {
    for (String name : names) {
      for (JsonNode each : expose.path("features")) {
        if (each.get("name").asString().equals(name)) {
          return each;
        }
      }
    }
    return MAPPER.missingNode();
  }

  private static boolean settable(JsonNode expose) {
    return (expose.path("access").asInt() & 2) != 0;
  }

  private static void count(Map<String, Integer> checked, String what) {
    checked.merge(what, 1, Integer::sum);
  }

  private static void check(Real real, JsonNode expose, Map<String, Integer> checked) {
    String type = expose.get("type").asString();
    switch (type) {
      case "light" -> light(real, expose, checked);
      case "switch" -> {
        String property = feature(expose, "state").get("property").asString();
        boolean setting = !expose.has("endpoint") && !property.equals("state");
        EntityDescription entity =
            real.require(Kind.SWITCH, setting ? property : withEndpoint("switch", expose));
        assertThat(entity.capabilities()).containsExactly(new Capability.OnOff());
        assertThat(entity.visible()).isEqualTo(!setting);
      }
      case "cover" -> cover(real, expose, checked);
      case "lock" -> {
        EntityDescription entity = real.require(Kind.LOCK, withEndpoint("lock", expose));
        assertThat(entity.capabilities()).containsExactly(new Capability.Lock());
      }
      case "climate" -> climate(real, expose, checked);
      case "fan" -> fan(real, expose, checked);
      case "binary" -> {
        String property = expose.get("property").asString();
        if (settable(expose)) {
          EntityDescription entity = real.require(Kind.SWITCH, property);
          assertThat(entity.capabilities()).containsExactly(new Capability.OnOff());
          assertThat(entity.visible()).isFalse();
        } else {
          EntityDescription entity = real.require(Kind.BINARY_SENSOR, property);
          assertThat(entity.capabilities())
              .hasOnlyElementsOfType(Capability.Binary.class)
              .hasSize(1);
        }
      }
      case "numeric", "enum" -> {
        if (settable(expose)) {
          input(real, expose, checked);
        } else {
          reading(real, expose);
        }
      }
      default -> {
        return; // text, list, composite
      }
    }
    count(checked, type);
  }

  private static void light(Real real, JsonNode expose, Map<String, Integer> checked) {
    List<Capability> can = real.require(Kind.LIGHT, withEndpoint("light", expose)).capabilities();
    assertThat(can).contains(new Capability.OnOff());
    boolean brightness = !feature(expose, "brightness").isMissingNode();
    assertThat(can.contains(new Capability.Brightness())).as(real.model).isEqualTo(brightness);
    JsonNode temperature = feature(expose, "color_temp");
    if (temperature.isMissingNode()) {
      assertThat(can).noneMatch(each -> each instanceof Capability.ColorTemperature);
    } else {
      // One lamp says 65279 mired, Zigbee's word for not knowing: the usual limit, then.
      double warmest = temperature.get("value_max").asDouble();
      assertThat(can)
          .as(real.model)
          .contains(
              new Capability.ColorTemperature(
                  (int) Math.round(1e6 / (warmest > 10_000 ? 500 : warmest)),
                  (int) Math.round(1e6 / temperature.get("value_min").asDouble())));
      count(checked, "light color_temp");
    }
    boolean color = !feature(expose, "color_xy", "color_hs").isMissingNode();
    assertThat(can.contains(new Capability.Color())).as(real.model).isEqualTo(color);
    count(checked, brightness ? "light brightness" : "light without brightness");
    if (color) {
      count(checked, "light color");
    }
  }

  private static void cover(Real real, JsonNode expose, Map<String, Integer> checked) {
    List<Capability> can = real.require(Kind.COVER, withEndpoint("cover", expose)).capabilities();
    boolean stop = feature(expose, "state").path("values").toString().contains("STOP");
    assertThat(can).as(real.model).contains(new Capability.OpenCloseStop(stop));
    boolean position = settable(feature(expose, "position"));
    assertThat(can.contains(new Capability.Position())).as(real.model).isEqualTo(position);
    if (position) {
      count(checked, "cover position");
    }
    boolean tilt = settable(feature(expose, "tilt"));
    assertThat(can.contains(new Capability.Tilt())).as(real.model).isEqualTo(tilt);
    if (tilt) {
      count(checked, "cover tilt");
    }
  }

  private static void climate(Real real, JsonNode expose, Map<String, Integer> checked) {
    List<Capability> can =
        real.require(Kind.CLIMATE, withEndpoint("climate", expose)).capabilities();
    JsonNode setpoint =
        feature(
            expose,
            "occupied_heating_setpoint",
            "current_heating_setpoint",
            "occupied_cooling_setpoint");
    if (settable(setpoint)) {
      assertThat(can)
          .as(real.model)
          .contains(
              new Capability.Setpoint(
                  setpoint.get("value_min").asDouble(),
                  setpoint.get("value_max").asDouble(),
                  setpoint.get("value_step").asDouble()));
      count(checked, "climate setpoint");
    }
    JsonNode fan = feature(expose, "fan_mode");
    if (settable(fan)) {
      assertThat(can)
          .as(real.model)
          .contains(new Capability.Choice(Attribute.FAN_MODE, words(fan)));
      count(checked, "climate fan mode");
    }
    JsonNode heating = feature(expose, "occupied_heating_setpoint");
    JsonNode cooling = feature(expose, "occupied_cooling_setpoint");
    if (settable(heating) && settable(cooling)) {
      assertThat(can)
          .as(real.model)
          .contains(
              new Capability.SetpointRange(
                  number(heating, "value_min"),
                  number(cooling, "value_max"),
                  number(heating, "value_step")));
      count(checked, "climate range");
    }
    JsonNode mode = feature(expose, "system_mode");
    if (settable(mode)) {
      assertThat(can).as(real.model).contains(new Capability.Mode(words(mode)));
      count(checked, "climate mode");
    }
    JsonNode preset = feature(expose, "preset");
    if (settable(preset)) {
      assertThat(can).as(real.model).contains(new Capability.Preset(words(preset)));
      count(checked, "climate preset");
    }
  }

  private static void fan(Real real, JsonNode expose, Map<String, Integer> checked) {
    List<Capability> can = real.require(Kind.FAN, withEndpoint("fan", expose)).capabilities();
    boolean state = !feature(expose, "state").isMissingNode();
    assertThat(can.contains(new Capability.OnOff())).as(real.model).isEqualTo(state);
    assertThat(can).as(real.model).anyMatch(each -> each instanceof Capability.FanSpeed);
    JsonNode speed = feature(expose, "speed");
    if (!speed.isMissingNode()) {
      int steps =
          Math.min(100, speed.get("value_max").asInt() - speed.get("value_min").asInt() + 1);
      assertThat(can).as(real.model).contains(new Capability.FanSpeed(steps));
      count(checked, "fan speed");
    }
  }

  private static void input(Real real, JsonNode expose, Map<String, Integer> checked) {
    String property = expose.get("property").asString();
    if (expose.get("type").asString().equals("numeric")) {
      Capability.NumberInput number =
          (Capability.NumberInput) real.require(Kind.NUMBER, property).capabilities().getFirst();
      if (expose.has("value_min")) {
        assertThat(number.min()).as(real.model + property).isEqualTo(number(expose, "value_min"));
      }
      if (expose.has("value_max")) {
        assertThat(number.max()).as(real.model + property).isEqualTo(number(expose, "value_max"));
      }
      count(checked, "numeric to set");
    } else if (expose.get("values").size() == 1 && expose.get("access").asInt() == 2) {
      assertThat(real.require(Kind.BUTTON, property).capabilities())
          .containsExactly(new Capability.Actions(Set.of(Action.PRESS)));
      count(checked, "enum of one word to set");
    } else {
      Capability.Mode mode =
          (Capability.Mode) real.require(Kind.SELECT, property).capabilities().getFirst();
      assertThat(words(expose)).as(real.model + property).containsAll(mode.modes());
      count(checked, "enum to set");
    }
  }

  private static double number(JsonNode expose, String key) {
    return expose.get(key).asDouble();
  }

  private static void reading(Real real, JsonNode expose) {
    EntityDescription entity = real.require(Kind.SENSOR, expose.get("property").asString());
    Capability only = entity.capabilities().getFirst();
    String given = expose.path("unit").asString("");
    String unit = given.isEmpty() ? null : given;
    assertThat(only).isInstanceOf(Capability.Measurement.class);
    assertThat(((Capability.Measurement) only).unit())
        .as(real.model + " " + entity.id())
        .isEqualTo("°F".equals(unit) ? "°C" : unit);
  }

  private static List<String> words(JsonNode choice) {
    List<String> words = new ArrayList<>();
    choice.get("values").forEach(each -> words.add(each.asString()));
    return words;
  }

  @Test
  void writesCommandsThatTheirOwnEchoConfirms(TestReporter reporter)
      throws UnsupportedCommandException {
    Map<String, Integer> done = new HashMap<>();
    for (Real real : ALL) {
      for (Discovered each : real.entities) {
        for (Command command : commands(each.description().capabilities())) {
          echo(real, each, command);
          count(done, command.getClass().getSimpleName());
        }
      }
    }
    report(reporter, "commands read back from their echo", done);
    assertThat(done).containsKeys("TurnOn", "SetBrightness", "SetColor", "SetPosition", "Lock");
  }

  private static List<Command> commands(List<Capability> capabilities) {
    List<Command> commands = new ArrayList<>();
    for (Capability each : capabilities) {
      switch (each) {
        case Capability.OnOff c -> {
          commands.add(new Command.TurnOn());
          commands.add(new Command.TurnOff());
        }
        case Capability.Brightness c ->
            List.of(1, 37, 100).forEach(p -> commands.add(new Command.SetBrightness(p)));
        case Capability.ColorTemperature(int min, int max) ->
            List.of(min, (min + max) / 2, max)
                .forEach(k -> commands.add(new Command.SetColorTemperature(k)));
        case Capability.Color c -> commands.add(new Command.SetColor(new Color(240, 100), "blue"));
        case Capability.Position c ->
            List.of(0, 40, 100).forEach(p -> commands.add(new Command.SetPosition(p)));
        case Capability.OpenCloseStop c -> {
          commands.add(new Command.Open());
          commands.add(new Command.Close());
        }
        case Capability.Setpoint(double min, double max, double step) ->
            List.of(min, Math.min(max, min + 3 * step), max)
                .forEach(t -> commands.add(new Command.SetTemperature(t)));
        case Capability.Mode(List<String> modes) ->
            modes.forEach(m -> commands.add(new Command.SetMode(m)));
        case Capability.Preset(List<String> presets) ->
            presets.forEach(p -> commands.add(new Command.SetPreset(p)));
        case Capability.FanSpeed c ->
            List.of(1, 50, 100).forEach(p -> commands.add(new Command.SetFanSpeed(p)));
        case Capability.Tilt c ->
            List.of(0, 55, 100).forEach(p -> commands.add(new Command.SetTilt(p)));
        case Capability.SetpointRange(double min, double max, double step) ->
            commands.add(new Command.SetTemperatureRange(min, max));
        case Capability.Choice(Attribute attribute, List<String> words) ->
            words.forEach(w -> commands.add(new Command.Choose(attribute, w)));
        case Capability.NumberInput(double min, double max, double step, String unit) ->
            List.of(min, max).forEach(n -> commands.add(new Command.SetNumber(n)));
        case Capability.Actions(Set<Action> actions) ->
            actions.forEach(a -> commands.add(new Command.Perform(a)));
        case Capability.Lock c -> {
          commands.add(new Command.Lock());
          commands.add(new Command.Unlock());
        }
        default -> {}
      }
    }
    return commands;
  }

  /** What the bridge would publish after a command must read as the state that was wished. */
  private static void echo(Real real, Discovered each, Command command)
      throws UnsupportedCommandException {
    String about = real.model + " " + each.description().id() + " " + command;
    Encoded encoded = each.codec().encode(command, State.UNKNOWN);
    assertThat(encoded.messages()).as(about).hasSize(1);
    String topic = "zigbee2mqtt/" + real.topic;
    assertThat(encoded.messages().getFirst().topic()).isEqualTo(topic + "/set");
    JsonNode sent = MAPPER.readTree(encoded.messages().getFirst().payload());
    Map<String, Object> state = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : sent.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      state.put(key, MAPPER.treeToValue(value, Object.class));
      if (key.startsWith("color_temp")) {
        state.put(key.replace("color_temp", "color_mode"), "color_temp");
      } else if (key.startsWith("color")) {
        state.put(key.replace("color", "color_mode"), value.has("x") ? "xy" : "hs");
      } else if (command instanceof Command.Open || command instanceof Command.Close) {
        state.put(key.replace("state", "position"), command instanceof Command.Open ? 100 : 0);
      } else if (command instanceof Command.Lock || command instanceof Command.Unlock) {
        state.put("lock_state", command instanceof Command.Lock ? "locked" : "unlocked");
      }
    }
    StateUpdate update = each.codec().parse(topic, MAPPER.writeValueAsBytes(state), State.UNKNOWN);
    for (Map.Entry<Attribute, Object> wanted : encoded.target().entrySet()) {
      if (!each.codec().reports(wanted.getKey())
          || (wanted.getKey() == Attribute.ON
              && !(command instanceof Command.TurnOn || command instanceof Command.TurnOff))) {
        continue;
      }
      Object seen = update.values().get(wanted.getKey());
      if (wanted.getValue() instanceof Color color) {
        assertThat(seen instanceof Color back && color.matches(back))
            .as(about + " " + seen)
            .isTrue();
      } else {
        assertThat(seen).as(about + " " + wanted.getKey()).isEqualTo(wanted.getValue());
      }
    }
  }
}

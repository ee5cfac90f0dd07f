package dev.hearth.agent.rest;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Entity;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** An entity, as sent. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record EntityView(
    @Schema(example = "light.kitchen_ceiling") String id,
    @Schema(example = "Kitchen ceiling light") String name,
    List<String> aliases,
    @Schema(example = "light") String kind,
    @Nullable String deviceClass,
    @Schema(description = "id of the device it belongs to") String device,
    @Schema(description = "id of its area") @Nullable String area,
    @Schema(description = "each with its type and range") List<Map<String, Object>> capabilities,
    @Schema(description = "whether the agent may see and control it") boolean exposed,
    @Schema(
            description =
                "why: open (harmless), allowed or denied (an operator decided), risky (guarded and not"
                    + " allowed yet), undecided (may do anything), diagnostic",
            allowableValues = {"open", "allowed", "denied", "risky", "undecided", "diagnostic"})
        String exposure,
    @Schema(
            description = "guarded: commands wait for a confirmation",
            allowableValues = {"normal", "guarded"})
        String risk,
    @Schema(allowableValues = {"online", "offline", "unknown"}) String availability,
    @Schema(description = "what it last reported; an absent attribute is unknown")
        Map<String, Object> state,
    @Schema(description = "when the last report came; null when none did")
        @Nullable Instant updated) {

  static EntityView of(Entity entity) {
    Map<String, Object> state = new LinkedHashMap<>();
    entity.state().values().forEach((key, value) -> state.put(name(key), value(value)));
    Instant updated = entity.state().updated();
    return new EntityView(
        entity.id().value(),
        entity.name(),
        entity.aliases(),
        entity.kind().component(),
        entity.deviceClass(),
        entity.device().value(),
        entity.area() == null ? null : entity.area().value(),
        entity.capabilities().stream().map(EntityView::capability).toList(),
        entity.exposed(),
        entity.exposure().word(),
        entity.risk().word(),
        entity.availability().name().toLowerCase(Locale.ROOT),
        state,
        updated.equals(Instant.EPOCH) ? null : updated);
  }

  private static String name(Attribute attribute) {
    return attribute.name().toLowerCase(Locale.ROOT);
  }

  private static Object value(Object value) {
    return value instanceof Color color
        ? Map.of("hue", color.hue(), "saturation", color.saturation())
        : value;
  }

  private static Map<String, Object> capability(Capability capability) {
    Map<String, Object> view = new LinkedHashMap<>();
    switch (capability) {
      case Capability.OnOff c -> view.put("type", "on_off");
      case Capability.Brightness c -> view.put("type", "brightness");
      case Capability.ColorTemperature c -> {
        view.put("type", "color_temperature");
        view.put("min_kelvin", c.minKelvin());
        view.put("max_kelvin", c.maxKelvin());
      }
      case Capability.Color c -> view.put("type", "color");
      case Capability.Position c -> view.put("type", "position");
      case Capability.OpenCloseStop c -> {
        view.put("type", "open_close");
        view.put("stop", c.stop());
      }
      case Capability.Setpoint c -> {
        view.put("type", "setpoint");
        view.put("min", c.min());
        view.put("max", c.max());
        view.put("step", c.step());
        view.put("unit", "°C");
      }
      case Capability.Mode c -> {
        view.put("type", "mode");
        view.put("modes", c.modes());
      }
      case Capability.FanSpeed c -> {
        view.put("type", "fan_speed");
        view.put("steps", c.steps());
      }
      case Capability.Preset c -> {
        view.put("type", "preset");
        view.put("presets", c.presets());
      }
      case Capability.Lock c -> {
        view.put("type", "lock");
        view.put("code", c.code());
      }
      case Capability.Tilt c -> view.put("type", "tilt");
      case Capability.SetpointRange c -> {
        view.put("type", "setpoint_range");
        view.put("min", c.min());
        view.put("max", c.max());
        view.put("step", c.step());
        view.put("unit", "°C");
      }
      case Capability.HumiditySetpoint c -> {
        view.put("type", "humidity_setpoint");
        view.put("min", c.min());
        view.put("max", c.max());
        view.put("unit", "%");
      }
      case Capability.Choice c -> {
        view.put("type", "choice");
        view.put("attribute", name(c.attribute()));
        view.put("words", c.words());
      }
      case Capability.Actions c -> {
        view.put("type", "actions");
        view.put("actions", c.actions().stream().map(Action::word).toList());
      }
      case Capability.Alarm c -> {
        view.put("type", "alarm");
        view.put("modes", c.modes().stream().map(ArmMode::armed).toList());
        view.put("code_to_arm", c.codeToArm());
        view.put("code_to_disarm", c.codeToDisarm());
      }
      case Capability.NumberInput c -> {
        view.put("type", "number");
        view.put("min", c.min());
        view.put("max", c.max());
        view.put("step", c.step());
        view.put("unit", c.unit());
      }
      case Capability.TextInput c -> {
        view.put("type", "text");
        view.put("min", c.min());
        view.put("max", c.max());
      }
      case Capability.Events c -> {
        view.put("type", "events");
        view.put("types", c.types());
      }
      case Capability.Measurement c -> {
        view.put("type", "measurement");
        view.put("unit", c.unit());
        view.put("device_class", c.deviceClass());
      }
      case Capability.Binary c -> {
        view.put("type", "binary");
        view.put("device_class", c.deviceClass());
      }
    }
    return view;
  }
}

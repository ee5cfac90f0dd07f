package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Alarm panels. Setting off the alarm is not offered: nothing that Hearth does for people needs it.
 */
final class AlarmPanels {
  /** The panel checks the code itself. */
  private static final Set<String> REMOTE = Set.of("REMOTE_CODE", "REMOTE_CODE_TEXT");

  private static final List<String> FEATURES =
      List.of("arm_home", "arm_away", "arm_night", "arm_vacation", "arm_custom_bypass", "trigger");

  private final String commandTopic;
  private final ValueTemplate commandTemplate;
  private final String payloadDisarm;
  private final Map<ArmMode, String> payloads = new EnumMap<>(ArmMode.class);
  private final Set<String> words = new LinkedHashSet<>();
  private final @Nullable String code;
  private final boolean codeToArm;
  private final boolean codeToDisarm;

  private AlarmPanels(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    config.requiredTopic("state_topic");
    commandTemplate = config.template("command_template");
    payloadDisarm = config.text("payload_disarm", "DISARM");
    List<String> features = config.words("supported_features", FEATURES);
    words.addAll(List.of("disarmed", "pending", "triggered", "arming", "disarming"));
    for (ArmMode mode : ArmMode.values()) {
      words.add(mode.armed());
      String feature = "arm_" + mode.name().toLowerCase(Locale.ROOT);
      String payload = config.payload("payload_" + feature, "ARM_" + mode.name());
      if (features.contains(feature) && payload != null) {
        payloads.put(mode, payload);
      }
    }
    code = config.text("code");
    codeToArm = code != null && config.flag("code_arm_required", true);
    codeToDisarm = code != null && config.flag("code_disarm_required", true);
  }

  static Component of(Config config) throws DiscoveryException {
    AlarmPanels panel = new AlarmPanels(config);
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read("state_topic", "value_template", panel::read, Attribute.ALARM);
    return new Component(
        List.of(new Capability.Alarm(panel.payloads.keySet(), panel.codeToArm, panel.codeToDisarm)),
        builder.build(panel::encode));
  }

  private void read(String value, Payload payload, State before, StateUpdate.Builder out) {
    if (words.contains(value)) {
      out.set(Attribute.ALARM, value);
      return;
    }
    out.unknown(Attribute.ALARM);
    if (!Values.isReset(value)) {
      throw new IllegalArgumentException(
          "'" + Names.clean(value) + "' is no state of an alarm panel: " + words);
    }
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.Arm(ArmMode mode, Code given) -> {
        String payload = payloads.get(mode);
        if (payload == null) {
          throw UnsupportedCommandException.of(command);
        }
        yield encoded(mode.armed(), payload, given, codeToArm);
      }
      case Command.Disarm(Code given) -> encoded("disarmed", payloadDisarm, given, codeToDisarm);
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Encoded encoded(String target, String payload, @Nullable Code given, boolean wanted)
      throws UnsupportedCommandException {
    String local = code;
    if (wanted && local != null) {
      if (given == null) {
        throw new UnsupportedCommandException("The panel wants a code; nothing was sent");
      }
      if (!REMOTE.contains(local) && !same(local, given.value())) {
        throw new UnsupportedCommandException("The code is wrong; nothing was sent");
      }
    }
    Map<String, Object> variables =
        Map.of("action", payload, "code", given == null ? "" : given.value());
    return Values.encoded(
        Map.of(Attribute.ALARM, target),
        new Outgoing(commandTopic, commandTemplate.write(payload, variables)));
  }

  /** Compares without telling by the time it takes how much of a guess is right. */
  private static boolean same(String one, String two) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), two.getBytes(StandardCharsets.UTF_8));
  }
}

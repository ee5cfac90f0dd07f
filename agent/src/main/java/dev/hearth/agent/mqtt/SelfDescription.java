package dev.hearth.agent.mqtt;

import dev.hearth.agent.conversation.OutcomeKind;
import dev.hearth.agent.home.AnnounceSettings;
import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import dev.hearth.devices.gateway.Conventions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Hearth says of itself in the device form of <a
 * href="https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery">Home Assistant's MQTT
 * discovery</a>.
 */
final class SelfDescription {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The longest state, and the longest text, that Home Assistant takes, in characters. */
  private static final int LONGEST_STATE = 255;

  private SelfDescription() {}

  /** Where it is said, retained. */
  static String topic(AnnounceSettings settings) {
    String prefix = Conventions.DEFAULTS.homeAssistant().getFirst();
    return prefix + "/device/" + id(settings) + "/config";
  }

  private static String id(AnnounceSettings settings) {
    return "hearth_" + settings.announceId();
  }

  static byte[] payload(AnnounceSettings settings) {
    String id = id(settings);
    return JSON.writeValueAsBytes(
        Map.of(
            "device",
            Map.of("identifiers", List.of(id), "name", "Hearth", "manufacturer", "Hearth"),
            "origin",
            Map.of("name", HomeAssistantDiscovery.OWN_ORIGIN),
            "availability_topic",
            settings.availability(),
            "payload_available",
            AnnounceSettings.ONLINE,
            "payload_not_available",
            AnnounceSettings.OFFLINE,
            "components",
            Map.of(
                "ask",
                Map.of(
                    "platform",
                    "text",
                    "unique_id",
                    id + "_ask",
                    "name",
                    "Ask",
                    "command_topic",
                    settings.topic("ask"),
                    "min",
                    1,
                    "max",
                    LONGEST_STATE),
                "undo",
                Map.of(
                    "platform",
                    "button",
                    "unique_id",
                    id + "_undo",
                    "name",
                    "Undo",
                    "command_topic",
                    settings.topic("undo"),
                    "payload_press",
                    MqttDevice.PRESS),
                "reply",
                Map.of(
                    "platform",
                    "sensor",
                    "unique_id",
                    id + "_reply",
                    "name",
                    "Last reply",
                    "state_topic",
                    settings.topic("reply"),
                    "value_template",
                    "{{ value[:" + LONGEST_STATE + "] }}"),
                "outcome",
                Map.of(
                    "platform",
                    "sensor",
                    "unique_id",
                    id + "_outcome",
                    "name",
                    "Last outcome",
                    "device_class",
                    "enum",
                    "options",
                    Stream.of(OutcomeKind.values()).map(OutcomeKind::wire).toList(),
                    "state_topic",
                    settings.topic("outcome")))));
  }
}

package dev.hearth.devices.gateway;

import dev.hearth.devices.mqtt.Topics;
import java.util.List;

/**
 * The conventions by which devices are heard, and where. A device that speaks in several ways is
 * heard in one: its own words go before what is announced in Home Assistant's way.
 *
 * @param homeAssistant first topic levels under which devices announce themselves in Home
 *     Assistant's way; at least one
 * @param zigbee2mqtt base topics of Zigbee2MQTT bridges
 * @param tasmota topics below which Tasmota devices announce themselves
 * @param shelly filters of the topic prefixes of Shelly devices, such as {@code +} for those that
 *     kept theirs; those of the first generation are heard below {@code shellies} if there is any
 * @param homie base topics of Homie devices
 * @param valetudo base topics of Valetudo robots, whose rooms are heard beside what they announce
 */
public record Conventions(
    List<String> homeAssistant,
    List<String> zigbee2mqtt,
    List<String> tasmota,
    List<String> shelly,
    List<String> homie,
    List<String> valetudo) {
  /** All of them, at their usual places. */
  public static final Conventions DEFAULTS =
      new Conventions(
          List.of("homeassistant"),
          List.of("zigbee2mqtt"),
          List.of("tasmota/discovery"),
          List.of("+"),
          List.of("homie"),
          List.of("valetudo"));

  /** Copies the lists and checks the topics. */
  public Conventions {
    homeAssistant = topics(homeAssistant);
    zigbee2mqtt = topics(zigbee2mqtt);
    tasmota = topics(tasmota);
    shelly = List.copyOf(shelly);
    shelly.forEach(Topics::requireFilter);
    homie = topics(homie);
    valetudo = topics(valetudo);
    if (homeAssistant.isEmpty()) {
      throw new IllegalArgumentException(
          "Conventions.homeAssistant is empty; give at least 'homeassistant'");
    }
  }

  private static List<String> topics(List<String> topics) {
    topics.forEach(Topics::requireTopic);
    return List.copyOf(topics);
  }
}

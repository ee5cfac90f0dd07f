/**
 * Zigbee2MQTT in its own words, as its public documentation describes them: <a
 * href="https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html">topics and
 * messages</a> and <a href="https://www.zigbee2mqtt.io/guide/usage/exposes.html">exposes</a>.
 */
@NullMarked
package dev.hearth.devices.dialect.zigbee2mqtt;

import org.jspecify.annotations.NullMarked;

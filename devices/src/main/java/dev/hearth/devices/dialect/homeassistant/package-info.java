/**
 * Home Assistant's MQTT discovery, as its public documentation describes it: <a
 * href="https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery">component form and device
 * form</a>.
 */
@NullMarked
package dev.hearth.devices.dialect.homeassistant;

import org.jspecify.annotations.NullMarked;

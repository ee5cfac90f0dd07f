/**
 * Tasmota's own convention: the firmware's native discovery (SetOption19 0), commands on {@code
 * cmnd}, answers on {@code stat}, reports on {@code tele}, as its documentation of MQTT and
 * commands describes them.
 */
@NullMarked
package dev.hearth.devices.dialect.tasmota;

import org.jspecify.annotations.NullMarked;

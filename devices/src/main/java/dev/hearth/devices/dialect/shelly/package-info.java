/**
 * Shelly's own conventions: remote procedure calls over MQTT of the second generation and later
 * (Plus, Pro, Gen3, Gen4), and the topics below {@code shellies} of the first, as Shelly's API
 * documentation describes them.
 */
@NullMarked
package dev.hearth.devices.dialect.shelly;

import org.jspecify.annotations.NullMarked;

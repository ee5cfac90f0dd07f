/** Tests of the embedded broker, over real connections. */
@NullMarked
package dev.hearth.devices.broker;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.hearth.agent.mqtt;

import org.jspecify.annotations.NullMarked;

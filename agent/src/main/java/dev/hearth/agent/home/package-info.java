/** The agent's home: device gateway, embedded broker, simulated home and stored names and areas. */
@NullMarked
package dev.hearth.agent.home;

import org.jspecify.annotations.NullMarked;

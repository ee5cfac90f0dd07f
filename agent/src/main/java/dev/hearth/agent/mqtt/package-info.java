/** The MQTT way in: Hearth as one device on its broker, which takes an utterance and replies. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation", "home", "web"})
package dev.hearth.agent.mqtt;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

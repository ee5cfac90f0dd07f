/** The console: one page of live entities and a talk box. */
@NullMarked
@ApplicationModule(allowedDependencies = {"account", "conversation", "home", "web"})
package dev.hearth.agent.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

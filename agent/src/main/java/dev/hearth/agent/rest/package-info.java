/** The REST API: commands, confirmations, entities, areas, models. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation", "home", "library", "web"})
package dev.hearth.agent.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

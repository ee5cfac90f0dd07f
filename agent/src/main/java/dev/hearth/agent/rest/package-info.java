/** The REST API: commands, confirmations, entities, areas. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation", "home", "web"})
package dev.hearth.agent.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

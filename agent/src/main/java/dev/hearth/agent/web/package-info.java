/** What every way in shares: limits of requests, rules of utterances, problem details. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation", "home"})
package dev.hearth.agent.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

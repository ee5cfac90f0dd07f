/** Start-up: the start block that says what runs, and the training run of the class archive. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation"})
package dev.hearth.agent.start;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** The language models on this machine: which are there, which runs, and downloads of others. */
@NullMarked
@ApplicationModule(allowedDependencies = {"start"})
package dev.hearth.agent.library;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

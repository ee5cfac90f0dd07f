/** The OpenAI-compatible way in: chat completions and models. */
@NullMarked
@ApplicationModule(allowedDependencies = {"conversation", "web"})
package dev.hearth.agent.openai;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

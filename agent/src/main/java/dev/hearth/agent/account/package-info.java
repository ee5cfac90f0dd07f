/** Who may call: the admin token, bearer tokens and the console's sign-in. */
@NullMarked
@ApplicationModule(allowedDependencies = {"start", "web"})
package dev.hearth.agent.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

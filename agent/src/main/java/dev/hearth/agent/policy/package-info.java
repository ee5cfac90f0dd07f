/** Which steps may run at once and which need confirmation. */
@NullMarked
package dev.hearth.agent.policy;

import org.jspecify.annotations.NullMarked;

/** Plans of typed steps, their validation, execution and outcomes. */
@NullMarked
package dev.hearth.agent.plan;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.hearth.agent.plan;

import org.jspecify.annotations.NullMarked;

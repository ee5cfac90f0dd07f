@NullMarked
package dev.hearth.agent.policy;

import org.jspecify.annotations.NullMarked;

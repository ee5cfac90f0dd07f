@NullMarked
package dev.hearth.agent.tool;

import org.jspecify.annotations.NullMarked;

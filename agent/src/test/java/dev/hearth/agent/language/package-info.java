@NullMarked
package dev.hearth.agent.language;

import org.jspecify.annotations.NullMarked;

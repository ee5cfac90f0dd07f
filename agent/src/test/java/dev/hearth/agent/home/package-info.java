@NullMarked
package dev.hearth.agent.home;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.hearth.agent.conversation;

import org.jspecify.annotations.NullMarked;

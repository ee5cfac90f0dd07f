/** A turn: from an utterance through the language model, plan and policy to a truthful reply. */
@NullMarked
package dev.hearth.agent.conversation;

import org.jspecify.annotations.NullMarked;

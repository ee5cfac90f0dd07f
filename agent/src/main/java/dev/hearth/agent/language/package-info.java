/**
 * The language model as the agent sees it: marked utterances, prompts, tools, Spring AI chat
 * models.
 */
@NullMarked
package dev.hearth.agent.language;

import org.jspecify.annotations.NullMarked;

/** The home's tools: what a model may call, parsed into intents and resolved to entities. */
@NullMarked
package dev.hearth.agent.tool;

import org.jspecify.annotations.NullMarked;

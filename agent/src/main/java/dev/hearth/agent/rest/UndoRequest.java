package dev.hearth.agent.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What to undo. */
record UndoRequest(
    @Schema(description = "the conversation of an earlier reply; left out, the last of the home")
        @Nullable String conversation,
    @Schema(description = "language of the reply; left out, that of what is undone", example = "en")
        @Nullable String language) {}

package dev.hearth.agent.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What to do, in words. */
record CommandRequest(
    @Schema(
            description = "the words, 1 to 2,000 characters",
            example = "turn off the kitchen lights",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String text,
    @Schema(description = "the area where the speaker is: id, name or alias", example = "kitchen")
        @Nullable String area,
    @Schema(description = "the conversation of an earlier reply, to go on with it")
        @Nullable String conversation,
    @Schema(description = "language of the reply; left out, it follows the text", example = "en")
        @Nullable String language) {}

package dev.hearth.agent.conversation;

import org.jspecify.annotations.Nullable;

/**
 * What a person said or typed.
 *
 * @param text the words, 1 to 2,000 characters, untrusted
 * @param area the area where the speaker is, by id or name; null when it is not known
 * @param conversation the conversation that this continues; null starts a new one
 * @param language BCP 47 tag of the reply's language; null follows the text
 */
public record Utterance(
    String text, @Nullable String area, @Nullable String conversation, @Nullable String language) {}

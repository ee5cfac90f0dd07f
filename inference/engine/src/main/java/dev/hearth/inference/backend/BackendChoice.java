package dev.hearth.inference.backend;

/**
 * A backend and why it was taken.
 *
 * @param backend the backend
 * @param reason one sentence for people
 */
public record BackendChoice(Backend backend, String reason) {}

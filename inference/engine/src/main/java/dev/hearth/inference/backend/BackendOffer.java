package dev.hearth.inference.backend;

/** What a {@link BackendProvider} has to say: a backend, or why there is none. */
public sealed interface BackendOffer permits BackendChoice, BackendRefusal {}

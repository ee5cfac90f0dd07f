package dev.hearth.inference.backend;

/**
 * Why a backend is not used.
 *
 * @param reason the reason and the remedy, for people, without a full stop
 */
public record BackendRefusal(String reason) implements BackendOffer {}

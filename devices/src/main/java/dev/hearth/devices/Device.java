package dev.hearth.devices;

import org.jspecify.annotations.Nullable;

/**
 * A physical thing that carries one or more entities.
 *
 * @param id its id
 * @param name what it is called
 * @param manufacturer who made it, or null
 * @param model what the maker calls it, or null
 * @param area where it says it is, or null
 */
public record Device(
    DeviceId id,
    String name,
    @Nullable String manufacturer,
    @Nullable String model,
    @Nullable AreaId area) {}

package dev.hearth.devices.dialect;

import dev.hearth.devices.EntityDescription;

/**
 * An entity that announced itself.
 *
 * @param key what identifies it within its dialect, such as its unique id; an id derived from it
 *     may collide, the key may not
 * @param description what it says about itself
 * @param codec how to talk to it
 */
public record Discovered(String key, EntityDescription description, Codec codec) {}

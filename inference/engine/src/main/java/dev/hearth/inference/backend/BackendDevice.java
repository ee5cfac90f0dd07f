package dev.hearth.inference.backend;

/**
 * A device besides the processor's own cores, and the backend that runs on it.
 *
 * @param number of it among those of its provider, from 0
 * @param name for people, with its platform
 * @param driver version of what drives it; what was measured holds for this version
 * @param memoryBytes what it has
 * @param backend runs plans on it
 */
public record BackendDevice(
    int number, String name, String driver, long memoryBytes, Backend backend) {}

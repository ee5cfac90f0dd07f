package dev.hearth.agent.start;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the agent keeps its things.
 *
 * @param data the data directory ({@code hearth.data}, {@code HEARTH_DATA}): database, broker
 *     state, admin token
 */
@ConfigurationProperties("hearth")
public record HearthSettings(@DefaultValue("data") Path data) {}

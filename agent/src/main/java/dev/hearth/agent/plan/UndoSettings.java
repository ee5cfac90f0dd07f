package dev.hearth.agent.plan;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How undoing behaves.
 *
 * @param undoFor how long after a plan was carried out it can be undone; zero for never
 */
@ConfigurationProperties("hearth")
public record UndoSettings(@DefaultValue("10m") Duration undoFor) {}

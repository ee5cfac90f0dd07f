package dev.hearth.devices.command;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.State;
import java.time.Duration;

/**
 * What became of a command.
 *
 * @param entity whom it was for
 * @param command what was asked
 * @param evidence how much is known
 * @param detail one sentence in English for logs and consoles, never empty
 * @param state the entity's state when this was concluded
 * @param elapsed time since the command was given
 * @param published whether at least one message was handed to the broker connection
 */
public record Outcome(
    EntityId entity,
    Command command,
    Evidence evidence,
    String detail,
    State state,
    Duration elapsed,
    boolean published) {}

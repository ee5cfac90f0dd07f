package dev.hearth.agent.plan;

import dev.hearth.devices.command.Outcome;

/**
 * A step and what became of it.
 *
 * @param step the step
 * @param outcome its evidence
 */
public record StepOutcome(Step step, Outcome outcome) {}

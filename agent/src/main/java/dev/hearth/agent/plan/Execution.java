package dev.hearth.agent.plan;

import java.util.List;

/**
 * What became of the steps of a plan.
 *
 * @param outcomes one for each step, in the order of the plan
 * @param firstSubmit {@link System#nanoTime()} when the first step was handed over; 0 when there
 *     was none
 * @param changes what they did to the entities
 */
public record Execution(List<StepOutcome> outcomes, long firstSubmit, List<Change> changes) {
  /** Copies the lists. */
  public Execution {
    outcomes = List.copyOf(outcomes);
    changes = List.copyOf(changes);
  }
}

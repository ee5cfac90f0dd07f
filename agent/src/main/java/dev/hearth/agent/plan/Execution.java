package dev.hearth.agent.plan;

import dev.hearth.devices.EntityId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /**
   * What is still to be put back after an undo: the device was out of reach, refused or kept
   * silent.
   *
   * @param undone the changes that these steps were to put back
   * @return perhaps none
   */
  public List<Change> left(List<Change> undone) {
    Set<EntityId> failed = new HashSet<>();
    for (StepOutcome each : outcomes) {
      if (!Change.testified(each.outcome().evidence())) {
        failed.add(each.step().entity());
      }
    }
    return undone.stream().filter(change -> failed.contains(change.entity())).toList();
  }
}

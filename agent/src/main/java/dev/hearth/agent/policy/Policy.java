package dev.hearth.agent.policy;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.Action;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Decides which steps may run at once. What lets someone into the house, or moves a heavy door,
 * needs a confirmation: unlocking a lock, every movement of garage doors, gates and doors, and
 * whatever is done with sirens, valves, alarm panels, boilers and mowers. Locking and stopping make
 * things safer and run at once.
 */
@Component
public class Policy {
  /**
   * The steps of a plan that need a confirmation; empty when all may run.
   *
   * @param plan the plan
   * @param home the home as it is now
   */
  public List<Step> toConfirm(Plan plan, Home home) {
    return plan.steps().stream()
        .filter(step ->
            home.entity(step.entity()).filter(Entity::safety).isPresent()
                && !harmless(step.command()))
        .toList();
  }

  private static boolean harmless(Command command) {
    return switch (command) {
      case Command.Lock c -> true;
      case Command.Stop c -> true;
      case Command.Perform(Action action) ->
          action == Action.STOP || action == Action.PAUSE || action == Action.DOCK;
      default -> false;
    };
  }
}

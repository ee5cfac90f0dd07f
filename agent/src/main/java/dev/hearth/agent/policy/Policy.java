package dev.hearth.agent.policy;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.Action;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import dev.hearth.devices.Risk;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Decides which steps may run at once. Whatever is done with a guarded thing needs a confirmation:
 * garage doors, gates, sirens, valves, boilers, and what else an operator guards. Locking and
 * stopping make things safer and run at once. Unlocking a lock and disarming an alarm need a
 * confirmation even where an operator has lowered the risk: what lets someone in is never done on
 * one sentence.
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
            lettingIn(step.command())
                || (guarded(home.entity(step.entity())) && !harmless(step.command())))
        .toList();
  }

  private static boolean guarded(Optional<Entity> entity) {
    return entity.filter(e -> e.risk() == Risk.GUARDED).isPresent();
  }

  private static boolean lettingIn(Command command) {
    return command instanceof Command.Unlock || command instanceof Command.Disarm;
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

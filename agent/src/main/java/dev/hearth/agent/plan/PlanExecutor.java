package dev.hearth.agent.plan;

import dev.hearth.devices.Home;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.registry.HomeRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Executes the steps of a plan: all are handed over at once, the command executor keeps the order
 * for each device and ends each step by its own deadline.
 */
@Component
public class PlanExecutor {
  private final ObjectProvider<CommandExecutor> executor;
  private final HomeRegistry registry;

  PlanExecutor(ObjectProvider<CommandExecutor> executor, HomeRegistry registry) {
    this.executor = executor;
    this.registry = registry;
  }

  /** Executes; returns when every step has its evidence. */
  public Execution execute(List<Step> steps) {
    if (steps.isEmpty()) {
      return new Execution(List.of(), 0, List.of());
    }
    CommandExecutor commands = executor.getObject();
    Home before = registry.home();
    long submitted = System.nanoTime();
    List<CompletableFuture<Outcome>> running = new ArrayList<>(steps.size());
    for (Step step : steps) {
      running.add(commands.execute(step.entity(), step.command()));
    }
    List<StepOutcome> outcomes = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      outcomes.add(new StepOutcome(steps.get(i), running.get(i).join()));
    }
    List<Change> changes = Change.of(outcomes, before, registry.home());
    return new Execution(outcomes, submitted, changes);
  }
}

package dev.hearth.agent.plan;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.State;
import dev.hearth.devices.command.Evidence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the steps of a plan did to one entity.
 *
 * @param entity which
 * @param name what it was called
 * @param commands what was sent, in order
 * @param before its state before the first of them
 * @param after its state when the last of them was concluded
 * @param known whether the device itself testified; otherwise nobody knows what became of them
 * @param settled whether the device had time to tell what else the commands brought about
 */
public record Change(
    EntityId entity,
    String name,
    List<Command> commands,
    State before,
    State after,
    boolean known,
    boolean settled) {
  /** Copies the list. */
  public Change {
    commands = List.copyOf(commands);
  }

  /** What outcomes come to, entity by entity; without what was not sent, refused or so already. */
  static List<Change> of(List<StepOutcome> outcomes, Home before, Home after) {
    Map<EntityId, List<StepOutcome>> sent = new LinkedHashMap<>();
    for (StepOutcome each : outcomes) {
      Evidence evidence = each.outcome().evidence();
      if (each.outcome().published()
          && evidence != Evidence.ALREADY
          && evidence != Evidence.REJECTED) {
        sent.computeIfAbsent(each.step().entity(), id -> new ArrayList<>()).add(each);
      }
    }
    List<Change> changes = new ArrayList<>();
    sent.forEach((id, steps) ->
        changes.add(
            new Change(
                id,
                steps.getFirst().step().name(),
                steps.stream().map(each -> each.step().command()).toList(),
                state(before, id),
                state(after, id),
                steps.stream().anyMatch(each -> testified(each.outcome().evidence())),
                /* settled= */ false)));
    return changes;
  }

  /**
   * The same with what the device told a little later of what it does not tell at once: a heater's
   * temperature after its mode, a lamp's level after its power.
   *
   * @param home the home as it is then
   */
  Change settled(Home home) {
    Map<Attribute, Object> values = new EnumMap<>(Attribute.class);
    State later = state(home, entity);
    values.putAll(later.values());
    after
        .values()
        .forEach((attribute, value) -> {
          if (!value.equals(before.get(attribute))) {
            values.put(attribute, value);
          }
        });
    return new Change(
        entity, name, commands, before, new State(values, later.updated()), known, true);
  }

  private static State state(Home home, EntityId id) {
    return home.entity(id).map(each -> each.state()).orElse(State.UNKNOWN);
  }

  /** Whether the device itself told what it did. */
  static boolean testified(Evidence evidence) {
    return evidence.done() || evidence == Evidence.STARTED || evidence == Evidence.DIFFERENT_VALUE;
  }
}

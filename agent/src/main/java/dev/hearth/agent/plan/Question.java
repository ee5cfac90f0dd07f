package dev.hearth.agent.plan;

import dev.hearth.devices.EntityId;
import java.util.List;

/**
 * A question about entities, answered from their reported states.
 *
 * @param what what is asked, one of the tool's questions
 * @param kind the kind of things that was asked about; empty when there is none
 * @param entities whom it is about, at least one
 * @param group whether a kind or place was asked about, not things by name
 */
public record Question(String what, String kind, List<EntityId> entities, boolean group) {
  /** Copies the list. */
  public Question {
    entities = List.copyOf(entities);
  }
}

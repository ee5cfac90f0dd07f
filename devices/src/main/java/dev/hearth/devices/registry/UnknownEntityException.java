package dev.hearth.devices.registry;

import dev.hearth.devices.EntityId;

/** There is no entity of that id. */
public final class UnknownEntityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String entity;

  /**
   * Names the missing entity.
   *
   * @param id the id asked for
   */
  public UnknownEntityException(EntityId id) {
    super("There is no entity '" + id + "' in this home; list the entities to see their ids");
    this.entity = id.value();
  }

  /**
   * The id asked for.
   *
   * @return the value of the entity id
   */
  public String entity() {
    return entity;
  }
}

package dev.hearth.devices;

/** Something changed in the home. Entities are as they were right after the change. */
public sealed interface HomeEvent {
  /**
   * An entity appeared.
   *
   * @param entity the new entity
   */
  record EntityAdded(Entity entity) implements HomeEvent {}

  /**
   * An entity's name, aliases, area, exposure or capabilities changed.
   *
   * @param entity the entity now
   */
  record EntityChanged(Entity entity) implements HomeEvent {}

  /**
   * An entity is gone.
   *
   * @param entity the entity as it last was
   */
  record EntityRemoved(Entity entity) implements HomeEvent {}

  /**
   * An entity reported a state that differs from the last one.
   *
   * @param entity the entity now
   * @param previous its state before
   */
  record StateChanged(Entity entity, State previous) implements HomeEvent {}

  /**
   * An entity can or cannot be reached any more.
   *
   * @param entity the entity now
   * @param previous its availability before
   */
  record AvailabilityChanged(Entity entity, Availability previous) implements HomeEvent {}

  /** Floors or areas changed. */
  record AreasChanged() implements HomeEvent {}
}

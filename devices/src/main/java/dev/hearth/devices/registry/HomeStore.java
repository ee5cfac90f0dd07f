package dev.hearth.devices.registry;

/**
 * Port to where the home's floors, areas and decisions are kept. Called by one thread at a time,
 * while the registry is locked: be quick. An exception from a save reaches the caller of the
 * registry, and then nothing is changed.
 */
public interface HomeStore {
  /**
   * Everything that was saved.
   *
   * @return the stored home, empty at first
   */
  StoredHome load();

  /**
   * Saves a change, all of it or nothing.
   *
   * @param before what is saved
   * @param after what shall be saved
   */
  void save(StoredHome before, StoredHome after);
}

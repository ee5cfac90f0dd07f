package dev.hearth.devices.registry;

/** Keeps everything in memory, for tests and for trying things out. */
public final class InMemoryHomeStore implements HomeStore {
  private volatile StoredHome home = StoredHome.EMPTY;

  /** An empty store. */
  public InMemoryHomeStore() {}

  @Override
  public StoredHome load() {
    return home;
  }

  @Override
  public void save(StoredHome before, StoredHome after) {
    home = after;
  }
}

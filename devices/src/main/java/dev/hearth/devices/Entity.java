package dev.hearth.devices;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One controllable or readable point of a device.
 *
 * @param id its id
 * @param name full friendly name, such as {@code Kitchen ceiling light}; clean by {@link Names}
 * @param aliases other names, in any language
 * @param kind what sort of thing it is
 * @param deviceClass Home Assistant's device class, such as {@code garage}, or null
 * @param device the device it belongs to
 * @param area where it is, or null when nobody said
 * @param capabilities what it can do or report
 * @param exposed whether the agent may see and control it
 * @param availability whether it can be reached
 * @param state what it last reported
 */
public record Entity(
    EntityId id,
    String name,
    List<String> aliases,
    Kind kind,
    @Nullable String deviceClass,
    DeviceId device,
    @Nullable AreaId area,
    List<Capability> capabilities,
    boolean exposed,
    Availability availability,
    State state) {
  private static final Set<String> SAFETY_COVERS = Set.of("garage", "gate", "door");

  /** Copies the lists. */
  public Entity {
    aliases = List.copyOf(aliases);
    capabilities = List.copyOf(capabilities);
  }

  /**
   * The capability of a type.
   *
   * @param <T> the type
   * @param type its class
   * @return empty when the entity lacks it
   */
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return capabilities.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /**
   * Whether it has a capability.
   *
   * @param type its class
   * @return true when it has
   */
  public boolean can(Class<? extends Capability> type) {
    return capabilities.stream().anyMatch(type::isInstance);
  }

  /**
   * Whether it guards the house or can do harm: what is of a {@linkplain Kind#dangerous() dangerous
   * kind}, and covers that are garage doors, gates or doors.
   *
   * @return true for those
   */
  public boolean safety() {
    return kind.dangerous()
        || (kind == Kind.COVER && deviceClass != null && SAFETY_COVERS.contains(deviceClass));
  }

  /**
   * The same entity with another state.
   *
   * @param state the state
   * @return the copy
   */
  public Entity withState(State state) {
    return new Entity(
        id,
        name,
        aliases,
        kind,
        deviceClass,
        device,
        area,
        capabilities,
        exposed,
        availability,
        state);
  }

  /**
   * The same entity with another availability.
   *
   * @param availability the availability
   * @return the copy
   */
  public Entity withAvailability(Availability availability) {
    return new Entity(
        id,
        name,
        aliases,
        kind,
        deviceClass,
        device,
        area,
        capabilities,
        exposed,
        availability,
        state);
  }
}

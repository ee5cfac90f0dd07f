package dev.hearth.devices;

import java.util.List;
import java.util.Optional;
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
 * @param exposure whether the agent may see and control it, and why
 * @param risk whether commands to it wait for a confirmation
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
    Exposure exposure,
    Risk risk,
    Availability availability,
    State state) {
  /** Copies the lists. */
  public Entity {
    aliases = List.copyOf(aliases);
    capabilities = List.copyOf(capabilities);
  }

  /**
   * An entity about which nobody decided more than whether it is seen.
   *
   * @param id its id
   * @param name full friendly name
   * @param aliases other names
   * @param kind what sort of thing it is
   * @param deviceClass Home Assistant's device class, or null
   * @param device the device it belongs to
   * @param area where it is, or null
   * @param capabilities what it can do or report
   * @param exposed whether the agent may see and control it
   * @param availability whether it can be reached
   * @param state what it last reported
   */
  public Entity(
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
    this(
        id,
        name,
        aliases,
        kind,
        deviceClass,
        device,
        area,
        capabilities,
        exposed ? Exposure.ALLOWED : Exposure.DENIED,
        Risk.of(kind, deviceClass, name),
        availability,
        state);
  }

  /**
   * Whether the agent may see and control it.
   *
   * @return true when it may
   */
  public boolean exposed() {
    return exposure.exposed();
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
   * Whether by its kind it guards the house or can do harm, whatever an operator decided about its
   * {@link #risk()}.
   *
   * @return true for what is {@linkplain Risk#of(Kind, String) guarded by its kind}
   */
  public boolean safety() {
    return Risk.of(kind, deviceClass) == Risk.GUARDED;
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
        exposure,
        risk,
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
        exposure,
        risk,
        availability,
        state);
  }
}

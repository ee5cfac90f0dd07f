package dev.hearth.devices.dialect.zigbee2mqtt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of what a device exposes. */
final class Parts {
  private Parts() {}

  /**
   * The parts of a device, in the order in which it exposes them.
   *
   * @param exposes what it exposes
   * @param about what its maker says that it is
   */
  static List<Part> of(List<Expose> exposes, String about) {
    List<Part> parts = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Expose each : exposes) {
      Part part = part(each, exposes, about);
      if (part != null && known.add(part.kind() + " " + part.object())) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static @Nullable Part part(Expose expose, List<Expose> siblings, String about) {
    return switch (expose.type()) {
      case "light" -> Lights.of(expose);
      case "switch" -> Simple.aSwitch(expose);
      case "cover" -> Covers.of(expose, siblings, about);
      case "lock" -> Simple.lock(expose);
      case "climate" -> Climates.of(expose);
      case "fan" -> Fans.of(expose);
      case "binary" -> expose.settable() ? Simple.setting(expose) : reading(expose);
      case "numeric" -> expose.settable() ? Inputs.number(expose) : reading(expose);
      case "enum" -> expose.settable() ? Inputs.choice(expose) : reading(expose);
      default -> null; // Texts, lists and composites have no place in the home yet.
    };
  }

  private static @Nullable Part reading(Expose expose) {
    return expose.published() ? Simple.reading(expose) : null;
  }
}

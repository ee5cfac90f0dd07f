package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.dialect.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a group can do: what all of its members can. */
final class Groups {
  private static final List<String> TYPES = List.of("light", "cover", "switch");

  private Groups() {}

  /**
   * What becomes of a group.
   *
   * @param part what it can do
   * @param codec how to talk to it
   */
  record Made(Part part, Codec codec) {}

  /** Who is in a group. */
  private record Joined(Entry.Device device, Expose expose) {}

  /** Null for a group without known members, or whose members have nothing in common. */
  static @Nullable Made of(String base, Entry.Group group, Map<String, Entry.Device> devices) {
    for (String type : TYPES) {
      // A lamp can stand in for a socket: it can be turned on and off.
      Set<String> types = type.equals("switch") ? Set.of("switch", "light") : Set.of(type);
      List<Joined> joined = new ArrayList<>();
      for (Entry.Member member : group.members()) {
        Entry.Device device = devices.get(member.device());
        Expose expose = device == null ? null : find(device, member.endpoint(), types);
        if (device != null && expose != null) {
          joined.add(new Joined(device, expose));
        }
      }
      boolean known = group.members().stream().allMatch(each -> devices.containsKey(each.device()));
      boolean all = joined.size() == group.members().size();
      if (joined.isEmpty() || (known && !all)) {
        continue; // Another type may fit all.
      }
      Part part = part(common(type, joined));
      if (part == null) {
        continue;
      }
      Codec codec =
          all
              ? new GroupCodec(base, group.name(), part, members(joined))
              : new DeviceCodec(base, group.name(), part, DeviceCodec.Hearing.NONE);
      return new Made(part, codec);
    }
    return null;
  }

  private static @Nullable Expose find(Entry.Device device, String endpoint, Set<String> types) {
    List<Expose> fit =
        device.exposes().stream().filter(each -> types.contains(each.type())).toList();
    if (fit.size() <= 1) {
      return fit.isEmpty() ? null : fit.getFirst();
    }
    String name = device.endpointNames().getOrDefault(endpoint, "l" + endpoint);
    return fit.stream()
        .filter(each -> name.equals(each.endpoint()) || endpoint.equals(each.endpoint()))
        .findFirst()
        .orElse(null);
  }

  /** What all members expose, within the limits of all of them. */
  private static Expose common(String type, List<Joined> joined) {
    Expose first = joined.getFirst().expose;
    List<Expose> features = new ArrayList<>();
    for (Expose feature : first.features()) {
      Double min = feature.min();
      Double max = feature.max();
      boolean all = !type.equals("switch") || feature.name().equals("state");
      for (Joined each : joined) {
        Expose other = each.expose.feature(feature.name());
        all &= other != null && other.settable();
        if (other != null && min != null && other.min() != null) {
          min = Math.max(min, other.min());
        }
        if (other != null && max != null && other.max() != null) {
          max = Math.min(max, other.max());
        }
      }
      if (all && (min == null || max == null || min < max)) {
        features.add(feature.ofGroup(min, max));
      }
    }
    return first.withFeatures(features);
  }

  private static @Nullable Part part(Expose common) {
    boolean lamp = common.type().equals("light") && common.feature("brightness") != null;
    return switch (common.type()) {
      case "cover" -> Covers.of(common, List.of(), "");
      case "light" -> lamp ? Lights.of(common) : Simple.aSwitch(common);
      default -> Simple.aSwitch(common);
    };
  }

  private static List<GroupCodec.Member> members(List<Joined> joined) {
    List<GroupCodec.Member> members = new ArrayList<>();
    for (Joined each : joined) {
      Part part =
          switch (each.expose.type()) {
            case "light" -> Lights.of(each.expose);
            case "cover" -> Covers.of(each.expose, each.device.exposes(), "");
            default -> Simple.aSwitch(each.expose);
          };
      if (part != null) {
        String shown = Titles.of(each.device.name());
        members.add(new GroupCodec.Member(each.device.name(), shown, part, !each.device.sleeps()));
      }
    }
    return members;
  }
}

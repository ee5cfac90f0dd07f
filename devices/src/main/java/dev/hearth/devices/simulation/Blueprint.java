package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import java.util.List;

/**
 * How a device is built.
 *
 * @param id a slug
 * @param name what it is called
 * @param area where it is
 * @param style how it announces itself
 * @param alone whether it has a connection of its own instead of sitting behind the bridge
 * @param model what its maker calls it
 * @param points its points, the main feature first
 */
record Blueprint(
    String id,
    String name,
    Area area,
    Style style,
    boolean alone,
    String model,
    List<Point> points) {
  /** Forms of discovery, so that all of them are in use somewhere. */
  enum Style {
    /** A message per entity, keys and topics written out. */
    FULL,
    /** A message per entity, with abbreviations, a node id and the base topic as {@code ~}. */
    SHORT,
    /** One message for the whole device. */
    DEVICE,
    /** In the words of its own convention; its points are {@link NativePoint}s. */
    NATIVE
  }

  Blueprint {
    points = List.copyOf(points);
  }

  /**
   * The topic below which a point lives: the device's own, or one level further; empty when the
   * point has topics of its own.
   */
  String base(String root, Point point) {
    if (point instanceof NativePoint) {
      return "";
    }
    String base = root + "/" + id;
    String own = point.label().id();
    return own.equals(id) ? base : base + "/" + own.substring(own.lastIndexOf('_') + 1);
  }

  /** The topic on which the device says whether it is there. */
  String presenceTopic(String root) {
    return points.getFirst() instanceof NativePoint own
        ? own.presenceTopic()
        : root + "/" + id + "/availability";
  }

  /** What it says there. */
  String presence(boolean online) {
    return points.getFirst() instanceof NativePoint own
        ? own.presence(online)
        : online ? "online" : "offline";
  }
}

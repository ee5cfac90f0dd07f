package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of itself.
 *
 * @param topic of the device
 * @param id its own topic level
 * @param name what people call it, cleaned
 * @param mac its MAC address, if it tells
 * @param root topic of the device that it cannot be reached without, or null
 * @param targets whether it tells what it is about to do
 * @param nodes its parts
 */
record Device(
    String topic,
    String id,
    String name,
    @Nullable String mac,
    @Nullable String root,
    boolean targets,
    List<Node> nodes) {
  static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** Names of topic levels as words. */
  static String words(@Nullable String name, String id) {
    String clean = Names.clean(name == null ? "" : name);
    return clean.isEmpty() ? Names.clean(id.replace('-', ' ')) : clean;
  }

  /**
   * A part of a device.
   *
   * @param id its topic level
   * @param name what it is called, cleaned
   * @param type what it is, in whatever words, lower case
   * @param properties its values
   */
  record Node(String id, String name, String type, List<Property> properties) {
    Node {
      type = type.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A value.
   *
   * @param topic of the value
   * @param id its topic level
   * @param name what it is called, cleaned
   * @param datatype such as {@code integer}
   * @param format a range, words, or ways to write colors; empty when not told
   * @param settable whether it takes commands
   * @param retained whether it is a state, rather than something that happens
   * @param unit its unit, or null
   */
  record Property(
      String topic,
      String id,
      String name,
      String datatype,
      String format,
      boolean settable,
      boolean retained,
      @Nullable String unit) {
    boolean numeric() {
      return datatype.equals("integer") || datatype.equals("float") || datatype.equals("percent");
    }

    boolean is(String datatype) {
      return this.datatype.equals(datatype);
    }

    boolean called(Pattern pattern) {
      return pattern.matcher(id).matches();
    }
  }
}

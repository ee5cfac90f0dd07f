package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Names;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What things are called. */
final class Titles {
  private Titles() {}

  /** What people call a device or group: its name, with blanks where topics have other signs. */
  static String of(String name) {
    String clean = Names.clean(name.replace('_', ' ').replace('/', ' '));
    return clean.isEmpty() ? "Zigbee device" : clean;
  }

  /**
   * The area that a name's folder means, such as Living room for {@code living_room/lamp}: the
   * innermost folder, for outer ones may be floors. Null when there is none.
   */
  static @Nullable String folder(String name) {
    int end = name.lastIndexOf('/');
    if (end <= 0) {
      return null;
    }
    String folder = name.substring(name.lastIndexOf('/', end - 1) + 1, end);
    String clean = Names.clean(folder.replace('_', ' '));
    return clean.isEmpty()
        ? null
        : clean.substring(0, 1).toUpperCase(Locale.ROOT) + clean.substring(1);
  }

  /**
   * What to call a part.
   *
   * @param title the device's
   * @param part the part
   * @param parts all of the device's
   */
  static String of(String title, Part part, List<Part> parts) {
    String object = part.object().replace('_', ' ');
    if (!part.main()) {
      return Names.clean(title + " " + object);
    }
    List<Part> mains = parts.stream().filter(Part::main).toList();
    if (mains.size() == 1) {
      return title;
    }
    long alike = mains.stream().filter(each -> each.kind() == part.kind()).count();
    String endpoint = part.endpoint();
    String kind = part.kind().component().replace('_', ' ');
    if (endpoint == null) {
      return endsWith(title, kind) ? title : Names.clean(title + " " + kind);
    }
    return Names.clean(title + " " + (alike == mains.size() ? endpoint : object));
  }

  private static boolean endsWith(String title, String word) {
    return title.toLowerCase(Locale.ROOT).endsWith(word);
  }
}

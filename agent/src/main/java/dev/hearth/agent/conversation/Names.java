package dev.hearth.agent.conversation;

import dev.hearth.devices.Area;
import dev.hearth.devices.Entity;
import java.util.List;

/** What an entity or area is called in a language. */
final class Names {
  private Names() {}

  /** The first alias in Chinese characters for Chinese, when there is one; else the name. */
  static String in(String language, Entity entity) {
    return in(language, entity.name(), entity.aliases());
  }

  /** As for an entity. */
  static String in(String language, Area area) {
    return in(language, area.name(), area.aliases());
  }

  private static String in(String language, String name, List<String> aliases) {
    if (!language.equals("zh") || han(name)) {
      return name;
    }
    return aliases.stream().filter(Names::han).findFirst().orElse(name);
  }

  private static boolean han(String text) {
    return text.codePoints()
        .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
  }
}

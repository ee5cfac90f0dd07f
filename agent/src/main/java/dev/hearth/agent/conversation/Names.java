package dev.hearth.agent.conversation;

import dev.hearth.devices.Entity;

/** What an entity is called in a language. */
final class Names {
  private Names() {}

  /** The first alias in Chinese characters for Chinese, when there is one; else the name. */
  static String in(String language, Entity entity) {
    if (!language.equals("zh") || han(entity.name())) {
      return entity.name();
    }
    return entity.aliases().stream().filter(Names::han).findFirst().orElse(entity.name());
  }

  private static boolean han(String text) {
    return text.codePoints()
        .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
  }
}

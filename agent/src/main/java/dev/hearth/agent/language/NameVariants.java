package dev.hearth.agent.language;

import java.lang.Character.UnicodeScript;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The ways people shorten the name of an entity. */
public final class NameVariants {
  private static final Set<String> NOUNS =
      Set.of(
          "light",
          "lights",
          "lamp",
          "lamps",
          "switch",
          "outlet",
          "plug",
          "fan",
          "thermostat",
          "blind",
          "blinds",
          "curtain",
          "curtains",
          "shutter",
          "shutters",
          "shade",
          "shades",
          "lock",
          "sensor",
          "heater",
          "heating",
          "radiator");

  /** Words that tell like things apart: two "bedside lamps" are the left and the right one. */
  private static final Set<String> TELLING_APART =
      Set.of(
          "left", "right", "front", "rear", "back", "big", "small", "large", "little", "upper",
          "lower", "top", "bottom", "middle", "inner", "outer", "old", "new", "first", "second",
          "third", "north", "south", "east", "west");

  private static final Pattern TELLING_APART_HAN =
      Pattern.compile("^(左边|右边|左侧|右侧|左|右|前|后|大|小|上|下|新|旧|第?[一二三四])(?=\\p{IsHan}{3,}$)");
  private static final Pattern NUMBER_BEHIND =
      Pattern.compile("(?<=\\S)[\\s#-]*(\\d{1,2}|[一二三四])$");

  private NameVariants() {}

  /**
   * Every form under which an entity is found: its name and aliases; these without the name of its
   * area in front ("Kitchen counter light" is the "counter light" of the kitchen); without a
   * closing noun when two words or more remain ("kitchen counter"); lamp for light and the other
   * way round; without what only tells it from others of its kind, when a name of two words
   * (Chinese: three characters) remains ("left bedside lamp" and "bedside lamp 2" are bedside
   * lamps).
   *
   * @param name the entity's full name
   * @param aliases its other names
   * @param areaNames names and aliases of its area, empty when it has none
   */
  public static List<String> of(
      String name, Collection<String> aliases, Collection<String> areaNames) {
    Set<String> variants = new LinkedHashSet<>();
    variants.add(name);
    variants.addAll(aliases);
    for (String full : List.copyOf(variants)) {
      for (String area : areaNames) {
        if (full.length() > area.length() && full.regionMatches(true, 0, area, 0, area.length())) {
          String rest = full.substring(area.length()).strip();
          if (rest.startsWith("'s ") || rest.startsWith("的")) {
            rest = rest.substring(rest.startsWith("的") ? 1 : 3).strip();
          }
          boolean wordEnds =
              full.charAt(area.length()) == ' '
                  || UnicodeScript.of(full.charAt(area.length())) == UnicodeScript.HAN
                  || full.charAt(area.length()) == '\'';
          if (wordEnds && !rest.isBlank()) {
            variants.add(rest);
          }
        }
      }
    }
    for (String variant : List.copyOf(variants)) {
      String plain = withoutTellingApart(variant);
      if (!plain.equals(variant)) {
        variants.add(plain);
      }
    }
    for (String variant : List.copyOf(variants)) {
      int space = variant.lastIndexOf(' ');
      if (space < 0) {
        continue;
      }
      String noun = variant.substring(space + 1).toLowerCase(Locale.ROOT);
      String head = variant.substring(0, space);
      if (NOUNS.contains(noun) && head.indexOf(' ') > 0) {
        variants.add(head);
      }
      if (noun.equals("light")) {
        variants.add(head + " lamp");
      } else if (noun.equals("lamp")) {
        variants.add(head + " light");
      }
    }
    return List.copyOf(variants);
  }

  /**
   * Whether words may mean several things of a name: a plural in English; in Chinese, which has
   * none, always.
   *
   * @param words what was said, such as {@code bedside lamps}
   */
  public static boolean several(String words) {
    String last = words.strip().toLowerCase(Locale.ROOT);
    last = last.substring(last.lastIndexOf(' ') + 1);
    boolean han = last.codePoints().anyMatch(c -> UnicodeScript.of(c) == UnicodeScript.HAN);
    return han || !Words.fold(last).equals(last);
  }

  private static String withoutTellingApart(String name) {
    String plain = NUMBER_BEHIND.matcher(name).replaceFirst("");
    int space = plain.indexOf(' ');
    if (space > 0 && TELLING_APART.contains(plain.substring(0, space).toLowerCase(Locale.ROOT))) {
      plain = plain.substring(space + 1);
    }
    boolean han = plain.codePoints().allMatch(c -> UnicodeScript.of(c) == UnicodeScript.HAN);
    if (han) {
      String rest = TELLING_APART_HAN.matcher(plain).replaceFirst("");
      return rest.length() >= 3 ? rest : name;
    }
    return plain.strip().indexOf(' ') > 0 ? plain.strip() : name;
  }
}

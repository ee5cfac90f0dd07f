package dev.hearth.agent.language;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

  private NameVariants() {}

  /**
   * Every form under which an entity is found: its name and aliases; these without the name of its
   * area in front ("Kitchen counter light" is the "counter light" of the kitchen); without a
   * closing noun when two words or more remain ("kitchen counter"); lamp for light and the other
   * way round.
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
                  || Character.UnicodeScript.of(full.charAt(area.length()))
                      == Character.UnicodeScript.HAN
                  || full.charAt(area.length()) == '\'';
          if (wordEnds && !rest.isBlank()) {
            variants.add(rest);
          }
        }
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
}

package dev.hearth.training;

import dev.hearth.agent.language.Named;
import java.util.List;

/**
 * What a sentence is about, in words and in meaning.
 *
 * @param text the words at the place of the target
 * @param tail words that come at the end of the sentence, such as {@code in the kitchen}; may be
 *     empty
 * @param names entities meant by name
 * @param kind kind of things meant; empty when there is none
 * @param places areas and floors meant; {@link #HERE} for the speaker's
 * @param all whether all of them are meant, wherever they are
 * @param except what is left out: names, places, or kinds (as {@code Named} with empty id)
 * @param unknown words that name nothing in this home; empty when there are none
 */
record Target(
    String text,
    String tail,
    List<Named> names,
    String kind,
    List<Named> places,
    boolean all,
    List<Named> except,
    String unknown) {
  static final Named HERE = new Named(dev.hearth.agent.language.Family.AREA, "here", "", List.of());

  static final Target NOTHING = new Target("", "", List.of(), "", List.of(), false, List.of(), "");

  Target words(String text, String tail) {
    return new Target(text, tail, names, kind, places, all, except, unknown);
  }

  static Target named(List<Named> names) {
    return new Target("", "", names, "", List.of(), false, List.of(), "");
  }

  static Target of(String kind, List<Named> places, boolean all) {
    return new Target("", "", List.of(), kind, places, all, List.of(), "");
  }

  Target in(Named place) {
    return new Target(text, tail, names, kind, List.of(place), all, except, unknown);
  }

  Target every() {
    return new Target(text, tail, names, kind, places, true, except, unknown);
  }

  Target without(List<Named> except) {
    return new Target(text, tail, names, kind, places, all, except, unknown);
  }

  Target unknown(String words) {
    return new Target(text, tail, names, kind, places, all, except, words);
  }
}

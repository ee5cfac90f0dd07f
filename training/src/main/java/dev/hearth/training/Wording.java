package dev.hearth.training;

import dev.hearth.agent.language.Named;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a language names things, places, numbers, and joins sentences. */
interface Wording {
  /** A slot's words and what they mean. */
  record Value(String words, String meaning) {}

  String language();

  List<String> areaNames();

  /** A person's room. */
  String ownedArea(RandomGenerator random);

  /** Floors, each with the names that it goes by. */
  List<List<String>> floorNames();

  /** Kinds of entities, weighted by repetition. */
  default List<String> entityKinds() {
    return List.of(
        "light",
        "light",
        "light",
        "light",
        "light",
        "light",
        "switch",
        "switch",
        "outlet",
        "blind",
        "curtain",
        "shutter",
        "cover",
        "garage_door",
        "climate",
        "climate",
        "fan",
        "fan",
        "lock",
        "door",
        "window",
        "motion",
        "sensor",
        "sensor");
  }

  /** The nouns of a kind, as they stand in names. */
  List<String> nouns(String kind);

  /** What stands before a noun in names. */
  List<String> adjectives(String kind);

  /** Joins the parts of a name. */
  String join(String first, String second);

  /** The tag that the marker puts behind a handle, from the kind that a person would say. */
  static String tag(String kind) {
    return switch (kind) {
      case "outlet" -> "switch";
      case "blind", "curtain", "shutter", "garage_door" -> "cover";
      case "door", "window", "motion" -> "sensor";
      default -> kind;
    };
  }

  /** Words for things meant by name. */
  Target named(RandomGenerator random, Target meaning, List<String> names, @Nullable String area);

  /** Words for every thing of a name. */
  Target namedAll(RandomGenerator random, Target meaning, String name);

  /**
   * Words for a group: of a kind, in places, all of them. The kind may be {@code everything} or
   * empty (a bare place).
   */
  Target group(RandomGenerator random, Target meaning);

  /** The same target with the words for its exceptions. */
  Target except(RandomGenerator random, Target meaning, List<String> exceptions);

  /** Words for one thing that is left out. */
  String exception(RandomGenerator random, Named thing);

  /** Words for things that do not exist; {@code room} when the words name a place. */
  Target unknown(RandomGenerator random, Target meaning, boolean room);

  /** Where something is asked or felt. */
  String place(RandomGenerator random, Named place);

  /** A place as the subject of a sentence. */
  String bare(RandomGenerator random, Named place);

  /** Things that few homes have. */
  List<String> oddThings();

  /** Rooms that few homes have. */
  List<String> oddRooms();

  Value percent(RandomGenerator random);

  Value degrees(RandomGenerator random);

  Value difference(RandomGenerator random);

  Value kelvin(RandomGenerator random);

  /** Color words by their meaning. */
  Map<String, List<String>> colors();

  /** Mode words by their meaning. */
  Map<String, List<String>> modes();

  /** Dresses a sentence as people do: please, could you, now. */
  String dress(RandomGenerator random, String sentence, boolean question);

  /** Now and then puts a word that says nothing somewhere into a sentence. */
  String hesitate(RandomGenerator random, String sentence);

  /** Joins sentences to one utterance. */
  String joinSentences(RandomGenerator random, List<String> sentences);
}

package dev.hearth.agent.tool;

import dev.hearth.inference.chat.ToolDefinition;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The four tools through which a language model proposes what to do in the home. They name targets
 * by selectors, never by lists of ids: code resolves the selector (see {@link Selector}).
 * Properties come in a fixed order, which the grammar keeps; {@code unknown} holds words of the
 * utterance.
 */
public final class HomeTools {
  /** Turns on and off, opens, closes, locks. */
  public static final String CONTROL = "control";

  /** Sets a value, absolute or relative. */
  public static final String ADJUST = "adjust";

  /** Asks for a state. */
  public static final String ASK = "ask";

  /** Nothing to do in this home. */
  public static final String DECLINE = "decline";

  /** What {@link #CONTROL} can do. */
  public static final List<String> DEEDS =
      List.of("on", "off", "toggle", "open", "close", "stop", "lock", "unlock");

  /** What {@link #ADJUST} can set. */
  public static final List<String> SETTINGS =
      List.of(
          "brightness", "color", "color_temperature", "position", "temperature", "mode", "speed");

  /** What {@link #ASK} can ask for. */
  public static final List<String> QUESTIONS =
      List.of(
          "state",
          "on",
          "open",
          "locked",
          "brightness",
          "color",
          "temperature",
          "humidity",
          "position",
          "mode",
          "speed",
          "motion",
          "power",
          "battery",
          "illuminance");

  /** Why {@link #DECLINE} declines. */
  public static final List<String> REASONS =
      List.of("small_talk", "help", "unsupported", "unclear");

  /** The kinds of things that a selector can name. */
  public static final List<String> KINDS =
      List.of(
          "light",
          "switch",
          "outlet",
          "cover",
          "blind",
          "curtain",
          "shutter",
          "garage_door",
          "climate",
          "fan",
          "lock",
          "door",
          "window",
          "motion",
          "sensor",
          "everything");

  /** The colors that have a name. */
  public static final List<String> COLORS =
      List.of(
          "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "magenta", "white");

  /** The modes of climate devices. */
  public static final List<String> MODES =
      List.of("heat", "cool", "auto", "dry", "fan_only", "off");

  /** Other words that {@link #ADJUST} sets a value to. */
  public static final List<String> LEVELS =
      List.of("warm", "neutral", "cool_white", "warmer", "cooler", "low", "medium", "high");

  /** The place where the speaker is. */
  public static final String HERE = "here";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private HomeTools() {}

  /**
   * The definitions for one home or, with handles for names, for one utterance.
   *
   * @param names the entities' names, or handles, that a selector may hold; may be empty
   * @param places the areas and floors, or handles, beside {@code here}
   */
  public static List<ToolDefinition> definitions(List<String> names, List<String> places) {
    List<String> wherever = Stream.concat(places.stream(), Stream.of(HERE)).toList();
    List<String> except =
        Stream.of(names, places, KINDS, List.of(HERE)).flatMap(List::stream).distinct().toList();
    return List.of(
        tool(
            CONTROL,
            "Turn things on or off, open, close, lock or unlock them.",
            selector(object().set("do", words(DEEDS)), "do", names, wherever, except)),
        tool(
            ADJUST,
            "Set a value: to an absolute one, or by a difference. Brightness, position and speed in"
                + " percent, temperature in degrees Celsius, color temperature in kelvin.",
            selector(
                object().set("what", words(SETTINGS)).set("to", setting()).set("by", difference()),
                "what",
                names,
                wherever,
                except)),
        tool(
            ASK,
            "Ask for the state of things.",
            selector(object().set("what", words(QUESTIONS)), "what", names, wherever, except)),
        tool(
            DECLINE,
            "The utterance asks for nothing that this home can do.",
            schema(object().set("why", words(REASONS)), "why")));
  }

  private static ObjectNode selector(
      ObjectNode properties,
      String required,
      List<String> names,
      List<String> places,
      List<String> except) {
    if (!names.isEmpty()) {
      properties.set("name", listOf(names));
    }
    properties.set("kind", words(KINDS));
    properties.set("in", listOf(places));
    properties.set("which", words(List.of("all")));
    properties.set("except", listOf(except));
    properties.set("unknown", object().put("type", "string").put("x-copied", true));
    return schema(properties, required);
  }

  private static ToolDefinition tool(String name, String description, ObjectNode parameters) {
    return new ToolDefinition(name, description, parameters);
  }

  private static ObjectNode schema(ObjectNode properties, String required) {
    ObjectNode schema = object().put("type", "object");
    schema.set("properties", properties);
    schema.set("required", JSON.arrayNode().add(required));
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode words(List<String> words) {
    ArrayNode values = JSON.arrayNode();
    words.forEach(values::add);
    return object().put("type", "string").set("enum", values);
  }

  private static ObjectNode listOf(List<String> words) {
    return object()
        .put("type", "array")
        .put("minItems", 1)
        .put("maxItems", 6)
        .set("items", words(words));
  }

  private static ObjectNode setting() {
    ObjectNode number =
        object()
            .put("type", "number")
            .put("minimum", 0)
            .put("maximum", 10_000)
            .put("x-decimals", 1);
    ObjectNode word =
        words(Stream.of(COLORS, MODES, LEVELS).flatMap(List::stream).distinct().toList());
    return object().set("anyOf", JSON.arrayNode().add(number).add(word));
  }

  private static ObjectNode difference() {
    return object()
        .put("type", "number")
        .put("minimum", -100)
        .put("maximum", 100)
        .put("x-decimals", 1);
  }

  private static ObjectNode object() {
    return JSON.objectNode();
  }
}

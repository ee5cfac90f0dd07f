package dev.hearth.inference.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Random schemas of what grammars support, each with something that matches. */
final class RandomSchema {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final List<String> NAMES =
      List.of(
          "a",
          "ab",
          "abc",
          "kitchen",
          "kitchen light",
          "客厅",
          "客厅灯",
          "it's \"x\"",
          "tab\tnl\n",
          "",
          "back\\slash",
          "é",
          "emoji 😀",
          "on",
          "off",
          "light.kitchen_ceiling",
          "light.kitchen",
          "\u0001");
  private final Random random;

  RandomSchema(Random random) {
    this.random = random;
  }

  ObjectNode object(int depth) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = MAPPER.createArrayNode();
    int count = random.nextInt(depth > 2 ? 2 : 5);
    for (int i = 0; i < count; i++) {
      String name = (random.nextInt(5) == 0 ? "p\"é" : "p") + i;
      properties.set(name, any(depth + 1));
      if (random.nextBoolean()) {
        required.add(name);
      }
    }
    if (random.nextInt(4) == 0) {
      schema.put("x-any-order", true);
    }
    return required.isEmpty() ? schema : schema.set("required", required);
  }

  /** An object, parts of which stand in {@code $defs}. */
  ObjectNode withReferences() {
    ObjectNode schema = object(0);
    ObjectNode definitions = MAPPER.createObjectNode();
    for (int i = 0; i < 2; i++) {
      definitions.set("d" + i, any(2));
    }
    ObjectNode properties = (ObjectNode) schema.get("properties");
    for (int i = 0; i < 3; i++) {
      properties.putObject("r" + i).put("$ref", "#/$defs/d" + random.nextInt(2));
    }
    return schema.set("$defs", definitions);
  }

  JsonNode any(int depth) {
    return switch (random.nextInt(depth > 2 ? 9 : 13)) {
      case 11 -> exclusive(depth);
      case 12 ->
          MAPPER.createObjectNode().set("allOf", MAPPER.createArrayNode().add(any(depth + 1)));
      case 0 -> enumeration(1 + random.nextInt(6));
      case 1 -> MAPPER.createObjectNode().set("const", MAPPER.getNodeFactory().stringNode(name()));
      case 2 -> string();
      case 3 -> substring();
      case 4, 5 -> number();
      case 6 -> MAPPER.createObjectNode().put("type", "boolean");
      case 7 -> mixed();
      case 8 -> severalTypes();
      case 9 -> object(depth + 1);
      case 10 -> array(depth);
      default -> union(depth);
    };
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private ObjectNode enumeration(int size) {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode values = schema.putArray("enum");
    for (int i = 0; i < size; i++) {
      values.add(name());
    }
    return schema;
  }

  private ObjectNode mixed() {
    ObjectNode schema = MAPPER.createObjectNode();
    schema.putArray("enum").add(1).add(12).add(true).addNull().add("x");
    return schema;
  }

  private ObjectNode string() {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "string");
    int min = random.nextInt(4);
    if (random.nextBoolean()) {
      schema.put("minLength", min);
    }
    return random.nextBoolean() ? schema.put("maxLength", min + random.nextInt(6)) : schema;
  }

  private ObjectNode substring() {
    List<String> texts =
        List.of(
            "turn off the kitchen lights, please!",
            "把客厅的灯关了",
            "  \"quoted\" and back\\slash\t",
            "x",
            "21 °C in 书房 room",
            "don't");
    return MAPPER
        .createObjectNode()
        .put("type", "string")
        .put("x-substring-of", texts.get(random.nextInt(texts.size())));
  }

  private ObjectNode number() {
    boolean whole = random.nextBoolean();
    ObjectNode schema = MAPPER.createObjectNode().put("type", whole ? "integer" : "number");
    int low = random.nextInt(400) - 200;
    int high = low + (random.nextInt(3) == 0 ? 0 : random.nextInt(300));
    if (whole) {
      schema.put(random.nextInt(4) == 0 && high > low ? "exclusiveMinimum" : "minimum", low);
      return random.nextInt(5) == 0 ? schema : schema.put("maximum", high);
    }
    int decimals = random.nextInt(4);
    schema.put("x-decimals", decimals);
    schema.put("minimum", new java.math.BigDecimal(low).movePointLeft(Math.min(decimals, 1)));
    return random.nextInt(5) == 0
        ? schema
        : schema.put(
            "maximum", new java.math.BigDecimal(high).movePointLeft(Math.min(decimals, 1)));
  }

  private ObjectNode array(int depth) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "array");
    boolean unique = random.nextInt(3) == 0;
    schema.set("items", unique ? enumeration(5) : any(depth + 1));
    if (unique) {
      schema.put("uniqueItems", true);
    }
    int min = unique ? random.nextInt(2) : random.nextInt(3);
    if (random.nextBoolean()) {
      schema.put("minItems", min);
    }
    return random.nextBoolean() ? schema.put("maxItems", min + random.nextInt(3)) : schema;
  }

  private ObjectNode severalTypes() {
    ObjectNode schema = MAPPER.createObjectNode().put("minimum", 3).put("maxLength", 4);
    schema.putArray("type").add("string").add("null").add("integer");
    return schema;
  }

  /** Variants of which only one can match. */
  private ObjectNode exclusive(int depth) {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode variants = schema.putArray("oneOf");
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      ObjectNode variant = object(depth + 1);
      ((ObjectNode) variant.get("properties")).putObject("kind").put("const", "k" + i);
      ArrayNode required =
          variant.get("required") instanceof ArrayNode there ? there : variant.putArray("required");
      required.add("kind");
      variants.add(variant);
    }
    variants.add(random.nextBoolean() ? number() : string());
    return schema;
  }

  private ObjectNode union(int depth) {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode variants = schema.putArray("anyOf");
    List<JsonNode> all = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      all.add(any(depth + 1));
    }
    all.forEach(variants::add);
    return schema;
  }
}

package dev.hearth.inference.grammar;

import dev.hearth.inference.grammar.ObjectMembers.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON schema to rules. A schema that nothing matches (an empty enum, a minimum above the maximum)
 * gives null: an optional property is left out then, a variant of a union dropped.
 */
final class SchemaCompiler {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DECIMALS = 9;
  private static final int USUAL_DECIMALS = 2;

  /** Most properties of an object in any order: each set of them is a state of its own. */
  private static final int MAX_ANY_ORDER = 12;

  /** Keywords that describe and do not constrain, and those that this layout fulfils anyway. */
  private static final Set<String> IGNORED =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "example",
          "format",
          "deprecated",
          "readOnly",
          "writeOnly",
          "additionalProperties",
          "strict",
          "definitions",
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "type");

  private static final Map<String, Set<String>> OF_TYPE =
      Map.of(
          "object", Set.of("properties", "required"),
          "array", Set.of("items", "minItems", "maxItems", "uniqueItems"),
          "string", Set.of("minLength", "maxLength"),
          "integer", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
          "number", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
          "boolean", Set.of(),
          "null", Set.of(),
          "any", Set.of());

  private final JsonNode root;
  private final boolean compact;
  private final Rule separator;
  private final String colon;
  private final Map<String, Optional<Rule>> referred = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private SchemaCompiler(JsonNode root, boolean compactJson) {
    this.root = root;
    compact = compactJson;
    separator = text(compactJson ? "," : ", ");
    colon = compactJson ? ":" : ": ";
  }

  private static Rule text(String text) {
    return Rule.literal(JsonText.utf8(text));
  }

  /**
   * The rule of a schema, null when nothing matches it.
   *
   * @throws IllegalArgumentException when it uses what is not supported; names path and keyword
   */
  static @Nullable Rule compile(JsonNode schema, boolean compactJson) {
    return new SchemaCompiler(schema, compactJson).compile(schema, "#", 0);
  }

  private @Nullable Rule compile(JsonNode schema, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw problem(path, "is nested deeper than " + MAX_DEPTH + " levels; flatten it");
    }
    if (schema.isBoolean()) {
      return schema.booleanValue() ? anything() : null;
    }
    if (!schema.isObject()) {
      throw problem(path, "must be an object, found " + schema);
    }
    if (schema.has("$ref")) {
      allow(schema, path, Set.of("$ref"));
      return reference(schema.get("$ref"), path + "/$ref", depth);
    }
    if (schema.has("const") || schema.has("enum")) {
      allow(schema, path, Set.of("const", "enum"));
      Enumeration enumeration = enumeration(schema, path);
      return enumeration == null ? null : enumeration.rule();
    }
    for (String union : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.has(union)) {
        allow(schema, path, Set.of(union));
        return union(schema, union, path, depth);
      }
    }
    List<String> types = types(schema, path);
    Set<String> keywords = new HashSet<>();
    types.forEach(type -> keywords.addAll(OF_TYPE.getOrDefault(type, Set.of())));
    allow(schema, path, keywords);
    List<Rule> rules = new ArrayList<>();
    for (String type : types) {
      add(rules, typed(schema, type, path, depth));
    }
    return rules.isEmpty() ? null : Rule.either(rules);
  }

  private static List<String> types(JsonNode schema, String path) {
    JsonNode type = schema.get("type");
    if (type == null) {
      return List.of(
          schema.has("properties")
              ? "object"
              : schema.has("items") ? "array" : schema.has("x-substring-of") ? "string" : "any");
    }
    List<String> types = new ArrayList<>();
    if (type.isArray()) {
      type.forEach(one -> types.add(one.asString("?")));
    } else {
      types.add(type.asString("?"));
    }
    for (String one : types) {
      if (!OF_TYPE.containsKey(one) || one.equals("any")) {
        throw problem(
            path + "/type",
            "is %s; use object, array, string, integer, number, boolean or null".formatted(type));
      }
    }
    return types;
  }

  private @Nullable Rule typed(JsonNode schema, String type, String path, int depth) {
    return switch (type) {
      case "object" -> object(schema, path, depth);
      case "array" -> array(schema, path, depth);
      case "string" -> string(schema, path);
      case "integer" -> new NumberSchema(schema, path).rule(0);
      case "number" -> new NumberSchema(schema, path).rule(decimals(schema, path));
      case "boolean" -> Rule.either(List.of(text("true"), text("false")));
      case "null" -> text("null");
      default -> anything();
    };
  }

  /** Where a schema says nothing: a string, a truth value or null. */
  private static Rule anything() {
    return Rule.either(
        List.of(
            quoted(Texts.json(0, Integer.MAX_VALUE)), text("true"), text("false"), text("null")));
  }

  private static void allow(JsonNode schema, String path, Set<String> keywords) {
    Set<String> unknown = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      String keyword = entry.getKey();
      if (!keywords.contains(keyword) && !IGNORED.contains(keyword) && !keyword.startsWith("x-")) {
        unknown.add(keyword);
      }
    }
    if (!unknown.isEmpty()) {
      throw problem(
          path, "uses %s, which a grammar cannot express here; leave it out".formatted(unknown));
    }
  }

  static IllegalArgumentException problem(String path, String what) {
    return new IllegalArgumentException("JSON schema " + path + " " + what);
  }

  private @Nullable Rule reference(JsonNode target, String path, int depth) {
    String pointer = target.asString("");
    if (!pointer.startsWith("#/")) {
      throw problem(path, "is %s; only '#/$defs/name' and the like are read".formatted(target));
    }
    JsonNode schema = root.at(pointer.substring(1));
    if (schema.isMissingNode()) {
      throw problem(path, "names %s, which is not there; add it".formatted(pointer));
    }
    Optional<Rule> known = referred.get(pointer);
    if (known == null) {
      if (!open.add(pointer)) {
        throw problem(
            path, "leads back to %s; write out as many levels as are needed".formatted(pointer));
      }
      known = Optional.ofNullable(compile(schema, pointer, depth + 1));
      open.remove(pointer);
      referred.put(pointer, known);
    }
    return known.orElse(null);
  }

  private @Nullable Rule union(JsonNode schema, String keyword, String path, int depth) {
    JsonNode variants = schema.get(keyword);
    String at = path + "/" + keyword;
    if (!variants.isArray() || variants.isEmpty()) {
      throw problem(at, "must be an array of schemas, found " + variants);
    }
    if (keyword.equals("allOf") && variants.size() > 1) {
      throw problem(at, "has %d parts; merge them into one schema".formatted(variants.size()));
    }
    List<JsonNode> typed = new ArrayList<>();
    for (JsonNode variant : variants) {
      typed.add(inheriting(variant, schema.get("type"), at + "/" + typed.size()));
    }
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < typed.size(); i++) {
      for (int j = 0; j < i && keyword.equals("oneOf"); j++) {
        if (!Disjoint.provably(resolved(typed.get(j)), resolved(typed.get(i)))) {
          throw problem(
              at,
              "variants %d and %d may match the same value; give both a required property with"
                      .formatted(j, i)
                  + " different constants, or write anyOf");
        }
      }
      add(rules, compile(typed.get(i), at + "/" + i, depth + 1));
    }
    return rules.isEmpty() ? null : Rule.either(rules);
  }

  private JsonNode resolved(JsonNode schema) {
    JsonNode pointer = schema.path("$ref");
    return pointer.isString() && pointer.stringValue().startsWith("#/")
        ? root.at(pointer.stringValue().substring(1))
        : schema;
  }

  /** A variant with the type that stands beside the union. */
  private static JsonNode inheriting(JsonNode variant, @Nullable JsonNode type, String path) {
    if (type == null || type.equals(variant.get("type"))) {
      return variant;
    }
    if (!(variant instanceof ObjectNode object) || variant.has("type") || variant.has("$ref")) {
      throw problem(
          path, "stands beside a type %s of its own; move it into the variants".formatted(type));
    }
    return object.deepCopy().set("type", type);
  }

  private static void add(List<Rule> rules, @Nullable Rule rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  /** The values of const and enum that fit the type; null when there are none. */
  private @Nullable Enumeration enumeration(JsonNode schema, String path) {
    JsonNode constant = schema.get("const");
    JsonNode values = schema.get("enum");
    if (values != null && !values.isArray()) {
      throw problem(path + "/enum", "must be an array, found " + values);
    }
    List<String> types = schema.has("type") ? types(schema, path) : List.of();
    List<byte[]> texts = new ArrayList<>();
    for (JsonNode value : values == null ? List.of(schema.get("const")) : values) {
      if ((constant == null || constant.equals(value)) && fits(value, types)) {
        texts.add(JsonText.utf8(JsonText.value(value, compact)));
      }
    }
    return texts.isEmpty() ? null : new Enumeration(texts);
  }

  private static boolean fits(JsonNode value, List<String> types) {
    return types.isEmpty()
        || types.contains(Disjoint.typeOf(value))
        || (types.contains("integer") && value.isIntegralNumber());
  }

  private @Nullable Rule object(JsonNode schema, String path, int depth) {
    JsonNode described = schema.path("properties");
    JsonNode names = schema.path("required");
    if (!(described.isMissingNode() || described.isObject())) {
      throw problem(path + "/properties", "must be an object, found " + described);
    }
    if (!(names.isMissingNode() || names.isArray())) {
      throw problem(path + "/required", "must be an array of names, found " + names);
    }
    Set<String> required = new TreeSet<>();
    names.forEach(name -> required.add(name.asString("?")));
    List<Property> properties = new ArrayList<>();
    boolean possible = true;
    for (Map.Entry<String, JsonNode> entry : described.properties()) {
      String name = entry.getKey();
      Rule value = compile(entry.getValue(), path + "/properties/" + name, depth + 1);
      boolean needed = required.remove(name);
      if (value != null) {
        properties.add(new Property(text(JsonText.quoted(name) + colon), value, needed));
      } else {
        possible &= !needed;
      }
    }
    if (!required.isEmpty()) {
      throw problem(
          path + "/required", "names %s, which is not in properties; add it".formatted(required));
    }
    if (!possible) {
      return null;
    }
    if (!schema.path("x-any-order").asBoolean(false)) {
      return ObjectMembers.inOrder(properties, separator);
    }
    if (properties.size() > MAX_ANY_ORDER) {
      throw problem(
          path + "/x-any-order",
          "is for %d properties at most, found %d; leave it out and the schema's order holds"
              .formatted(MAX_ANY_ORDER, properties.size()));
    }
    return ObjectMembers.inAnyOrder(properties, separator);
  }

  private @Nullable Rule array(JsonNode schema, String path, int depth) {
    int min = count(schema, "minItems", 0, path);
    int max = count(schema, "maxItems", Integer.MAX_VALUE, path);
    JsonNode items = schema.get("items");
    if (items == null) {
      throw problem(path, "is an array without 'items'; add them");
    }
    if (schema.path("uniqueItems").asBoolean(false) && max > 1) {
      if (!items.has("enum") && !items.has("const")) {
        throw problem(
            path + "/uniqueItems",
            "needs items with an enum; give them one, or leave uniqueItems out");
      }
      Enumeration enumeration = enumeration(items, path + "/items");
      int most = enumeration == null ? 0 : Math.min(max, enumeration.size());
      return min > most ? null : unique(enumeration, min, most);
    }
    Rule item = compile(items, path + "/items", depth + 1);
    if (max == 0 || item == null) {
      return min > 0 ? null : text("[]");
    }
    if (min > max) {
      return null;
    }
    int moreMax = max == Integer.MAX_VALUE ? max : max - 1;
    Rule more = Rule.repeat(Rule.sequence(separator, item), Math.max(0, min - 1), moreMax);
    Rule full = Rule.sequence(text("["), item, more, text("]"));
    return min > 0 ? full : Rule.either(List.of(text("[]"), full));
  }

  private Rule unique(@Nullable Enumeration values, int min, int max) {
    return next ->
        Node.literal(
            JsonText.utf8("["),
            uniqueFrom(values, 0, min, max, Node.literal(JsonText.utf8("]"), next)));
  }

  private Node uniqueFrom(@Nullable Enumeration left, int count, int min, int max, Node close) {
    if (count == max || left == null) {
      return close;
    }
    Node one =
        Node.lazy(() ->
            left.before(index ->
                Node.lazy(() -> uniqueFrom(left.without(index), count + 1, min, max, close))));
    Node more = count == 0 ? one : separator.before(one);
    return count >= min ? Node.either(close, more) : more;
  }

  private static int count(JsonNode schema, String keyword, int missing, String path) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return missing;
    }
    if (!value.canConvertToExactIntegral() || value.decimalValue().signum() < 0) {
      throw problem(path + "/" + keyword, "must be a whole number from 0 on, found " + value);
    }
    return value.canConvertToInt() ? value.intValue() : Integer.MAX_VALUE;
  }

  private @Nullable Rule string(JsonNode schema, String path) {
    int min = count(schema, "minLength", 0, path);
    int max = count(schema, "maxLength", Integer.MAX_VALUE, path);
    JsonNode source = schema.get("x-substring-of");
    if (source != null) {
      if (!source.isString() || min > 1) {
        throw problem(path + "/x-substring-of", "must be a string, without minLength above 1");
      }
      Rule part = max == 0 ? null : Texts.partOf(source.stringValue(), max);
      return part == null ? null : quoted(part);
    }
    return min > max ? null : quoted(Texts.json(min, max));
  }

  private static Rule quoted(Rule content) {
    Rule quote = text("\"");
    return Rule.sequence(quote, content, quote);
  }

  private static int decimals(JsonNode schema, String path) {
    int decimals = count(schema, "x-decimals", USUAL_DECIMALS, path);
    if (decimals > MAX_DECIMALS) {
      throw problem(path + "/x-decimals", "is %d; at most %d".formatted(decimals, MAX_DECIMALS));
    }
    return decimals;
  }
}

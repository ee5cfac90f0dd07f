package dev.hearth.inference.grammar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * JSON schema to rules. A schema that nothing matches (an empty enum, a minimum above the maximum)
 * gives null: an optional property is left out then, a variant of a union dropped.
 */
final class SchemaCompiler {
  private static final int MAX_DEPTH = 64;
  private static final BigDecimal WIDEST = BigDecimal.TEN.pow(15);
  private static final BigDecimal WIDE = BigDecimal.TEN.pow(12);
  private static final int MAX_DECIMALS = 9;
  private static final int USUAL_DECIMALS = 2;

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
          "$schema",
          "$id",
          "$comment",
          "type");

  private static final Set<String> OF_OBJECT = Set.of("properties", "required");
  private static final Set<String> OF_ARRAY =
      Set.of("items", "minItems", "maxItems", "uniqueItems");
  private static final Set<String> OF_STRING = Set.of("minLength", "maxLength");
  private static final Set<String> OF_NUMBER =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private final boolean compact;
  private final Rule separator;
  private final String colon;

  SchemaCompiler(boolean compactJson) {
    compact = compactJson;
    separator = text(compactJson ? "," : ", ");
    colon = compactJson ? ":" : ": ";
  }

  private static Rule text(String text) {
    return Rule.literal(JsonText.utf8(text));
  }

  /** The rule of a schema, null when nothing matches it. */
  @Nullable Rule compile(JsonNode schema) {
    return compile(schema, "#", 0);
  }

  private @Nullable Rule compile(JsonNode schema, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw problem(path, "is nested deeper than " + MAX_DEPTH + " levels; flatten it");
    }
    if (!schema.isObject()) {
      throw problem(path, "must be an object, found " + schema);
    }
    JsonNode constant = schema.get("const");
    JsonNode values = schema.get("enum");
    if (constant != null) {
      allow(schema, path, Set.of("const", "enum"));
      return text(JsonText.value(constant, compact));
    }
    if (values != null) {
      allow(schema, path, Set.of("enum"));
      Enumeration enumeration = enumeration(values, path);
      return enumeration == null ? null : enumeration.rule();
    }
    for (String union : List.of("anyOf", "oneOf")) {
      JsonNode variants = schema.get(union);
      if (variants != null) {
        allow(schema, path, Set.of(union));
        return union(variants, path + "/" + union, depth);
      }
    }
    JsonNode type = schema.get("type");
    if (type != null && type.isArray()) {
      List<Rule> rules = new ArrayList<>();
      for (JsonNode one : type) {
        add(rules, typed(schema, one.asString(), path, depth, false));
      }
      return rules.isEmpty() ? null : Rule.either(rules);
    }
    return typed(schema, type == null ? guess(schema) : type.asString(), path, depth, true);
  }

  private static String guess(JsonNode schema) {
    return schema.has("properties") ? "object" : schema.has("items") ? "array" : "any";
  }

  private @Nullable Rule typed(
      JsonNode schema, String type, String path, int depth, boolean strict) {
    Set<String> allowed =
        switch (type) {
          case "object" -> OF_OBJECT;
          case "array" -> OF_ARRAY;
          case "string" -> OF_STRING;
          case "integer", "number" -> OF_NUMBER;
          default -> Set.of();
        };
    if (strict) {
      allow(schema, path, allowed);
    }
    return switch (type) {
      case "object" -> object(schema, path, depth);
      case "array" -> array(schema, path, depth);
      case "string" -> string(schema, path);
      case "integer" -> number(schema, path, 0);
      case "number" -> number(schema, path, decimals(schema, path));
      case "boolean" -> Rule.either(List.of(text("true"), text("false")));
      case "null" -> text("null");
      case "any" ->
          Rule.either(
              List.of(
                  quoted(Texts.json(0, Integer.MAX_VALUE)),
                  text("true"),
                  text("false"),
                  text("null")));
      default ->
          throw problem(
              path + "/type",
              "is '%s'; use object, array, string, integer, number, boolean or null"
                  .formatted(type));
    };
  }

  private void allow(JsonNode schema, String path, Set<String> keywords) {
    Set<String> unknown = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      String keyword = entry.getKey();
      if (!keywords.contains(keyword)
          && !IGNORED.contains(keyword)
          && !keyword.startsWith("x-")
          && !keyword.startsWith("$def")
          && !keyword.equals("definitions")) {
        unknown.add(keyword);
      }
    }
    if (!unknown.isEmpty()) {
      throw problem(
          path, "uses %s, which a grammar cannot express here; leave it out".formatted(unknown));
    }
  }

  private static IllegalArgumentException problem(String path, String what) {
    return new IllegalArgumentException("JSON schema " + path + " " + what);
  }

  private @Nullable Rule union(JsonNode variants, String path, int depth) {
    List<Rule> rules = new ArrayList<>();
    int index = 0;
    for (JsonNode variant : variants) {
      add(rules, compile(variant, path + "/" + index++, depth + 1));
    }
    return rules.isEmpty() ? null : Rule.either(rules);
  }

  private static void add(List<Rule> rules, @Nullable Rule rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  private @Nullable Enumeration enumeration(JsonNode values, String path) {
    if (!values.isArray()) {
      throw problem(path + "/enum", "must be an array, found " + values);
    }
    List<byte[]> texts = new ArrayList<>(values.size());
    for (JsonNode value : values) {
      texts.add(JsonText.utf8(JsonText.value(value, compact)));
    }
    return texts.isEmpty() ? null : new Enumeration(texts);
  }

  private record Property(Rule text, Rule value, boolean required) {}

  private @Nullable Rule object(JsonNode schema, String path, int depth) {
    JsonNode described = schema.get("properties");
    Set<String> required = new TreeSet<>();
    JsonNode names = schema.get("required");
    if (names != null) {
      for (JsonNode name : names) {
        required.add(name.asString());
      }
    }
    List<Property> properties = new ArrayList<>();
    if (described != null) {
      for (Map.Entry<String, JsonNode> entry : described.properties()) {
        String name = entry.getKey();
        Rule value = compile(entry.getValue(), path + "/properties/" + name, depth + 1);
        boolean needed = required.remove(name);
        if (value != null) {
          properties.add(new Property(text(JsonText.quoted(name) + colon), value, needed));
        } else if (needed) {
          return null;
        }
      }
    }
    if (!required.isEmpty()) {
      throw problem(
          path + "/required", "names %s, which is not in properties; add it".formatted(required));
    }
    return next -> Node.literal(JsonText.utf8("{"), new Members(properties, next).at(0, true));
  }

  /** The members of one object from a position on; shared by all ways that lead there. */
  private final class Members {
    private final List<Property> properties;
    private final Node close;
    private final @Nullable Node[] made;

    Members(List<Property> properties, Node next) {
      this.properties = properties;
      this.close = Node.literal(JsonText.utf8("}"), next);
      this.made = new Node[2 * properties.size()];
    }

    Node at(int index, boolean first) {
      if (index == properties.size()) {
        return close;
      }
      int slot = 2 * index + (first ? 1 : 0);
      Node node = made[slot];
      if (node == null) {
        node = make(index, first);
        made[slot] = node;
      }
      return node;
    }

    private Node make(int index, boolean first) {
      Property property = properties.get(index);
      Node value =
          Node.lazy(() -> {
            Node after = Node.lazy(() -> at(index + 1, false));
            return property.value.before(after);
          });
      Node member = property.text.before(value);
      Node taken = first ? member : separator.before(member);
      return property.required
          ? taken
          : new Node.Fork(() -> new Node[] {taken, at(index + 1, first)});
    }
  }

  private @Nullable Rule array(JsonNode schema, String path, int depth) {
    int min = count(schema, "minItems", 0, path);
    int max = count(schema, "maxItems", Integer.MAX_VALUE, path);
    JsonNode items = schema.get("items");
    if (items == null) {
      throw problem(path, "is an array without 'items'; add them");
    }
    JsonNode values = items.get("enum");
    if (schema.path("uniqueItems").asBoolean(false) && values != null) {
      Enumeration enumeration = enumeration(values, path + "/items");
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
    if (!value.isIntegralNumber() || value.asLong() < 0) {
      throw problem(path + "/" + keyword, "must be a whole number from 0 on, found " + value);
    }
    return (int) Math.min(Integer.MAX_VALUE, value.asLong());
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

  private static @Nullable Rule number(JsonNode schema, String path, int decimals) {
    BigDecimal step = BigDecimal.ONE.movePointLeft(decimals);
    BigDecimal min = bound(schema, "minimum", WIDE.negate(), path);
    BigDecimal max = bound(schema, "maximum", WIDE, path);
    BigDecimal above = bound(schema, "exclusiveMinimum", WIDEST.negate(), path);
    BigDecimal below = bound(schema, "exclusiveMaximum", WIDEST, path);
    // The nearest value inside an exclusive bound is at most one step of the last decimal away.
    BigDecimal least =
        schema.has("exclusiveMinimum")
            ? above.setScale(decimals, RoundingMode.FLOOR).add(step)
            : above;
    BigDecimal greatest =
        schema.has("exclusiveMaximum")
            ? below.setScale(decimals, RoundingMode.CEILING).subtract(step)
            : below;
    BigDecimal low = min.max(least);
    BigDecimal high = max.min(greatest);
    return Digits.range(low, high, decimals);
  }

  private static BigDecimal bound(
      JsonNode schema, String keyword, BigDecimal missing, String path) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return missing;
    }
    if (!value.isNumber()) {
      throw problem(path + "/" + keyword, "must be a number, found " + value);
    }
    BigDecimal bound = value.decimalValue();
    if (bound.abs().compareTo(WIDEST) > 0) {
      throw problem(path + "/" + keyword, "is %s; at most 1e15 in size".formatted(bound));
    }
    return bound;
  }
}

package dev.hearth.inference.grammar;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether it is plain to see that no value matches two schemas. */
final class Disjoint {
  private static final List<String> TYPES =
      List.of("string", "number", "boolean", "null", "object", "array");

  private Disjoint() {}

  static boolean provably(JsonNode a, JsonNode b) {
    Set<String> types = types(a);
    types.retainAll(types(b));
    if (types.isEmpty()) {
      return true;
    }
    Collection<Object> valuesOfA = values(a);
    Collection<Object> valuesOfB = values(b);
    if (!valuesOfA.isEmpty() && !valuesOfB.isEmpty()) {
      return valuesOfA.stream().noneMatch(valuesOfB::contains);
    }
    if (types.equals(Set.of("number"))) {
      return below(a, b) || below(b, a);
    }
    return types.equals(Set.of("object")) && toldApart(a, b);
  }

  /** Whether both need a property whose values differ. */
  private static boolean toldApart(JsonNode a, JsonNode b) {
    for (JsonNode name : a.path("required")) {
      for (JsonNode other : b.path("required")) {
        if (name.equals(other)
            && provably(
                a.path("properties").path(name.asString()),
                b.path("properties").path(name.asString()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean below(JsonNode a, JsonNode b) {
    JsonNode most = a.path("maximum");
    JsonNode least = b.path("minimum");
    return most.isNumber()
        && least.isNumber()
        && most.decimalValue().compareTo(least.decimalValue()) < 0;
  }

  /** JSON types that a schema may match; integers are numbers. */
  private static Set<String> types(JsonNode schema) {
    Set<String> types = new HashSet<>();
    JsonNode type = schema.path("type");
    if (schema.has("const")) {
      types.add(typeOf(schema.get("const")));
    } else if (schema.has("enum")) {
      schema.get("enum").forEach(value -> types.add(typeOf(value)));
    } else if (type.isString()) {
      types.add(plain(type.asString()));
    } else if (type.isArray()) {
      type.forEach(one -> types.add(plain(one.asString(""))));
    } else {
      types.addAll(TYPES);
    }
    return types;
  }

  private static String plain(String type) {
    return type.equals("integer") ? "number" : type;
  }

  /** The JSON type of a value; integers are numbers. */
  static String typeOf(JsonNode value) {
    if (value.isString()) {
      return "string";
    }
    if (value.isNumber()) {
      return "number";
    }
    if (value.isBoolean()) {
      return "boolean";
    }
    return value.isNull() ? "null" : value.isObject() ? "object" : "array";
  }

  /** The values that a schema lists, numbers as such; empty when it lists none. */
  private static Collection<Object> values(JsonNode schema) {
    Set<Object> values = new HashSet<>();
    if (schema.has("const")) {
      values.add(comparable(schema.get("const")));
    } else {
      schema.path("enum").forEach(value -> values.add(comparable(value)));
    }
    return values;
  }

  private static Object comparable(JsonNode value) {
    if (!value.isNumber()) {
      return value;
    }
    BigDecimal number = value.decimalValue();
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }
}

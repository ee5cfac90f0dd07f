package dev.hearth.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.testing.Fuzz;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Any JSON as a schema gives a grammar that goes on, or an error that says where. */
class SchemaFuzzTest {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "properties",
          "required",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "x-decimals",
          "x-substring-of",
          "x-any-order",
          "$ref",
          "$defs",
          "title",
          "pattern");

  private static final List<String> LEAVES =
      List.of(
          "\"object\"",
          "\"array\"",
          "\"string\"",
          "\"integer\"",
          "\"number\"",
          "\"#/$defs/a\"",
          "\"#/properties/a\"",
          "\"#\"",
          "\"\"",
          "\"a b, c\"",
          "\"\\ud83d\"",
          "true",
          "false",
          "null",
          "0",
          "-1",
          "1",
          "3",
          "0.5",
          "1e30",
          "-1e-30",
          "1e-99999",
          "1e99999",
          "99999999999999999999",
          "2147483647");

  private static JsonNode node(Random random, int depth) {
    int kind = random.nextInt(depth > 5 ? 1 : 6);
    if (kind <= 1) {
      return MAPPER.readTree(LEAVES.get(random.nextInt(LEAVES.size())));
    }
    if (kind == 2) {
      ArrayNode array = MAPPER.createArrayNode();
      for (int n = random.nextInt(4); n > 0; n--) {
        array.add(node(random, depth + 1));
      }
      return array;
    }
    return schema(random, depth);
  }

  private static ObjectNode schema(Random random, int depth) {
    ObjectNode object = MAPPER.createObjectNode();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      String keyword =
          random.nextInt(6) == 0
              ? List.of("a", "b").get(random.nextInt(2))
              : KEYWORDS.get(random.nextInt(KEYWORDS.size()));
      JsonNode value =
          switch (keyword) {
            case "type" -> MAPPER.readTree(LEAVES.get(random.nextInt(5)));
            case "items", "$defs" -> schema(random, depth + 1);
            case "properties" -> MAPPER.createObjectNode().set("a", node(random, depth + 1));
            case "anyOf", "oneOf", "allOf" ->
                MAPPER.createArrayNode().add(node(random, depth + 1)).add(node(random, depth + 1));
            default -> node(random, depth + 1);
          };
      object.set(keyword, value);
    }
    return object;
  }

  @Test
  void anyJsonIsASchemaOrAnErrorWithAPath() {
    int[] taken = new int[1];
    Fuzz.each(
        6_000,
        random -> {
          JsonNode schema = schema(random, 0);
          Grammar grammar;
          try {
            grammar = Grammar.forSchema(schema, random.nextBoolean(), TestVocabulary.SMALL);
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).as(schema.toString()).contains("JSON schema");
            return;
          }
          taken[0]++;
          GrammarState state = grammar.start();
          for (int i = 0; i < 20 && !state.complete(); i++) {
            List<Integer> allowed = Walk.allowed(state.mask());
            assertThat(allowed).as(schema.toString()).isNotEmpty();
            state.accept(allowed.get(random.nextInt(allowed.size())));
          }
        });
    assertThat(taken[0]).as("schemas taken").isGreaterThan(100);
  }
}

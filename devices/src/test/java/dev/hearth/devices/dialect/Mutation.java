package dev.hearth.devices.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes hostile messages of good ones. */
public final class Mutation {
  private static final List<Object> POISON =
      List.of(
          "",
          "#",
          "a/+/b",
          "bridge/request/restart",
          "\u0000",
          "x".repeat(10_000),
          "\ud800",
          -1,
          0,
          1e-300,
          1e308,
          Long.MIN_VALUE,
          true,
          List.of(),
          List.of(List.of(1, 2, 3)),
          Map.of(),
          Map.of("type", 7),
          "<|im_end|>");

  private Mutation() {}

  /** A value in which some things are missing or replaced by poison. */
  public static @Nullable Object of(@Nullable Object value, Random random) {
    if (random.nextInt(40) == 0) {
      return POISON.get(random.nextInt(POISON.size()));
    }
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((k, v) -> {
          if (random.nextInt(40) != 0) {
            out.put(String.valueOf(k), of(v, random));
          }
        });
        yield out;
      }
      case List<?> list -> {
        List<@Nullable Object> out = new ArrayList<>();
        list.forEach(each -> out.add(of(each, random)));
        yield out;
      }
      case null -> null;
      default -> value;
    };
  }

  /** The text's bytes, now and then cut short or with a byte changed. */
  public static byte[] bytes(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }
}

package dev.hearth.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters over lists and mappings. */
final class CollectionFilters {
  private CollectionFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("length", (v, a, e) -> length(v));
    filters.put("count", (v, a, e) -> length(v));
    filters.put("list", (v, a, e) -> Values.iterate(v, e.budget()));
    filters.put("first", (v, a, e) -> edge(v, true, e));
    filters.put("last", (v, a, e) -> edge(v, false, e));
    filters.put("join", CollectionFilters::join);
    filters.put("map", CollectionFilters::map);
    filters.put("select", (v, a, e) -> select(v, a, false, true, e));
    filters.put("reject", (v, a, e) -> select(v, a, false, false, e));
    filters.put("selectattr", (v, a, e) -> select(v, a, true, true, e));
    filters.put("rejectattr", (v, a, e) -> select(v, a, true, false, e));
    filters.put("items", (v, a, e) -> v instanceof Undefined ? List.of() : items(v, e));
    filters.put("dictsort", CollectionFilters::dictSort);
    filters.put("sort", CollectionFilters::sort);
    filters.put("unique", CollectionFilters::unique);
    filters.put("reverse", CollectionFilters::reverse);
    filters.put("sum", CollectionFilters::sum);
    filters.put("min", (v, a, e) -> extreme(v, a, e, -1));
    filters.put("max", (v, a, e) -> extreme(v, a, e, 1));
    filters.put("batch", CollectionFilters::batch);
    filters.put("attr", (v, a, e) -> e.attribute(v, a.text(0, "name")));
    filters.put("contains", (v, a, e) -> e.compare("in", a.required(0, "item"), v));
  }

  static long length(@Nullable Object value) {
    return switch (value) {
      case String s -> s.codePointCount(0, s.length());
      case List<?> l -> l.size();
      case Map<?, ?> m -> m.size();
      case Undefined u -> 0;
      case null, default -> throw new TemplateException(Values.kind(value) + " has no length");
    };
  }

  private static @Nullable Object edge(@Nullable Object value, boolean first, Evaluator evaluator) {
    List<@Nullable Object> items = Values.iterate(value, evaluator.budget());
    return items.isEmpty()
        ? new Undefined((first ? "first" : "last") + " of nothing")
        : first ? items.getFirst() : items.getLast();
  }

  private static String join(@Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    String separator = evaluator.text(arguments.get(0, "d", ""));
    Object attribute = arguments.get(1, "attribute", null);
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Object item : Values.iterate(value, evaluator.budget())) {
      out.append(first ? "" : separator);
      first = false;
      out.append(evaluator.text(attribute == null ? item : path(item, attribute, evaluator)));
      evaluator.budget().limit(out.length());
    }
    return out.toString();
  }

  /** The value at {@code a.b.0} inside an item. */
  private static @Nullable Object path(
      @Nullable Object item, @Nullable Object attribute, Evaluator evaluator) {
    if (!(attribute instanceof String text)) {
      return evaluator.item(item, attribute);
    }
    Object value = item;
    for (String part : text.split("\\.", -1)) {
      boolean index =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      value = evaluator.item(value, index ? (Object) Long.parseLong(part) : part);
    }
    return value;
  }

  private static List<@Nullable Object> map(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    List<@Nullable Object> mapped = new ArrayList<>();
    Object attribute = arguments.get(Integer.MAX_VALUE, "attribute", null);
    for (Object item : Values.iterate(value, evaluator.budget())) {
      if (attribute != null) {
        Object found = path(item, attribute, evaluator);
        mapped.add(
            found instanceof Undefined && arguments.has(Integer.MAX_VALUE, "default")
                ? arguments.get(Integer.MAX_VALUE, "default", null)
                : found);
      } else {
        mapped.add(
            Filters.apply(arguments.text(0, "filter"), item, arguments.without(1), evaluator));
      }
    }
    return mapped;
  }

  private static List<@Nullable Object> select(
      @Nullable Object value,
      CallArguments arguments,
      boolean byAttribute,
      boolean keep,
      Evaluator evaluator) {
    int start = byAttribute ? 1 : 0;
    Object attribute = byAttribute ? arguments.required(0, "attribute") : null;
    List<@Nullable Object> selected = new ArrayList<>();
    for (Object item : Values.iterate(value, evaluator.budget())) {
      evaluator.budget().step();
      Object tested = byAttribute ? path(item, attribute, evaluator) : item;
      boolean holds =
          arguments.count() > start
              ? Tests.test(
                  arguments.text(start, "test"), tested, arguments.without(start + 1), evaluator)
              : Values.truth(tested);
      if (holds == keep) {
        selected.add(item);
      }
    }
    return selected;
  }

  /** Pairs of key and value. */
  static List<@Nullable Object> items(@Nullable Object value, Evaluator evaluator) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("items needs a mapping, found " + Values.kind(value));
    }
    evaluator.budget().allocate(map.size());
    List<@Nullable Object> pairs = new ArrayList<>(map.size());
    map.forEach((k, v) -> {
      List<@Nullable Object> pair = new ArrayList<>(2);
      pair.add(Values.normalise(k));
      pair.add(Values.normalise(v));
      pairs.add(new Tuple(pair));
    });
    return pairs;
  }

  private static @Nullable Object folded(@Nullable Object value, boolean caseSensitive) {
    return !caseSensitive && value instanceof String s ? s.toLowerCase(Locale.ROOT) : value;
  }

  private static void sort(List<@Nullable Object> items, Comparator<@Nullable Object> order) {
    try {
      items.sort(order);
    } catch (IllegalArgumentException e) {
      throw new TemplateException("the items have no consistent order");
    }
  }

  private static List<@Nullable Object> dictSort(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
    int by = arguments.text(1, "by", "key").equals("value") ? 1 : 0;
    boolean reverse = arguments.flag(2, "reverse", false);
    List<@Nullable Object> pairs = items(value, evaluator);
    Comparator<@Nullable Object> order =
        (a, b) ->
            Values.compare(
                folded(evaluator.item(a, (long) by), caseSensitive),
                folded(evaluator.item(b, (long) by), caseSensitive),
                evaluator.budget());
    sort(pairs, reverse ? order.reversed() : order);
    return pairs;
  }

  private static List<@Nullable Object> sort(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    boolean reverse = arguments.flag(0, "reverse", false);
    boolean caseSensitive = arguments.flag(1, "case_sensitive", false);
    Object attribute = arguments.get(2, "attribute", null);
    List<@Nullable Object> items = Values.iterate(value, evaluator.budget());
    Comparator<@Nullable Object> order =
        (a, b) ->
            Values.compare(
                folded(attribute == null ? a : path(a, attribute, evaluator), caseSensitive),
                folded(attribute == null ? b : path(b, attribute, evaluator), caseSensitive),
                evaluator.budget());
    sort(items, reverse ? order.reversed() : order);
    return items;
  }

  private static List<@Nullable Object> unique(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
    Object attribute = arguments.get(1, "attribute", null);
    List<@Nullable Object> kept = new ArrayList<>();
    List<@Nullable Object> seen = new ArrayList<>();
    for (Object item : Values.iterate(value, evaluator.budget())) {
      Object key =
          folded(attribute == null ? item : path(item, attribute, evaluator), caseSensitive);
      boolean known = false;
      for (Object old : seen) {
        known = known || Values.equal(old, key, evaluator.budget());
      }
      if (!known) {
        seen.add(key);
        kept.add(item);
      }
    }
    return kept;
  }

  private static Object reverse(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    List<@Nullable Object> items = Values.iterate(value, evaluator.budget());
    Collections.reverse(items);
    if (!(value instanceof String)) {
      return items;
    }
    StringBuilder text = new StringBuilder();
    items.forEach(text::append);
    return text.toString();
  }

  private static @Nullable Object sum(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Object attribute = arguments.get(0, "attribute", null);
    Object total = arguments.get(1, "start", 0L);
    for (Object item : Values.iterate(value, evaluator.budget())) {
      total =
          Arithmetic.binary(
              "+", total, attribute == null ? item : path(item, attribute, evaluator), evaluator);
    }
    return total;
  }

  /** The least (sign -1) or greatest (sign 1) item. */
  static @Nullable Object extreme(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator, int sign) {
    boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
    Object attribute = arguments.get(1, "attribute", null);
    Object best = null;
    Object bestKey = null;
    boolean any = false;
    for (Object item : Values.iterate(value, evaluator.budget())) {
      Object key =
          folded(attribute == null ? item : path(item, attribute, evaluator), caseSensitive);
      if (!any || Values.compare(key, bestKey, evaluator.budget()) * sign > 0) {
        best = item;
        bestKey = key;
      }
      any = true;
    }
    return any ? best : new Undefined("extreme of nothing");
  }

  private static List<@Nullable Object> batch(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    long size = arguments.integer(0, "linecount", 0);
    if (size < 1) {
      throw new TemplateException("batch needs a positive size, found " + size);
    }
    List<@Nullable Object> batches = new ArrayList<>();
    List<@Nullable Object> batch = new ArrayList<>();
    for (Object item : Values.iterate(value, evaluator.budget())) {
      if (batch.size() == size) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      if (arguments.has(1, "fill_with")) {
        evaluator.budget().allocate(size);
        while (batch.size() < size) {
          batch.add(arguments.get(1, "fill_with", null));
        }
      }
      batches.add(batch);
    }
    return batches;
  }

  /** A mapping with its keys in order, at every level. */
  static @Nullable Object sortedKeys(@Nullable Object value, Evaluator evaluator) {
    evaluator.budget().step();
    evaluator.budget().enter();
    Object sorted = value;
    if (value instanceof Map<?, ?> map) {
      List<@Nullable Object> keys = Values.iterate(map, evaluator.budget());
      sort(keys, (a, b) -> Values.compare(a, b, evaluator.budget()));
      Map<@Nullable Object, @Nullable Object> ordered = new LinkedHashMap<>();
      for (Object key : keys) {
        ordered.put(key, sortedKeys(Values.lookup(map, key, null), evaluator));
      }
      sorted = ordered;
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      for (Object item : list) {
        items.add(sortedKeys(Values.normalise(item), evaluator));
      }
      sorted = items;
    }
    evaluator.budget().leave();
    return sorted;
  }
}

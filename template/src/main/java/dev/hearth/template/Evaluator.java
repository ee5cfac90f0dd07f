package dev.hearth.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions within the limits of one rendering. */
final class Evaluator {
  private static final Object ABSENT = new Object();

  private final Budget budget;
  private final Scope globals;

  Evaluator(Budget budget, Scope globals) {
    this.budget = budget;
    this.globals = globals;
  }

  Budget budget() {
    return budget;
  }

  Scope globals() {
    return globals;
  }

  String text(@Nullable Object value) {
    return Values.text(value, budget);
  }

  @Nullable Object evaluate(Expression expression, Scope scope) {
    budget.step();
    budget.enter();
    Object value =
        switch (expression) {
          case Expression.Literal e -> e.value();
          case Expression.Name e -> name(e.name(), scope);
          case Expression.ListOf e -> list(e, scope);
          case Expression.MapOf e -> map(e, scope);
          case Expression.Binary e ->
              Arithmetic.binary(
                  e.operator(), evaluate(e.left(), scope), evaluate(e.right(), scope), this);
          case Expression.Unary e -> Arithmetic.unary(e.operator(), evaluate(e.operand(), scope));
          case Expression.Not e -> !Values.truth(evaluate(e.operand(), scope));
          case Expression.And e -> {
            Object left = evaluate(e.left(), scope);
            yield Values.truth(left) ? evaluate(e.right(), scope) : left;
          }
          case Expression.Or e -> {
            Object left = evaluate(e.left(), scope);
            yield Values.truth(left) ? left : evaluate(e.right(), scope);
          }
          case Expression.Compare e -> compare(e, scope);
          case Expression.Conditional e -> conditional(e, scope);
          case Expression.Attribute e -> attribute(evaluate(e.target(), scope), e.name());
          case Expression.Item e -> item(evaluate(e.target(), scope), evaluate(e.index(), scope));
          case Expression.Slice e -> slice(e, scope);
          case Expression.Call e -> call(e, scope);
          case Expression.Filter e ->
              Filters.apply(
                  e.name(), evaluate(e.target(), scope), arguments(e.arguments(), scope), this);
          case Expression.Test e ->
              Tests.test(
                  e.name(), evaluate(e.target(), scope), arguments(e.arguments(), scope), this);
        };
    budget.leave();
    return value;
  }

  private static @Nullable Object name(String name, Scope scope) {
    Object value = scope.get(name, ABSENT);
    return value == ABSENT ? new Undefined(name) : Values.normalise(value);
  }

  private List<@Nullable Object> list(Expression.ListOf e, Scope scope) {
    budget.allocate(e.items().size());
    List<@Nullable Object> items = new ArrayList<>(e.items().size());
    for (Expression item : e.items()) {
      items.add(evaluate(item, scope));
    }
    return e.tuple() ? new Tuple(items) : items;
  }

  private Map<@Nullable Object, @Nullable Object> map(Expression.MapOf e, Scope scope) {
    budget.allocate(e.keys().size());
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < e.keys().size(); i++) {
      map.put(Values.key(evaluate(e.keys().get(i), scope)), evaluate(e.values().get(i), scope));
    }
    return map;
  }

  private @Nullable Object conditional(Expression.Conditional e, Scope scope) {
    if (Values.truth(evaluate(e.test(), scope))) {
      return evaluate(e.then(), scope);
    }
    Expression otherwise = e.otherwise();
    return otherwise == null ? new Undefined("if without else") : evaluate(otherwise, scope);
  }

  private boolean compare(Expression.Compare e, Scope scope) {
    Object left = evaluate(e.first(), scope);
    for (int i = 0; i < e.operators().size(); i++) {
      Object right = evaluate(e.rest().get(i), scope);
      if (!compare(e.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  /** A comparison by its operator. */
  boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
    return switch (operator) {
      case "==" -> Values.equal(left, right, budget);
      case "!=" -> !Values.equal(left, right, budget);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> ordered(operator, left, right);
    };
  }

  private boolean ordered(String operator, @Nullable Object left, @Nullable Object right) {
    if ((left instanceof Double a && a.isNaN()) || (right instanceof Double b && b.isNaN())) {
      return false;
    }
    int order = Values.compare(left, right, budget);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private boolean contains(@Nullable Object container, @Nullable Object item) {
    return switch (container) {
      case String text -> {
        if (item instanceof String part) {
          budget.allocate(text.length());
          yield text.contains(part);
        }
        throw new TemplateException("cannot look for " + Values.kind(item) + " in a string");
      }
      case Map<?, ?> map -> Values.lookup(map, item, ABSENT) != ABSENT;
      case List<?> list -> {
        boolean found = false;
        for (Object each : list) {
          found = found || Values.equal(Values.normalise(each), item, budget);
        }
        yield found;
      }
      case Undefined u -> false;
      case null, default ->
          throw new TemplateException("cannot look into " + Values.kind(container));
    };
  }

  /** {@code target.name}: a method first, then a key, as Jinja does. */
  @Nullable Object attribute(@Nullable Object target, String name) {
    if (target instanceof Undefined u) {
      throw u.error();
    }
    if (target instanceof Namespace namespace) {
      return Values.lookup(namespace.attributes(), name, new Undefined(name));
    }
    if (target instanceof LoopState loop) {
      return loop.attribute(name);
    }
    TemplateFunction method = Methods.of(target, name, this);
    if (method != null) {
      return method;
    }
    return target instanceof Map<?, ?> map
        ? Values.lookup(map, name, new Undefined(name))
        : new Undefined(name);
  }

  /** {@code target[index]}: a key first, then a method. */
  @Nullable Object item(@Nullable Object target, @Nullable Object index) {
    switch (target) {
      case Undefined u -> throw u.error();
      case Map<?, ?> map -> {
        Object value = Values.lookup(map, index, ABSENT);
        if (value != ABSENT) {
          return value;
        }
      }
      case List<?> list when Values.number(index) -> {
        long at = Values.asLong(index);
        long from = at < 0 ? at + list.size() : at;
        return from >= 0 && from < list.size()
            ? Values.normalise(list.get((int) from))
            : new Undefined("element " + at);
      }
      case String text when Values.number(index) -> {
        long at = Values.asLong(index);
        int length = text.codePointCount(0, text.length());
        budget.allocate(length);
        long from = at < 0 ? at + length : at;
        return from >= 0 && from < length
            ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) from)))
            : new Undefined("character " + at);
      }
      case null, default -> {
        // Nothing has elements but the above; a name may still be a method or attribute.
      }
    }
    return index instanceof String name
        ? attribute(target, name)
        : new Undefined("element " + text(index));
  }

  private Object slice(Expression.Slice e, Scope scope) {
    Object target = evaluate(e.target(), scope);
    if (target instanceof Undefined u) {
      throw u.error();
    }
    if (!(target instanceof List<?>) && !(target instanceof String)) {
      throw new TemplateException("cannot slice " + Values.kind(target));
    }
    List<@Nullable Object> items = Values.iterate(target, budget);
    int size = items.size();
    long step = bound(e.step(), scope, 1);
    if (step == 0) {
      throw new TemplateException("slice step cannot be zero");
    }
    boolean down = step < 0;
    long start = clip(bound(e.start(), scope, down ? Long.MAX_VALUE : 0), size, down);
    long stop =
        absent(e.stop(), scope) ? (down ? -1 : size) : clip(bound(e.stop(), scope, 0), size, down);
    List<@Nullable Object> taken = new ArrayList<>();
    long stride = Math.max(-size - 1L, Math.min(size + 1L, step));
    for (long i = start; down ? i > stop : i < stop; i += stride) {
      taken.add(items.get((int) i));
    }
    if (target instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }
    return target instanceof Tuple ? new Tuple(taken) : taken;
  }

  private boolean absent(@Nullable Expression bound, Scope scope) {
    return bound == null || evaluate(bound, scope) == null;
  }

  private long bound(@Nullable Expression bound, Scope scope, long missing) {
    Object value = bound == null ? null : evaluate(bound, scope);
    return value == null ? missing : Values.asLong(value);
  }

  private static long clip(long index, int size, boolean down) {
    long at = index < 0 ? index + size : index;
    return down ? Math.max(-1, Math.min(size - 1L, at)) : Math.max(0, Math.min(size, at));
  }

  private @Nullable Object call(Expression.Call e, Scope scope) {
    Object target = evaluate(e.target(), scope);
    CallArguments arguments = arguments(e.arguments(), scope);
    return call(target, arguments);
  }

  /** Calls a function value. */
  @Nullable Object call(@Nullable Object target, CallArguments arguments) {
    return switch (target) {
      case TemplateFunction f -> Values.normalise(f.call(arguments));
      case Undefined u -> throw u.error();
      case null, default -> throw new TemplateException(Values.kind(target) + " is not a function");
    };
  }

  CallArguments arguments(Expression.Arguments e, Scope scope) {
    List<@Nullable Object> positional = new ArrayList<>(e.positional().size());
    for (Expression argument : e.positional()) {
      positional.add(evaluate(argument, scope));
    }
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < e.names().size(); i++) {
      named.put(e.names().get(i), evaluate(e.named().get(i), scope));
    }
    return new CallArguments(positional, named);
  }
}

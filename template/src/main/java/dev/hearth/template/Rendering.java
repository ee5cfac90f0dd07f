package dev.hearth.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a template: executes statements and collects the output. */
final class Rendering {
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private static final int MAX_RANGE = 100_000;

  private final Budget budget;
  private final Evaluator evaluator;
  private StringBuilder out = new StringBuilder();

  Rendering(TemplateOptions options, Map<String, ?> context) {
    this.budget = new Budget(options);
    Scope globals = new Scope(null);
    builtins(globals);
    context.forEach(globals::set);
    this.evaluator = new Evaluator(budget, globals);
  }

  String run(List<Statement> body) {
    execute(body, new Scope(evaluator.globals()));
    return out.toString();
  }

  private Flow execute(List<Statement> body, Scope scope) {
    for (Statement statement : body) {
      Flow flow = execute(statement, scope);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow execute(Statement statement, Scope scope) {
    budget.step();
    return switch (statement) {
      case Statement.Text s -> {
        emit(s.text());
        yield Flow.ON;
      }
      case Statement.Print s -> {
        emit(evaluator.text(evaluate(s.value(), scope, s.at())));
        yield Flow.ON;
      }
      case Statement.If s -> {
        for (Statement.Branch branch : s.branches()) {
          if (Values.truth(evaluate(branch.test(), scope, s.at()))) {
            yield execute(branch.body(), scope);
          }
        }
        yield execute(s.otherwise(), scope);
      }
      case Statement.For s -> loop(s, scope);
      case Statement.Set s -> {
        set(s, scope);
        yield Flow.ON;
      }
      case Statement.SetBlock s -> {
        Object text = filtered(captured(s.body(), new Scope(scope)), s.filters(), scope, s.at());
        assign(s.target(), s.attribute(), text, scope, s.at());
        yield Flow.ON;
      }
      case Statement.FilterBlock s -> {
        Object text = filtered(captured(s.body(), new Scope(scope)), s.filters(), scope, s.at());
        emit(evaluator.text(text));
        yield Flow.ON;
      }
      case Statement.Macro s -> {
        scope.set(s.name(), macro(s, scope));
        yield Flow.ON;
      }
      case Statement.With s -> {
        Scope inner = new Scope(scope);
        for (int i = 0; i < s.names().size(); i++) {
          inner.set(s.names().get(i), evaluate(s.values().get(i), scope, s.at()));
        }
        yield execute(s.body(), inner);
      }
      case Statement.Do s -> {
        evaluate(s.value(), scope, s.at());
        yield Flow.ON;
      }
      case Statement.Break s -> Flow.BREAK;
      case Statement.Continue s -> Flow.CONTINUE;
    };
  }

  private @Nullable Object evaluate(Expression expression, Scope scope, Token at) {
    try {
      return evaluator.evaluate(expression, scope);
    } catch (TemplateException e) {
      throw located(e, at);
    }
  }

  private static TemplateException located(TemplateException e, Token at) {
    if (e.line() != 0) {
      return e;
    }
    TemplateException located = at.error(String.valueOf(e.getMessage()));
    located.setStackTrace(e.getStackTrace());
    return located;
  }

  private void emit(String text) {
    budget.allocate((long) out.length() + text.length());
    out.append(text);
  }

  private String captured(List<Statement> body, Scope scope) {
    StringBuilder outer = out;
    out = new StringBuilder();
    budget.enter();
    try {
      execute(body, scope);
      return out.toString();
    } finally {
      budget.leave();
      out = outer;
    }
  }

  private @Nullable Object filtered(
      String text, List<Statement.FilterCall> filters, Scope scope, Token at) {
    Object value = text;
    try {
      for (Statement.FilterCall filter : filters) {
        value =
            Filters.apply(
                filter.name(), value, evaluator.arguments(filter.arguments(), scope), evaluator);
      }
      return value;
    } catch (TemplateException e) {
      throw located(e, at);
    }
  }

  private Flow loop(Statement.For s, Scope scope) {
    List<@Nullable Object> items;
    try {
      items = Values.iterate(evaluator.evaluate(s.items(), scope), budget);
      Expression filter = s.filter();
      if (filter != null) {
        List<@Nullable Object> kept = new ArrayList<>();
        for (Object item : items) {
          Scope inner = new Scope(scope);
          bind(s.targets(), item, inner);
          if (Values.truth(evaluator.evaluate(filter, inner))) {
            kept.add(item);
          }
        }
        items = kept;
      }
    } catch (TemplateException e) {
      throw located(e, s.at());
    }
    if (items.isEmpty()) {
      return execute(s.otherwise(), new Scope(scope));
    }
    LoopState state = new LoopState(items);
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      Scope inner = new Scope(scope);
      state.at(i);
      inner.set("loop", state);
      bind(s.targets(), items.get(i), inner, s.at());
      Flow flow = execute(s.body(), inner);
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return Flow.ON;
  }

  private void bind(List<String> targets, @Nullable Object value, Scope scope, Token at) {
    try {
      bind(targets, value, scope);
    } catch (TemplateException e) {
      throw located(e, at);
    }
  }

  private void bind(List<String> targets, @Nullable Object value, Scope scope) {
    if (targets.size() == 1) {
      scope.set(targets.getFirst(), value);
      return;
    }
    List<@Nullable Object> parts = Values.iterate(value, budget);
    if (parts.size() != targets.size()) {
      throw new TemplateException(
          "cannot unpack %d values into %s".formatted(parts.size(), targets));
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(targets.get(i), parts.get(i));
    }
  }

  private void set(Statement.Set s, Scope scope) {
    Object value = evaluate(s.value(), scope, s.at());
    if (s.attribute() != null) {
      assign(s.targets().getFirst(), s.attribute(), value, scope, s.at());
    } else {
      bind(s.targets(), value, scope, s.at());
    }
  }

  private static void assign(
      String target, @Nullable String attribute, @Nullable Object value, Scope scope, Token at) {
    if (attribute == null) {
      scope.set(target, value);
    } else if (scope.get(target, null) instanceof Namespace namespace) {
      namespace.attributes().put(attribute, value);
    } else {
      throw at.error("cannot set an attribute of '" + target + "'; only namespaces allow it");
    }
  }

  private TemplateFunction macro(Statement.Macro s, Scope defined) {
    return arguments -> {
      Scope inner = new Scope(defined);
      int required = s.parameters().size() - s.defaults().size();
      for (int i = 0; i < s.parameters().size(); i++) {
        String parameter = s.parameters().get(i);
        Object value = new Undefined(parameter);
        if (arguments.has(i, parameter)) {
          value = arguments.get(i, parameter, null);
        } else if (i >= required) {
          value = evaluate(s.defaults().get(i - required), inner, s.at());
        }
        inner.set(parameter, value);
      }
      if (arguments.count() > s.parameters().size()
          || !s.parameters().containsAll(arguments.named().keySet())) {
        throw new TemplateException("macro '" + s.name() + "' got an argument that it lacks");
      }
      return captured(s.body(), inner);
    };
  }

  private void builtins(Scope globals) {
    function(globals, "range", this::range);
    function(globals, "namespace", Rendering::namespace);
    function(globals, "dict", this::dict);
    for (String name : List.of("int", "float", "bool", "iif", "is_number")) {
      function(
          globals,
          name,
          arguments ->
              Filters.apply(
                  name, arguments.required(0, "value"), arguments.without(1), evaluator()));
    }
    for (String name : List.of("min", "max")) {
      function(
          globals,
          name,
          arguments ->
              Filters.apply(
                  name,
                  arguments.count() == 1
                      ? arguments.positional().getFirst()
                      : arguments.positional(),
                  new CallArguments(List.of(true), arguments.named()),
                  evaluator()));
    }
  }

  private Evaluator evaluator() {
    return evaluator;
  }

  private static void function(Scope globals, String name, TemplateFunction function) {
    globals.set(name, function);
  }

  private static Namespace namespace(CallArguments arguments) {
    Namespace namespace = new Namespace();
    if (arguments.count() > 0 && arguments.positional().getFirst() instanceof Map<?, ?> map) {
      map.forEach((key, value) -> namespace.attributes().put(String.valueOf(key), value));
    }
    namespace.attributes().putAll(arguments.named());
    return namespace;
  }

  private Map<@Nullable Object, @Nullable Object> dict(CallArguments arguments) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    if (arguments.count() > 0 && arguments.positional().getFirst() instanceof Map<?, ?> first) {
      budget.allocate(first.size());
      map.putAll(first);
    }
    map.putAll(arguments.named());
    return map;
  }

  private List<@Nullable Object> range(CallArguments given) {
    List<@Nullable Object> arguments = given.positional();
    if (arguments.isEmpty() || arguments.size() > 3) {
      throw new TemplateException("range needs one to three integers");
    }
    long start = arguments.size() > 1 ? Values.asLong(arguments.get(0)) : 0;
    long stop = Values.asLong(arguments.get(arguments.size() > 1 ? 1 : 0));
    long step = arguments.size() > 2 ? Values.asLong(arguments.get(2)) : 1;
    if (step == 0) {
      throw new TemplateException("range step cannot be zero");
    }
    List<@Nullable Object> numbers = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; ) {
      if (numbers.size() >= MAX_RANGE) {
        throw new TemplateException("range has more than " + MAX_RANGE + " numbers");
      }
      numbers.add(i);
      budget.limit(numbers.size());
      long next = i + step;
      if ((step > 0) == (next < i)) {
        break;
      }
      i = next;
    }
    budget.allocate(numbers.size());
    return numbers;
  }
}

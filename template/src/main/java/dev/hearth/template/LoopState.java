package dev.hearth.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} of a for block. */
final class LoopState {
  private final List<@Nullable Object> items;
  private int index;
  private @Nullable Object changed = new Object();

  LoopState(List<@Nullable Object> items) {
    this.items = items;
  }

  void at(int newIndex) {
    index = newIndex;
  }

  @Nullable Object attribute(String name) {
    int size = items.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) size - index;
      case "revindex0" -> size - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> (long) size;
      case "depth" -> 1L; // counts recursive loops only, which are not supported
      case "depth0" -> 0L;
      case "previtem" -> index == 0 ? new Undefined("loop.previtem") : items.get(index - 1);
      case "nextitem" -> index == size - 1 ? new Undefined("loop.nextitem") : items.get(index + 1);
      case "cycle" ->
          (TemplateFunction)
              arguments -> {
                if (arguments.count() == 0) {
                  throw new TemplateException("loop.cycle needs items to cycle through");
                }
                return arguments.positional().get(index % arguments.count());
              };
      case "changed" ->
          (TemplateFunction)
              arguments -> {
                boolean differs = !arguments.positional().equals(changed);
                changed = arguments.positional();
                return differs;
              };
      default -> new Undefined("loop." + name);
    };
  }
}

package dev.hearth.inference.generate;

import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.BackendChoice;
import dev.hearth.inference.backend.BackendProvider;
import dev.hearth.inference.backend.BackendRefusal;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.cpu.CpuBackends;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a plan on the best backend that can run it. Those that cannot are refused with one line
 * that says what to do; the processor always can.
 */
final class Backends {

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Wishes that the processor's own choice knows. */
  private static final Set<String> PROCESSOR = Set.of("auto", "vector", "scalar");

  /**
   * A session and the backend it is of.
   *
   * @param session open
   * @param choice the backend and why it was taken
   */
  record Opened(Session session, BackendChoice choice) {}

  private Backends() {}

  /**
   * Opens.
   *
   * @param wish {@code auto} for the first that offers itself, the name of a provider, or a wish of
   *     {@link CpuBackends#choose}
   * @param opener opens the plan on a backend
   */
  static Opened open(String wish, DecoderPlan plan, Function<Backend, Session> opener) {
    boolean processor = PROCESSOR.contains(wish);
    if (!processor || wish.equals("auto")) {
      List<BackendProvider> providers = providers(wish);
      if (providers.isEmpty() && !processor) {
        LOG.warn("There is no backend {}; the build has none of that name (see README)", wish);
      }
      for (BackendProvider provider : providers) {
        Opened opened = open(provider, !processor, plan, opener);
        if (opened != null) {
          return opened;
        }
      }
    }
    BackendChoice choice = CpuBackends.choose(processor ? wish : "auto");
    return new Opened(opener.apply(choice.backend()), choice);
  }

  private static List<BackendProvider> providers(String wish) {
    List<BackendProvider> found = new ArrayList<>();
    try {
      for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
        if (wish.equals("auto") || wish.equals(provider.name())) {
          found.add(provider);
        }
      }
    } catch (ServiceConfigurationError e) {
      LOG.warn("A backend is left out, it cannot be loaded; build anew: {}", e.getMessage());
    }
    return found;
  }

  private static @Nullable Opened open(
      BackendProvider provider,
      boolean asked,
      DecoderPlan plan,
      Function<Backend, Session> opener) {
    return switch (provider.offer(asked)) {
      case BackendRefusal refusal -> refused(provider, refusal.reason());
      case BackendChoice choice -> {
        Op unknown =
            plan.ops().stream().filter(op -> !choice.backend().supports(op)).findAny().orElse(null);
        if (unknown != null) {
          yield refused(provider, "it cannot run " + unknown + "; use another quantisation");
        }
        try {
          Session session = opener.apply(choice.backend());
          LOG.info("Language model backend {}: {}", choice.backend().name(), choice.reason());
          yield new Opened(session, choice);
        } catch (BackendUnfitException e) {
          LOG.debug("The backend {} failed", provider.name(), e);
          yield refused(provider, String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private static @Nullable Opened refused(BackendProvider provider, String reason) {
    LOG.warn("The backend {} is not used: {}", provider.name(), reason);
    return null;
  }
}

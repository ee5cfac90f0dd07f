package dev.hearth.inference.generate;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.BackendChoice;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.cpu.CpuBackends;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a plan on the backend that is asked for, or on the one that is the fastest by measurement.
 * Those that cannot run it are refused with one line that says what to do; the processor always
 * can.
 */
final class Backends {

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Wishes for the processor and its kernels; {@code cpu} takes its own choice of them. */
  private static final Set<String> PROCESSOR = Set.of("cpu", "vector", "scalar");

  /**
   * A session and the backend it is of.
   *
   * @param session open
   * @param choice the backend and why it was taken
   */
  record Opened(Session session, BackendChoice choice) {}

  private final Candidates candidates;
  private final Function<Backend, Session> opener;

  /**
   * Prepares.
   *
   * @param candidates the devices that there are, and how fast they are
   * @param opener opens the plan on a backend
   */
  Backends(Candidates candidates, Function<Backend, Session> opener) {
    this.candidates = candidates;
    this.opener = opener;
  }

  /**
   * Opens.
   *
   * @param wish as {@link ModelOptions#backend}
   */
  Opened open(String wish) {
    if (PROCESSOR.contains(wish)) {
      return processor(wish.equals("cpu") ? "auto" : wish, "");
    }
    return wish.equals("auto") ? fastest() : named(wish);
  }

  private Opened processor(String kernels, String why) {
    BackendChoice choice = CpuBackends.choose(kernels);
    String reason = choice.reason() + why;
    return new Opened(opener.apply(choice.backend()), new BackendChoice(choice.backend(), reason));
  }

  private Opened named(String wish) {
    List<Candidate> known = candidates.list(wish.split(":", 2)[0]);
    for (Candidate candidate : known) {
      if (candidate.is(wish)) {
        Opened opened = open(candidate, "asked for by the options, " + candidate.name());
        return opened == null ? processor("auto", "") : opened;
      }
    }
    if (candidates.refusals().isEmpty()) {
      LOG.warn(
          "There is no backend {}; there are auto, cpu, vector, scalar{} (./hearth devices)",
          wish,
          known.stream().map(candidate -> ", " + candidate.id()).collect(Collectors.joining()));
    }
    return processor("auto", "");
  }

  /** Opens the fastest; one that does not open after all leaves the place to the next. */
  private Opened fastest() {
    List<Candidate> devices = candidates.list("");
    if (devices.isEmpty()) {
      return processor("auto", "");
    }
    List<Candidates.Figure> figures = new ArrayList<>(candidates.measure(devices));
    figures.sort(Comparator.comparingLong(figure -> figure.speed().command()));
    String all = figures.stream().map(Candidates.Figure::text).collect(Collectors.joining(", "));
    LOG.info("A command in one layer: {}", all);
    for (Candidates.Figure figure : figures) {
      Candidate candidate = figure.candidate();
      if (candidate == null) {
        return processor("auto", "; the fastest by measurement: " + all);
      }
      Opened opened = open(candidate, "the fastest by measurement: " + all);
      if (opened != null) {
        return opened;
      }
    }
    return processor("auto", "");
  }

  private @Nullable Opened open(Candidate candidate, String reason) {
    Backend backend = candidate.device().backend();
    try {
      Session session = opener.apply(backend);
      LOG.info("Language model backend {}: {}", backend.name(), reason);
      return new Opened(session, new BackendChoice(backend, reason));
    } catch (BackendUnfitException e) {
      LOG.debug("The backend {} failed", candidate.id(), e);
      LOG.warn("The backend {} is not used: {}", candidate.id(), e.getMessage());
      return null;
    }
  }
}

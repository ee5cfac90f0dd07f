package dev.hearth.inference.generate;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.BackendProvider;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.cpu.CpuBackends;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that there are, and how fast they and the processor run a model's {@link Sample}:
 * measured once, remembered by device, driver, version of this program, and the model's sizes and
 * types.
 */
final class Candidates {

  private static final Logger LOG = LoggerFactory.getLogger(Candidates.class);
  private static final int PRINT_BYTES = 8;

  private final Sample sample;
  private final Measured measured;
  private final int threads;
  private final KvType kv;
  private final Map<String, String> refusals = new LinkedHashMap<>();

  /**
   * Prepares; touches no device.
   *
   * @param threads of the processor
   * @param kv how the KV cache is stored; null takes what the whole model takes
   */
  Candidates(Sample sample, Measured measured, int threads, @Nullable KvType kv) {
    this.sample = sample;
    this.measured = measured;
    this.threads = threads;
    this.kv = kv == null ? sample.defaultKv() : kv;
  }

  /**
   * How fast a candidate is.
   *
   * @param candidate which; null for the processor
   * @param speed of it
   * @param known whether it was measured before this start
   */
  record Figure(@Nullable Candidate candidate, Speed speed, boolean known) {

    String text() {
      return String.format(
          Locale.ROOT,
          "%s %.1f ms%s",
          candidate == null ? "cpu" : candidate.id() + " (" + candidate.name() + ")",
          speed.command() / 1e3,
          known ? " (measured before)" : "");
    }
  }

  /** Why providers have no device, or devices no figure, by their names. */
  Map<String, String> refusals() {
    return refusals;
  }

  /**
   * The devices of a provider, or all for an empty name. A provider without one is refused with a
   * line in the log.
   */
  List<Candidate> list(String provider) {
    List<Candidate> found = new ArrayList<>();
    try {
      for (BackendProvider each : ServiceLoader.load(BackendProvider.class)) {
        if (provider.isEmpty() || provider.equals(each.name())) {
          found.addAll(devices(each));
        }
      }
    } catch (ServiceConfigurationError e) {
      refuse("of some provider", "it cannot be loaded; build anew: " + e.getMessage());
    }
    return found;
  }

  private List<Candidate> devices(BackendProvider provider) {
    try {
      return provider.devices(measured).stream()
          .map(device -> new Candidate(provider.name(), device))
          .toList();
    } catch (BackendUnfitException e) {
      LOG.debug("No device of {}", provider.name(), e);
      refuse(provider.name(), String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void refuse(String id, String reason) {
    refusals.put(id, reason);
    LOG.warn("The backend {} is not used: {}", id, reason);
  }

  /** The speeds of the processor and of those devices that can run the sample. */
  List<Figure> measure(List<Candidate> devices) {
    List<Figure> figures = new ArrayList<>();
    Backend processor = CpuBackends.decide("vector").backend();
    String cores = System.getProperty("os.arch") + ", " + threads + " threads";
    figures.add(measure(null, processor, key(processor.name(), cores)));
    for (Candidate candidate : devices) {
      BackendDevice device = candidate.device();
      String driver = device.driver() + ", " + device.memoryBytes() + " bytes";
      String key = key(candidate.id() + " " + device.name(), driver);
      try {
        figures.add(measure(candidate, device.backend(), key));
      } catch (BackendUnfitException e) {
        LOG.debug("{} has no speed", candidate.id(), e);
        refuse(candidate.id(), String.valueOf(e.getMessage()));
      }
    }
    return figures;
  }

  private Figure measure(@Nullable Candidate candidate, Backend backend, String key) {
    Optional<Speed> known = measured.get(key).flatMap(Speed::parse);
    Speed speed = known.orElseGet(() -> Speed.of(backend, sample, threads, kv));
    if (known.isEmpty()) {
      measured.put(key, speed.toString());
    }
    return new Figure(candidate, speed, known.isPresent());
  }

  /** Everything that a figure depends on. */
  private String key(String device, String driver) {
    String version = Candidates.class.getPackage().getImplementationVersion();
    byte[] model =
        Fingerprint.sha256()
            .digest((sample.plan().describe() + kv).getBytes(StandardCharsets.UTF_8));
    return "%s | %s | Hearth %s | model %s"
        .formatted(
            device,
            driver,
            Objects.requireNonNullElse(version, "not packaged"),
            HexFormat.of().formatHex(model, 0, PRINT_BYTES));
  }
}

package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.BackendChoice;
import dev.hearth.inference.backend.BackendOffer;
import dev.hearth.inference.backend.BackendRefusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** Starts TornadoVM and chooses its device. Loaded only where its API is there. */
final class Devices {

  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

  private static final int MOST_REASON = 300;

  private Devices() {}

  /** Chooses a GPU, or, if asked for, whatever there is. */
  static BackendOffer choose(boolean asked) {
    configure();
    List<TornadoDevice> devices;
    try {
      devices = devices();
    } catch (RuntimeException | LinkageError e) {
      // It throws what it likes when it finds no platform, no native library or a wrong Java.
      LOG.debug("TornadoVM does not start", e);
      return new BackendRefusal(
          "TornadoVM does not start ("
              + reason(e)
              + "); install an OpenCL driver, and an SDK of TornadoVM made for this Java");
    }
    Optional<TornadoDevice> best =
        devices.stream()
            .filter(device -> device.getTornadoVMBackend() == TornadoVMBackendType.OPENCL)
            .filter(device -> asked || device.getDeviceType() == TornadoDeviceType.GPU)
            .min(Comparator.comparing(device -> device.getDeviceType() != TornadoDeviceType.GPU));
    if (best.isPresent()) {
      TornadoDevice device = best.get();
      String name = device.getPhysicalDevice().getDeviceName();
      return new BackendChoice(
          new TornadoBackend(device),
          (asked ? "asked for by the options, " : "an OpenCL GPU is there, ")
              + name.strip()
              + " of "
              + device.getPlatformName().strip());
    }
    return new BackendRefusal(
        devices.isEmpty()
            ? "TornadoVM finds no OpenCL device; install a driver of one"
            : "there is no OpenCL GPU, and the processor is faster without TornadoVM; ask for"
                + " the backend tornado to use it all the same");
  }

  private static List<TornadoDevice> devices() {
    List<TornadoDevice> devices = new ArrayList<>();
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    for (int i = 0; i < runtime.getNumBackends(); i++) {
      devices.addAll(runtime.getBackend(i).getAllDevices());
    }
    return devices;
  }

  /** What an exception of TornadoVM says, in one line without colours and stack traces. */
  static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage()).replaceAll("\\x1B\\[[;\\d]*m", "");
    String plain = message.split("Stacktrace:", 2)[0].replaceAll("\\s+", " ").strip();
    String shown = plain.length() > MOST_REASON ? plain.substring(0, MOST_REASON) + "..." : plain;
    return shown.isEmpty() ? cause.getClass().getSimpleName() : shown;
  }

  /** Settings that TornadoVM reads once; those that the operator gave stay. */
  private static void configure() {
    // A task that cannot be compiled is an error, not a task for slow sequential Java.
    System.setProperty("tornado.recover.bailout", "False");
    // A graph of all layers has thousands of commands.
    set("tornado.tvm.maxbytecodesize", "4194304");
    // Bounded by the device, which DeviceMemory asks.
    set("tornado.device.memory", "1024GB");
  }

  private static void set(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}

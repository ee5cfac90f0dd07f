package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** Starts TornadoVM and lists its devices. Loaded only where its API is there. */
final class Devices {

  private static final int MOST_REASON = 300;

  private static final Pattern DRIVER = Pattern.compile("Driver version\\s*:\\s*(.+)");

  private Devices() {}

  /**
   * All OpenCL devices.
   *
   * @param measured remembers what backends measure of kernels
   * @throws BackendUnfitException if there is none; says what to install
   */
  static List<BackendDevice> list(Measured measured) {
    configure();
    List<TornadoDevice> devices;
    try {
      devices = devices();
    } catch (RuntimeException | LinkageError e) {
      // It throws what it likes when it finds no platform, no native library or a wrong Java.
      throw new BackendUnfitException(
          "TornadoVM does not start ("
              + reason(e)
              + "); install an OpenCL driver, and an SDK of TornadoVM made for this Java",
          e);
    }
    List<BackendDevice> found = new ArrayList<>();
    for (TornadoDevice device : devices) {
      if (device.getTornadoVMBackend() == TornadoVMBackendType.OPENCL) {
        found.add(
            new BackendDevice(
                found.size(),
                device.getPhysicalDevice().getDeviceName().strip()
                    + " of "
                    + device.getPlatformName().strip(),
                driver(device),
                device.getPhysicalDevice().getDeviceGlobalMemorySize(),
                new TornadoBackend(device, measured)));
      }
    }
    if (found.isEmpty()) {
      throw new BackendUnfitException(
          "TornadoVM finds no OpenCL device; install a driver of one (OpenCL ICD)");
    }
    return found;
  }

  /** A device, its platform and driver. */
  static String describe(TornadoDevice device) {
    return device.getDeviceName() + " of " + device.getPlatformName() + ", " + driver(device);
  }

  /** A driver's version, which TornadoVM tells among other things, or that of its compiler. */
  private static String driver(TornadoDevice device) {
    Matcher version = DRIVER.matcher(device.getPhysicalDevice().getDeviceInfo());
    return version.find() ? version.group(1).strip() : device.getDeviceOpenCLCVersion().strip();
  }

  /** Whether it says that it adds by sub-groups. */
  static boolean hasSubGroups(TornadoDevice device) {
    String info = device.getPhysicalDevice().getDeviceInfo();
    return info.contains("cl_khr_subgroups") || info.contains("cl_intel_subgroups");
  }

  /** The language in which a device that says so has sub-groups. */
  static String flagsForSubGroups(TornadoDevice device) {
    if (device.getDeviceOpenCLCVersion().contains("OpenCL C 2")) {
      return "-cl-std=CL2.0";
    }
    String info = device.getPhysicalDevice().getDeviceInfo();
    return info.contains("OpenCL 3") ? "-cl-std=CL3.0" : "";
  }

  /** Adds flags of the driver's compiler to those that TornadoVM gives it. */
  static void addFlags(TornadoExecutionPlan plan, String flags) {
    if (!flags.isEmpty()) {
      String usual = "-cl-mad-enable -cl-fast-relaxed-math -w";
      plan.withCompilerFlags(
          TornadoVMBackendType.OPENCL,
          System.getProperty("tornado.opencl.compiler.flags", usual) + " " + flags);
    }
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

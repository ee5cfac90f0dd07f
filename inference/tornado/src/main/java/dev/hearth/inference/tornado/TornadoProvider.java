package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.BackendProvider;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Measured;
import java.util.List;

/** Offers the OpenCL devices where TornadoVM's runtime is there. */
public final class TornadoProvider implements BackendProvider {

  private static final String API = "uk.ac.manchester.tornado.api.TornadoExecutionPlan";
  private static final String RUNTIME = "tornado.load.runtime.implementation";

  /** For the service loader. */
  public TornadoProvider() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public List<BackendDevice> devices(Measured measured) {
    if (System.getProperty(RUNTIME) == null || !present()) {
      throw new BackendUnfitException(
          "Java was started without TornadoVM; set TORNADOVM_HOME to its SDK and start with"
              + " @$TORNADOVM_HOME/tornado-argfile, as ./hearth does");
    }
    return Devices.list(measured);
  }

  private static boolean present() {
    try {
      Class.forName(API, false, TornadoProvider.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}

package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.BackendOffer;
import dev.hearth.inference.backend.BackendProvider;
import dev.hearth.inference.backend.BackendRefusal;

/** Offers the backend where TornadoVM's runtime and a device are there. */
public final class TornadoProvider implements BackendProvider {

  private static final String API = "uk.ac.manchester.tornado.api.TornadoExecutionPlan";
  private static final String RUNTIME = "tornado.load.runtime.implementation";

  /** For the service loader. */
  public TornadoProvider() {}

  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public BackendOffer offer(boolean asked) {
    if (System.getProperty(RUNTIME) == null || !present()) {
      return new BackendRefusal(
          "Java was started without TornadoVM; set TORNADOVM_HOME to its SDK and start with"
              + " @$TORNADOVM_HOME/tornado-argfile, as ./hearth does");
    }
    return Devices.choose(asked);
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

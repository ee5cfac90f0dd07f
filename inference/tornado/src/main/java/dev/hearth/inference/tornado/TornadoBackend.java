package dev.hearth.inference.tornado;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** Runs plans on one device of TornadoVM. */
final class TornadoBackend implements Backend {

  private static final int GPU_LANES = 64;
  private static final int CPU_LANES = 16;

  private final TornadoDevice device;
  private final Measured measured;

  /**
   * For a device.
   *
   * @param measured remembers which kernels are the faster ones
   */
  TornadoBackend(TornadoDevice device, Measured measured) {
    this.device = device;
    this.measured = measured;
  }

  TornadoDevice device() {
    return device;
  }

  @Override
  public String name() {
    return "tornado-" + device.getTornadoVMBackend().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean supports(Op op) {
    return switch (op) {
      case Op.Attend attend -> attend.headDim() <= RowKernels.MAX_HEAD;
      case Op.Embed _,
          Op.RmsNorm _,
          Op.MatMul _,
          Op.Rope _,
          Op.GatedUnit _,
          Op.Add _,
          Op.KeepRows _,
          Op.Join _ ->
          true;
    };
  }

  private static KvType type(DecoderShape shape, @Nullable KvType wish) {
    KvType type = wish == null ? shape.defaultKv() : wish;
    if (KvCache.takes(shape, type)) {
      return type;
    }
    if (wish == null) {
      return KvType.F32;
    }
    throw new BackendUnfitException(
        "it cannot keep heads of "
            + shape.headDim()
            + " values in "
            + wish
            + "; leave the KV type out");
  }

  @Override
  public Session open(DecoderPlan plan, WeightStore weights, int threads, @Nullable KvType kv) {
    for (Op op : DeviceMemory.operations(plan)) {
      if (!supports(op)) {
        throw new BackendUnfitException("it cannot run " + op + "; choose another backend");
      }
    }
    KvType type = type(plan.shape(), kv);
    int pages = DeviceMemory.of(device, plan, type).pages();
    boolean wide = device.getDeviceType() == TornadoDeviceType.GPU;
    try {
      return new TornadoSession(
          plan, weights, device, measured, type, pages, wide ? GPU_LANES : CPU_LANES);
    } catch (RuntimeException | Error e) {
      if (e instanceof VirtualMachineError) {
        throw e;
      }
      // TornadoVM has no common exception for what a driver or its compiler refuses.
      throw new BackendUnfitException(
          device.getPhysicalDevice().getDeviceName().strip()
              + " cannot run the model ("
              + Devices.reason(e)
              + "); update its OpenCL driver, or choose another backend",
          e);
    }
  }
}

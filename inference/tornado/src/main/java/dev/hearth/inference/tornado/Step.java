package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes one launch, or a few, on the device: launches cost, so operations that follow one
 * another become one where a kernel can do them together.
 */
sealed interface Step {

  /**
   * An operation by itself.
   *
   * @param op a look-up, norm, pick of rows or join
   */
  record Plain(Op op) implements Step {}

  /**
   * A matrix product and what is done with it.
   *
   * @param mul the product
   * @param target receives the result
   * @param mode what the result is, see {@link ValueKernels}
   */
  record Product(Op.MatMul mul, Slot target, int mode) implements Step {}

  /**
   * Query and key turned, then attention over the cache that key and value join.
   *
   * @param query turns the query
   * @param key turns the key
   * @param attend reads both
   */
  record Attention(Op.Rope query, Op.Rope key, Op.Attend attend) implements Step {}

  /**
   * The steps of a plan.
   *
   * @throws BackendUnfitException if operations follow one another as no step does
   */
  static List<Step> of(List<Op> ops) {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < ops.size()) {
      Op op = ops.get(at);
      Op next = at + 1 < ops.size() ? ops.get(at + 1) : op;
      Op third = at + 2 < ops.size() ? ops.get(at + 2) : next;
      at++;
      if (op instanceof Op.MatMul mul) {
        Product product = product(mul, next);
        steps.add(product);
        at += product.mode == ValueKernels.ADDED || product.mode == ValueKernels.GATED ? 1 : 0;
      } else if (op instanceof Op.Rope query
          && next instanceof Op.Rope key
          && third instanceof Op.Attend attend
          && attend.query().equals(query.slot())
          && attend.key().equals(key.slot())) {
        steps.add(new Attention(query, key, attend));
        at += 2;
      } else if (op instanceof Op.Rope
          || op instanceof Op.Attend
          || op instanceof Op.Add
          || op instanceof Op.GatedUnit) {
        throw new BackendUnfitException(
            "it has no kernel for " + op + " at this place; choose another backend");
      } else {
        steps.add(new Plain(op));
      }
    }
    return steps;
  }

  private static Product product(Op.MatMul mul, Op next) {
    if (mul.bias() != null) {
      return new Product(mul, mul.out(), ValueKernels.BIASED);
    }
    if (next instanceof Op.Add add && add.in().equals(mul.out())) {
      return new Product(mul, add.target(), ValueKernels.ADDED);
    }
    if (next instanceof Op.GatedUnit unit
        && unit.up().equals(mul.out())
        && unit.gate().equals(unit.out())) {
      return new Product(mul, unit.out(), ValueKernels.GATED);
    }
    return new Product(mul, mul.out(), ValueKernels.PLAIN);
  }
}

package dev.hearth.inference;

/** How the KV cache stores its values. */
public enum KvType {
  /** Single precision. */
  F32,
  /** Half precision. */
  F16,
  /** Eight bits with a half-precision scale for 32 values, as {@code Q8_0} weights have. */
  Q8_0
}

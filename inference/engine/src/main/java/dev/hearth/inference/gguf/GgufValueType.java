package dev.hearth.inference.gguf;

/** Types of metadata values, in the order of their numbers in the file. */
enum GgufValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  /** Fewest bytes that a value of the type takes. */
  final int leastBytes;

  GgufValueType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  /** The type's number in the file. */
  @SuppressWarnings("EnumOrdinal") // the format numbers them in this order
  int id() {
    return ordinal();
  }
}

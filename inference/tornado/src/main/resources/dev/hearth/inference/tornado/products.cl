// Matrix products of a pass's rows with a weight, dequantised as it is read: the twins of the Java
// kernels of ValueKernels and PairKernels, on the same arrays. Plain OpenCL C 1.2.
//
// One kernel serves all types, and all other operations: TornadoVM 5.2 runs the first of a graph's
// kernels of this kind for all of them (its PrebuiltTask equals no task, so that all get the place
// of the graph's first).
//
// Defined before this text (TwinKernel.java):
//   IS_...          a number for each weight type; others for the other operations
//   HEADER          bytes before the first number of every array
//   OUTPUTS         outputs of a work item
//   EMBED_VALUES    values of a row that a work item looks up, a multiple of every UNIT
//   MAX_ROWS        most rows of a pass, a multiple of ROWS
//   BIASED, ADDED, GATED   values of mode
//   PAGE and others indices of Pass.java, MAX_HEAD
// The work of a product: ceil(outputs / OUTPUTS) work items for all rows.

#define ROWS 4
#define CHUNK 256

// A processor's own prefetching ends with the page, which is one row of a common matrix; PoCL makes
// nothing of OpenCL's prefetch().
#define PREFETCH(address)
#if defined(__has_builtin) && (defined(__x86_64__) || defined(__aarch64__))
#if __has_builtin(__builtin_prefetch)
#undef PREFETCH
#define PREFETCH(address) __builtin_prefetch((const void *)(size_t)(address), 0, 2)
#endif
#endif

static inline float total(float16 v) {
  float8 a = v.lo + v.hi;
  float4 b = a.lo + a.hi;
  return b.x + b.y + b.z + b.w;
}

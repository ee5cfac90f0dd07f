// Matrix products of a pass's rows with a weight for GPUs: the lanes of a work group lie side by
// side over the columns, so that what they load together is in one stretch of memory.
//
// Defined before this text (GroupTwin.java), beside what products.cl says:
//   LANES       work items of a group: 32, 64 or 128
//   FEW_ROWS    most rows of a pass that are taken ROWS (4) at a time
//   OUTPUTS     outputs of a group then: 4
//   TILE_ROWS   rows that are taken at a time in longer passes: 32
//   SUB_GROUPS  if the lanes' sums are added by sub-groups; STAND_IN by plain C in their stead
// The work of a product: a group for each OUTPUTS outputs (x) and ROWS rows (y), or for each LANES
// outputs (x) and TILE_ROWS rows (y).
//
// No condition around a barrier differs within a group.

// Columns that a tile takes at a time, and values that a lane loads at once.
#define CHUNK 32
#define PIECE 8

// In four floats: a tile of weights, [column][output], and one of activations, [column][row].
#define SCRATCH (CHUNK * (LANES + TILE_ROWS) / 4)

#define FOUR(address) (*(global const float4 *)(address))

// Sums of OUTPUTS outputs for each of ROWS rows, by name so that they stay in registers.
typedef struct {
  float4 r0;
  float4 r1;
  float4 r2;
  float4 r3;
} Sums;

#if defined(SUB_GROUPS) && !defined(STAND_IN)
#if defined(cl_khr_subgroups)
#pragma OPENCL EXTENSION cl_khr_subgroups : enable
#elif defined(cl_intel_subgroups)
#pragma OPENCL EXTENSION cl_intel_subgroups : enable
#elif !defined(__opencl_c_subgroups)
#error "the compiler knows no sub-groups"
#endif
#define SUB_ID get_sub_group_id()
#define SUB_COUNT get_num_sub_groups()
#define IS_SUB_FIRST (get_sub_group_local_id() == 0)
static inline float4 sub_sum(float4 v, local const float4 *shown) {
  return (float4)(
      sub_group_reduce_add(v.x), sub_group_reduce_add(v.y), sub_group_reduce_add(v.z),
      sub_group_reduce_add(v.w));
}

#elif defined(STAND_IN)
#define SUB_SIZE 8
#define SUB_ID (get_local_id(0) / SUB_SIZE)
#define SUB_COUNT (LANES / SUB_SIZE)
#define IS_SUB_FIRST (get_local_id(0) % SUB_SIZE == 0)
static inline float4 sub_sum(float4 v, local const float4 *shown) {
  float4 sum = 0;
  for (int i = 0; i < SUB_SIZE; i++) {
    sum += shown[SUB_ID * SUB_SIZE + i];
  }
  return sum;
}
#endif

// The lanes' sums of some rows: that of output o of row r is returned to lane r * OUTPUTS + o.
static inline __attribute__((always_inline)) float sum_of_lanes(
    Sums sums, int rows, local float4 *scratch) {
  int lane = get_local_id(0);
#if defined(LOCAL) || defined(STAND_IN)
  scratch[lane] = sums.r0;
  scratch[LANES + lane] = sums.r1;
  scratch[2 * LANES + lane] = sums.r2;
  scratch[3 * LANES + lane] = sums.r3;
#endif
#ifdef LOCAL
  for (int step = LANES / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (lane < step) {
      for (int r = 0; r < rows; r++) {
        scratch[r * LANES + lane] += scratch[r * LANES + lane + step];
      }
    }
  }
  int parts = 1;
#else
  local const float4 *shown = scratch;
  scratch += ROWS * LANES;
#ifdef STAND_IN
  barrier(CLK_LOCAL_MEM_FENCE);
#endif
  float4 sum0 = sub_sum(sums.r0, shown);
  float4 sum1 = rows > 1 ? sub_sum(sums.r1, shown + LANES) : 0;
  float4 sum2 = rows > 2 ? sub_sum(sums.r2, shown + 2 * LANES) : 0;
  float4 sum3 = rows > 3 ? sub_sum(sums.r3, shown + 3 * LANES) : 0;
  if (IS_SUB_FIRST) {
    scratch[SUB_ID] = sum0;
    scratch[LANES + SUB_ID] = sum1;
    scratch[2 * LANES + SUB_ID] = sum2;
    scratch[3 * LANES + SUB_ID] = sum3;
  }
  int parts = SUB_COUNT;
#endif
  barrier(CLK_LOCAL_MEM_FENCE);
  float sum = 0;
  if (lane < rows * OUTPUTS) {
    local const float *own = (local const float *)(scratch + lane / OUTPUTS * LANES);
    for (int i = 0; i < parts; i++) {
      sum += own[i * OUTPUTS + lane % OUTPUTS];
    }
  }
  return sum;
}

// Stores a row's outputs of a lane of a tile, four and four that are LANES / 2 further on.
static inline void store_row(
    float4 left, float4 right, global float *out, global const float *bias, int row, int rows,
    int first, int outputs, int mode) {
  int at = row * outputs;
  int after = first + LANES / 2;
  outputs = row < rows ? outputs : 0;
#define STORE(output, value)                                                                      \
  if (output < outputs) {                                                                         \
    store(out, bias, at + output, output, mode, value);                                           \
  }
  STORE(first, left.x)
  STORE(first + 1, left.y)
  STORE(first + 2, left.z)
  STORE(first + 3, left.w)
  STORE(after, right.x)
  STORE(after + 1, right.y)
  STORE(after + 2, right.z)
  STORE(after + 3, right.w)
}

// Products for GPUs with weights of one type. Taken in once for every type that is used, TYPE. The
// arrays are those of DeviceWeight.java in their order.
//
// Values are taken by pieces of 8, which lie in 4 to 32 bytes: 4 from place() on and 4 that are
// SECOND further on, as a byte's halves do. piece() gives those of piece `p` of the matrix: low
// ones are s.x * low + s.y, high ones s.z * high + s.w. Loads are aligned: where rows do not
// consist of whole pieces, which blocks do, ONE() takes the values one by one.

#if TYPE == IS_F32
#define SECOND 4
#define ONE(i) ((global const float *)numbers)[i]
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  *low = ((global const float4 *)numbers)[2 * p];
  *high = ((global const float4 *)numbers)[2 * p + 1];
  *s = (float4)(1, 0, 1, 0);
}

#elif TYPE == IS_BF16
#define SECOND 4
#define ONE(i) as_float((uint)((global const ushort *)numbers)[i] << 16)
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint4 q = ((global const uint4 *)numbers)[p];
  *low = as_float4(convert_uint4(as_ushort4(q.lo)) << 16u);
  *high = as_float4(convert_uint4(as_ushort4(q.hi)) << 16u);
  *s = (float4)(1, 0, 1, 0);
}

#elif TYPE == IS_F16
#define SECOND 4
#define ONE(i) vload_half(i, (global const half *)numbers)
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint4 q = ((global const uint4 *)numbers)[p];
  *low = vload_half4(0, (private const half *)&q);
  *high = vload_half4(1, (private const half *)&q);
  *s = (float4)(1, 0, 1, 0);
}

#elif TYPE == IS_Q8_0
#define SECOND 4
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint2 q = ((global const uint2 *)numbers)[p];
  float scale = ((global const float *)second)[p / 4];
  *low = convert_float4(as_char4(q.x));
  *high = convert_float4(as_char4(q.y));
  *s = (float4)(scale, 0, scale, 0);
}

#elif TYPE == IS_Q4_0
#define SECOND 16
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint q = ((global const uint *)numbers)[p];
  float scale = ((global const float *)second)[p / 4];
  *low = convert_float4(as_uchar4(q & 0x0F0F0F0Fu));
  *high = convert_float4(as_uchar4(q >> 4 & 0x0F0F0F0Fu));
  *s = (float4)(scale, -8 * scale, scale, -8 * scale);
}

#elif TYPE == IS_Q4_K
#define SECOND 32
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint q = ((global const uint *)numbers)[p];
  float2 both = ((global const float2 *)third)[p / 32];
  global const uchar *parts = second + p / 32 * 16 + p % 32 / 8 * 2;
  *low = convert_float4(as_uchar4(q & 0x0F0F0F0Fu));
  *high = convert_float4(as_uchar4(q >> 4 & 0x0F0F0F0Fu));
  *s = (float4)(both.x * parts[0], -both.y * parts[8], both.x * parts[1], -both.y * parts[9]);
}

#elif TYPE == IS_Q5_K
#define SECOND 32
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint pair = p % 32 / 8 * 2;
  uint q = ((global const uint *)numbers)[p];
  uint fifth = ((global const uint *)second)[p / 32 * 8 + p % 8] >> pair;
  float2 both = ((global const float2 *)fourth)[p / 32];
  global const uchar *parts = third + p / 32 * 16 + pair;
  *low = convert_float4(as_uchar4((q & 0x0F0F0F0Fu) | (fifth & 0x01010101u) << 4));
  *high = convert_float4(as_uchar4((q >> 4 & 0x0F0F0F0Fu) | (fifth >> 1 & 0x01010101u) << 4));
  *s = (float4)(both.x * parts[0], -both.y * parts[8], both.x * parts[1], -both.y * parts[9]);
}

#elif TYPE == IS_Q6_K
#define SECOND 64
static inline void NAME(piece)(WEIGHT, uint p, float4 *low, float4 *high, float4 *s) {
  uint q = ((global const uint *)numbers)[p];
  uint upper = ((global const uint *)second)[p / 16 * 8 + p % 8] >> (p % 16 / 8 * 2);
  float scale = ((global const float *)fourth)[p / 32];
  global const char *parts = (global const char *)third + p / 16 * 8 + p % 16 / 4;
  *low = convert_float4(as_uchar4((q & 0x0F0F0F0Fu) | (upper & 0x03030303u) << 4));
  *high = convert_float4(as_uchar4((q >> 4 & 0x0F0F0F0Fu) | (upper >> 4 & 0x03030303u) << 4));
  float lows = scale * parts[0];
  float highs = scale * parts[4];
  *s = (float4)(lows, -32 * lows, highs, -32 * highs);
}
#endif

// Where the values of a row's piece begin.
static inline int NAME(place)(int p) {
  return p / (SECOND / 4) * (2 * SECOND) + p % (SECOND / 4) * 4;
}

// A lane's part of an output of a row, with the activations that belong to a piece.
static inline float NAME(part)(float4 low, float4 high, float4 s, float4 x, float4 y) {
  float sum = fma(s.x, dot(low, x), s.z * dot(high, y));
  return fma(s.y, dot(x, (float4)(1)), fma(s.w, dot(y, (float4)(1)), sum));
}

#define TAKE(o, name)                                                                             \
  NAME(piece)(ARRAYS, (uint)(min(first + o, outputs - 1) * pieces + p), &low, &high, &s);         \
  sums->r0.name += NAME(part)(low, high, s, x0, y0);                                              \
  if (R > 1) {                                                                                    \
    sums->r1.name += NAME(part)(low, high, s, x1, y1);                                            \
  }                                                                                               \
  if (R > 2) {                                                                                    \
    sums->r2.name += NAME(part)(low, high, s, x2, y2);                                            \
    sums->r3.name += NAME(part)(low, high, s, x3, y3);                                            \
  }

// Adds a lane's part of OUTPUTS outputs, from `first` on, of R rows, from `in` on: 1, 2 or 4.
static inline __attribute__((always_inline)) void NAME(add)(
    WEIGHT, global const float *in, const int R, int first, int columns, int outputs,
    Sums *sums) {
  int lane = get_local_id(0);
  int pieces = columns % PIECE == 0 ? columns / PIECE : 0;
  // The bound is the same for all lanes: PoCL 3.1 makes wrong vectors of a loop that begins at one.
  for (int start = 0; start < pieces; start += LANES) {
    int p = start + lane;
    if (p >= pieces) {
      break;
    }
    global const float *x = in + NAME(place)(p);
    float4 x0 = FOUR(x);
    float4 y0 = FOUR(x + SECOND);
    float4 x1 = R > 1 ? FOUR(x + columns) : 0;
    float4 y1 = R > 1 ? FOUR(x + columns + SECOND) : 0;
    float4 x2 = R > 2 ? FOUR(x + 2 * columns) : 0;
    float4 y2 = R > 2 ? FOUR(x + 2 * columns + SECOND) : 0;
    float4 x3 = R > 2 ? FOUR(x + 3 * columns) : 0;
    float4 y3 = R > 2 ? FOUR(x + 3 * columns + SECOND) : 0;
    float4 low;
    float4 high;
    float4 s;
    TAKE(0, x)
    TAKE(1, y)
    TAKE(2, z)
    TAKE(3, w)
  }
#ifdef ONE
  int last = (outputs - 1) * columns;
  for (int k = lane + pieces * PIECE; k < columns; k += LANES) {
    float4 weights = (float4)(
        ONE(min(first * columns, last) + k), ONE(min((first + 1) * columns, last) + k),
        ONE(min((first + 2) * columns, last) + k), ONE(min((first + 3) * columns, last) + k));
    sums->r0 += weights * in[k];
    if (R > 1) {
      sums->r1 += weights * in[columns + k];
    }
    if (R > 2) {
      sums->r2 += weights * in[2 * columns + k];
      sums->r3 += weights * in[3 * columns + k];
    }
  }
#endif
}

// The same for 1 to ROWS rows.
static inline __attribute__((always_inline)) void NAME(few)(
    WEIGHT, global const float *in, int rows, int first, int columns, int outputs, Sums *sums) {
  if (rows > 2) {
    NAME(add)(ARRAYS, in, ROWS, first, columns, outputs, sums);
  } else if (rows == 2) {
    NAME(add)(ARRAYS, in, 2, first, columns, outputs, sums);
  } else {
    NAME(add)(ARRAYS, in, 1, first, columns, outputs, sums);
  }
}

// LANES outputs of TILE_ROWS rows. A lane has four rows of twice four outputs.
static inline __attribute__((always_inline)) void NAME(many)(
    WEIGHT, global const float *in, global const float *bias, global float *out, int rows,
    int columns, int outputs, int mode, local float4 *scratch) {
  int lane = get_local_id(0);
  int first = get_group_id(0) * LANES;
  int row = get_group_id(1) * TILE_ROWS;
  int own = min(first + lane, outputs - 1);
  int pieces = columns % PIECE == 0 ? columns / PIECE : 0;
  local float *weights = (local float *)scratch;
  local float *values = weights + CHUNK * LANES;
  int lane_output = lane % (LANES / 8);
  int lane_row = lane / (LANES / 8);
  float4 left0 = 0;
  float4 left1 = 0;
  float4 left2 = 0;
  float4 left3 = 0;
  float4 right0 = 0;
  float4 right1 = 0;
  float4 right2 = 0;
  float4 right3 = 0;
  in += row * columns;
  for (int chunk = 0; chunk * CHUNK < columns; chunk++) {
    int p = chunk * (CHUNK / PIECE);
    if (p + CHUNK / PIECE <= pieces) {
#pragma unroll
      for (int i = 0; i < CHUNK / PIECE; i++) {
        float4 low;
        float4 high;
        float4 s;
        NAME(piece)(ARRAYS, (uint)(own * pieces + p + i), &low, &high, &s);
        low = fma(s.x, low, s.y);
        high = fma(s.z, high, s.w);
        local float *to = weights + i * PIECE * LANES + lane;
        to[0] = low.x;
        to[LANES] = low.y;
        to[2 * LANES] = low.z;
        to[3 * LANES] = low.w;
        to[4 * LANES] = high.x;
        to[5 * LANES] = high.y;
        to[6 * LANES] = high.z;
        to[7 * LANES] = high.w;
      }
      for (int i = lane; i < CHUNK / 4 * TILE_ROWS; i += LANES) {
        int half_piece = i / TILE_ROWS;
        int at = NAME(place)(p + half_piece / 2) + half_piece % 2 * SECOND;
        float4 x = FOUR(in + i % TILE_ROWS * columns + at);
        local float *to = values + half_piece * 4 * TILE_ROWS + i % TILE_ROWS;
        to[0] = x.x;
        to[TILE_ROWS] = x.y;
        to[2 * TILE_ROWS] = x.z;
        to[3 * TILE_ROWS] = x.w;
      }
    }
#ifdef ONE
    else {
      int left_columns = columns - chunk * CHUNK;
      for (int i = 0; i < CHUNK; i++) {
        weights[i * LANES + lane] =
            i < left_columns ? ONE(own * columns + chunk * CHUNK + i) : 0.0f;
      }
      for (int i = lane; i < CHUNK * TILE_ROWS; i += LANES) {
        int k = i / TILE_ROWS;
        values[i] = k < left_columns ? in[i % TILE_ROWS * columns + chunk * CHUNK + k] : 0.0f;
      }
    }
#endif
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int k = 0; k < CHUNK; k++) {
      local const float4 *w = (local const float4 *)(weights + k * LANES);
      float4 a = w[lane_output];
      float4 b = w[LANES / 8 + lane_output];
      float4 x = ((local const float4 *)(values + k * TILE_ROWS))[lane_row];
      left0 = fma(a, x.x, left0);
      left1 = fma(a, x.y, left1);
      left2 = fma(a, x.z, left2);
      left3 = fma(a, x.w, left3);
      right0 = fma(b, x.x, right0);
      right1 = fma(b, x.y, right1);
      right2 = fma(b, x.z, right2);
      right3 = fma(b, x.w, right3);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  row += lane_row * 4;
  first += lane_output * 4;
  store_row(left0, right0, out, bias, row, rows, first, outputs, mode);
  store_row(left1, right1, out, bias, row + 1, rows, first, outputs, mode);
  store_row(left2, right2, out, bias, row + 2, rows, first, outputs, mode);
  store_row(left3, right3, out, bias, row + 3, rows, first, outputs, mode);
}

#undef SECOND
#undef ONE
#undef TAKE

// Products with weights of one type. Taken in once for every type, TYPE (products.cl says of what).
// The arrays are those of DeviceWeight.java in their order. UNIT values, from value `at` on, are
// taken at a time, the numbers from BYTES(at) on: unit() dequantises them; part() adds to sums, one
// for each lane, their products with x, scaled once a block; y, from shared(), is what all outputs
// share of that.

#if TYPE == IS_F32
#define UNIT 16
#define BYTES(at) (4 * (at))
#define TOGETHER 4
#define ONE(i) ((global const float *)numbers)[i]
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = vload16(0, (global const float *)numbers + at);
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  return fma(vload16(0, (global const float *)numbers + at), x[0], sum);
}

#elif TYPE == IS_BF16
#define UNIT 16
#define BYTES(at) (2 * (at))
#define TOGETHER 4
#define ONE(i) as_float((uint)((global const ushort *)numbers)[i] << 16)
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = as_float16(convert_uint16(vload16(0, (global const ushort *)numbers + at)) << 16u);
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  return fma(as_float16(convert_uint16(vload16(0, (global const ushort *)numbers + at)) << 16u), x[0], sum);
}

#elif TYPE == IS_F16
#define UNIT 16
#define BYTES(at) (2 * (at))
#define TOGETHER 4
#define ONE(i) vload_half(i, (global const half *)numbers)
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = vload_half16(0, (global const half *)numbers + at);
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  return fma(vload_half16(0, (global const half *)numbers + at), x[0], sum);
}

#elif TYPE == IS_Q8_0
#define UNIT 32
#define BYTES(at) (at)
#define TOGETHER 4
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  float scale = ((global const float *)second)[at / 32];
  global const char *q = (global const char *)numbers + at;
  w[0] = scale * convert_float16(vload16(0, q));
  w[1] = scale * convert_float16(vload16(1, q));
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  global const char *q = (global const char *)numbers + at;
  float16 both = convert_float16(vload16(0, q)) * x[0];
  both = fma(convert_float16(vload16(1, q)), x[1], both);
  return fma(((global const float *)second)[at / 32], both, sum);
}

#elif TYPE == IS_Q4_0
#define UNIT 32
#define BYTES(at) ((at) / 2)
#define TOGETHER 1
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  float scale = ((global const float *)second)[at / 32];
  uchar16 q = vload16(0, numbers + at / 2);
  w[0] = scale * convert_float16(q & (uchar)15) - 8 * scale;
  w[1] = scale * convert_float16(q >> (uchar)4) - 8 * scale;
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
  y[0] = -8 * (x[0] + x[1]);
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  uchar16 q = vload16(0, numbers + at / 2);
  float16 both = fma(convert_float16(q & (uchar)15), x[0], y[0]);
  both = fma(convert_float16(q >> (uchar)4), x[1], both);
  return fma(((global const float *)second)[at / 32], both, sum);
}

#elif TYPE == IS_Q4_K
#define UNIT 64
#define BYTES(at) ((at) / 2)
#define TOGETHER 1
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  global const float *both = (global const float *)third + at / 256 * 2;
  global const uchar *part = second + at / 256 * 16 + at % 256 / 32;
  float low = both[0] * part[0];
  float lowest = both[1] * part[8];
  float high = both[0] * part[1];
  float highest = both[1] * part[9];
  uchar16 q0 = vload16(0, numbers + at / 2);
  uchar16 q1 = vload16(1, numbers + at / 2);
  w[0] = low * convert_float16(q0 & (uchar)15) - lowest;
  w[1] = low * convert_float16(q1 & (uchar)15) - lowest;
  w[2] = high * convert_float16(q0 >> (uchar)4) - highest;
  w[3] = high * convert_float16(q1 >> (uchar)4) - highest;
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
  y[0] = x[0] + x[1];
  y[1] = x[2] + x[3];
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  global const float *both = (global const float *)third + at / 256 * 2;
  global const uchar *parts = second + at / 256 * 16 + at % 256 / 32;
  uchar16 q0 = vload16(0, numbers + at / 2);
  uchar16 q1 = vload16(1, numbers + at / 2);
  float16 low = convert_float16(q0 & (uchar)15) * x[0];
  low = fma(convert_float16(q1 & (uchar)15), x[1], low);
  float16 high = convert_float16(q0 >> (uchar)4) * x[2];
  high = fma(convert_float16(q1 >> (uchar)4), x[3], high);
  sum = fma(both[0] * parts[0], low, sum);
  sum = fma(both[0] * parts[1], high, sum);
  sum = fma(-both[1] * parts[8], y[0], sum);
  return fma(-both[1] * parts[9], y[1], sum);
}

#elif TYPE == IS_Q5_K
#define UNIT 64
#define BYTES(at) ((at) / 2)
#define TOGETHER 1
#define FIVE(q, bit) convert_float16((q) | (((highs >> (uchar)(bit)) & (uchar)1) << (uchar)4))
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  global const float *both = (global const float *)fourth + at / 256 * 2;
  int pair = at % 256 / 32;
  global const uchar *part = third + at / 256 * 16 + pair;
  float low = both[0] * part[0];
  float lowest = both[1] * part[8];
  float high = both[0] * part[1];
  float highest = both[1] * part[9];
  for (int i = 0; i < 2; i++) {
    uchar16 q = vload16(i, numbers + at / 2);
    uchar16 highs = vload16(i, second + at / 256 * 32);
    w[i] = low * FIVE(q & (uchar)15, pair) - lowest;
    w[i + 2] = high * FIVE(q >> (uchar)4, pair + 1) - highest;
  }
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
  y[0] = x[0] + x[1];
  y[1] = x[2] + x[3];
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  global const float *both = (global const float *)fourth + at / 256 * 2;
  int pair = at % 256 / 32;
  global const uchar *parts = third + at / 256 * 16 + pair;
  float16 low = 0;
  float16 high = 0;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    uchar16 q = vload16(i, numbers + at / 2);
    uchar16 highs = vload16(i, second + at / 256 * 32);
    low = fma(FIVE(q & (uchar)15, pair), x[i], low);
    high = fma(FIVE(q >> (uchar)4, pair + 1), x[i + 2], high);
  }
  sum = fma(both[0] * parts[0], low, sum);
  sum = fma(both[0] * parts[1], high, sum);
  sum = fma(-both[1] * parts[8], y[0], sum);
  return fma(-both[1] * parts[9], y[1], sum);
}

#elif TYPE == IS_Q6_K
#define UNIT 128
#define BYTES(at) ((at) / 2)
#define TOGETHER 1
// Does something with each of the eight vectors of a unit: their places and their numbers.
#define SIXES(DO)                                                                                 \
  float scale = ((global const float *)fourth)[at / 256];                                         \
  global const char *parts = (global const char *)third + at / 16;                                \
  uchar16 u0 = vload16(0, second + at / 4);                                                       \
  uchar16 u1 = vload16(1, second + at / 4);                                                       \
  uchar16 q0 = vload16(0, numbers + at / 2);                                                      \
  uchar16 q1 = vload16(1, numbers + at / 2);                                                      \
  uchar16 q2 = vload16(2, numbers + at / 2);                                                      \
  uchar16 q3 = vload16(3, numbers + at / 2);                                                      \
  DO(0, SIX(q0 & (uchar)15, u0));                                                                 \
  DO(1, SIX(q1 & (uchar)15, u1));                                                                 \
  DO(2, SIX(q2 & (uchar)15, u0 >> (uchar)2));                                                     \
  DO(3, SIX(q3 & (uchar)15, u1 >> (uchar)2));                                                     \
  DO(4, SIX(q0 >> (uchar)4, u0 >> (uchar)4));                                                     \
  DO(5, SIX(q1 >> (uchar)4, u1 >> (uchar)4));                                                     \
  DO(6, SIX(q2 >> (uchar)4, u0 >> (uchar)6));                                                     \
  DO(7, SIX(q3 >> (uchar)4, u1 >> (uchar)6))
#define SIX(q, u) convert_float16((q) | (((u) & (uchar)3) << (uchar)4))
#define VALUES(i, six) w[i] = scale * parts[i] * (six) - 32 * (scale * parts[i])
#define PRODUCTS(i, six) sum = fma(scale * parts[i], fma(six, x[i], y[i]), sum)
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  SIXES(VALUES);
}
static inline void NAME(shared)(const float16 *x, float16 *y) {
#pragma unroll
  for (int i = 0; i < 8; i++) {
    y[i] = -32 * x[i];
  }
}
static inline float16 NAME(part)(
    WEIGHT, int at, const float16 *x, const float16 *y, float16 sum) {
  SIXES(PRODUCTS);
  return sum;
}
#endif

// One row and TOGETHER outputs: each weight is used once and goes no further than the registers.
static inline void NAME(single)(
    WEIGHT, global const float *in, global float *out, global const float *bias, int columns,
    int outputs, int mode, int first) {
  float16 acc[TOGETHER];
  int base[TOGETHER];
#pragma unroll
  for (int o = 0; o < TOGETHER; o++) {
    acc[o] = 0;
    base[o] = min(first + o, outputs - 1) * columns;
  }
  int full = columns / UNIT * UNIT;
  for (int k = 0; k < full; k += UNIT) {
    float16 x[UNIT / 16];
    float16 y[UNIT / 16];
#pragma unroll
    for (int u = 0; u < UNIT / 16; u++) {
      x[u] = vload16(u, in + k);
    }
    NAME(shared)(x, y);
#pragma unroll
    for (int o = 0; o < TOGETHER; o++) {
      acc[o] = NAME(part)(ARRAYS, base[o] + k, x, y, acc[o]);
      PREFETCH(numbers + BYTES(base[o] + OUTPUTS * columns + k));
    }
  }
  for (int o = 0; o < TOGETHER && first + o < outputs; o++) {
    float sum = total(acc[o]);
#ifdef ONE
    for (int k = full; k < columns; k++) {
      sum += ONE(base[o] + k) * in[k];
    }
#endif
    store(out, bias, first + o, first + o, mode, sum);
  }
}

// Several rows: a stretch of the weight is dequantised once, then meets ROWS rows at a time.
static inline void NAME(several)(
    WEIGHT, global const float *in, global float *out, global const float *bias, int rows,
    int columns, int outputs, int mode, int first) {
  float16 acc[MAX_ROWS / ROWS][ROWS][OUTPUTS];
  float16 w[OUTPUTS][CHUNK / 16];
  int base[OUTPUTS];
  int tiles = (rows + ROWS - 1) / ROWS;
  for (int t = 0; t < tiles; t++) {
    for (int r = 0; r < ROWS; r++) {
      for (int o = 0; o < OUTPUTS; o++) {
        acc[t][r][o] = 0;
      }
    }
  }
  for (int o = 0; o < OUTPUTS; o++) {
    base[o] = min(first + o, outputs - 1) * columns;
  }
  int full = columns / UNIT * UNIT;
  for (int start = 0; start < full; start += CHUNK) {
    int count = min(CHUNK, full - start);
    for (int o = 0; o < OUTPUTS; o++) {
      for (int k = 0; k < count; k += UNIT) {
        NAME(unit)(ARRAYS, base[o] + start + k, w[o] + k / 16);
      }
    }
    for (int t = 0; t < tiles; t++) {
      float16 sum[ROWS][OUTPUTS];
#pragma unroll
      for (int r = 0; r < ROWS; r++) {
#pragma unroll
        for (int o = 0; o < OUTPUTS; o++) {
          sum[r][o] = acc[t][r][o];
        }
      }
      global const float *x = in + t * ROWS * columns + start;
      for (int k = 0; k < count / 16; k++) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
          float16 value = vload16(k, x + r * columns);
#pragma unroll
          for (int o = 0; o < OUTPUTS; o++) {
            sum[r][o] = fma(w[o][k], value, sum[r][o]);
          }
        }
      }
#pragma unroll
      for (int r = 0; r < ROWS; r++) {
#pragma unroll
        for (int o = 0; o < OUTPUTS; o++) {
          acc[t][r][o] = sum[r][o];
        }
      }
    }
  }
  for (int row = 0; row < rows; row++) {
    for (int o = 0; o < OUTPUTS && first + o < outputs; o++) {
      float sum = total(acc[row / ROWS][row % ROWS][o]);
#ifdef ONE
      for (int k = full; k < columns; k++) {
        sum += ONE(base[o] + k) * in[row * columns + k];
      }
#endif
      store(out, bias, row * outputs + first + o, first + o, mode, sum);
    }
  }
}

// All rows, for OUTPUTS outputs from `first` on.
static inline void NAME(product)(
    WEIGHT, global const float *in, global const float *bias, global float *out, int rows,
    int columns, int outputs, int mode, int first) {
  if (rows > 1) {
    NAME(several)(ARRAYS, in, out, bias, rows, columns, outputs, mode, first);
  } else {
    for (int o = first; o < min(first + OUTPUTS, outputs); o += TOGETHER) {
      NAME(single)(ARRAYS, in, out, bias, columns, outputs, mode, o);
    }
  }
}

// A token's row of a table: EMBED_VALUES values of it.
static inline void NAME(embed)(WEIGHT, int token, global float *out, int columns, int item) {
  int base = token * columns;
  int end = min((item + 1) * EMBED_VALUES, columns);
  int k = item * EMBED_VALUES;
  for (; k + UNIT <= end; k += UNIT) {
    float16 w[UNIT / 16];
    NAME(unit)(ARRAYS, base + k, w);
    for (int u = 0; u < UNIT / 16; u++) {
      vstore16(w[u], u, out + k);
    }
  }
#ifdef ONE
  for (; k < end; k++) {
    out[k] = ONE(base + k);
  }
#endif
}

#undef UNIT
#undef BYTES
#undef TOGETHER
#undef ONE
#undef FIVE
#undef SIX
#undef SIXES
#undef VALUES
#undef PRODUCTS

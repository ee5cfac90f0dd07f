// Products with weights of one type. Taken in once for every type, TYPE (products.cl says of what).
// The arrays are those of DeviceWeight.java in their order; UNIT values are dequantised at a time,
// by unit(), from value `at` on.

#if TYPE == IS_F32
#define UNIT 16
#define ONE(i) ((global const float *)numbers)[i]
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = vload16(0, (global const float *)numbers + at);
}

#elif TYPE == IS_BF16
#define UNIT 16
#define ONE(i) as_float((uint)((global const ushort *)numbers)[i] << 16)
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = as_float16(convert_uint16(vload16(0, (global const ushort *)numbers + at)) << 16u);
}

#elif TYPE == IS_F16
#define UNIT 16
#define ONE(i) vload_half(i, (global const half *)numbers)
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  w[0] = vload_half16(0, (global const half *)numbers + at);
}

#elif TYPE == IS_Q8_0
#define UNIT 32
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  float scale = ((global const float *)second)[at / 32];
  global const char *q = (global const char *)numbers + at;
  w[0] = scale * convert_float16(vload16(0, q));
  w[1] = scale * convert_float16(vload16(1, q));
}

#elif TYPE == IS_Q4_0
#define UNIT 32
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  float scale = ((global const float *)second)[at / 32];
  uchar16 q = vload16(0, numbers + at / 2);
  w[0] = scale * convert_float16(q & (uchar)15) - 8 * scale;
  w[1] = scale * convert_float16(q >> (uchar)4) - 8 * scale;
}

#elif TYPE == IS_Q4_K
#define UNIT 64
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

#elif TYPE == IS_Q5_K
#define UNIT 64
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

#elif TYPE == IS_Q6_K
#define UNIT 128
#define SIX(i, q, u)                                                                              \
  w[i] = scale * part[i] * convert_float16((q) | (((u) & (uchar)3) << (uchar)4)) -                \
         32 * (scale * part[i])
static inline void NAME(unit)(WEIGHT, int at, float16 *w) {
  float scale = ((global const float *)fourth)[at / 256];
  global const char *part = (global const char *)third + at / 16;
  uchar16 u0 = vload16(0, second + at / 4);
  uchar16 u1 = vload16(1, second + at / 4);
  uchar16 q0 = vload16(0, numbers + at / 2);
  uchar16 q1 = vload16(1, numbers + at / 2);
  uchar16 q2 = vload16(2, numbers + at / 2);
  uchar16 q3 = vload16(3, numbers + at / 2);
  SIX(0, q0 & (uchar)15, u0);
  SIX(1, q1 & (uchar)15, u1);
  SIX(2, q2 & (uchar)15, u0 >> (uchar)2);
  SIX(3, q3 & (uchar)15, u1 >> (uchar)2);
  SIX(4, q0 >> (uchar)4, u0 >> (uchar)4);
  SIX(5, q1 >> (uchar)4, u1 >> (uchar)4);
  SIX(6, q2 >> (uchar)4, u0 >> (uchar)6);
  SIX(7, q3 >> (uchar)4, u1 >> (uchar)6);
}
#endif

// One output of one row: each weight is used once and goes no further than the registers.
static inline float NAME(single)(WEIGHT, global const float *in, int columns, int output) {
  float16 even = 0;
  float16 odd = 0;
  int base = output * columns;
  int full = columns / UNIT * UNIT;
  for (int k = 0; k < full; k += UNIT) {
    float16 w[UNIT / 16];
    NAME(unit)(ARRAYS, base + k, w);
#pragma unroll
    for (int u = 0; u < UNIT / 16; u += 2) {
      even = fma(w[u], vload16(u, in + k), even);
      if (u + 1 < UNIT / 16) {
        odd = fma(w[u + 1], vload16(u + 1, in + k), odd);
      }
    }
  }
  float sum = total(even + odd);
#ifdef ONE
  for (int k = full; k < columns; k++) {
    sum += ONE(base + k) * in[k];
  }
#endif
  return sum;
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
    return;
  }
  for (int output = first; output < min(first + OUTPUTS, outputs); output++) {
    float sum = NAME(single)(ARRAYS, in, columns, output);
    store(out, bias, output, output, mode, sum);
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
#undef ONE
#undef FIVE
#undef SIX

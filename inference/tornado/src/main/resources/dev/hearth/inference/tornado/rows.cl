// The operations without a matrix, for processors: the twins of RowKernels.java, on the same
// arrays. A work item does a head, a part of a row or 16 values by itself.

// Copies the values from `at` on, 16 at most, of a row of some width.
static inline void move(
    global float *to, int toRow, global const float *from, int fromRow, int at, int width) {
  if (at + 16 <= width) {
    vstore16(vload16(0, from + fromRow + at), 0, to + toRow + at);
    return;
  }
  for (int i = at; i < width; i++) {
    to[toRow + i] = from[fromRow + i];
  }
}

static inline void norm(
    global const float *in, global const float *gain, global float *out, int width,
    float epsilon) {
  int full = width / 16;
  float16 squares = 0;
  for (int i = 0; i < full; i++) {
    float16 x = vload16(i, in);
    squares = fma(x, x, squares);
  }
  float sum = total(squares);
  for (int i = full * 16; i < width; i++) {
    sum += in[i] * in[i];
  }
  float scale = 1 / sqrt(sum / width + epsilon);
  for (int i = 0; i < full; i++) {
    vstore16(vload16(i, in) * scale * vload16(i, gain), i, out);
  }
  for (int i = full * 16; i < width; i++) {
    out[i] = in[i] * scale * gain[i];
  }
}

// Copies of pages: of a token's integers from `first` on those from `at` on, 16 of `count` at most.
static inline void copy_part(
    global const int *pass, global int *cache, int width, int first, int at, int count) {
  for (int copy = 0; copy < pass[COPIES]; copy++) {
    global const int *which = pass + COPY_PAGES + 3 * copy;
    for (int token = 0; token < which[2]; token++) {
      move(
          (global float *)cache, (which[1] * PAGE + token) * width + first, (global float *)cache,
          (which[0] * PAGE + token) * width + first, at, count);
    }
  }
}

// Turns the pairs of a head by the angles of a position.
static inline void turn(
    global const float *from, global float *to, global const float *cosines,
    global const float *sines, int pairs) {
  int full = pairs / 8;
  for (int i = 0; i < full; i++) {
    float8 cosine = vload8(i, cosines);
    float8 sine = vload8(i, sines);
    float8 a = vload8(i, from);
    float8 b = vload8(i, from + pairs);
    vstore8(a * cosine - b * sine, i, to);
    vstore8(a * sine + b * cosine, i, to + pairs);
  }
  for (int i = full * 8; i < pairs; i++) {
    float a = from[i];
    float b = from[i + pairs];
    to[i] = a * cosines[i] - b * sines[i];
    to[i + pairs] = a * sines[i] + b * cosines[i];
  }
}

// Integers of a token's keys, or values, in a cache; see KvCache.java.
static inline int cache_width(int values, int kind) {
  return (values >> kind) + (kind == BYTE ? values / BLOCK : 0);
}

// 16 values of a token, from `at` on; `scales` as of cache_width.
static inline float16 cached(global const int *token, int at, const int kind, int scales) {
  if (kind == HALF) {
    return vload_half16(0, (global const half *)token + at);
  }
  if (kind == BYTE) {
    float scale = vload_half(2 * (scales + at / BLOCK), (global const half *)token);
    return scale * convert_float16(vload16(0, (global const char *)token + at));
  }
  return vload16(0, (global const float *)token + at);
}

// Stores a head's values from `at` on. Halves are the nearest ones, even among two, and finite.
static inline void put(
    const float *x, int dim, global int *token, int at, int kind, int scales) {
  if (kind == HALF) {
    for (int i = 0; i < dim; i++) {
      vstore_half_rte(clamp(x[i], -65504.0f, 65504.0f), at + i, (global half *)token);
    }
  } else if (kind == BYTE) {
    for (int block = 0; block < dim; block += BLOCK) {
      float top = 0;
      for (int i = 0; i < BLOCK; i++) {
        top = max(top, fabs(x[block + i]));
      }
      int scaleAt = scales + (at + block) / BLOCK;
      token[scaleAt] = 0;
      vstore_half_rte(min(top / 127, 65504.0f), 2 * scaleAt, (global half *)token);
      float step = vload_half(2 * scaleAt, (global const half *)token);
      for (int i = 0; i < BLOCK; i++) {
        float number = step > 0 ? floor(x[block + i] / step + 0.5f) : 0;
        ((global char *)token)[at + block + i] = (char)clamp(number, -127.0f, 127.0f);
      }
    }
  } else {
    for (int i = 0; i < dim; i++) {
      ((global float *)token)[at + i] = x[i];
    }
  }
}

// A head of a row: of the query, else of the key, else of the value. The copies of pages, which
// keep to places before the new ones, are the first row's; a head's scales lie behind all values.
static inline void turn_and_append(
    global const int *pass, global float *query, global const float *key,
    global const float *value, global const float *cosines, global const float *sines,
    global int *keys, global int *values, int heads, int kvHeads, int pairs, int kind, int head,
    int row) {
  int dim = 2 * pairs;
  int width = cache_width(kvHeads * dim, kind);
  int scales = kvHeads * dim >> kind;
  int kvHead = head - heads;
  int position = pass[POSITIONS + row];
  cosines += position * pairs;
  sines += position * pairs;
  if (kvHead < 0) {
    global float *at = query + (row * heads + head) * dim;
    turn(at, at, cosines, sines, pairs);
    return;
  }
  bool isKey = kvHead < kvHeads;
  int own = isKey ? kvHead : kvHead - kvHeads;
  global int *cache = isKey ? keys : values;
  if (row == 0) {
    int ints = dim >> kind;
    for (int i = 0; i < ints; i += 16) {
      copy_part(pass, cache, width, own * ints, i, ints);
    }
    if (kind == BYTE) {
      copy_part(pass, cache, width, scales + own * dim / BLOCK, 0, dim / BLOCK);
    }
  }
  int page = pass[TABLE + pass[TABLES + row] + position / PAGE];
  global int *token = cache + (page * PAGE + position % PAGE) * width;
  global const float *from = (isKey ? key : value) + (row * kvHeads + own) * dim;
  float x[MAX_HEAD];
  for (int i = 0; i < pairs; i++) {
    float cosine = isKey ? cosines[i] : 1;
    float sine = isKey ? sines[i] : 0;
    x[i] = from[i] * cosine - from[i + pairs] * sine;
    x[i + pairs] = from[i] * sine + from[i + pairs] * cosine;
  }
  put(x, dim, token, own * dim, kind, scales);
}

// Causal attention of a head over the pages of a row's sequence, the softmax kept up page by page
// (Milakov and Gimelshein, 2018); a head is `parts` times 16 values.
static inline void attend_by(
    global const int *table, global const float *query, global const int *keys,
    global const int *values, global float *out, int kvWidth, int kvAt, int position,
    const int parts, const int kind) {
  float16 sums[MAX_HEAD / 16];
  float scores[PAGE];
  float scale = 1 / sqrt(16.0f * parts);
  int width = cache_width(kvWidth, kind);
  int scales = kvWidth >> kind;
  for (int p = 0; p < parts; p++) {
    sums[p] = 0;
  }
  float top = -1e30f;
  float weights = 0;
  for (int first = 0; first <= position; first += PAGE) {
    int base = table[first / PAGE] * PAGE * width;
    int count = min(PAGE, position + 1 - first);
    float newTop = top;
    for (int i = 0; i < count; i++) {
      float16 dot = 0;
      for (int p = 0; p < parts; p++) {
        float16 key = cached(keys + base + i * width, kvAt + 16 * p, kind, scales);
        dot = fma(vload16(p, query), key, dot);
      }
      scores[i] = total(dot) * scale;
      newTop = max(newTop, scores[i]);
    }
    float correction = exp(top - newTop);
    weights *= correction;
    for (int p = 0; p < parts; p++) {
      sums[p] *= correction;
    }
    for (int i = 0; i < count; i++) {
      float weight = exp(scores[i] - newTop);
      weights += weight;
      for (int p = 0; p < parts; p++) {
        float16 value = cached(values + base + i * width, kvAt + 16 * p, kind, scales);
        sums[p] = fma(weight, value, sums[p]);
      }
    }
    top = newTop;
  }
  for (int p = 0; p < parts; p++) {
    vstore16(sums[p] / weights, p, out);
  }
}

#define ATTEND_BY(parts)                                                                          \
  if (kind == HALF) {                                                                             \
    attend_by(table, query, keys, values, out, width, kvAt, position, parts, HALF);               \
  } else if (kind == BYTE) {                                                                      \
    attend_by(table, query, keys, values, out, width, kvAt, position, parts, BYTE);               \
  } else {                                                                                        \
    attend_by(table, query, keys, values, out, width, kvAt, position, parts, SINGLE);             \
  }

static inline void attend(
    global const int *pass, global const float *query, global const int *keys,
    global const int *values, global float *out, int heads, int kvHeads, int dim, int kind,
    int head, int row) {
  int kvAt = head / (heads / kvHeads) * dim;
  global const int *table = pass + TABLE + pass[TABLES + row];
  int position = pass[POSITIONS + row];
  int width = kvHeads * dim;
  query += (row * heads + head) * dim;
  out += (row * heads + head) * dim;
  switch (dim) {
    case 64:
      ATTEND_BY(4)
      break;
    case 128:
      ATTEND_BY(8)
      break;
    default:
      ATTEND_BY(dim / 16)
  }
}

// Products of a row of weights, which were looked up, with every `step`th row of those that want
// logits.
static inline void listed(
    global const float *in, global const float *weights, global float *out, int rows, int columns,
    int most, int first, int step) {
  for (int row = first; row < rows; row += step) {
    global const float *x = in + row * columns;
    float16 products = 0;
    for (int i = 0; i < columns / 16; i++) {
      products = fma(vload16(i, x), vload16(i, weights), products);
    }
    float sum = total(products);
    for (int i = columns / 16 * 16; i < columns; i++) {
      sum += x[i] * weights[i];
    }
    out[row * most] = sum;
  }
}

// The greatest logit of the allowed tokens of a stretch, of equals the one with the lowest id, and
// that id, or -1.
static inline void greatest(
    global const float *logits, global const uint *mask, global float *out, int vocabulary,
    int stretch) {
  int words = (vocabulary + 31) / 32;
  int share = (words + STRETCHES - 1) / STRETCHES;
  int end = min((stretch + 1) * share, words);
  int best = -1;
  float top = 0;
  for (int word = stretch * share; word < end; word++) {
    uint bits = mask[word];
    int id = word * 32;
    if (best >= 0 && id + 32 <= vocabulary
        && !any(max(vload16(0, logits + id), vload16(1, logits + id)) > top)) {
      continue;
    }
    for (; bits != 0; bits >>= 1, id++) {
      if ((bits & 1) != 0 && (best < 0 || logits[id] > top)) {
        best = id;
        top = logits[id];
      }
    }
  }
  out[0] = top;
  out[1] = best;
}

// What the sources of products share. Plain OpenCL C 1.2.

#define WEIGHT                                                                                    \
  global const uchar *numbers, global const uchar *second, global const uchar *third,             \
      global const uchar *fourth
#define ARRAYS numbers, second, third, fourth

#define PASTE(name, type) name##_##type
#define OF_TYPE(name, type) PASTE(name, type)
#define NAME(name) OF_TYPE(name, TYPE)

static inline void store(
    global float *out, global const float *bias, int at, int output, int mode, float sum) {
  if (mode == BIASED) {
    sum += bias[output];
  } else if (mode == ADDED) {
    sum += out[at];
  } else if (mode == GATED) {
    sum *= out[at] / (1 + exp(min(-out[at], 80.0f)));
  }
  out[at] = sum;
}

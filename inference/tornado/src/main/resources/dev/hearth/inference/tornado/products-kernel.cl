#define CASE(type)                                                                                \
  case type:                                                                                      \
    OF_TYPE(product, type)(ARRAYS, in, bias, out, rows, columns, outputs, mode, first);           \
    break

// The first four are what TornadoVM gives every kernel.
kernel void product(
    global long *context, constant uchar *constants, local uchar *locals, global int *atomics,
    global const uchar *pass, global const uchar *inputs, WEIGHT, global const uchar *biases,
    global uchar *results, int type, int stage, int columns, int outputs, int mode) {
  int first = get_global_id(0) * OUTPUTS;
  if (first >= outputs) {
    return;
  }
  int rows = ((global const int *)(pass + HEADER))[stage];
  global const float *in = (global const float *)(inputs + HEADER);
  global const float *bias = (global const float *)(biases + HEADER);
  global float *out = (global float *)(results + HEADER);
  numbers += HEADER;
  second += HEADER;
  third += HEADER;
  fourth += HEADER;
  switch (type) {
    CASE(IS_F16);
    CASE(IS_Q8_0);
    CASE(IS_Q4_0);
    CASE(IS_Q4_K);
    CASE(IS_Q6_K);
  }
}

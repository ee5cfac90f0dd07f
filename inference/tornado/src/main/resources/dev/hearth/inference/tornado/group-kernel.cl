#define PRODUCT(type)                                                                             \
  case type:                                                                                      \
    if (few) {                                                                                    \
      OF_TYPE(few, type)(ARRAYS, in + row * columns, count, first, columns, outputs, &sums);       \
    } else {                                                                                      \
      OF_TYPE(many, type)                                                                         \
      (ARRAYS, in, bias, out, rows, columns, outputs, mode, scratch);                             \
    }                                                                                             \
    break;

// The arguments are those of kernel.cl. What is no product of a type that is taken in has no
// outputs.
kernel __attribute__((reqd_work_group_size(LANES, 1, 1))) void ENTRY(
    global long *context, constant uchar *constants, local uchar *locals, global int *atomics,
    global const uchar *pass, global uchar *inputs, WEIGHT, global uchar *biases,
    global uchar *results, int op, int stage, int columns, int outputs, int mode) {
  local float4 scratch[SCRATCH];
  global const float *in = (global const float *)(inputs + HEADER);
  global const float *bias = (global const float *)(biases + HEADER);
  global float *out = (global float *)(results + HEADER);
  int rows = ((global const int *)(pass + HEADER))[stage];
  bool few = rows <= FEW_ROWS;
  int row = get_group_id(1) * ROWS;
  int count = min(rows - row, ROWS);
  int first = get_group_id(0) * OUTPUTS;
  Sums sums = {0, 0, 0, 0};
  numbers += HEADER;
  second += HEADER;
  third += HEADER;
  fourth += HEADER;
  switch (op) {
    PRODUCTS
  }
  if (few) {
    int lane = get_local_id(0);
    float sum = sum_of_lanes(sums, count, scratch);
    int output = first + lane % OUTPUTS;
    if (lane < count * OUTPUTS && output < outputs) {
      store(out, bias, (row + lane / OUTPUTS) * outputs + output, output, mode, sum);
    }
  }
}

#define PRODUCT(type)                                                                             \
  case type:                                                                                      \
    if (at * OUTPUTS < outputs) {                                                                 \
      OF_TYPE(product, type)                                                                      \
      (ARRAYS, in, bias, out, numbers_of_rows[stage], columns, outputs, mode, at * OUTPUTS);      \
    }                                                                                             \
    break;                                                                                        \
  case EMBED + type:                                                                              \
    OF_TYPE(embed, type)(ARRAYS, numbers_of_rows[TOKENS + row], out + row * columns, columns, at); \
    break;

#define FLOATS(name) ((global float *)(name))

// The first four are what TornadoVM gives every kernel. What the others are for a row's operation
// is said where RowTwin.java gives them.
kernel void operation(
    global long *context, constant uchar *constants, local uchar *locals, global int *atomics,
    global const uchar *pass, global uchar *inputs, WEIGHT, global uchar *biases,
    global uchar *results, int op, int stage, int columns, int outputs, int mode) {
  int at = get_global_id(0);
  int row = get_global_id(1);
  global const int *numbers_of_rows = (global const int *)(pass + HEADER);
  global float *in = (global float *)(inputs + HEADER);
  global float *bias = (global float *)(biases + HEADER);
  global float *out = (global float *)(results + HEADER);
  numbers += HEADER;
  second += HEADER;
  third += HEADER;
  fourth += HEADER;
  switch (op) {
    PRODUCT(IS_F32)
    PRODUCT(IS_F16)
    PRODUCT(IS_BF16)
    PRODUCT(IS_Q8_0)
    PRODUCT(IS_Q4_0)
    PRODUCT(IS_Q4_K)
    PRODUCT(IS_Q5_K)
    PRODUCT(IS_Q6_K)
    case NORM:
      if (at < outputs) {
        int first = (row * outputs + at) * columns;
        norm(in + first, bias, out + first, columns, as_float(mode));
      }
      break;
    case TURN:
      if (at < outputs + 2 * mode) {
        turn_and_append(
            numbers_of_rows, in, FLOATS(numbers), FLOATS(second), FLOATS(third), FLOATS(fourth),
            (global int *)bias, (global int *)out, outputs, mode, columns, stage, at, row);
      }
      break;
    case ATTEND:
      if (at < outputs) {
        attend(
            numbers_of_rows, in, (global const int *)numbers, (global const int *)second, out,
            outputs, mode, columns, stage, at, row);
      }
      break;
    case COPY:
      copy_part(numbers_of_rows, (global int *)in, columns, 0, at * 16, columns);
      copy_part(numbers_of_rows, (global int *)out, columns, 0, at * 16, columns);
      break;
    case KEEP:
      for (int i = 0; i < numbers_of_rows[stage]; i++) {
        move(out, i * columns, out, numbers_of_rows[mode + i] * columns, at * 16, columns);
      }
      break;
    case JOIN:
      move(out, row * outputs + mode, in, row * columns, at * 16, columns);
      break;
    case LISTED:
      listed(
          in, FLOATS(numbers) + row * columns, out + row, numbers_of_rows[LOGITS], columns, outputs,
          at, get_global_size(0));
      break;
    case GREATEST:
      greatest(
          in + row * columns, (global const uint *)numbers + row * ((columns + 31) / 32),
          out + 2 * (row * STRETCHES + at), columns, at);
      break;
    case RESTORE:
      move(
          out, (numbers_of_rows[0] * PAGE + row) * columns, in, outputs + row * columns, at * 16,
          columns);
      break;
  }
}

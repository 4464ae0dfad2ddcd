/* Linear regression by full-batch gradient descent: one fused pass over the rows an epoch, on one thread.
   Compiled with -DCOLUMNS=…; arguments: folder with x.f64 (rows × COLUMNS, row-major) and y.f64, rows, epochs, samples, learning rate.
   The loss is the mean of (x·w + b − y)²; the check is the loss before the last update. */
#include "peer.h"
#define BLOCK 512

#define DESCENT(T)                                                                        \
  static double descend_##T(const T *X, const T *y, long rows, int epochs, double rate) { \
    T w[COLUMNS] = {0}, bias = 0;                                                         \
    double loss = 0;                                                                      \
    for (int e = 0; e < epochs; e++) {                                                    \
      double gradient[COLUMNS] = {0}, biasGradient = 0;                                   \
      loss = 0;                                                                           \
      for (long first = 0; first < rows; first += BLOCK) {                                \
        long end = first + BLOCK < rows ? first + BLOCK : rows;                           \
        T sums[COLUMNS] = {0}, v[COLUMNS], sumOfErrors = 0, sumOfSquares = 0;             \
        memcpy(v, w, sizeof v);                                                           \
        for (long i = first; i < end; i++) {                                              \
          const T *x = X + i * COLUMNS;                                                   \
          T error = bias - y[i];                                                          \
          for (int d = 0; d < COLUMNS; d++) error += x[d] * v[d];                         \
          for (int d = 0; d < COLUMNS; d++) sums[d] += error * x[d];                      \
          sumOfErrors += error;                                                           \
          sumOfSquares += error * error;                                                  \
        }                                                                                 \
        for (int d = 0; d < COLUMNS; d++) gradient[d] += sums[d];                         \
        biasGradient += sumOfErrors;                                                      \
        loss += sumOfSquares;                                                             \
      }                                                                                   \
      for (int d = 0; d < COLUMNS; d++) w[d] -= rate * 2 / rows * gradient[d];            \
      bias -= rate * 2 / rows * biasGradient;                                             \
    }                                                                                     \
    return loss / rows;                                                                   \
  }
DESCENT(double)
DESCENT(float)

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  long rows = atol(argv[2]);
  int epochs = atoi(argv[3]), samples = atoi(argv[4]);
  double rate = atof(argv[5]), times[64], loss = 0;
  double *X = read_array(argv[1], "x.f64", rows * COLUMNS, 8), *y = read_array(argv[1], "y.f64", rows, 8);
  for (int s = -1; s < samples; s++) {
    double start = seconds();
    loss = descend_double(X, y, rows, epochs, rate);
    if (s >= 0) times[s] = (seconds() - start) / epochs * 1e3;
  }
  report("float64", "ms/epoch", times, samples, loss);
  float *Xf = aligned_alloc(64, (rows * COLUMNS * 4 + 63) / 64 * 64), *yf = aligned_alloc(64, (rows * 4 + 63) / 64 * 64);
  for (long i = 0; i < rows * COLUMNS; i++) Xf[i] = X[i];
  for (long i = 0; i < rows; i++) yf[i] = y[i];
  free(X), free(y);
  for (int s = -1; s < samples; s++) {
    double start = seconds();
    loss = descend_float(Xf, yf, rows, epochs, rate);
    if (s >= 0) times[s] = (seconds() - start) / epochs * 1e3;
  }
  report("float32", "ms/epoch", times, samples, loss);
}

/* Logistic regression in mini-batches, float32, momentum and Adam, on one thread; batches are consecutive rows, an incomplete last one is left out.
   Compiled with -DCOLUMNS=… -DBATCH=…; arguments: folder with x.f32 (rows × COLUMNS, row-major) and y.f32 (0 or 1), rows, epochs, samples.
   The check is the mean loss over all rows at the end (not timed). */
#include "peer.h"

static float w[COLUMNS + 1];

static double loss_of(const float *X, const float *y, long rows) {
  double loss = 0;
  for (long i = 0; i < rows; i++) {
    const float *x = X + i * COLUMNS;
    float z = w[COLUMNS];
    for (int d = 0; d < COLUMNS; d++) z += x[d] * w[d];
    loss += log1p(exp(-fabs(z))) + (z > 0 ? z : 0) - z * y[i];
  }
  return loss / rows;
}

static void train(const float *X, const float *y, long rows, int epochs, int withAdam) {
  float m[COLUMNS + 1] = {0}, v[COLUMNS + 1] = {0}, g[COLUMNS + 1], z[BATCH];
  double power1 = 1, power2 = 1;
  memset(w, 0, sizeof w);
  for (int e = 0; e < epochs; e++)
    for (long first = 0; first + BATCH <= rows; first += BATCH) {
      for (int i = 0; i < BATCH; i++) {
        const float *x = X + (first + i) * COLUMNS;
        float s = w[COLUMNS];
        for (int d = 0; d < COLUMNS; d++) s += x[d] * w[d];
        z[i] = s;
      }
      for (int i = 0; i < BATCH; i++) z[i] = (1 / (1 + expf(-z[i])) - y[first + i]) * (1.f / BATCH);
      memset(g, 0, sizeof g);
      for (int i = 0; i < BATCH; i++) {
        const float *x = X + (first + i) * COLUMNS;
        for (int d = 0; d < COLUMNS; d++) g[d] += z[i] * x[d];
        g[COLUMNS] += z[i];
      }
      if (withAdam) {
        power1 *= 0.9, power2 *= 0.999;
        float c1 = 1e-3 / (1 - power1), c2 = 1 / (1 - power2);
        for (int d = 0; d <= COLUMNS; d++) {
          m[d] += 0.1f * (g[d] - m[d]);
          v[d] += 0.001f * (g[d] * g[d] - v[d]);
          w[d] -= c1 * m[d] / (sqrtf(v[d] * c2) + 1e-8f);
        }
      } else
        for (int d = 0; d <= COLUMNS; d++) m[d] = 0.9f * m[d] + g[d], w[d] -= 0.1f * m[d];
    }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  long rows = atol(argv[2]);
  int epochs = atoi(argv[3]), samples = atoi(argv[4]);
  float *X = read_array(argv[1], "x.f32", rows * COLUMNS, 4), *y = read_array(argv[1], "y.f32", rows, 4);
  double times[64];
  for (int withAdam = 0; withAdam < 2; withAdam++) {
    for (int s = -1; s < samples; s++) {
      double start = seconds();
      train(X, y, rows, epochs, withAdam);
      if (s >= 0) times[s] = (seconds() - start) / epochs * 1e3;
    }
    report(withAdam ? "adam" : "momentum", "ms/epoch", times, samples, loss_of(X, y, rows));
  }
}

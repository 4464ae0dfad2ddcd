/* Elementary functions of the C library, called element by element, float64 and float32.
   Arguments: samples, count, then low and high of the arguments of exp, log, sin, tanh, sigmoid, pow. */
#include "peer.h"

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static float sigmoidf(float x) { return 1 / (1 + expf(-x)); }
static volatile double sink;

#define MEASURE(T, CALL, NAME)                                                                   \
  {                                                                                              \
    T *x = malloc(count * sizeof(T)), *y = malloc(count * sizeof(T)), *out = malloc(count * sizeof(T)); \
    for (int i = 0; i < count; i++) x[i] = low + (high - low) * (i * 2654435761u % 1000003) / 1000003., y[i] = i % 61 / 10. - 3; \
    for (int s = -1; s < samples; s++) {                                                         \
      double start = seconds();                                                                  \
      for (int r = 0; r < 200; r++) {                                                            \
        for (int i = 0; i < count; i++) out[i] = CALL;                                           \
        sink = out[r % count];                                                                   \
      }                                                                                          \
      if (s >= 0) times[s] = (seconds() - start) / 200 / count * 1e9;                            \
    }                                                                                            \
    report(NAME, "ns", times, samples, out[0]);                                                  \
    free(x), free(y), free(out);                                                                 \
  }
#define BOTH(NAME, D, F)          \
  low = atof(argv[at++]);         \
  high = atof(argv[at++]);        \
  MEASURE(double, D, NAME " float64") \
  MEASURE(float, F, NAME " float32")

int main(int argc, char **argv) {
  if (argc < 15) return 2;
  int samples = atoi(argv[1]), count = atoi(argv[2]), at = 3;
  double low, high, times[64];
  BOTH("exp", exp(x[i]), expf(x[i]))
  BOTH("log", log(x[i]), logf(x[i]))
  BOTH("sin", sin(x[i]), sinf(x[i]))
  BOTH("tanh", tanh(x[i]), tanhf(x[i]))
  BOTH("sigmoid", sigmoid(x[i]), sigmoidf(x[i]))
  BOTH("pow", pow(x[i], y[i]), powf(x[i], y[i]))
}

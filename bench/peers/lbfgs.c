/* L-BFGS by liblbfgs on Rosenbrock's function of 1000 variables from (-1.2, 1, ...). Argument: samples. Link with -llbfgs. */
#include "peer.h"
#include <lbfgs.h>
#define N 1000
static int chained;

static lbfgsfloatval_t evaluate(void *instance, const lbfgsfloatval_t *x, lbfgsfloatval_t *g, const int n, const lbfgsfloatval_t step) {
  (void)instance;
  (void)step;
  double value = 0;
  memset(g, 0, n * sizeof *g);
  for (int i = 0; i < n - 1; i += chained ? 1 : 2) {
    double t = x[i + 1] - x[i] * x[i], u = 1 - x[i];
    value += 100 * t * t + u * u;
    g[i] += -400 * x[i] * t - 2 * u;
    g[i + 1] += 200 * t;
  }
  return value;
}

int main(int count, char **arguments) {
  int samples = count > 1 ? atoi(arguments[1]) : 5;
  double *x = lbfgs_malloc(N), times[64], value = 0;
  for (chained = 0; chained < 2; chained++) {
    for (int k = -1; k < samples; k++) {
      lbfgs_parameter_t parameters;
      lbfgs_parameter_init(&parameters);
      parameters.m = 10;
      parameters.epsilon = 1e-6 / sqrt(N);
      parameters.max_iterations = 100000;
      for (int i = 0; i < N; i++) x[i] = i % 2 ? 1 : -1.2;
      double start = seconds();
      lbfgs(N, x, &value, evaluate, NULL, NULL, &parameters);
      if (k >= 0) times[k] = (seconds() - start) * 1e3;
    }
    report(chained ? "chained" : "separable", "ms", times, samples, value);
  }
  lbfgs_free(x);
  return 0;
}

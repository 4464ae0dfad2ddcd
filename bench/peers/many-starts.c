/* Gradient descent on Rastrigin's function of two variables from many starts, float64: one start after the other with the sine of the library, and
   blocks of coordinates with its vector sine (libmvec). Arguments: folder, starts, steps, samples. The check is the lowest value at the ends. */
#include "peer.h"
#define TWO_PI 6.283185307179586
#define BLOCK 32

static double value(double x, double y) { return 20 + x * x + y * y - 10 * (cos(TWO_PI * x) + cos(TWO_PI * y)); }

__attribute__((optimize("no-tree-vectorize", "no-tree-slp-vectorize"))) static double one_by_one(const double *starts, long count, long steps) {
  double best = INFINITY;
  for (long s = 0; s < count; s++) {
    double x = starts[2 * s], y = starts[2 * s + 1];
    for (long t = 0; t < steps; t++) {
      x -= 1e-3 * (2 * x + 10 * TWO_PI * sin(TWO_PI * x));
      y -= 1e-3 * (2 * y + 10 * TWO_PI * sin(TWO_PI * y));
    }
    double f = value(x, y);
    if (f < best) best = f;
  }
  return best;
}

static double in_vectors(const double *starts, long count, long steps) {
  double p[BLOCK] __attribute__((aligned(64))), best = INFINITY;
  for (long s = 0; s < 2 * count; s += BLOCK) {
    memcpy(p, starts + s, sizeof p);
    for (long t = 0; t < steps; t++)
#pragma omp simd simdlen(8)
      for (int k = 0; k < BLOCK; k++) p[k] -= 1e-3 * (2 * p[k] + 10 * TWO_PI * sin(TWO_PI * p[k]));
    for (int k = 0; k < BLOCK; k += 2) {
      double f = value(p[k], p[k + 1]);
      if (f < best) best = f;
    }
  }
  return best;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  long count = atol(argv[2]), steps = atol(argv[3]);
  int samples = atoi(argv[4]);
  if (count % (BLOCK / 2) != 0) return 2;
  const double *starts = read_array(argv[1], "starts", 2 * count, sizeof(double));
  double times[64];
  volatile double end; /* so that the compiler must compute it */
  double (*ways[])(const double *, long, long) = {one_by_one, in_vectors};
  const char *names[] = {"C, sine of the library", "C, vector sine"};
  for (int k = 0; k < 2; k++) {
    for (int s = -1; s < samples && s < 64; s++) {
      double start = seconds();
      end = ways[k](starts, count, steps);
      if (s >= 0) times[s] = (seconds() - start) * 1e3;
    }
    report(names[k], "ms", times, samples < 64 ? samples : 64, end);
  }
}

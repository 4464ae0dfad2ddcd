/* Gradient descent and Adam on Rosenbrock's function of two variables, float64: the loop one would write by hand.
   Arguments: steps, samples, start x, start y. The check is the value after 1000 steps. */
#include "peer.h"

static double value(double x, double y) { return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x); }

static double gradient_descent(long steps, double x, double y) {
  for (long i = 0; i < steps; i++) {
    double t = y - x * x, gx = -400 * x * t - 2 * (1 - x), gy = 200 * t;
    x -= 1e-3 * gx;
    y -= 1e-3 * gy;
  }
  return value(x, y);
}

static double adam(long steps, double x, double y) {
  double mx = 0, my = 0, vx = 0, vy = 0, power1 = 1, power2 = 1;
  for (long i = 0; i < steps; i++) {
    double t = y - x * x, gx = -400 * x * t - 2 * (1 - x), gy = 200 * t;
    power1 *= 0.9, power2 *= 0.999;
    mx += 0.1 * (gx - mx), my += 0.1 * (gy - my);
    vx += 0.001 * (gx * gx - vx), vy += 0.001 * (gy * gy - vy);
    double c1 = 1e-2 / (1 - power1), c2 = 1 / (1 - power2);
    x -= c1 * mx / (sqrt(vx * c2) + 1e-8);
    y -= c1 * my / (sqrt(vy * c2) + 1e-8);
  }
  return value(x, y);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  long steps = atol(argv[1]);
  int samples = atoi(argv[2]);
  double x = atof(argv[3]), y = atof(argv[4]), times[64];
  volatile double end; /* so that the compiler must compute it */
  double (*methods[])(long, double, double) = {gradient_descent, adam};
  const char *names[] = {"gradient descent", "adam"};
  for (int k = 0; k < 2; k++) {
    for (int s = -1; s < samples && s < 64; s++) {
      double start = seconds();
      end = methods[k](steps, x, y);
      if (s >= 0) times[s] = (seconds() - start) / steps * 1e9;
    }
    (void)end;
    report(names[k], "ns/step", times, samples < 64 ? samples : 64, methods[k](1000, x, y));
  }
}

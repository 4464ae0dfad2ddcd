/* Matrix products by the machine's OpenBLAS, found at run time, on one thread. Arguments: samples, then triples m n k.
   Exits with 3 if there is no OpenBLAS. The check is the sum of C for the operands of fill(). */
#include <dlfcn.h>
#include "peer.h"

typedef void gemm32(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void gemm64(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111 };

/* Small whole numbers, so that the sum is exact in any order. */
#define MEASURE(T, GEMM, NAME)                                                                        \
  static void measure_##T(GEMM *gemm, int m, int n, int k, int samples) {                             \
    T *a = aligned_alloc(64, (sizeof(T) * m * k + 63) / 64 * 64);                                     \
    T *b = aligned_alloc(64, (sizeof(T) * k * n + 63) / 64 * 64);                                     \
    T *c = aligned_alloc(64, (sizeof(T) * m * n + 63) / 64 * 64);                                     \
    for (long i = 0; i < (long)m * k; i++) a[i] = i % 7 - 3;                                          \
    for (long i = 0; i < (long)k * n; i++) b[i] = i % 5 - 2;                                          \
    double work = 2.0 * m * n * k, rates[64], sum = 0;                                                \
    int repeats = 1 + (int)(1e9 / work);                                                              \
    for (int s = -1; s < samples; s++) {                                                              \
      double start = seconds();                                                                       \
      for (int i = 0; i < repeats; i++)                                                               \
        gemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, m, n, k, 1, a, k, b, n, 0, c, n);                 \
      if (s >= 0) rates[s] = work * repeats / (seconds() - start) / 1e9;                              \
    }                                                                                                 \
    for (long i = 0; i < (long)m * n; i++) sum += c[i];                                               \
    char name[128];                                                                                   \
    snprintf(name, sizeof name, NAME " %dx%dx%d", m, k, n);                                           \
    report(name, "GFLOP/s", rates, samples, sum);                                                     \
    free(a), free(b), free(c);                                                                        \
  }
MEASURE(float, gemm32, "float32")
MEASURE(double, gemm64, "float64")

int main(int argc, char **argv) {
  const char *names[] = {"libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas.dylib"};
  void *library = NULL;
  for (int i = 0; i < 4 && library == NULL; i++) library = dlopen(names[i], RTLD_NOW);
  if (library == NULL) return 3;
  void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (set_threads != NULL) set_threads(1);
  char *(*core)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
  gemm32 *sgemm = (gemm32 *)dlsym(library, "cblas_sgemm");
  gemm64 *dgemm = (gemm64 *)dlsym(library, "cblas_dgemm");
  if (sgemm == NULL || dgemm == NULL) return 3;
  fprintf(stderr, "OpenBLAS core %s\n", core != NULL ? core() : "unknown");
  int samples = atoi(argv[1]);
  for (int i = 2; i + 2 < argc; i += 3) {
    measure_float(sgemm, atoi(argv[i]), atoi(argv[i + 1]), atoi(argv[i + 2]), samples);
    measure_double(dgemm, atoi(argv[i]), atoi(argv[i + 1]), atoi(argv[i + 2]), samples);
  }
}

/* What the C peers share: a clock, reading an array, and one JSON line a measurement. */
#ifndef DESCEND_PEER_H
#define DESCEND_PEER_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds of a monotonic clock. */
static inline double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* `count` elements of `size` bytes from folder/name, aligned to a cache line. */
static inline void *read_array(const char *folder, const char *name, size_t count, size_t size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  void *values = aligned_alloc(64, (count * size + 63) / 64 * 64);
  if (fread(values, size, count, file) != count) {
    fprintf(stderr, "%s: too short\n", path);
    exit(1);
  }
  fclose(file);
  return values;
}

/* {"case": …, "unit": …, "samples": […], "check": …}; `check` is a value the other side should come to as well. */
static inline void report(const char *name, const char *unit, const double *samples, int count, double check) {
  printf("{\"case\":\"%s\",\"unit\":\"%s\",\"samples\":[", name, unit);
  for (int i = 0; i < count; i++) printf("%s%.9g", i ? "," : "", samples[i]);
  printf("],\"check\":%.17g}\n", check);
  fflush(stdout);
}
#endif

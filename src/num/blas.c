/* blas.c - BLAS and LAPACK, loaded when they are first needed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* configure finds the files: TH_BLAS_FILE and TH_LAPACK_FILE. Without them (a static or cross build) the
 * functions are linked. */
#include "num/blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "num/init.h"

#ifdef TH_BLAS_FILE

/* The one place of this file that changes, once: what a process has loaded belongs to the process. */
static struct {
  pthread_once_t once;
  bool found;
  ThBlas functions;
} loaded = {.once = PTHREAD_ONCE_INIT};

/* By its name as the system has it today, else where it was when this program was built. What the second
 * library needs of the first it finds there, because the symbols are global. */
static void *open_library(const char *file) {
  const char *name = strrchr(file, '/');
  void *library = name ? dlopen(name + 1, RTLD_NOW | RTLD_GLOBAL) : NULL;
  return library ? library : dlopen(file, RTLD_NOW | RTLD_GLOBAL);
}

static void load(void) {
  void *blas = open_library(TH_BLAS_FILE), *lapack = blas ? open_library(TH_LAPACK_FILE) : NULL, *address;
  if (!lapack) return;
  loaded.found = true;
#define TH_BLAS_FIND(member, function)              \
  address = dlsym(blas, #function);                 \
  if (!address) address = dlsym(lapack, #function); \
  if (!address) loaded.found = false;               \
  memcpy(&loaded.functions.member, &address, sizeof address);
  TH_BLAS_FUNCTIONS(TH_BLAS_FIND)
}

const ThBlas *th_blas(void) {
  pthread_once(&loaded.once, load);
  return loaded.found ? &loaded.functions : NULL;
}

bool th_blas_load(ThContext *cx) {
  if (th_blas()) return true;
  th_fail(cx, TH_ERROR_IO, "the library of linear algebra could not be loaded");
  return th_hint(cx, "it was here when Theta was built: %s", TH_BLAS_FILE);
}

#else

const ThBlas *th_blas(void) {
#define TH_BLAS_ADDRESS(member, function) .member = function,
  static const ThBlas functions = {TH_BLAS_FUNCTIONS(TH_BLAS_ADDRESS)};
  return &functions;
}

bool th_blas_load(ThContext *cx) { return cx != NULL; }

#endif

const char *th_num_blas_version(void) {
#ifdef OPENBLAS_VERSION
  return th_blas() ? th_blas()->get_config() : "OpenBLAS: not found (no factorisations)";
#else
  return "BLAS";
#endif
}

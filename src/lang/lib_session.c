/* lib_session.c - built-ins about the session: assert, import, seed, digits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "lang/libs.h"
#include "lang/vm.h"
#include "num/random.h"

#define SESSION "the session"

/* assert(c, "message"): c may be an array, of which every element must hold. */
static bool body_assert(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue c = call->args[0];
  bool holds = false;
  if (th_is_array(c) && th_as_array(c)->element != TH_COMPLEX) {
    const ThArray *a = th_as_array(c);
    holds = true;
    for (size_t i = 0; i < a->length; i++) holds &= th_array_real(a, i) != 0;
  } else if (!th_condition(cx, c, &holds)) {
    return false;
  }
  *out = th_none();
  if (holds) return true;
  if (th_is_string(call->args[1]))
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "assertion failed: %s", th_arg_text(call, 1));
  char text[64];
  const char *operand = th_operand(cx, 0, "", text, sizeof text);
  return th_fail_argument(cx, 1, TH_ERROR_VALUE,
                          operand[0] ? "assertion failed: %s is false" : "assertion failed%s", operand);
}

static bool was_imported(const ThSession *session, const char *path) {
  for (size_t i = 0; i < session->imports.n; i++)
    if (strcmp(session->imports.paths[i], path) == 0) return true;
  return false;
}

static bool remember_import(ThSession *session, const char *path) {
  struct ThImports *imports = &session->imports;
  ThContext *cx = &session->cx;
  char *copy = th_copy_text(cx, path, strlen(path));
  if (!copy) return false;
  char **paths = th_resize(cx, imports->paths, imports->n * sizeof *paths, (imports->n + 1) * sizeof *paths);
  if (!paths) {
    th_free(cx, copy, strlen(path) + 1);
    return false;
  }
  imports->paths = paths;
  paths[imports->n] = copy;
  imports->n++;
  return true;
}

static bool body_import(ThContext *cx, const ThCall *call, ThValue *out) {
  ThSession *session = th_session_of(cx);
  const char *path = th_arg_text(call, 0);
  *out = th_none();
  if (cx->settings.sandbox)
    return th_fail_argument(cx, 1, TH_ERROR_IO, "cannot import `%s`: the sandbox imports no file", path);
  if (was_imported(session, path)) return true;
  return remember_import(session, path) && th_session_run_file(session, path, TH_RUN_QUIET) == TH_RUN_DONE;
}

static bool body_seed(ThContext *cx, const ThCall *call, ThValue *out) {
  th_session_seed(th_session_of(cx), (uint64_t)th_arg_count(call, 0));
  *out = th_none();
  return true;
}

static bool body_digits(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n = th_arg_count(call, 0);
  if (n < 1 || n > 17)
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "digits lie between 1 and 17, got %zu", n);
  cx->settings.digits = (int)n;
  *out = th_none();
  return true;
}

static bool body_clock(ThContext *cx, const ThCall *call, ThValue *out) {
  struct timespec now;
  (void)cx, (void)call;
  clock_gettime(CLOCK_MONOTONIC, &now);
  *out = th_number((double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
  return true;
}

static bool body_typeof(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_string_of(cx, th_type_name(call->args[0]), out);
}

const ThBuiltin th_lib_session[] = {
    {"assert(condition: any, message: string = none) -> none", body_assert, SESSION,
     "an error unless the condition holds", "of an array every element must hold", "assert(1 < 2, \"order\")",
     "near all", NULL},
    {"import(file: string) -> none", body_import, SESSION, "runs a file, once, and keeps its names", NULL,
     "# with area(r) = π*r^2 in the file tools.theta,\n# import(\"tools.theta\"); area(2) is 12.5664",
     "scripts :load", NULL},
    {"seed(n: count) -> none", body_seed, SESSION, "starts the random numbers anew",
     "the same seed gives the same numbers on every machine", "seed(4)", "sample", NULL},
    {"digits(n: count) -> none", body_digits, SESSION, "how many significant digits are printed",
     "6 unless set; at most 17", "digits(6)", "format", NULL},
    {"clock() -> number", body_clock, SESSION, "seconds since some moment in the past",
     "the difference of two readings is the time between them", "t = clock()\nclock() - t < 60\n#> true",
     ":time", NULL},
    {"typeof(x: any) -> string", body_typeof, SESSION, "the name of the type of a value", NULL,
     "typeof([1, 2])\n#> \"array\"", "shape", NULL},
    {0},
};

/* estimate.c - a number that remembers its error and how it was found */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "val/basic.h"
#include "val/format.h"

void th_estimate_method(const char *method, double error, char *buffer, size_t size) {
  double bound = pow(10, ceil(log10(fmax(error, 1e-300))));
  bool drawn = strncmp(method, "Monte Carlo", 11) == 0 || strncmp(method, "bridge", 6) == 0; /* ± is shown */
  if (error == 0 || drawn) snprintf(buffer, size, "%s", method);
  else snprintf(buffer, size, "%s, error < %.0e", method, bound);
  char *e = strstr(buffer, "e-0"); /* 1e-08 is written 1e-8 */
  if (e) memmove(e + 2, e + 3, strlen(e + 3) + 1);
}

bool th_estimate_complex(ThContext *cx, double complex value, double error, const char *method,
                         const char *detail, ThValue *out) {
  ThEstimate *estimate = th_object_new(cx, &th_estimate_kind, sizeof *estimate);
  if (!estimate) return false;
  estimate->value = value;
  estimate->error = error;
  estimate->is_complex = true;
  estimate->method = th_none();
  estimate->detail = th_none();
  *out = th_object(estimate);
  if (th_string_of(cx, method, &estimate->method) &&
      th_string_of(cx, detail ? detail : method, &estimate->detail)) {
    return true;
  }
  th_release(*out);
  return false;
}

bool th_estimate(ThContext *cx, double value, double error, const char *method, const char *detail,
                 ThValue *out) {
  if (!th_estimate_complex(cx, value, error, method, detail, out)) return false;
  ((ThEstimate *)th_as_object(*out))->is_complex = false;
  return true;
}

static void estimate_release(ThObject *self) {
  ThEstimate *estimate = (ThEstimate *)self;
  th_release(estimate->method);
  th_release(estimate->detail);
  th_object_free(self, sizeof *estimate);
}

static bool estimate_decay(ThContext *cx, ThValue self, ThValue *out) {
  const ThEstimate *estimate = th_as_estimate(self);
  if (estimate->is_complex) return th_complex(cx, estimate->value, out);
  *out = th_number(creal(estimate->value));
  return true;
}

const ThKind th_estimate_kind = {
    .name = "estimate",
    .release = estimate_release,
    .format = th_format_estimate,
    .decay = estimate_decay,
};

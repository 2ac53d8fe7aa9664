/* finding.c - a number, how it was found, and why it may be missing */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/finding.h"

#include <math.h>
#include <stdio.h>

#include "val/basic.h"

void th_finding_method(const ThFinding *finding, char *buffer, size_t size) {
  buffer[0] = '\0';
  if (isnan(finding->value))
    snprintf(buffer, size, "undefined%s%s", finding->reason[0] ? ": " : "", finding->reason);
  else if (isinf(finding->value)) snprintf(buffer, size, "%s", finding->reason);
  else if (finding->method) th_estimate_method(finding->method, finding->error, buffer, size);
}

void th_finding_add(ThFinding *sum, double weight, const ThFinding *part) {
  sum->value += weight * part->value;
  sum->error += fabs(weight) * part->error;
  if (part->method) sum->method = part->method;
  if (part->reason[0]) memcpy(sum->reason, part->reason, sizeof sum->reason);
}

void th_finding_root(ThFinding *variance) {
  double sd = sqrt(variance->value);
  if (isfinite(variance->error))
    variance->error = sd > 0 ? variance->error / (2 * sd) : sqrt(variance->error);
  variance->value = sd;
}

void th_finding_standardised(ThFinding *moment, int n, const ThFinding *mean, const ThFinding *sd) {
  moment->error += n * (1 + fabs(moment->value)) * (mean->error + sd->error) / sd->value;
}

bool th_finding_value(ThContext *cx, const ThFinding *finding, const char *detail, ThValue *out) {
  char method[160];
  ThFinding found = *finding;
  double error = isfinite(found.value) ? found.error : 0;
  bool nothing = fabs(found.value) <= error; /* but rounding: 0, and the estimate shows the error itself */
  if (nothing) found.value = found.error = 0;
  th_finding_method(&found, method, sizeof method);
  if (method[0]) return th_estimate(cx, found.value, error, method, detail, out);
  *out = th_number(found.value);
  return true;
}

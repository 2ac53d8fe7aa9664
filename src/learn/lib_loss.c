/* lib_loss.c - built-ins: what a network is trained to make small */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/lib_support.h"
#include "learn/libs.h"
#include "num/kernels.h"
#include "num/softmax.h"
#include "val/arithmetic.h"
#include "val/operations_learning.h"

/* --- one_hot(labels, k) */

static bool fill_one_hot(ThContext *cx, const ThArray *labels, size_t k, double *rows) {
  char name[64];
  size_t place = 0;
  for (size_t i = 0; i < labels->length; i++) {
    if (!th_label_place(cx, labels->real[i], k, &place)) {
      cx->error.argument = 1;
      if (labels->real[i] != 0) return false;
      return th_hint(cx, "add 1 to labels that begin at 0: `one_hot(%s + 1, %zu)`",
                     th_operand(cx, 0, "labels", name, sizeof name), k);
    }
    rows[i * k + place] = 1;
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}

static bool body_one_hot(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *labels;
  size_t k = th_arg_count(call, 1), shape[TH_MAX_RANK + 1];
  if (!th_arg_real_array(cx, call, 0, &scalar, &labels)) return false;
  uint32_t before = scalar ? 0 : labels->rank;
  memcpy(shape, labels->shape, before * sizeof *shape);
  shape[before] = k;
  ThArray *rows = before < TH_MAX_RANK ? th_array_new(cx, TH_DOUBLE, before + 1, shape) : NULL;
  if (before == TH_MAX_RANK)
    th_fail_argument(cx, 1, TH_ERROR_LIMIT, "an array has at most %d axes", TH_MAX_RANK);
  bool ok = rows && th_zero_bytes(cx, rows->real, rows->length * sizeof *rows->real) &&
            fill_one_hot(cx, labels, k, rows->real);
  th_release(th_object(labels));
  if (ok) *out = th_object(rows);
  else if (rows) th_release(th_object(rows));
  return ok;
}

/* --- cross_entropy_loss(logits, labels, reduce) */

enum { LOGITS, LABELS, REDUCE };

/* Logits of n points, K classes each, and what is known of them: labels (n), or probabilities (n, K). */
typedef struct Classes {
  const ThArray *logits, *targets;
  size_t n, n_classes;
  bool are_labels;
} Classes;

static bool fail_shapes(ThContext *cx, const Classes *c, bool scalar) {
  char logits[64], targets[64], before[64];
  uint32_t rank = c->logits->rank;
  th_shape_text(rank, c->logits->shape, logits, sizeof logits);
  if (scalar) snprintf(targets, sizeof targets, "one label does");
  else
    snprintf(targets, sizeof targets, "labels of shape %s do",
             th_shape_text(c->targets->rank, c->targets->shape, before, sizeof before));
  th_fail_argument(cx, LABELS + 1, TH_ERROR_SHAPE, "%s not fit logits of shape %s", targets, logits);
  if (rank == 1)
    return th_hint(cx, "one label from 1 to %zu, or probabilities of shape %s", c->n_classes, logits);
  return th_hint(cx, "labels from 1 to %zu of shape %s, or probabilities of shape %s", c->n_classes,
                 th_shape_text(rank - 1, c->logits->shape, before, sizeof before), logits);
}

static bool read_classes(ThContext *cx, const ThArray *logits, const ThArray *targets, bool scalar,
                         Classes *c) {
  uint32_t rank = logits->rank;
  *c = (Classes){.logits = logits, .targets = targets, .n_classes = logits->shape[rank - 1]};
  c->n = c->n_classes ? logits->length / c->n_classes : 0;
  c->are_labels = th_same_dimensions(rank - 1, logits->shape, scalar ? 0 : targets->rank, targets->shape);
  if (c->are_labels || (!scalar && th_same_shape(logits, targets))) return true;
  return fail_shapes(cx, c, scalar);
}

static bool fail_label(ThContext *cx, double label) {
  char name[64];
  cx->error.argument = LABELS + 1;
  if (label != 0) return false;
  return th_hint(cx, "add 1 to labels that begin at 0: `cross_entropy_loss(…, %s + 1)`",
                 th_operand(cx, LABELS, "labels", name, sizeof name));
}

static bool check_probabilities(ThContext *cx, const Classes *c, size_t row) {
  const double *p = c->targets->real + row * c->n_classes;
  double sum = th_kernel_sum(c->n_classes, p);
  if (th_kernel_min(c->n_classes, p) >= 0 && fabs(sum - 1) <= 1e-6) return true;
  if (sum == sum && fabs(sum - 1) > 1e-6)
    th_fail_argument(cx, LABELS + 1, TH_ERROR_VALUE, "row %zu of the probabilities sums to %.6g, not to 1",
                     row + 1, sum);
  else
    th_fail_argument(cx, LABELS + 1, TH_ERROR_VALUE, "row %zu of the probabilities holds %.6g", row + 1,
                     th_kernel_min(c->n_classes, p));
  if (c->logits->rank > 1) return false;
  return th_hint(cx, "logits of shape (%zu) are those of one point; of %zu points they are (%zu, K)",
                 c->n_classes, c->n_classes, c->n_classes);
}

/* The loss of a row; `work` has the length of one. 0 log 0 is 0. */
static bool row_loss(ThContext *cx, const Classes *c, size_t row, double *work, double *out) {
  size_t place = 0;
  th_log_softmax(c->n_classes, c->logits->real + row * c->n_classes, work);
  if (c->are_labels) {
    double label = c->targets->real[row];
    if (!th_label_place(cx, label, c->n_classes, &place)) return fail_label(cx, label);
    *out = -work[place];
    return true;
  }
  const double *p = c->targets->real + row * c->n_classes;
  if (!check_probabilities(cx, c, row)) return false;
  *out = 0;
  for (size_t k = 0; k < c->n_classes; k++) *out -= p[k] == 0 ? 0 : p[k] * work[k];
  return true;
}

/* Rows that are probabilities already are hardly logits: said once. */
static void advise_logits(ThContext *cx, const Classes *c) {
  for (size_t i = 0; i < c->n; i++) {
    const double *z = c->logits->real + i * c->n_classes;
    if (!(th_kernel_min(c->n_classes, z) >= 0 && fabs(th_kernel_sum(c->n_classes, z) - 1) < 1e-9)) return;
  }
  if (c->n > 0 && c->n_classes > 1 && th_advise(cx, TH_ADVICE_LOGITS))
    th_note(cx, "the rows sum to 1 already: `cross_entropy_loss` takes logits, not their softmax");
}

static bool all_losses(ThContext *cx, const Classes *c, double *losses) {
  double *work = th_alloc_array(cx, c->n_classes, sizeof *work);
  bool ok = work != NULL;
  for (size_t i = 0; ok && i < c->n; i++) ok = row_loss(cx, c, i, work, &losses[i]) && th_poll_at(cx, i);
  th_free(cx, work, work ? c->n_classes * sizeof *work : 0);
  return ok;
}

static bool check_reduce(ThContext *cx, const char *reduce) {
  if (strcmp(reduce, "mean") == 0 || strcmp(reduce, "sum") == 0 || strcmp(reduce, "none") == 0) return true;
  return th_fail_argument(cx, REDUCE + 1, TH_ERROR_VALUE,
                          "`reduce` is \"mean\", \"sum\" or \"none\"; got \"%s\"", reduce);
}

/* Takes the losses of n points. */
static bool give_losses_take(ThContext *cx, ThArray *losses, const char *reduce, bool is_one, ThValue *out) {
  if (strcmp(reduce, "none") == 0) return th_from_array_take(cx, losses, is_one, out);
  double sum = th_kernel_sum(losses->length, losses->real);
  *out = th_number(reduce[0] == 'm' ? sum / (double)losses->length : sum);
  th_release(th_object(losses));
  return true;
}

static bool cross_entropy(ThContext *cx, const Classes *c, const char *reduce, ThValue *out) {
  const ThArray *z = c->logits;
  bool is_one = z->rank == 1;
  if (c->n == 0)
    return th_fail_argument(cx, LOGITS + 1, TH_ERROR_VALUE, "the loss of no points is undefined");
  ThArray *losses = is_one ? th_vector_new(cx, TH_DOUBLE, 1)
                           : th_array_new(cx, TH_DOUBLE, z->rank - 1, z->shape);
  if (!losses) return false;
  if (!(cx->told & TH_ADVICE_LOGITS)) advise_logits(cx, c);
  if (all_losses(cx, c, losses->real)) return give_losses_take(cx, losses, reduce, is_one, out);
  th_release(th_object(losses));
  return false;
}

static bool body_cross_entropy(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar, is_array;
  ThArray *logits, *targets;
  Classes classes;
  if (!check_reduce(cx, th_arg_text(call, REDUCE)) ||
      !th_arg_real_array(cx, call, LOGITS, &is_array, &logits))
    return false;
  bool ok = th_arg_real_array(cx, call, LABELS, &scalar, &targets);
  if (ok) {
    ok = read_classes(cx, logits, targets, scalar, &classes) &&
         cross_entropy(cx, &classes, th_arg_text(call, REDUCE), out);
    th_release(th_object(targets));
  }
  th_release(th_object(logits));
  return ok;
}

/* --- mse_loss(a, b): nothing is repeated, because a residual of two shapes is hardly ever meant */

static bool fail_pair(ThContext *cx, ThValue a, ThValue b) {
  char x[96], y[96], name_a[64], name_b[64];
  th_fail_argument(cx, 2, TH_ERROR_SHAPE, "the shapes of `mse_loss` differ: %s is %s, %s is %s",
                   th_operand_name(cx, 0, "the first", name_a, sizeof name_a), th_describe(a, x, sizeof x),
                   th_operand_name(cx, 1, "the second", name_b, sizeof name_b), th_describe(b, y, sizeof y));
  if (!th_is_array(a) || !th_is_array(b) || th_as_array(a)->length != th_as_array(b)->length) return false;
  const ThArray *shorter = th_as_array(th_as_array(a)->rank < th_as_array(b)->rank ? a : b);
  return th_hint(cx, "make both %s", th_shape_text(shorter->rank, shorter->shape, x, sizeof x));
}

static bool fits(ThValue a, ThValue b) {
  if (th_is_array(a) != th_is_array(b)) return false;
  return !th_is_array(a) || th_same_shape(th_as_array(a), th_as_array(b));
}

static double mean_square(const ThArray *a, const ThArray *b) {
  double sum = 0;
  double block[256];
  for (size_t i = 0; i < a->length; i += 256) {
    size_t n = a->length - i < 256 ? a->length - i : 256;
    th_kernel_subtract(n, a->real + i, 1, b->real + i, 1, block);
    sum += th_kernel_sum_square(n, block);
  }
  return sum / (double)a->length;
}

static bool body_mse(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *a, *b;
  if (!fits(call->args[0], call->args[1])) return fail_pair(cx, call->args[0], call->args[1]);
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  bool ok = th_arg_real_array(cx, call, 1, &scalar, &b);
  if (ok) {
    ok = a->length > 0 || th_fail_argument(cx, 1, TH_ERROR_VALUE, "the loss of no points is undefined");
    if (ok) *out = th_number(mean_square(a, b));
    th_release(th_object(b));
  }
  th_release(th_object(a));
  return ok;
}

#define SECTION "networks"

const ThBuiltin th_lib_loss[] = {
    {"one_hot(labels: real, k: count) -> array", body_one_hot, SECTION,
     "labels 1 to k as rows of zeros and one 1",
     "One label gives a vector (k), labels of shape (…) an array (…, k).",
     "one_hot([2, 1, 3], 3)\n#> [0, 1, 0;\n#>  1, 0, 0;\n#>  0, 0, 1]", "cross_entropy_loss eye", NULL},
    {"cross_entropy_loss(logits: array, labels: real, reduce: string = \"mean\") -> real", body_cross_entropy,
     SECTION, "-log(softmax(logits)) of the labels, in nats",
     "The last axis of the logits (…, K) is the classes. The labels are whole numbers from 1 to K of shape (…), or "
     "rows of probabilities p of the logits' shape, whose loss is -sum(p*log_softmax(logits)). `reduce` is \"mean\", "
     "\"sum\" or \"none\": one loss a row. The gradient by the logits is softmax(logits) less the labels.",
     "z = [2, 0, -1; 0, 0, 0]\ncross_entropy_loss(z, [1, 3])\n#> 0.634229\n"
     "cross_entropy_loss(z, [1, 3], reduce = \"none\")\n#> [0.169846, 1.09861]\n"
     "cross_entropy_loss(z, [1, 0, 0; 0.5, 0, 0.5])\n#> 0.634229\n"
     "grad(z -> cross_entropy_loss(z, 1), [0, log(3)])\n#> [-0.75, 0.75]",
     "softmax log_softmax one_hot mse_loss", NULL},
    {"mse_loss(a: real, b: real) -> real", body_mse, SECTION, "mean((a - b)^2)",
     "The shapes of both must be the same: nothing is repeated.",
     "mse_loss([1, 2.5, 3], [1, 2, 5])\n#> 1.41667", "cross_entropy_loss mean norm", NULL},
    {0},
};

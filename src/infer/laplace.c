/* laplace.c - a normal distribution in the place of a posterior, at its mode */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In coordinates without bounds, u, the density of the posterior has its mode at m and there minus the second
 * derivatives H of its logarithm: u ~ MvNormal(m, H⁻¹). A positive parameter is log-normal, then, a probability
 * logit-normal. The evidence is the density at the mode times √((2π)^k/det H) (Tierney and Kadane 1986). */
#include <math.h>
#include <string.h>

#include "infer/grid.h"
#include "infer/transforms.h"
#include "num/linalg.h"

static const double log_root_2pi = 0.91893853320467274178;

/* H = root' root, root upper triangular; its inverse into covariance. False when H is not positive definite. */
static bool factor(size_t k, const double *hessian, double *root, double *covariance) {
  memcpy(covariance, hessian, k * k * sizeof *covariance);
  if (!th_linalg_cholesky(k, covariance)) return false;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) root[i * k + j] = j >= i ? covariance[j * k + i] : 0;
  for (size_t i = 0; i < k * k; i++) covariance[i] = i % (k + 1) == 0;
  th_linalg_solve_triangular(false, true, k, k, root, covariance);
  th_linalg_solve_triangular(false, false, k, k, root, covariance);
  return true;
}

static ThAttempt fail_no_mode(const ThRecording *r, bool found) {
  const char *name = r->model->name->spelling;
  if (found)
    th_fail(r->cx, TH_ERROR_NUMERIC, "the posterior density of `%s` has no maximum with a curvature", name);
  else
    th_fail(r->cx, TH_ERROR_NUMERIC,
            "the posterior density of `%s` is 0 or not defined wherever it was looked at", name);
  return TH_FAILED;
}

/* Says in which coordinates it is normal, where that is not all the same. */
static const char *method_text(const ThPeaks *peaks) {
  for (size_t j = 0; j < peaks->k; j++)
    if (isfinite(peaks->target->lower[j]) || isfinite(peaks->target->upper[j]))
      return "laplace, normal in log or logit of bounded parameters";
  return "laplace";
}

static ThAttempt take_peak(const ThRecording *r, const ThPeaks *peaks, ThPosterior *out) {
  size_t k = peaks->k;
  const ThPeak *peak = &peaks->of[0];
  if (peaks->n == 0 || !peak->converged) return fail_no_mode(r, peaks->n > 0);
  double *root = th_alloc_array(r->cx, 2 * k * k, sizeof *root), *covariance = root + k * k,
         evidence = (double)NAN;
  if (!root) return TH_FAILED;
  bool bends = factor(k, peak->hessian, root, covariance);
  if (bends && th_grid_is_proper(r)) {
    evidence = peak->log_density + (double)k * log_root_2pi;
    for (size_t j = 0; j < k; j++) evidence -= log(root[j * k + j]);
  }
  bool ok = bends && th_posterior_set_normal(out, peak->u, root, covariance, evidence, method_text(peaks)) &&
            th_posterior_set_free(out, peaks->target->lower, peaks->target->upper);
  out->evidence = (ThFinding){.value = evidence, .error = 0, .method = "Laplace, approximate"};
  th_free(r->cx, root, 2 * k * k * sizeof *root);
  if (!bends) return fail_no_mode(r, true);
  return ok ? TH_ANSWERED : TH_FAILED;
}

ThAttempt th_laplace_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  ThTarget target;
  ThPeaks peaks;
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  if (r->options.carried) return th_decline(why, "the earlier posterior is a joint normal one");
  if (th_transforms_check(r, why) == TH_DECLINED || th_grid_check_apart(r, why) == TH_DECLINED)
    return TH_DECLINED;
  if (!th_target_init(r, &target)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_peaks_find(&target, &peaks)) {
    attempt = take_peak(r, &peaks, out);
    th_peaks_clear(&peaks);
  }
  th_target_clear(&target);
  return attempt;
}

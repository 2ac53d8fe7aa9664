/* ode_explicit.c - explicit Runge-Kutta methods: adaptive of order 5, and with fixed steps */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/ode_size.h"
#include "num/real.h"

enum { STAGES = TH_ODE_STAGES, MAX_STEPS = 5000000, MAX_STIFF_STEPS = 200000 };

/* Dormand and Prince (1980): the last stage is f at the new point. */
const double th_ode_c[STAGES] = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
const double th_ode_a[STAGES][STAGES - 1] = {
    {0},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
};
/* Order 5 less order 4. */
const double th_ode_error[STAGES] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                     -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
/* The interpolant's last coefficient (Hairer, Nørsett and Wanner 1993, II.6). */
const double th_ode_dense[STAGES] = {-12715105075.0 / 11282082432,  0,
                                     87487479700.0 / 32700410799,   -10690763975.0 / 1880347072,
                                     701980252875.0 / 199316789632, -1453857185.0 / 822651844,
                                     69997945.0 / 29380423};

typedef struct Solver {
  ThContext *cx;
  const ThOdeProblem *problem;
  ThOdeResult *out;
  double t, h, next, sign;               /* next: the step to try after this one */
  double *y, *z, *stage, *error, *peaks; /* n each */
  double *k[STAGES];
  double largest, start; /* |y|: so far, and at the start */
  double last_norm;      /* of the step before, for the controller */
  bool was_rejected;
  int stiff_signs, other_signs;
} Solver;

static bool evaluate(Solver *s, double t, const double *y, double *dy) {
  s->out->evaluations++;
  return th_poll(s->cx) && s->problem->f(s->problem->self, t, y, dy);
}

/* y + h Σ weights[j] k[j], j < n_stages. */
static void combine(const Solver *s, const double *y, const double *weights, int n_stages, double *out) {
  size_t n = s->problem->n;
  if (y) memcpy(out, y, n * sizeof *out);
  else memset(out, 0, n * sizeof *out);
  for (int j = 0; j < n_stages; j++) {
    double weight = s->h * weights[j];
    const double *k = s->k[j];
    if (weight == 0) continue;
    for (size_t i = 0; i < n; i++) out[i] += weight * k[i];
  }
}

/* From (t, y) with k[0] = f there: z at t + h, k[6] = f there, and the error. */
static bool try_step(Solver *s, double *norm) {
  size_t n = s->problem->n;
  for (int j = 1; j < STAGES; j++) {
    double *point = j == STAGES - 1 ? s->z : s->stage;
    combine(s, s->y, th_ode_a[j], j, point);
    if (!evaluate(s, s->t + th_ode_c[j] * s->h, point, s->k[j])) return false;
  }
  combine(s, NULL, th_ode_error, STAGES, s->error);
  *norm = th_ode_size_norm(n, s->error, s->y, s->z, s->peaks, s->largest, s->problem->tolerance);
  if (!th_ode_size_is_finite(n, s->z) || !th_ode_size_is_finite(n, s->k[STAGES - 1])) *norm = TH_INFINITY;
  return true;
}

/* |h λ| for the largest eigenvalue λ, from the last two stages, which stand at the same t (Hairer and Wanner 1996,
 * IV.2): the method is stable up to 3.3. */
static void watch_stiffness(Solver *s) {
  double up = 0, down = 0;
  for (size_t i = 0; i < s->problem->n; i++) {
    double f = s->k[6][i] - s->k[5][i], y = s->z[i] - s->stage[i];
    up += f * f;
    down += y * y;
  }
  if (!(down > 0)) return;
  if (fabs(s->h) * sqrt(up / down) > 3.25) {
    s->other_signs = 0;
    if (++s->stiff_signs == 15) s->out->stiff = true;
  } else if (++s->other_signs == 6) {
    s->stiff_signs = 0;
  }
}

/* s->next from the error of this one: a proportional-integral controller (Gustafsson 1991). */
static void choose_step(Solver *s, double norm) {
  double now = pow(norm, 0.2 - 0.04 * 0.75);
  if (norm > 1) {
    s->next = s->h * (norm <= DBL_MAX ? fmax(0.2, 0.9 / now) : 0.1);
    s->was_rejected = true;
    s->out->rejected++;
    return;
  }
  double factor = fmin(10, fmax(0.2, 0.9 * pow(s->last_norm, 0.04) / now));
  s->next = s->h * (s->was_rejected ? fmin(factor, 1) : factor);
  s->was_rejected = false;
  s->last_norm = fmax(norm, 1e-4);
}

/* y at t + share*h, inside the step just taken, into out; the remainder of the interpolant lies in s->error. */
static void interpolate(const Solver *s, double share, double *out) {
  double rest = 1 - share;
  for (size_t i = 0; i < s->problem->n; i++) {
    double change = s->z[i] - s->y[i], bend = s->h * s->k[0][i] - change;
    double twist = change - s->h * s->k[6][i] - bend;
    out[i] = s->y[i] + share * (change + rest * (bend + share * (twist + rest * s->error[i])));
  }
}

/* Becomes the step that was tried. */
static bool accept(Solver *s) {
  const ThOdeProblem *p = s->problem;
  double *y = s->y, *k = s->k[0];
  s->out->steps++;
  if (p->accepted && !p->accepted(p->self, s->t, s->h, NULL)) return false;
  s->y = s->z;
  s->z = y;
  s->k[0] = s->k[STAGES - 1];
  s->k[STAGES - 1] = k;
  s->largest = th_ode_size_update(p->n, s->y, s->peaks);
  return true;
}

static bool is_too_long(const Solver *s) {
  return s->out->steps > MAX_STEPS || (s->out->stiff && s->out->steps > MAX_STIFF_STEPS);
}

/* A step of s->h, smaller if that is needed; s->h becomes the step taken, s->next the one to try then. Not taken: the
 * step became too small, and the status says so. */
static bool take_step(Solver *s, bool *taken) {
  double norm;
  for (;;) {
    *taken = fabs(s->h) >= 16 * DBL_EPSILON * fabs(s->t) && s->h != 0;
    if (!*taken) {
      th_ode_size_explain(s->t, s->largest, s->start, s->out);
      return true;
    }
    if (!try_step(s, &norm)) return false;
    if (norm <= 1) break;
    choose_step(s, norm);
    s->h = s->next;
  }
  watch_stiffness(s);
  choose_step(s, norm);
  return true;
}

/* One step, and the rows up to where it ends. It ends at the next time, or at the last, where that is near; when it
 * passes several times they are interpolated. */
static bool advance(Solver *s, size_t n_times, const double *times, double *rows, size_t *row) {
  size_t n = s->problem->n;
  double wanted = s->h;
  bool several = *row + 1 < n_times && fabs(times[*row + 1] - s->t) < fabs(wanted), taken;
  double target = several ? times[n_times - 1] : times[*row], gap = target - s->t;
  bool lands = fabs(gap) <= 1.1 * fabs(wanted);
  if (lands) s->h = gap;
  if (!take_step(s, &taken)) return false;
  if (!taken) return true;
  lands = lands && s->h == gap;
  double after = lands ? target : s->t + s->h, next = s->next;
  if (several) combine(s, NULL, th_ode_dense, STAGES, s->error);
  for (; *row < n_times && s->sign * (times[*row] - after) < 0; ++*row)
    interpolate(s, (times[*row] - s->t) / s->h, rows + *row * n);
  if (!accept(s)) return false;
  s->t = after;
  if (lands) memcpy(rows + (*row)++ * n, s->y, n * sizeof *rows);
  s->h = lands && fabs(next) < fabs(wanted) && fabs(gap) < fabs(wanted) ? wanted : next;
  return true;
}

static bool run(Solver *s, size_t n_times, const double *times, double *rows) {
  const ThOdeProblem *p = s->problem;
  double span = times[n_times - 1] - times[0];
  size_t row = 1;
  memcpy(s->y, rows, p->n * sizeof *rows);
  s->start = s->largest = th_ode_size_update(p->n, s->y, s->peaks);
  if (!evaluate(s, s->t, s->y, s->k[0])) return false;
  if (!th_ode_size_is_finite(p->n, s->k[0])) {
    s->out->status = TH_ODE_NOT_FINITE;
    return true;
  }
  if (!th_ode_size_first(p, s->t, span, s->y, s->k[0], 5, s->k[1], &s->h)) return false;
  while (row < n_times && s->out->status == TH_ODE_DONE) {
    if (!advance(s, n_times, times, rows, &row)) return false;
    if (is_too_long(s)) s->out->status = TH_ODE_TOO_LONG;
  }
  s->out->t = s->t;
  return true;
}

bool th_ode_explicit(ThContext *cx, const ThOdeProblem *problem, size_t n_times, const double *times,
                     double *rows, ThOdeResult *out) {
  size_t n = problem->n;
  *out = (ThOdeResult){.t = times[0]};
  if (n_times < 2 || n == 0) return true;
  double *work = th_alloc_array(cx, (5 + STAGES) * n, sizeof *work);
  if (!work) return false;
  Solver s = {.cx = cx, .problem = problem, .out = out, .t = times[0], .last_norm = 1e-4};
  s.sign = times[1] < times[0] ? -1 : 1;
  s.y = work;
  s.z = work + n;
  s.stage = work + 2 * n;
  s.error = work + 3 * n;
  s.peaks = work + 4 * n;
  for (size_t j = 0; j < STAGES; j++) s.k[j] = work + (5 + j) * n;
  memset(s.peaks, 0, n * sizeof *s.peaks);
  bool ok = run(&s, n_times, times, rows);
  th_free(cx, work, (5 + STAGES) * n * sizeof *work);
  return ok;
}

/* --- Fixed steps --------------------------------------------------------------------------------- */

typedef struct Fixed {
  ThContext *cx;
  const ThOdeProblem *problem;
  double *k, *sum, *stage; /* n each */
} Fixed;

static bool euler_step(Fixed *s, double t, double h, double *y) {
  const ThOdeProblem *p = s->problem;
  if (!p->f(p->self, t, y, s->k)) return false;
  for (size_t i = 0; i < p->n; i++) y[i] += h * s->k[i];
  return true;
}

/* The classical method: stages at t, t + h/2 twice, t + h. */
static bool rk4_step(Fixed *s, double t, double h, double *y) {
  static const double at[4] = {0, 0.5, 0.5, 1}, weights[4] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
  const ThOdeProblem *p = s->problem;
  memcpy(s->sum, y, p->n * sizeof *y);
  for (int j = 0; j < 4; j++) {
    for (size_t i = 0; i < p->n; i++) s->stage[i] = j ? y[i] + h * at[j] * s->k[i] : y[i];
    if (!p->f(p->self, t + at[j] * h, s->stage, s->k)) return false;
    for (size_t i = 0; i < p->n; i++) s->sum[i] += h * weights[j] * s->k[i];
  }
  memcpy(y, s->sum, p->n * sizeof *y);
  return true;
}

static bool fixed_interval(Fixed *s, bool euler, size_t substeps, double from, double to, double *y,
                           ThOdeResult *out) {
  const ThOdeProblem *p = s->problem;
  double h = (to - from) / (double)substeps;
  for (size_t k = 0; k < substeps; k++) {
    double t = from + (double)k * h;
    if (!th_poll(s->cx) || !(euler ? euler_step(s, t, h, y) : rk4_step(s, t, h, y))) return false;
    out->steps++;
    out->evaluations += euler ? 1 : 4;
    if (p->accepted && !p->accepted(p->self, t, h, NULL)) return false;
    out->t = t + h;
    if (th_ode_size_is_finite(p->n, y)) continue;
    out->status = TH_ODE_GROWS;
    return true;
  }
  return true;
}

bool th_ode_fixed(ThContext *cx, const ThOdeProblem *problem, bool euler, size_t substeps, size_t n_times,
                  const double *times, double *rows, ThOdeResult *out) {
  size_t n = problem->n;
  *out = (ThOdeResult){.t = times[0]};
  double *work = th_alloc_array(cx, 3 * n, sizeof *work);
  if (!work) return false;
  Fixed s = {cx, problem, work, work + n, work + 2 * n};
  bool ok = true;
  for (size_t j = 1; ok && j < n_times && out->status == TH_ODE_DONE; j++) {
    memcpy(rows + j * n, rows + (j - 1) * n, n * sizeof *rows);
    ok = fixed_interval(&s, euler, substeps, times[j - 1], times[j], rows + j * n, out);
  }
  th_free(cx, work, 3 * n * sizeof *work);
  return ok;
}

/* ode_stiff.c - an implicit Runge-Kutta method for stiff problems: Radau IIA of order 5 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hairer and Wanner 1996, IV.8. The three stages z solve z = h A f(y + z) by a simplified Newton iteration in the
 * coordinates w in which A⁻¹ has one real eigenvalue and a complex pair, so that each turn solves one real and one
 * complex system of n unknowns. The inverses of both are kept as long as the step and the Jacobian are. */
#include <complex.h>
#include <string.h>

#include "num/linalg.h"
#include "num/ode_size.h"
#include "num/real.h"

enum { STAGES = 3, TURNS = 7, MAX_STEPS = 1000000 };

#define REAL_EIGENVALUE 3.637834252744496 /* of A⁻¹: 3 + ∛9 - ∛3 */
#define PAIR_RE 2.6810828736277523        /* 3 + (∛3 - ∛9)/2 */
#define PAIR_IM 3.050430199247411         /* (3^(5/6) + 3^(7/6))/2 */

/* Nodes: (4 ∓ √6)/10 and 1. */
static const double c[STAGES] = {0.15505102572168219, 0.6449489742783178, 1};
/* z = T w */
static const double to_z[STAGES][STAGES] = {{0.09443876248897524, -0.14125529502095421, 0.03002919410514742},
                                            {0.25021312296533332, 0.20412935229379994, -0.38294211275726192},
                                            {1, 1, 0}};
static const double to_w[STAGES][STAGES] = {{4.178718591551905, 0.327682820761062, 0.523376445499449},
                                            {-4.178718591551905, -0.327682820761062, 0.476623554500551},
                                            {0.502872634945787, -2.571926949855606, 0.596039204828225}};
/* The error of an embedded method of order 3: (-13 ∓ 7√6)/3 and -1/3. */
static const double e[STAGES] = {-10.048809399827416, 1.3821427331607488, -0.3333333333333333};

typedef struct Solver {
  ThContext *cx;
  const ThOdeProblem *problem;
  ThOdeResult *out;
  double t, h;
  double *y, *next, *f0, *error, *peaks, *point, *work; /* n each */
  double *z, *w, *f, *last_z;                           /* (STAGES, n) each */
  double complex *rhs, *solution;                       /* n each */
  double *jacobian, *matrix, *inverse;                  /* (n, n) each */
  double complex *pair_matrix, *pair_inverse;
  double largest, start;
  double inverted_h; /* the step of the inverses; 0: there are none */
  double last_h;     /* of the step before, whose stages are last_z; 0: there is none */
  double last_norm, rate;
  bool fresh; /* the Jacobian is of this y */
  bool was_rejected;
  int turns;
} Solver;

static bool evaluate(Solver *s, double t, const double *y, double *dy) {
  s->out->evaluations++;
  return th_poll(s->cx) && s->problem->f(s->problem->self, t, y, dy);
}

/* --- Matrices ------------------------------------------------------------------------------------ */

static bool difference_jacobian(Solver *s) {
  size_t n = s->problem->n;
  memcpy(s->point, s->y, n * sizeof *s->point);
  for (size_t j = 0; j < n; j++) {
    double size = fmax(fabs(s->y[j]), fmax(1e-3 * s->peaks[j], 1e-8 * s->largest));
    double step = sqrt(DBL_EPSILON) * fmax(size, 1e-12);
    s->point[j] = s->y[j] + (s->f0[j] < 0 ? -step : step); /* towards where the solution goes */
    step = s->point[j] - s->y[j];
    if (!evaluate(s, s->t, s->point, s->work)) return false;
    for (size_t i = 0; i < n; i++) s->jacobian[i * n + j] = (s->work[i] - s->f0[i]) / step;
    s->point[j] = s->y[j];
  }
  return true;
}

static bool find_jacobian(Solver *s) {
  const ThOdeProblem *p = s->problem;
  s->out->jacobians++;
  s->inverted_h = 0;
  s->fresh = true;
  return p->jacobian ? p->jacobian(p->self, s->t, s->y, s->jacobian) : difference_jacobian(s);
}

/* The inverses of λ/h - J for both eigenvalues; *good is false when one is singular, or J not finite. */
static bool invert(Solver *s, bool *good) {
  size_t n = s->problem->n;
  ThSolveReport report;
  *good = th_ode_size_is_finite(n * n, s->jacobian);
  if (!*good) return true;
  for (size_t i = 0; i < n * n; i++) {
    bool diagonal = i % (n + 1) == 0;
    s->matrix[i] = (diagonal ? REAL_EIGENVALUE / s->h : 0) - s->jacobian[i];
    s->pair_matrix[i] = (diagonal ? (PAIR_RE - PAIR_IM * I) / s->h : 0) - s->jacobian[i];
  }
  s->out->factorisations++;
  if (!th_linalg_inverse(s->cx, n, s->matrix, s->inverse, &report)) return false;
  *good = report.status != TH_SOLVE_SINGULAR;
  if (!th_linalg_inverse_complex(s->cx, n, s->pair_matrix, s->pair_inverse, &report)) return false;
  *good = *good && report.status != TH_SOLVE_SINGULAR;
  s->inverted_h = s->h;
  return true;
}

static void multiply_pair(const Solver *s) {
  size_t n = s->problem->n;
  for (size_t i = 0; i < n; i++) {
    double complex sum = 0;
    for (size_t j = 0; j < n; j++) sum += s->pair_inverse[i * n + j] * s->rhs[j];
    s->solution[i] = sum;
  }
}

/* --- The stages ---------------------------------------------------------------------------------- */

static void transform(size_t n, const double matrix[STAGES][STAGES], const double *x, double *y) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < STAGES; k++)
      y[k * n + i] = matrix[k][0] * x[i] + matrix[k][1] * x[n + i] + matrix[k][2] * x[2 * n + i];
}

/* The polynomial through 0 and the stages of the last step, at `share` of it, from its beginning. */
static double collocation(const Solver *s, double share, size_t i) {
  size_t n = s->problem->n;
  double sum = 0;
  for (size_t k = 0; k < STAGES; k++) {
    double weight = share / c[k];
    for (size_t j = 0; j < STAGES; j++)
      if (j != k) weight *= (share - c[j]) / (c[k] - c[j]);
    sum += weight * s->last_z[k * n + i];
  }
  return sum;
}

/* The stages to begin with: where the last step's polynomial goes on to. */
static void guess_stages(Solver *s) {
  size_t n = s->problem->n;
  for (size_t k = 0; k < STAGES; k++)
    for (size_t i = 0; i < n; i++)
      s->z[k * n + i] = s->last_h == 0
                            ? 0
                            : collocation(s, 1 + c[k] * s->h / s->last_h, i) - s->last_z[2 * n + i];
  transform(n, to_w, s->z, s->w);
}

/* One turn of Newton's iteration; *change: how far w moved, in units of what is allowed. */
static bool turn(Solver *s, double *change) {
  size_t n = s->problem->n;
  double h = s->h;
  for (size_t k = 0; k < STAGES; k++) {
    for (size_t i = 0; i < n; i++) s->point[i] = s->y[i] + s->z[k * n + i];
    if (!evaluate(s, s->t + c[k] * h, s->point, s->f + k * n)) return false;
  }
  *change = TH_INFINITY;
  if (!th_ode_size_is_finite(STAGES * n, s->f)) return true;
  for (size_t i = 0; i < n; i++) {
    double f[STAGES];
    for (size_t k = 0; k < STAGES; k++)
      f[k] = to_w[k][0] * s->f[i] + to_w[k][1] * s->f[n + i] + to_w[k][2] * s->f[2 * n + i];
    s->work[i] = f[0] - REAL_EIGENVALUE / h * s->w[i];
    s->rhs[i] = f[1] + f[2] * I - (PAIR_RE - PAIR_IM * I) / h * (s->w[n + i] + s->w[2 * n + i] * I);
  }
  th_linalg_gemv(false, n, n, 1, s->inverse, s->work, 0, s->error);
  multiply_pair(s);
  *change = 0;
  double allowed = s->problem->tolerance;
  *change = th_ode_size_norm(n, s->error, s->y, s->y, s->peaks, s->largest, allowed);
  for (size_t part = 0; part < 2; part++) {
    for (size_t i = 0; i < n; i++) s->work[i] = part ? cimag(s->solution[i]) : creal(s->solution[i]);
    *change = fmax(*change, th_ode_size_norm(n, s->work, s->y, s->y, s->peaks, s->largest, allowed));
  }
  for (size_t i = 0; i < n; i++) {
    s->w[i] += s->error[i];
    s->w[n + i] += creal(s->solution[i]);
    s->w[2 * n + i] += cimag(s->solution[i]);
  }
  transform(n, to_z, s->w, s->z);
  return true;
}

/* Iterates until what is left to move is a small part of what is allowed. */
static bool solve_stages(Solver *s, bool *converged) {
  double goal = fmin(0.03, sqrt(s->problem->tolerance)), before = 0, change;
  goal = fmax(goal, 10 * DBL_EPSILON / s->problem->tolerance);
  *converged = false;
  s->rate = 0;
  guess_stages(s);
  for (s->turns = 1; s->turns <= TURNS; s->turns++) {
    if (!turn(s, &change)) return false;
    if (!(change <= DBL_MAX)) return true;
    if (s->turns > 1) {
      s->rate = change / before;
      double left = pow(s->rate, TURNS - s->turns) / (1 - s->rate) * change;
      if (s->rate >= 1 || left > goal) return true;
    }
    *converged = change == 0 || (s->turns > 1 && s->rate / (1 - s->rate) * change < goal);
    if (*converged) return true;
    before = change;
  }
  return true;
}

/* --- A step -------------------------------------------------------------------------------------- */

/* s->next and the norm of the error. After a rejection a second filter keeps the estimate from being too large for
 * stiff components. */
static bool measure(Solver *s, double *norm) {
  size_t n = s->problem->n;
  for (int filter = 0; filter < 2; filter++) {
    for (size_t i = 0; i < n; i++) {
      double sum = e[0] * s->z[i] + e[1] * s->z[n + i] + e[2] * s->z[2 * n + i];
      s->next[i] = s->y[i] + s->z[2 * n + i];
      s->work[i] = (filter ? s->point[i] : s->f0[i]) + sum / s->h;
    }
    th_linalg_gemv(false, n, n, 1, s->inverse, s->work, 0, s->error);
    *norm = th_ode_size_norm(n, s->error, s->y, s->next, s->peaks, s->largest, s->problem->tolerance);
    if (*norm <= 1 || filter || !(s->was_rejected || s->last_h == 0)) break;
    for (size_t i = 0; i < n; i++) s->work[i] = s->y[i] + s->error[i];
    if (!evaluate(s, s->t, s->work, s->point)) return false;
  }
  if (!th_ode_size_is_finite(n, s->next)) *norm = TH_INFINITY;
  return true;
}

/* By how much the step may change (Gustafsson 1994): with a look at the step before. */
static double choose_factor(const Solver *s, double norm) {
  double safety = 0.9 * (2 * TURNS + 1) / (2.0 * TURNS + s->turns), size = fmax(norm, 1e-10);
  double factor = pow(size, -0.25);
  if (s->last_h != 0 && norm <= 1)
    factor = fmin(factor, fabs(s->h / s->last_h) * pow(fmax(s->last_norm, 1e-10) / size, 0.25) * factor);
  return fmin(8, fmax(0.2, safety * factor));
}

static bool accept(Solver *s, double norm) {
  const ThOdeProblem *p = s->problem;
  double *y = s->y, *z = s->last_z;
  s->out->steps++;
  if (p->accepted && !p->accepted(p->self, s->t, s->h, s->z)) return false;
  s->y = s->next;
  s->next = y;
  s->last_z = s->z;
  s->z = z;
  s->last_h = s->h;
  s->last_norm = norm;
  s->fresh = false;
  s->largest = th_ode_size_update(p->n, s->y, s->peaks);
  return true;
}

/* Solves the stages of a step of s->h, with the Jacobian that is there, or a fresh one when that does not converge. */
static bool try_stages(Solver *s, bool *converged) {
  for (;;) {
    bool good = true;
    *converged = false;
    if (s->inverted_h != s->h && !invert(s, &good)) return false;
    if (good && !solve_stages(s, converged)) return false;
    if (*converged || s->fresh) return true;
    if (!find_jacobian(s)) return false;
  }
}

/* A step of s->h, or smaller. Leaves s->h as the step taken; *factor says how to go on. */
static bool take_step(Solver *s, double *factor, bool *taken) {
  double norm;
  bool converged;
  s->was_rejected = false;
  for (;;) {
    *taken = fabs(s->h) >= 16 * DBL_EPSILON * fabs(s->t) && s->h != 0;
    if (!*taken) {
      th_ode_size_explain(s->t, s->largest, s->start, s->out);
      return true;
    }
    if (!try_stages(s, &converged)) return false;
    if (converged && !measure(s, &norm)) return false;
    if (converged && norm <= 1) break;
    s->h *= converged && norm <= DBL_MAX ? fmin(0.9, choose_factor(s, norm)) : 0.5;
    s->out->rejected++;
    s->was_rejected = true;
  }
  *factor = choose_factor(s, norm);
  if (s->was_rejected) *factor = fmin(*factor, 1);
  return accept(s, norm);
}

/* From one time to the next. *h is the step that accuracy asks for. */
static bool integrate_to(Solver *s, double target, double *h) {
  double factor;
  bool taken;
  while (s->t != target) {
    double gap = target - s->t;
    bool lands = fabs(gap) <= 1.1 * fabs(*h);
    s->h = lands ? gap : *h;
    double tried = s->h;
    if (!take_step(s, &factor, &taken)) return false;
    if (!taken) return true;
    lands = lands && s->h == tried;
    s->t = lands ? target : s->t + s->h;
    bool slow = s->turns > 2 && s->rate > 1e-3;
    double next = s->h * factor;
    if (lands && fabs(gap) < fabs(*h) && fabs(next) < fabs(*h)) next = *h;
    else if (!lands && !slow && factor < 1.2 && factor >= 1) next = s->h; /* the inverses serve once more */
    *h = next;
    if (!evaluate(s, s->t, s->y, s->f0) || (slow && !find_jacobian(s))) return false;
    if (s->out->steps > MAX_STEPS) s->out->status = TH_ODE_TOO_LONG;
    if (s->out->status != TH_ODE_DONE) return true;
  }
  return true;
}

static bool run(Solver *s, size_t n_times, const double *times, double *rows) {
  const ThOdeProblem *p = s->problem;
  double h;
  memcpy(s->y, rows, p->n * sizeof *rows);
  s->start = s->largest = th_ode_size_update(p->n, s->y, s->peaks);
  if (!evaluate(s, s->t, s->y, s->f0)) return false;
  if (!th_ode_size_is_finite(p->n, s->f0)) {
    s->out->status = TH_ODE_NOT_FINITE;
    return true;
  }
  if (!th_ode_size_first(p, s->t, times[n_times - 1] - times[0], s->y, s->f0, 3, s->f, &h) ||
      !find_jacobian(s))
    return false;
  for (size_t row = 1; row < n_times && s->out->status == TH_ODE_DONE; row++) {
    if (!integrate_to(s, times[row], &h)) return false;
    memcpy(rows + row * p->n, s->y, p->n * sizeof *rows);
  }
  s->out->t = s->t;
  return true;
}

bool th_ode_stiff(ThContext *cx, const ThOdeProblem *problem, size_t n_times, const double *times,
                  double *rows, ThOdeResult *out) {
  size_t n = problem->n, count = (7 + 4 * STAGES) * n + 3 * n * n;
  *out = (ThOdeResult){.t = times[0]};
  if (n_times < 2 || n == 0) return true;
  double *work = th_alloc_array(cx, count, sizeof *work);
  double complex *pairs = work ? th_alloc_array(cx, 2 * n + 2 * n * n, sizeof *pairs) : NULL;
  bool ok = pairs != NULL;
  if (ok) {
    Solver s = {.cx = cx, .problem = problem, .out = out, .t = times[0]};
    double **vectors[] = {&s.y, &s.next, &s.f0, &s.error, &s.peaks, &s.point, &s.work};
    double **stages[] = {&s.z, &s.w, &s.f, &s.last_z}, **matrices[] = {&s.jacobian, &s.matrix, &s.inverse};
    double *free_place = work;
    for (size_t i = 0; i < 7; i++, free_place += n) *vectors[i] = free_place;
    for (size_t i = 0; i < 4; i++, free_place += STAGES * n) *stages[i] = free_place;
    for (size_t i = 0; i < 3; i++, free_place += n * n) *matrices[i] = free_place;
    s.rhs = pairs;
    s.solution = pairs + n;
    s.pair_matrix = pairs + 2 * n;
    s.pair_inverse = s.pair_matrix + n * n;
    memset(s.peaks, 0, n * sizeof *s.peaks);
    ok = run(&s, n_times, times, rows);
  }
  if (pairs) th_free(cx, pairs, (2 * n + 2 * n * n) * sizeof *pairs);
  if (work) th_free(cx, work, count * sizeof *work);
  return ok;
}

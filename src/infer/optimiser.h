/* optimiser.h - ways to go down to a minimum, and the driver that walks them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_OPTIMISER_H
#define TH_INFER_OPTIMISER_H

#include "infer/objective.h"

/* A method is a row: `init`, `step`, `test`. The driver does the rest, once for all: the first evaluation, Ctrl-C, the
 * best point, the history, the reason for stopping. Nothing is allocated from the first step on, but that the history
 * grows by doubling. */
typedef struct ThOptimiser ThOptimiser;
typedef struct ThDescent ThDescent;

typedef enum ThStop {
  TH_STOP_NOT,       /* it goes on */
  TH_STOP_CONVERGED, /* the gradient, or the simplex, is below its limit */
  TH_STOP_FLOOR,     /* no step is seen to go down: rounding, or a kink */
  TH_STOP_STEPS,     /* all steps are used up */
  TH_STOP_UNBOUNDED, /* the value falls without bound */
  TH_STOP_DIVERGED,  /* the value grows without bound, or is not defined */
  TH_STOP_CALLBACK,
  TH_STOP_INTERRUPTED
} ThStop;

typedef struct ThDescentOptions {
  double lr;           /* the step size; NaN: gd and its kin take 1/curvature at the start, adam 0.01 */
  double momentum;     /* of momentum and nesterov */
  double beta1, beta2; /* of adam and adamw */
  double weight_decay; /* of adamw */
  size_t steps;        /* at most */
  /* The Euclidean norm of the gradient may be tol*max(1, |f|/max(1, |x|)): a sum over many data need not be as flat
   * as one term. nelder_mead: the largest distance of the simplex' corners from the best may be tol*max(1, largest
   * |x_i|), and the spread of their values tol*max(1, |f|). */
  double tol;
  /* After every step; NULL when nobody watches. *go_on = false ends the run. */
  bool (*watch)(ThContext *cx, void *watcher, const ThDescent *d, bool *go_on);
  void *watcher;
} ThDescentOptions;

/* What happened: a row for every step, the first for the start. A row is value, norm of the gradient, calls so far, and
 * x, unless all of them would be too long. */
typedef struct ThHistory {
  size_t length, capacity, stride;
  double *rows; /* (length, stride) */
} ThHistory;
enum { TH_HISTORY_VALUE, TH_HISTORY_NORM, TH_HISTORY_CALLS, TH_HISTORY_X };
static inline const double *th_history_row(const ThHistory *h, size_t i) { return h->rows + i * h->stride; }
static inline bool th_history_has_path(const ThHistory *h) { return h->stride > TH_HISTORY_X; }

enum { TH_WHY_SIZE = 200 };

/* One run. Every vector has n numbers. */
struct ThDescent {
  const ThOptimiser *method;
  ThDescentOptions options;
  ThObjective *f;
  size_t n, step;
  double *x, *gradient; /* where it is; the gradient is NaN for a method that uses none */
  double value, grad_norm;
  double *trial, *trial_gradient; /* where it may go: th_descent_try evaluates, th_descent_move goes there */
  double trial_value;
  double *start, start_value;
  double *best, best_value, best_norm;
  double curvature; /* the largest along a step so far, s'y/s's; 0 at first */
  ThHistory history;
  ThStop stop;
  bool converged;
  char why[TH_WHY_SIZE]; /* in words */
  void *work;            /* the method's record, */
  double *numbers;       /* its numbers, which begin as zeros, */
  size_t n_numbers;      /* so many, */
  double *vectors;       /* and those above */
};

typedef enum ThNeeds { TH_NEEDS_VALUE, TH_NEEDS_GRADIENT, TH_NEEDS_HESSIAN } ThNeeds;

struct ThOptimiser {
  const char *name;
  ThNeeds needs;
  double lr;                            /* the step size where nothing is better; NaN: it finds its own */
  double (*stability)(double momentum); /* lr*curvature up to which it is stable; NULL: not known */
  bool noisy;                           /* the value may be a sample: the last point counts, not the best */
  size_t work_size;                     /* bytes of its record, which begins as zeros */
  size_t (*n_numbers)(size_t n);        /* how many numbers it needs; NULL: none */
  void (*init)(ThDescent *d);           /* after the first evaluation; or NULL */
  TH_CHECKED bool (*step)(ThContext *cx, ThDescent *d); /* may set d->stop; false with an error record */
  void (*test)(ThDescent *d); /* sets d->stop when it is there; NULL: the norm of the gradient */
};

extern const ThOptimiser *const th_optimisers[]; /* in order of the manual; NULL after the last */
/* By name; NULL. */
const ThOptimiser *th_optimiser_find(const char *name);

ThDescentOptions th_descent_defaults(void);

/* Begins a run at x0: an error when the value there is not finite. th_descent_clear also after a failure. */
TH_CHECKED bool th_descent_init(ThContext *cx, ThDescent *d, const ThOptimiser *method, ThObjective *f,
                                const double *x0, const ThDescentOptions *options);
/* One step, and what follows from it: d->stop tells whether there is another. Ctrl-C is a reason to stop. */
TH_CHECKED bool th_descent_advance(ThContext *cx, ThDescent *d);
void th_descent_clear(ThContext *cx, ThDescent *d);
/* A whole run: init, and steps until one is the last. */
TH_CHECKED bool th_optimise(ThContext *cx, const ThOptimiser *method, ThObjective *f, const double *x0,
                            const ThDescentOptions *options, ThDescent *d);

/* For methods. The value and gradient at d->trial. */
TH_CHECKED bool th_descent_try(ThContext *cx, ThDescent *d);
/* The trial becomes where it is. */
void th_descent_move(ThDescent *d);
/* The limit of the norm of the gradient. */
double th_descent_limit(const ThDescent *d);
/* Stops at a floor: `decrease` is what a step was expected to gain. */
void th_descent_floor(ThDescent *d, double decrease);

/* sqrt(x'x), also where the squares overflow. */
double th_norm(size_t n, const double *x);

#endif

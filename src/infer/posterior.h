/* posterior.h - a posterior: the joint distribution of a model's parameters given data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_POSTERIOR_H
#define TH_INFER_POSTERIOR_H

#include "infer/result.h"

/* The law of one element, when the elements are independent. */
typedef struct ThElementLaw {
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
} ThElementLaw;

/* Of a posterior that is normal in coordinates without bounds (bounds.h): mean and covariance there, and the ranges. */
typedef struct ThFreeNormal {
  double *mean, *lower, *upper; /* (k) */
  double *covariance;           /* (k, k) */
} ThFreeNormal;

/* What holds it: a product of laws (conjugate), a joint law of prob/, or a joint normal law. Its components are random
 * variables, which everything in prob/ takes. */
typedef struct ThPosterior {
  ThObject object;
  ThContext *cx;
  ThQuestion question;
  ThModelData seen; /* all data, where the question has only the last of them (update); else n is 0 */
  bool forgot;      /* the question has only the last of the data, and the others do not join them */
  ThLayout layout;
  size_t k;
  ThElementLaw *laws; /* (k) of a product, else NULL */
  ThValue *
      vectors; /* per entry of the layout: the law of a vector whose elements hang together, or none; or NULL */
  struct ThChains *sample;   /* draws (chains.h), owned, when it is known by them; or NULL */
  ThValue number;            /* of a draw, which all components hang on; none without draws */
  ThValue *margins;          /* (k) of any other form: the distribution of each element; or NULL */
  ThValue joint;             /* the distribution of all k as a vector, where they hang together; else none */
  ThValue *prepared;         /* (k): the elements as random variables, where the strategy made them; or NULL */
  double *root, *target;     /* (k, k), (k) of a normal one: root·β - target is standard normal */
  double *mean, *covariance; /* (k), (k, k) */
  ThFreeNormal *
      free; /* of a normal one whose parameters have bounds; root and target are in free coordinates; or NULL */
  double log_evidence; /* NaN: a parameter has no proper prior */
  ThFinding evidence;  /* how that was found: its method NULL and its error 0 where it is exact */
  ThValue method;      /* "exact: …" */
  ThValue *components; /* per entry of the layout */
  ThValue derived;     /* a record of variables */
} ThPosterior;

extern const ThKind th_posterior_kind; /* "posterior" */
static inline bool th_is_posterior(ThValue v) { return th_is(v, &th_posterior_kind); }
static inline ThPosterior *th_as_posterior(ThValue v) { return (ThPosterior *)th_as_object(v); }

/* The posterior of a question, which is taken, on failure too. `carried` may be NULL. */
struct ThGaussianPrior;
TH_CHECKED bool th_posterior_find_take(ThContext *cx, ThQuestion *question,
                                       const struct ThGaussianPrior *carried, ThValue *out);

/* The question with all data that the posterior has seen, unless it forgot some; borrowed, not to be cleared. */
static inline ThQuestion th_posterior_question(const ThPosterior *p) {
  ThQuestion q = p->question;
  if (p->seen.n) q.data = p->seen;
  return q;
}

/* For strategies: fill an empty posterior. */
TH_CHECKED bool th_posterior_set_product(ThPosterior *p, double log_evidence);
TH_CHECKED bool th_posterior_set_law(ThPosterior *p, size_t element, const ThFamily *family,
                                     const double *parameters);
/* A Dirichlet law of all elements of an entry; their own laws are its margins. After th_posterior_set_product. */
TH_CHECKED bool th_posterior_set_vector(ThPosterior *p, size_t entry, ThValue law);
/* Independent elements whose laws are any distributions; each is set with th_posterior_set_margin. */
TH_CHECKED bool th_posterior_set_margins(ThPosterior *p, double log_evidence, const char *method);
TH_CHECKED bool th_posterior_set_margin(ThPosterior *p, size_t element, ThValue law);
/* All elements under one distribution of vectors, which knows its marginals. */
TH_CHECKED bool th_posterior_set_joint(ThPosterior *p, ThValue law, double log_evidence, const char *method);
TH_CHECKED bool th_posterior_set_normal(ThPosterior *p, const double *mean, const double *root,
                                        const double *covariance, double log_evidence, const char *method);

/* posterior_free.c. A normal one is that of free coordinates: the parameters
 * are their images within these ranges, (k). */
TH_CHECKED bool th_posterior_set_free(ThPosterior *p, const double *lower, const double *upper);
void th_posterior_clear_free(ThPosterior *p);
/* The parameter that belongs to a free number u, or to a variable. */
double th_posterior_bound(const ThPosterior *p, size_t j, double u);
TH_CHECKED bool th_posterior_bound_variable(const ThPosterior *p, size_t j, ThValue u, ThValue *out);
/* Draws, which are taken, on failure too. */
TH_CHECKED bool th_posterior_set_sample_take(ThPosterior *p, struct ThChains *sample, const char *method);

/* posterior_parts.c: components as random variables, a law as a distribution, quantiles */
TH_CHECKED bool th_posterior_make_components(ThPosterior *p);
/* The component of element i, borrowed. */
ThValue th_posterior_component(const ThPosterior *p, size_t i);
/* The only parameter of a posterior knows the prior that it had, for its picture; any other one does not. */
TH_CHECKED bool th_posterior_keep_prior(const ThPosterior *p, const ThRecording *r);
TH_CHECKED bool th_posterior_law(const ThPosterior *p, size_t element, ThValue *out);
TH_CHECKED bool th_posterior_interval(const ThPosterior *p, size_t element, double *lower, double *upper);
/* The values that have these probabilities below them. */
TH_CHECKED bool th_posterior_quantiles(const ThPosterior *p, size_t element, size_t n,
                                       const double *probabilities, double *out);
/* The central interval of each parameter, as a record. */
TH_CHECKED bool th_posterior_intervals(const ThPosterior *p, ThValue *out);
/* Values that the parameters may have, as a record: the means, medians where those are none. */
TH_CHECKED bool th_posterior_point(const ThPosterior *p, ThRecord **out);
/* The record name = component, for running the body with them. */
TH_CHECKED bool th_posterior_parameters(const ThPosterior *p, ThRecord **out);
/* The body run with these data and the elements at x (k); `quietly` without its notes. */
TH_CHECKED bool th_posterior_replay(const ThPosterior *p, const ThModelData *data, const double *x,
                                    bool quietly, ThRecording *out);

/* posterior_text.c */
TH_CHECKED bool th_posterior_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* posterior_plot.c */
TH_CHECKED bool th_posterior_plot(ThContext *cx, ThValue self, void *figure);

#endif

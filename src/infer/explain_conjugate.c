/* explain_conjugate.c - Bayes' formula with a conjugate prior, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each element of the model: what the data enter by, the likelihood as a function of the element, the prior, Bayes'
 * formula, the posterior's parameters, the evidence. A pair of families is a row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/direct.h"
#include "infer/explain.h"
#include "infer/posterior.h"
#include "prob/conjugate.h"
#include "val/array.h"

/* --- Priors: $t is the parameter, $u and $v the law's parameters */

typedef struct Prior {
  const ThFamily *family;
  const char *names[2]; /* of its parameters */
  const char *density, *density_code;
  const char *lower, *upper; /* of an integral over it */
  ThLine mean;               /* of the posterior, $u and $v its parameters */
} Prior;

static const Prior priors[] = {
    {&th_family_beta,
     {"α", "β"},
     "$t^({$u} - 1)·(1 - $t)^({$v} - 1)/B({$u}, {$v})",
     "exp(({$u} - 1)*log($t) + ({$v} - 1)*log(1 - $t) + lgamma({$u} + {$v}) - lgamma({$u}) - lgamma({$v}))",
     "0",
     "1",
     {.words = "Its mean:",
      .sides = {{"E($t | $y)", "mean(Beta($u, $v))"},
                {"$u/($u + $v)"},
                {"{$u}/({$u} + {$v})"},
                {"{$u/($u + $v)}"}}}},
    {&th_family_gamma,
     {"α", "β"},
     "{$v}^{$u}·$t^({$u} - 1)·exp(-{$v}·$t)/Γ({$u})",
     "exp({$u}*log({$v}) + ({$u} - 1)*log($t) - {$v}*$t - lgamma({$u}))",
     "0",
     "inf",
     {.words = "Its mean:",
      .sides = {{"E($t | $y)", "mean(Gamma($u, $v))"}, {"$u/$v"}, {"{$u}/{$v}"}, {"{$u/$v}"}}}},
    {&th_family_normal,
     {"m", "τ"},
     "exp(-($t - {$u})²/(2·{$v}²))/({$v}·√(2π))",
     NULL,
     "-inf",
     "inf",
     {.words = "Its mean lies between that of the prior and that of the data, weighted by precision:",
      .sides = {{"E($t | $y)", "mean(Normal($u, $v))"},
                {"($a/$b² + $n·$x/$k²)/(1/$b² + $n/$k²)"},
                {"{$u}"}}}},
    {&th_family_inv_gamma,
     {"α", "β"},
     "{$v}^{$u}·$t^(-{$u} - 1)·exp(-{$v}/$t)/Γ({$u})",
     "exp({$u}*log({$v}) - ({$u} + 1)*log($t) - {$v}/$t - lgamma({$u}))",
     "0",
     "inf",
     {.words = "Its mode:",
      .sides =
          {{"mode", "mode(InvGamma($u, $v))"}, {"$v/($u + 1)"}, {"{$v}/({$u} + 1)"}, {"{$v/($u + 1)}"}}}},
    {&th_family_pareto,
     {"m", "α"},
     "{$v}·{$u}^{$v}/$t^({$v} + 1)",
     "exp(log({$v}) + {$v}*log({$u}) - ({$v} + 1)*log($t))",
     "{$u}",
     "inf",
     {.words = "Its median:",
      .sides =
          {{"median", "median(Pareto($u, $v))"}, {"$u·2^(1/$v)"}, {"{$u}·2^(1/{$v})"}, {"{$u*2^(1/$v)}"}}}},
};

/* --- Pairs: $y the data, $k a known parameter, $n their number, $s what they enter by */

typedef struct Pair {
  const ThFamily *prior, *likelihood;
  int parameter;
  const char *known; /* what the known parameter is called, if there is one */
  ThLine statistics[3];
  const char *kernel, *kernel_code; /* log likelihood in $t */
  const char *first, *second;       /* the posterior's parameters */
  bool one;                         /* the known parameter must be one number for all data */
  const char *argument;             /* by which the parameter is given, where it is no positional one */
  int position;                     /* then, what it makes up, and how */
  double (*value)(double x);
} Pair;

static double inverse(double x) { return 1 / x; }
static double inverse_root(double x) { return 1 / sqrt(x); }

#define COUNT                                                     \
  {                                                               \
    .define = "$n", .sides = { {"$n"}, {"length($y)"}, {"{$n}"} } \
  }
#define TOTAL                                                            \
  {                                                                      \
    .define = "$s", .sides = { {"$s"}, {"Σᵢ $yᵢ", "sum($y)"}, {"{$s}"} } \
  }

static const Pair pairs[] = {
    {&th_family_beta,
     &th_family_bernoulli,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$s}·log($t) + {$n - $s}·log(1 - $t)",
     NULL,
     "$a + $s",
     "$b + $n - $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_beta,
     &th_family_binomial,
     1,
     "N",
     {{.define = "$n", .sides = {{"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"}}}, TOTAL},
     "{$s}·log($t) + {$n - $s}·log(1 - $t) + {sum(logpdf(Binomial($k, 0.5), $y)) + $n*log(2)}",
     NULL,
     "$a + $s",
     "$b + $n - $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_beta,
     &th_family_geometric,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$n}·log($t) + {$s}·log(1 - $t)",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_beta,
     &th_family_negative_binomial,
     1,
     "r",
     {{.define = "$n", .sides = {{"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"}}}, TOTAL},
     "{$n}·log($t) + {$s}·log(1 - $t) + {sum(logpdf(NegBinomial($k, 0.5), $y)) + ($n + $s)*log(2)}",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_gamma,
     &th_family_poisson,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$s}·log($t) - {$n}·$t - Σᵢ log $yᵢ!",
     "{$s}*log($t) - {$n}*$t - sum(lgamma($y + 1))",
     "$a + $s",
     "$b + $n",
     false,
     NULL,
     0,
     NULL},
    {&th_family_gamma,
     &th_family_exponential,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$n}·log($t) - {$s}·$t",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_gamma,
     &th_family_gamma,
     1,
     "k",
     {{.define = "$n", .sides = {{"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"}}}, TOTAL},
     "{$n}·log($t) - {$s}·$t + {sum(($k - 1)*log($y) - lgamma($k) + 0*$y)}",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_normal,
     &th_family_normal,
     0,
     "σ",
     {COUNT, {.define = "$x", .sides = {{"$x"}, {"Σᵢ $yᵢ/$n", "mean($y)"}, {"{$x}"}}}},
     "-{$n}·($t - {$x})²/(2·{$k}²) + {sum(logpdf(Normal($x, $k), $y))}",
     NULL,
     "($a/$b² + $n·$x/$k²)/(1/$b² + $n/$k²)",
     "1/√(1/$b² + $n/$k²)",
     true,
     NULL,
     0,
     NULL},
    {&th_family_normal,
     &th_family_lognormal,
     0,
     "σ",
     {COUNT, {.define = "$x", .sides = {{"$x"}, {"Σᵢ log $yᵢ/$n", "mean(log($y))"}, {"{$x}"}}}},
     "-{$n}·($t - {$x})²/(2·{$k}²) + {sum(logpdf(LogNormal($x, $k), $y))}",
     NULL,
     "($a/$b² + $n·$x/$k²)/(1/$b² + $n/$k²)",
     "1/√(1/$b² + $n/$k²)",
     true,
     NULL,
     0,
     NULL},
    {&th_family_gamma,
     &th_family_pareto,
     1,
     "k",
     {COUNT, {.define = "$s", .sides = {{"$s"}, {"Σᵢ log($yᵢ/$k)", "sum(log($y/$k))"}, {"{$s}"}}}},
     "{$n}·log($t) - {$s}·$t - {sum(log($y))}",
     NULL,
     "$a + $n",
     "$b + $s",
     true,
     NULL,
     0,
     NULL},
    {&th_family_inv_gamma,
     &th_family_laplace,
     1,
     "μ",
     {COUNT, {.define = "$s", .sides = {{"$s"}, {"Σᵢ |$yᵢ - $k|", "sum(abs($y - $k))"}, {"{$s}"}}}},
     "-{$n}·log(2·$t) - {$s}/$t",
     NULL,
     "$a + $n",
     "$b + $s",
     true,
     NULL,
     0,
     NULL},
    {&th_family_gamma,
     &th_family_inv_gamma,
     1,
     "k",
     {{.define = "$n", .sides = {{"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"}}},
      {.define = "$s", .sides = {{"$s"}, {"Σᵢ 1/$yᵢ", "sum(1/$y)"}, {"{$s}"}}}},
     "{$n}·log($t) - {$s}·$t - {sum(($k + 1)*log($y) + lgamma($k))}",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     NULL,
     0,
     NULL},
    {&th_family_pareto,
     &th_family_uniform,
     1,
     "k",
     {COUNT, {.define = "$s", .sides = {{"$s"}, {"maxᵢ $yᵢ", "max($y)"}, {"{$s}"}}}},
     "-{$n}·log($t)",
     NULL,
     "max($a, $s)",
     "$b + $n",
     true,
     NULL,
     0,
     NULL},
    {&th_family_inv_gamma,
     &th_family_normal,
     -1,
     "μ",
     {COUNT, {.define = "$s", .sides = {{"$s"}, {"Σᵢ ($yᵢ - $k)²", "sum(($y - $k)^2)"}, {"{$s}"}}}},
     "-{$n}·log($t)/2 - {$s}/(2·$t) - {$n}·log(2π)/2",
     "-{$n}*log($t)/2 - {$s}/(2*$t) - {$n}*log(2*pi)/2",
     "$a + $n/2",
     "$b + $s/2",
     true,
     "variance",
     1,
     sqrt},
    {&th_family_gamma,
     &th_family_normal,
     -1,
     "μ",
     {COUNT, {.define = "$s", .sides = {{"$s"}, {"Σᵢ ($yᵢ - $k)²", "sum(($y - $k)^2)"}, {"{$s}"}}}},
     "{$n}·log($t)/2 - {$s}·$t/2 - {$n}·log(2π)/2",
     "{$n}*log($t)/2 - {$s}*$t/2 - {$n}*log(2*pi)/2",
     "$a + $n/2",
     "$b + $s/2",
     true,
     "precision",
     1,
     inverse_root},
    {&th_family_inv_gamma,
     &th_family_exponential,
     -1,
     NULL,
     {COUNT, TOTAL},
     "-{$n}·log($t) - {$s}/$t",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     "scale",
     0,
     inverse},
    {&th_family_inv_gamma,
     &th_family_exponential,
     -1,
     NULL,
     {COUNT, TOTAL},
     "-{$n}·log($t) - {$s}/$t",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     "mean",
     0,
     inverse},
    {&th_family_inv_gamma,
     &th_family_gamma,
     -1,
     "k",
     {{.define = "$n", .sides = {{"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"}}}, TOTAL},
     "-{$n}·log($t) - {$s}/$t + {sum(($k - 1)*log($y) - lgamma($k) + 0*$y)}",
     NULL,
     "$a + $n",
     "$b + $s",
     false,
     "scale",
     1,
     inverse},
};

/* --- One element */

typedef struct Element {
  ThContext *cx;
  ThExplanation *e;
  const ThPosterior *p;
  const ThRecording *r;
  size_t at;            /* among the record's elements */
  const ThDirect *data; /* of all elements */
  const Prior *prior;
  const Pair *pair;
  int position; /* of what is unknown among the law's parameters */
  double prior_parameters[TH_MAX_PARAMETERS];
} Element;

static const Prior *find_prior(const ThFamily *family) {
  for (size_t i = 0; i < sizeof priors / sizeof *priors; i++)
    if (priors[i].family == family) return &priors[i];
  return NULL;
}

/* By the positional parameter, or by the name of `length` bytes under which it is given. */
static const Pair *find_pair(const ThFamily *prior, const ThFamily *likelihood, int parameter,
                             const char *name, size_t length) {
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    const Pair *pair = &pairs[i];
    if (pair->prior != prior || pair->likelihood != likelihood || pair->parameter != parameter) continue;
    if (!pair->argument || (strlen(pair->argument) == length && memcmp(pair->argument, name, length) == 0))
      return pair;
  }
  return NULL;
}

/* The pair in which all data have the element itself as their argument, or its root as their σ. */
static const Pair *pair_of(const ThRecording *r, const ThFamily *prior, const ThDirect *d) {
  const Pair *pair = NULL;
  for (size_t i = 0; i < d->n; i++) {
    ThDirectDatum datum;
    const char *name = d->argument;
    size_t length = d->length;
    th_direct_datum(r, d, i, &datum);
    th_conjugate_form_square(d->family, d->unknown, &datum.form, &name, &length);
    if (datum.form.factor != 1 || datum.form.power != 1) return NULL;
    pair = find_pair(prior, d->family, name == d->argument ? d->unknown : -1, name, length);
    if (!pair) return NULL;
  }
  return pair;
}

/* A name of this element's own: n, or n₂ where there are several elements. */
static const char *own(const Element *m, const char *name, char *text, size_t size) {
  char index[TH_SUBSCRIPT_SIZE] = "";
  if (m->p->k > 1) th_explain_subscript(m->at + 1, index, sizeof index);
  snprintf(text, size, "%s%s", name, index);
  return text;
}

static bool pick(const Element *m, const char *symbol, const char *name) {
  char text[48];
  return th_explanation_pick(m->e, symbol, own(m, name, text, sizeof text));
}

static bool pick_take(const Element *m, const char *symbol, const char *name, ThValue v) {
  char text[48];
  return th_explanation_pick_take(m->e, symbol, own(m, name, text, sizeof text), v);
}

/* The data that belong to the element, and what is known of their laws. */
static bool give_data(const Element *m) {
  const ThDirect *d = m->data;
  size_t n = 0;
  int known = -1;
  ThArray *y = th_vector_new(m->cx, TH_DOUBLE, d->n), *k = y ? th_vector_new(m->cx, TH_DOUBLE, d->n) : NULL;
  if (!k) {
    if (y) th_release(th_object(y));
    return false;
  }
  for (int j = 0; j < d->family->n_parameters; j++)
    if (j != m->position && known < 0) known = j;
  bool one = known >= 0 && th_law_parameter_length(d->parameters[known]) == 1;
  for (size_t i = 0; i < d->n; i++) {
    ThDirectDatum datum;
    th_direct_datum(m->r, d, i, &datum);
    if (datum.element != m->at) continue;
    y->real[n] = datum.x;
    k->real[n++] = known >= 0 ? datum.p[known] : 0;
  }
  ThValue data, law;
  bool ok = th_vector_from(m->cx, y->real, n, &data);
  char name[96];
  own(m, d->observation->name->spelling, name, sizeof name);
  if (ok) ok = th_explanation_give_take(m->e, name, data) && th_explanation_symbol(m->e, "y", name);
  if (ok && known >= 0 && m->pair->known) {
    if (one) law = th_number(k->real[0]);
    else ok = th_vector_from(m->cx, k->real, n, &law);
    ok = ok && pick_take(m, "k", m->pair->known, law);
  }
  th_release(th_object(y));
  th_release(th_object(k));
  return ok;
}

/* A value of the parameter at which lines are tried: near the posterior's bulk, and no round number. */
static double point_of(const Element *m) {
  const ThElementLaw *law = &m->p->laws[m->at];
  return law->family->math->quantile(0.385, law->p);
}

/* αₙ and βₙ. */
static bool name_posterior(const Element *m) {
  char name[32];
  for (int j = 0; j < 2; j++) {
    snprintf(name, sizeof name, "%sₙ", m->prior->names[j]);
    if (!pick(m, j ? "d" : "c", name)) return false;
  }
  return true;
}

/* How the likelihood is called: Binomial(N, p). */
static const char *law_text(const Pair *pair, char *text, size_t size) {
  const char *between = !pair->known ? "$t" : pair->parameter == 0 ? "$t, $k" : "$k, $t";
  if (pair->argument)
    snprintf(text, size, "%s(%s%s = $t)", pair->likelihood->name, pair->known ? "$k, " : "", pair->argument);
  else snprintf(text, size, "%s(%s)", pair->likelihood->name, between);
  return text;
}

static bool give_symbols(const Element *m) {
  ThExplanation *e = m->e;
  const ThElementary *element = &m->r->elements[m->at];
  const ThUnknown *u = &m->r->unknowns[element->unknown];
  bool is_p = strcmp(u->name->name, "p") == 0, discrete = m->pair->likelihood->discrete;
  char law[128];
  return th_explanation_symbol(e, "f", is_p ? "f" : "p") &&
         th_explanation_symbol(e, "P",
                               discrete ? "P"
                               : is_p   ? "f"
                                        : "p") &&
         th_explanation_symbol(e, "law", law_text(m->pair, law, sizeof law)) &&
         th_explanation_symbol(e, "prior", m->prior->family->name) &&
         th_explain_element(e, "t", u, element->index, point_of(m)) &&
         pick_take(m, "a", m->prior->names[0], th_number(m->prior_parameters[0])) &&
         pick_take(m, "b", m->prior->names[1], th_number(m->prior_parameters[1])) && pick(m, "n", "n") &&
         pick(m, "s", "s") && pick(m, "x", "x̄") && pick(m, "e", "log_evidence") && name_posterior(m);
}

/* --- The lines */

static const ThLine likelihood_line = {
    .words = "The likelihood, as a function of $t:",
    .sides = {{"log $P($y | $t)", "sum(logpdf($law, $y))"},
              {"Σᵢ log $P($yᵢ | $t)", "sum([logpdf($law, $yᵢ) for $yᵢ in $y])"}}};

static const ThLine bayes_line = {
    .words = "Bayes' formula multiplies the two, and divides by what makes the integral 1:",
    .sides = {{"$f($t | $y)", "pdf($prior($c, $d), $t)"},
              {"$P($y | $t)·$f($t)/$P($y)", "exp(sum(logpdf($law, $y)) + logpdf($prior($a, $b), $t) - $e)"}}};

static const ThLine evidence_line = {
    .words = "The divisor is the evidence, the probability of these data before $t is known:",
    .sides = {
        {"log $P($y)", "sum(logpdf($law, $y)) + logpdf($prior($a, $b), $t) - logpdf($prior($c, $d), $t)"},
        {"log ∫ $P($y | $t)·$f($t) d$t", "$integral"},
        {"{$e}"}}};

/* The evidence of this element's data, by Bayes' formula at the median: it is the same at every point. */
static bool give_evidence(const Element *m) {
  const ThElementLaw *law = &m->p->laws[m->at];
  const char *name = th_explanation_stands_for(m->e, "e");
  double median = law->family->math->quantile(0.5, law->p), evidence = 0;
  for (size_t i = 0; i < m->data->n; i++) {
    ThDirectDatum datum;
    th_direct_datum(m->r, m->data, i, &datum);
    if (datum.element != m->at) continue;
    datum.p[m->position] = m->pair->value ? m->pair->value(median) : median;
    evidence += m->data->family->math->logpdf(datum.x, datum.p);
  }
  evidence += m->prior->family->math->logpdf(median, m->prior_parameters) -
              law->family->math->logpdf(median, law->p);
  return th_explanation_give_number(m->e, name, evidence);
}

/* The integral of exp(log likelihood + log prior - its value at the evidence), so that nothing underflows. */
static bool give_integral(const Element *m) {
  char text[512];
  snprintf(text, sizeof text,
           "$e + log(integrate($t -> exp(sum(logpdf($law, $y)) + logpdf($prior($a, $b), $t) - $e), %s, %s))",
           m->prior->lower, m->prior->upper);
  return th_explanation_symbol(m->e, "integral", text);
}

/* The density of the prior with its numbers, or that of the posterior. */
static bool add_density(const Element *m, const char *words, const char *left, const char *first,
                        const char *second) {
  char code[64];
  snprintf(code, sizeof code, "pdf($prior(%s, %s), $t)", first, second);
  ThLine line = {.words = words, .sides = {{left, code}, {m->prior->density, m->prior->density_code}}};
  return th_explanation_symbol(m->e, "u", first) && th_explanation_symbol(m->e, "v", second) &&
         th_explanation_add(m->e, &line);
}

static bool add_likelihood(const Element *m) {
  ThLine line = likelihood_line;
  line.sides[2].shown = m->pair->kernel;
  line.sides[2].code = m->pair->kernel_code;
  return th_explanation_add(m->e, &line);
}

/* αₙ = α + s = 2 + 3 = 5: the rule, then the same with numbers in the places of names. */
static bool add_update(const Element *m, const char *words, const char *name, const char *rule) {
  char numbers[128], result[16];
  snprintf(result, sizeof result, "{%s}", name);
  ThLine line = {
      .words = words,
      .define = name,
      .sides = {{name}, {rule}, {th_explanation_numbers(rule, numbers, sizeof numbers)}, {result}}};
  return th_explanation_add(m->e, &line);
}

static bool add_lines(const Element *m) {
  ThExplanation *e = m->e;
  bool ok = th_explanation_add(
      e, &(ThLine){.words = "The model: $y ~ $law, with the prior $t ~ $prior({$a}, {$b}). "
                            "The data enter by"});
  for (int i = 0; ok && i < 3 && m->pair->statistics[i].sides[0].shown; i++)
    ok = th_explanation_add(e, &m->pair->statistics[i]);
  ok = ok && add_likelihood(m) && add_density(m, "The prior:", "$f($t)", "$a", "$b") &&
       add_update(m, "Both have the same form in $t, so the posterior is $prior again, with", "$c",
                  m->pair->first) &&
       add_update(m, NULL, "$d", m->pair->second) && give_evidence(m) && th_explanation_add(e, &bayes_line) &&
       add_density(m, NULL, "$f($t | $y)", "$c", "$d");
  return ok && give_integral(m) && th_explanation_add(e, &evidence_line) &&
         th_explanation_add(e, &m->prior->mean);
}

/* Did the lines come to the posterior that was found? */
static bool agrees(const Element *m, bool *out) {
  static const char *const symbols[] = {"$c", "$d"};
  const double *p = m->p->laws[m->at].p;
  *out = true;
  for (int j = 0; j < 2 && *out; j++) {
    ThValue v;
    double x;
    if (!th_explanation_value(m->e, symbols[j], &v)) return false;
    *out = th_to_number(v, &x) && fabs(x - p[j]) <= 1e-9 * (1 + fabs(p[j]));
    th_release(v);
  }
  return true;
}

/* --- The posterior */

/* The observation whose law the element stands in, and in no other. */
static bool find_data(ThContext *cx, const ThRecording *r, size_t element, ThDirect *out, bool *found) {
  *found = false;
  for (size_t i = 0; i < r->n_observations; i++) {
    ThDirect d;
    ThReason why;
    bool uses = false;
    ThAttempt attempt = th_direct_read(r, &r->observations[i], &d, &why);
    if (attempt == TH_FAILED) return false;
    if (attempt == TH_DECLINED) continue;
    for (size_t j = 0; !th_is_unset(d.given) && !uses && j < d.n; j++) {
      ThDirectDatum datum;
      th_direct_datum(r, &d, j, &datum);
      uses = datum.element == element;
    }
    if (uses && !*found) *out = d, *found = true;
    else th_direct_clear(&d);
    if (!th_poll(cx)) return false;
  }
  return true;
}

static bool is_scalar_known(const ThDirect *d, int position) {
  for (int j = 0; j < d->family->n_parameters; j++)
    if (j != position && th_law_parameter_length(d->parameters[j]) != 1) return false;
  return true;
}

static bool explain_element(ThContext *cx, const ThPosterior *p, const ThRecording *r, size_t at,
                            ThExplanation *e, bool *done) {
  Element m = {.cx = cx, .e = e, .p = p, .r = r, .at = at};
  const ThFamily *given;
  double parameters[TH_MAX_PARAMETERS];
  ThDirect d;
  bool found;
  *done = false;
  const ThFamily *family = &th_family_beta;
  m.prior_parameters[0] = m.prior_parameters[1] = 1; /* a probability without a prior has a flat one */
  if (th_recording_prior(r, at, &given, parameters))
    family = th_conjugate_prior(given, parameters, m.prior_parameters);
  else if (!r->unknowns[r->elements[at].unknown].is_free || p->laws[at].family != family) return true;
  m.prior = find_prior(family);
  if (!find_data(cx, r, at, &d, &found)) return false;
  if (!found) return true;
  m.data = &d;
  m.pair = pair_of(r, family, &d);
  m.position = m.pair && m.pair->argument ? m.pair->position : d.unknown;
  bool ok = true;
  if (m.prior && m.pair && (!m.pair->one || is_scalar_known(&d, m.position))) {
    ok = give_symbols(&m) && give_data(&m) && add_lines(&m) && agrees(&m, done);
  }
  th_direct_clear(&d);
  return ok;
}

bool th_explain_conjugate(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_posterior(v)) return true;
  const ThPosterior *p = th_as_posterior(v);
  ThRecording r;
  if (!p->laws || p->vectors || p->k == 0) return true;
  if (!th_question_reopen(cx, &p->question, &p->question.data, &r)) return false;
  bool ok = true;
  *done = true;
  for (size_t i = 0; ok && *done && i < p->k; i++) ok = explain_element(cx, p, &r, i, e, done);
  th_recording_clear(&r);
  return ok;
}

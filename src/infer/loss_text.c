/* loss_text.c - a model's loss in symbols */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each statement with a `~` gives a sum. What hangs on no parameter is kept apart as the constant. */
#include "infer/loss.h"

#include <stdio.h>
#include <string.h>

#include "infer/loss_terms.h"
#include "infer/report.h"
#include "val/format.h"

/* --- Texts */

static void init_part(ThContext *cx, ThLossPart *part) {
  *part = (ThLossPart){0};
  ThText *texts[] = {&part->sum, &part->sum_code, &part->rest, &part->rest_code};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_init(texts[i], &cx->heap);
}

static void clear_part(ThLossPart *part) {
  ThText *texts[] = {&part->sum, &part->sum_code, &part->rest, &part->rest_code};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_clear(texts[i]);
}

void th_loss_parts_clear(ThLossParts *p) {
  for (size_t i = 0; i < p->n; i++) clear_part(&p->parts[i]);
  th_free(p->cx, p->parts, p->capacity * sizeof *p->parts);
  th_text_clear(&p->mean);
  th_text_clear(&p->strength);
  th_text_clear(&p->names);
  p->n = p->capacity = 0;
  p->parts = NULL;
}

/* Has an element for each datum: by its value where there are data. */
static bool is_indexed(void *self, const ThSymbol *argument) {
  const ThLossParts *p = self;
  bool is_knob;
  size_t at = th_model_argument_index(p->model, argument);
  th_model_argument(p->model, at, &is_knob);
  if (!p->data || th_is_unset(p->data->values[at])) return !is_knob;
  return th_value_length(p->data->values[at]) > 1 || (!is_knob && th_is_array(p->data->values[at]));
}

/* One statement on its way to a part. */
typedef struct Term {
  ThLossParts *p;
  const ThLawText *law;
  const ThLossTerm *row; /* NULL: -log Family(y | …) */
  const ThNode *arguments[TH_MOST_LAW_ARGUMENTS];
  bool code; /* write code, not what is read */
} Term;

static bool is_atom(const ThNode *node) {
  return node->kind == TH_NODE_NAME || node->kind == TH_NODE_NUMBER || node->kind == TH_NODE_CALL ||
         node->kind == TH_NODE_INDEX || (node->flags & TH_FLAG_PAREN);
}

/* An argument needs no brackets where it fills some already, nor a product as the last term in them. */
static bool is_enclosed(const ThNode *node, const char *before, const char *after) {
  if (*after != ')' && *after != '|') return false;
  if (before[-1] == '(') return *after == ')';
  bool product = node->kind == TH_NODE_BINARY && (node->op == TH_OP_MULTIPLY || node->op == TH_OP_DIVIDE);
  return product && before[-1] == ' ';
}

static void put_argument(const Term *t, const ThNode *node, bool enclosed, ThText *out) {
  bool indexed_product = !t->code && t->law->is_data && node->kind == TH_NODE_BINARY &&
                         node->op == TH_OP_MATRIX_PRODUCT &&
                         th_model_is_indexed(t->p->model, node, is_indexed, t->p);
  bool bracket = !is_atom(node) && !indexed_product && !enclosed;
  if (bracket) th_text_char(out, '(');
  if (t->code || !t->law->is_data || t->law->loop) th_model_node_text(t->p->model, node, out);
  else th_model_indexed_text(t->p->model, node, is_indexed, t->p, out);
  if (bracket) th_text_char(out, ')');
}

static bool is_weighted(const Term *t) { return t->p->weighted && t->law->is_data; }

/* Is the target one of many: data, or a vector of parameters? */
static bool is_many(const Term *t) {
  const ThLawText *law = t->law;
  if (law->is_data) return !law->element && is_indexed(t->p, law->target);
  return law->element && !law->loop;
}

static void put_target(const Term *t, ThText *out) {
  const ThLawText *law = t->law;
  th_text_add(out, law->target->spelling);
  if (law->loop && law->element) {
    th_text_char(out, '[');
    th_model_node_text(t->p->model, law->element, out);
    th_text_char(out, ']');
  } else if (is_many(t) && !t->code) {
    th_text_add(out, law->is_data ? "ᵢ" : "ⱼ");
  }
}

static bool is_text(const Term *t, size_t i, const char *wanted) {
  const ThNode *node = t->arguments[i];
  if (!node || node->kind != TH_NODE_NUMBER) return false;
  return node->number == (wanted[0] == '1' ? 1 : 0);
}

/* A template with places filled; what reads better for a scale of 1 and a location of 0 is left out. */
static void put_template(const Term *t, const char *text, ThText *out) {
  static const struct {
    const char *from, *to;
    size_t argument;
    const char *value;
  } simpler[] = {
      {"($y - $1)²/(2·$2²)", "½·($y - $1)²", 1, "1"},
      {"log($2·√(2π))", "½·log(2π)", 1, "1"},
      {"|$y - $1|/$2", "|$y - $1|", 1, "1"},
      {"log(2·$2)", "log(2)", 1, "1"},
  };
  for (size_t i = 0; !t->code && i < sizeof simpler / sizeof *simpler; i++)
    if (strcmp(text, simpler[i].from) == 0 && is_text(t, simpler[i].argument, simpler[i].value))
      text = simpler[i].to;
  bool at_zero = !t->code && is_text(t, 0, "0");
  for (const char *at = text; *at;) {
    static const char square[] = "($y - $1)", size[] = "$y - $1";
    size_t skip = at_zero && strncmp(at, square, sizeof square - 1) == 0 ? sizeof square - 1
                  : at_zero && strncmp(at, size, sizeof size - 1) == 0   ? sizeof size - 1
                                                                         : 0;
    if (skip || strncmp(at, "$y", 2) == 0) {
      put_target(t, out);
      at += skip ? skip : 2;
    } else if (*at == '$') {
      const ThNode *node = t->arguments[at[1] - '1'];
      put_argument(t, node, is_enclosed(node, at, at + 2), out);
      at += 2;
    } else {
      th_text_char(out, *at++);
    }
  }
}

/* The same as code. */
static void put_code(const Term *t, const char *text, ThText *out) {
  static const struct { const char *shown, *code; } spellings[] = {{"·", "*"}, {"½", "(1/2)"}};
  ThText filled;
  th_text_init(&filled, out->heap);
  put_template(t, text, &filled);
  for (const char *at = th_text_string(&filled); *at;) {
    size_t length = 0;
    for (size_t i = 0; !length && i < 2; i++)
      if (strncmp(at, spellings[i].shown, strlen(spellings[i].shown)) == 0) {
        th_text_add(out, spellings[i].code);
        length = strlen(spellings[i].shown);
      }
    if (!length) th_text_char(out, *at);
    at += length ? length : 1;
  }
  out->failed = out->failed || filled.failed;
  th_text_clear(&filled);
}

/* --- Sums */

/* Is it a sum of several terms, so that Σ needs brackets? */
static bool is_sum(const char *text) {
  int depth = 0;
  bool bar = false;
  for (const char *at = text; *at; at++) {
    depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
    if (*at == '|') bar = !bar;
    if (depth == 0 && !bar && at[0] == ' ' && (at[1] == '+' || at[1] == '-') && at[2] == ' ') return true;
  }
  return false;
}

static bool arguments_hang(const Term *t, const char *text) {
  for (const char *at = text; (at = strchr(at, '$')); at++)
    if (at[1] >= '1' && at[1] <= '9' && th_model_hangs_on_parameters(t->p->model, t->arguments[at[1] - '1']))
      return true;
  return false;
}

static bool template_indexed(const Term *t, const char *text) {
  for (const char *at = text; (at = strchr(at, '$')); at++) {
    if (at[1] == 'y') return true;
    if (th_model_is_indexed(t->p->model, t->arguments[at[1] - '1'], is_indexed, t->p)) return true;
  }
  return false;
}

static void put_loop(const Term *t, ThText *out) {
  th_text_format(out, "%s in ", t->law->loop->name->spelling);
  th_model_node_text(t->p->model, t->law->loop->items[0], out);
}

/* Σ of a template over the data, the elements, or the loop, appended behind a sign. */
static void add_sum(Term *t, const char *text, const char *code, ThText *shown_out, ThText *code_out) {
  ThText shown;
  bool many = is_many(t), loop = t->law->loop != NULL;
  bool index = t->law->is_data ? template_indexed(t, text) : strstr(text, "$y") != NULL;
  th_text_init(&shown, shown_out->heap);
  put_template(t, text, &shown);
  const char *body = th_text_string(&shown);
  bool bracket = (many || loop) && is_sum(body), negative = body[0] == '-' && !bracket;
  body += negative;
  if (shown_out->length) th_text_add(shown_out, negative ? " - " : " + ");
  else if (negative) th_text_char(shown_out, '-');
  if (loop) {
    th_text_add(shown_out, "Σ(");
    put_loop(t, shown_out);
    th_text_add(shown_out, ") ");
  } else if (is_weighted(t)) {
    th_text_add(shown_out, "Σᵢ $wᵢ·");
  } else if (many) {
    th_text_add(shown_out, !index ? (t->law->is_data ? "n·" : "k·") : t->law->is_data ? "Σᵢ " : "Σⱼ ");
  }
  th_text_format(shown_out, bracket ? "(%s)" : "%s", body);
  shown_out->failed = shown_out->failed || shown.failed;
  th_text_clear(&shown);
  t->code = true;
  if (code_out->length) th_text_add(code_out, " + ");
  th_text_add(code_out, loop ? "sum([" : is_weighted(t) ? "sum($w*(0*" : "sum(0*");
  if (!loop) put_target(t, code_out), th_text_add(code_out, " + ");
  put_code(t, code ? code : text, code_out);
  if (loop) th_text_add(code_out, " for "), put_loop(t, code_out), th_text_char(code_out, ']');
  th_text_add(code_out, is_weighted(t) ? "))" : ")");
  t->code = false;
}

/* -log p(y | Family(a, b)) of a law without a row. */
static void add_unknown(Term *t, ThLossPart *part, bool hangs) {
  ThText *shown = hangs ? &part->sum : &part->rest, *code = hangs ? &part->sum_code : &part->rest_code;
  const ThModel *model = t->p->model;
  if (t->law->loop) t->p->complete = false;
  th_text_add(shown, !is_many(t)       ? "-log p("
                     : is_weighted(t)  ? "-Σᵢ $wᵢ·log p("
                     : t->law->is_data ? "-Σᵢ log p("
                                       : "-Σⱼ log p(");
  put_target(t, shown);
  th_text_add(shown, " | ");
  th_model_node_text(model, t->law->call, shown);
  th_text_char(shown, ')');
  th_text_add(code, is_weighted(t) ? "-sum($w*logpdf(" : "-sum(logpdf(");
  th_model_node_text(model, t->law->call, code);
  th_text_format(code, ", %s))", t->law->target->spelling);
}

static bool call_hangs(const Term *t) {
  for (size_t i = 0; i < t->law->n_arguments; i++)
    if (th_model_hangs_on_parameters(t->p->model, t->law->arguments[i])) return true;
  return !t->law->is_data;
}

static void fill_part(Term *t, ThLossPart *part) {
  const ThLossTerm *row = t->row;
  part->is_data = t->law->is_data;
  if (is_weighted(t) && !is_many(t)) t->p->complete = false;
  part->name = row ? (t->law->is_data ? row->name : row->penalty) : NULL;
  if (!row) {
    add_unknown(t, part, call_hangs(t));
    return;
  }
  bool hangs = !t->law->is_data || arguments_hang(t, row->term);
  add_sum(t, row->term, row->term_code, hangs ? &part->sum : &part->rest,
          hangs ? &part->sum_code : &part->rest_code);
  if (!row->constant) return;
  bool varies = arguments_hang(t, row->constant) || (!t->law->is_data && strstr(row->constant, "$y"));
  add_sum(t, row->constant, row->constant_code, varies ? &part->sum : &part->rest,
          varies ? &part->sum_code : &part->rest_code);
}

/* --- The mean: for Normal data of one known σ the squares alone, penalties in units of σ² */

static bool is_plain_normal(const Term *t) {
  return t->row && strcmp(t->row->family, "Normal") == 0 && !t->row->argument && t->arguments[1] &&
         !th_model_hangs_on_parameters(t->p->model, t->arguments[1]);
}

static bool is_penalty(const Term *t) {
  return t->row && t->row->penalty && !t->row->argument && !t->law->loop &&
         !th_model_hangs_on_parameters(t->p->model, t->arguments[1]);
}

typedef struct Means {
  ThLossParts *p;
  ThText sigma; /* of the data, "" when there is none for all */
  size_t n_data, n_penalties, n_found;
  bool simple;      /* one observation, Normal, one known σ, and priors that are penalties */
  const char *name; /* of the penalties' factor: λ, or c where the model has a λ */
} Means;

static void add_square(Means *m, Term *t) {
  ThText *out = &m->p->mean;
  th_text_add(out, is_many(t) ? "(1/n)·Σᵢ " : "");
  put_template(t, is_text(t, 0, "0") ? "$y²" : "($y - $1)²", out);
  put_argument(t, t->arguments[1], false, &m->sigma);
}

/* + (λ/n)·Σⱼ βⱼ², and λ = σ²/τ² */
static void add_penalty(Means *m, Term *t) {
  ThText *out = &m->p->mean, *strength = &m->p->strength;
  bool square = strcmp(t->row->penalty, "L2") == 0, unit = strcmp(th_text_string(&m->sigma), "1") == 0;
  char name[24];
  if (m->n_penalties == 1) snprintf(name, sizeof name, "%s", m->name);
  else
    snprintf(name, sizeof name, "%s%s", m->name,
             ((const char *[]){"₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"})[m->n_found % 9]);
  m->n_found++;
  th_text_format(out, " + (%s/n)·%s", name, is_many(t) ? "Σⱼ " : "");
  put_template(t, square ? "($y - $1)²" : "|$y - $1|", out);
  th_text_format(strength, "%s%s = ", strength->length ? ", " : "", name);
  if (unit) th_text_add(strength, square ? "1/" : "2/");
  else th_text_format(strength, square ? "%s²/" : "2·%s²/", th_text_string(&m->sigma));
  put_argument(t, t->arguments[1], false, strength);
  if (square) th_text_add(strength, "²");
}

static bool make_term(ThLossParts *p, const ThLawText *law, Term *t) {
  *t = (Term){.p = p, .law = law};
  t->row = th_loss_term(law, t->arguments);
  return true;
}

static bool see_for_mean(void *self, const ThLawText *law) {
  Means *m = self;
  Term t;
  if (!make_term(m->p, law, &t)) return false;
  if (law->is_data) {
    m->n_data++;
    m->simple = m->simple && is_plain_normal(&t) && !law->loop && is_many(&t) &&
                !th_model_is_indexed(m->p->model, t.arguments[1], is_indexed, m->p);
  } else {
    m->n_penalties++;
    m->simple = m->simple && is_penalty(&t);
  }
  if (strcmp(law->target->name, "λ") == 0) m->name = "c";
  return true;
}

static bool see_data(void *self, const ThLawText *law) {
  Term t;
  if (law->is_data && make_term(((Means *)self)->p, law, &t)) add_square(self, &t);
  return true;
}

static bool see_prior(void *self, const ThLawText *law) {
  Term t;
  if (!law->is_data && make_term(((Means *)self)->p, law, &t)) add_penalty(self, &t);
  return true;
}

/* The sums of all parts, or what is left over, with their signs. */
static void join(const ThLossParts *p, bool rest, ThText *out) {
  size_t start = out->length;
  for (size_t i = 0; i < p->n; i++) {
    const ThText *part = rest ? &p->parts[i].rest : &p->parts[i].sum;
    const char *text = th_text_string(part);
    bool negative = text[0] == '-' && out->length > start;
    if (part->length == 0) continue;
    if (out->length > start) th_text_add(out, negative ? " - " : " + ");
    th_text_add(out, text + negative);
  }
}

/* (1/n)·[…]: any other sum over n. */
static void divide_all(ThLossParts *p) {
  ThText sum;
  th_text_init(&sum, &p->cx->heap);
  join(p, false, &sum);
  th_text_format(&p->mean, "(1/n)·[%s]", th_text_string(&sum));
  p->mean.failed = p->mean.failed || sum.failed;
  th_text_clear(&sum);
}

static bool find_mean(ThLossParts *p) {
  bool complete, is_knob;
  Means m = {.p = p, .simple = true, .name = "λ"};
  th_text_init(&m.sigma, &p->cx->heap);
  for (size_t i = 0; th_model_argument(p->model, i, &is_knob); i++)
    if (strcmp(th_model_argument(p->model, i, &is_knob)->name, "λ") == 0) m.name = "c";
  bool ok = th_model_laws(p->model, see_for_mean, &m, &complete);
  if (ok && m.simple && m.n_data == 1 && complete)
    ok = th_model_laws(p->model, see_data, &m, &complete) &&
         th_model_laws(p->model, see_prior, &m, &complete);
  else divide_all(p);
  p->mean.failed = p->mean.failed || m.sigma.failed;
  th_text_clear(&m.sigma);
  return ok;
}

/* --- All parts */

static bool add_part(ThLossParts *p, const ThLawText *law) {
  if (p->n == p->capacity) {
    size_t wanted = p->capacity ? 2 * p->capacity : 4;
    void *grown = th_resize(p->cx, p->parts, p->capacity * sizeof *p->parts, wanted * sizeof *p->parts);
    if (!grown) return false;
    p->parts = grown;
    p->capacity = wanted;
  }
  Term t;
  ThLossPart *part = &p->parts[p->n];
  init_part(p->cx, part);
  p->n++;
  if (!make_term(p, law, &t)) return false;
  fill_part(&t, part);
  return th_text_ok(&part->sum, p->cx) && th_text_ok(&part->sum_code, p->cx) &&
         th_text_ok(&part->rest, p->cx) && th_text_ok(&part->rest_code, p->cx);
}

static bool see_likelihood(void *self, const ThLawText *law) { return !law->is_data || add_part(self, law); }
static bool see_penalty(void *self, const ThLawText *law) { return law->is_data || add_part(self, law); }

/* "squared error + L2", each once. */
static void name_parts(ThLossParts *p) {
  for (size_t i = 0; i < p->n; i++) {
    const char *name = p->parts[i].name;
    if (!name || strstr(th_text_string(&p->names), name)) continue;
    th_text_format(&p->names, "%s%s", p->names.length ? " + " : "", name);
  }
}

bool th_loss_parts(ThContext *cx, const ThModel *model, const ThModelData *data, bool weighted,
                   ThLossParts *out) {
  *out = (ThLossParts){.cx = cx, .model = model, .data = data, .weighted = weighted, .complete = true};
  th_text_init(&out->mean, &cx->heap);
  th_text_init(&out->strength, &cx->heap);
  th_text_init(&out->names, &cx->heap);
  bool complete = true;
  bool ok = th_model_laws(model, see_likelihood, out, &complete) &&
            th_model_laws(model, see_penalty, out, &complete);
  out->complete = complete && out->complete;
  name_parts(out);
  ok = ok && find_mean(out) && th_text_ok(&out->mean, cx) && th_text_ok(&out->strength, cx) &&
       th_text_ok(&out->names, cx);
  if (!ok) th_loss_parts_clear(out);
  return ok;
}

/* --- The text of loss_of(m) */

/* A label of ten columns, then terms. */
static void put_folded(const ThContext *cx, const char *label, const char *text, ThText *out) {
  th_text_add(out, label);
  th_report_terms(text, 10, cx->settings.width > 40 ? (size_t)cx->settings.width - 1 : 40, out);
}

static bool echo(ThContext *cx, const ThLoss *loss, ThText *out) {
  ThLossParts p;
  const ThModel *model = th_question_model(&loss->question);
  if (!th_loss_parts(cx, model, loss->has_data ? &loss->question.data : NULL, false, &p)) return false;
  ThText sum, rest;
  th_text_init(&sum, &cx->heap);
  th_text_init(&rest, &cx->heap);
  join(&p, false, &sum);
  join(&p, true, &rest);
  th_text_format(out, "loss of %s, minus its log density%s%s\n", model->name->spelling,
                 p.names.length ? ": " : "", th_text_string(&p.names));
  put_folded(cx, "sum       ", th_text_string(&sum), out);
  if (rest.length) th_text_char(out, '\n'), put_folded(cx, "constant  ", th_text_string(&rest), out);
  th_text_char(out, '\n');
  put_folded(cx, "mean      ", th_text_string(&p.mean), out);
  if (p.strength.length) th_text_format(out, ",\n          %s", th_text_string(&p.strength));
  th_model_definitions(model, is_indexed, &p, out);
  if (!p.complete) th_text_add(out, "\nand what stands in its conditions and factors");
  out->failed = out->failed || sum.failed || rest.failed;
  th_text_clear(&sum);
  th_text_clear(&rest);
  th_loss_parts_clear(&p);
  return th_text_ok(out, cx);
}

bool th_loss_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThLoss *loss = th_as_loss(self);
  if (style == TH_STYLE_ECHO) return echo(cx, loss, out);
  th_text_format(out, "loss of %s", th_question_model(&loss->question)->name->spelling);
  return th_text_ok(out, cx);
}

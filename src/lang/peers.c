/* peers.c - names that R, NumPy, MATLAB, Octave and Julia have for things, and how they are written here */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments are read off the text, bound to the peer's parameters, and written into the form: `dnorm(x, 0, 2)`
 * becomes `pdf(Normal(0, 2), x)`. Arguments that cannot be bound leave the parameters' names in place. */
#include "lang/peers.h"

#include <stdio.h>
#include <string.h>

#include "lang/excerpt.h"
#include "lang/vm.h"

enum { MAX_ARGUMENTS = 8, FORM_SIZE = 120 };

/* R's d, p, q and r of a family; the name of the number of draws, when it is not n. */
static const struct {
  const char *suffix, *parameters, *distribution, *count;
} families[] = {
    {"norm", "mean = 0, sd = 1", "Normal(mean, sd)", NULL},
    {"unif", "min = 0, max = 1", "Uniform(min, max)", NULL},
    {"exp", "rate = 1", "Exponential(rate)", NULL},
    {"cauchy", "location = 0, scale = 1", "Cauchy(location, scale)", NULL},
    {"logis", "location = 0, scale = 1", "Logistic(location, scale)", NULL},
    {"gamma", "shape, rate = 1", "Gamma(shape, rate)", NULL},
    {"beta", "shape1, shape2", "Beta(shape1, shape2)", NULL},
    {"binom", "size, prob", "Binomial(size, prob)", NULL},
    {"pois", "lambda", "Poisson(lambda)", NULL},
    {"weibull", "shape, scale = 1", "Weibull(shape, scale)", NULL},
    {"lnorm", "meanlog = 0, sdlog = 1", "LogNormal(meanlog, sdlog)", NULL},
    {"t", "df", "StudentT(df)", NULL},
    {"chisq", "df", "Chi2(df)", NULL},
    {"f", "df1, df2", "FDist(df1, df2)", NULL},
    {"geom", "prob", "Geometric(prob)", NULL},
    {"nbinom", "size, prob", "NegBinomial(size, prob)", NULL},
    {"nbinom", "size, mu", "NegBinomial(mean = mu, dispersion = size)", NULL},
    {"hyper", "m, n, k", "Hypergeometric(m, n, k)", "nn"},
};
static const struct {
  char letter;
  const char *parameter, *form; /* the form's open end takes the parameter */
} verbs[] = {
    {'d', "x", "pdf(%s, "},
    {'p', "q", "cdf(%s, "},
    {'q', "p", "quantile(%s, "},
    {'r', "n", "sample(%s, "},
};
enum { N_FAMILIES = sizeof families / sizeof *families, N_VERBS = sizeof verbs / sizeof *verbs };

/* Modules, whose names stand before a dot. */
static const char modules[] =
    "np numpy sp scipy math cmath stats random torch jnp jax pd pandas plt statistics linalg "
    "Statistics LinearAlgebra Distributions";

/* A row made up from a family and a verb. */
typedef struct Row {
  ThPeer peer;
  char parameters[FORM_SIZE], form[FORM_SIZE];
} Row;

/* A call as it stands in the text. */
typedef struct PeerCall {
  const char *text;
  ThSpan name; /* np.mean, is.na: with what stands before the dot */
  ThSpan last; /* what stands behind the last dot */
  ThSpan arguments[MAX_ARGUMENTS];
  size_t n;
} PeerCall;

static bool is_among(const char *names, const char *text, ThSpan word) {
  while (*names) {
    size_t n = strcspn(names, " ");
    if (n == word.end - word.start && memcmp(names, text + word.start, n) == 0) return true;
    names += n + strspn(names + n, " ");
  }
  return false;
}

/* Reads the arguments between the brackets at `offset`, when there are some. */
static void read_arguments(PeerCall *call, uint32_t offset) {
  uint32_t closing = call->text[offset] == '(' ? th_excerpt_closing(call->text, offset) : 0;
  if (!closing) return;
  call->n += th_excerpt_split(call->text, (ThSpan){offset + 1, closing}, call->arguments + call->n,
                              MAX_ARGUMENTS - call->n);
}

static PeerCall read_call(const char *text, uint32_t offset) {
  PeerCall call = {.text = text, .name = th_excerpt_name(text, offset)};
  call.last = call.name;
  while (text[call.name.end] == '.') {
    ThSpan next = th_excerpt_name(text, call.name.end + 1);
    if (next.end == next.start) break;
    call.last = next;
    call.name.end = next.end;
  }
  read_arguments(&call, call.name.end);
  return call;
}

/* --- Binding */

/* The next parameter of a list "x, mean = 0": its name, and its default or an empty span, in list's own text. */
static bool next_parameter(const char **list, const char **name, size_t *length, const char **fallback,
                           size_t *fallback_length) {
  const char *at = *list + strspn(*list, ", ");
  if (!*at) return false;
  *name = at;
  *length = strcspn(at, " ,=");
  at += *length;
  at += strspn(at, " ");
  *fallback = at;
  *fallback_length = 0;
  if (*at == '=') {
    *fallback = at + 1 + strspn(at + 1, " ");
    *fallback_length = strcspn(*fallback, ",");
    at = *fallback + *fallback_length;
  }
  *list = at;
  return true;
}

/* The value of an argument given by name (x = 3), or an empty span when it is not `name`. */
static ThSpan named_value(const char *text, ThSpan argument, const char *name, size_t length) {
  ThSpan word = th_excerpt_name(text, argument.start);
  uint32_t at = th_excerpt_skip_blanks(text, word.end);
  bool named = word.end > word.start && text[at] == '=' && text[at + 1] != '=' && at < argument.end;
  if (!named || word.end - word.start != length || memcmp(text + word.start, name, length) != 0)
    return (ThSpan){0};
  return (ThSpan){th_excerpt_skip_blanks(text, at + 1), argument.end};
}

static bool is_named(const char *text, ThSpan argument) {
  ThSpan word = th_excerpt_name(text, argument.start);
  uint32_t at = th_excerpt_skip_blanks(text, word.end);
  return word.end > word.start && at < argument.end && text[at] == '=' && text[at + 1] != '=';
}

/* The argument for parameter `name`, the `position`-th; empty when it is not given. */
static ThSpan argument_for(const PeerCall *call, const char *name, size_t length, size_t position) {
  for (size_t i = 0; i < call->n; i++) {
    ThSpan value = named_value(call->text, call->arguments[i], name, length);
    if (value.end) return value;
  }
  bool given = position < call->n && !is_named(call->text, call->arguments[position]);
  return given ? call->arguments[position] : (ThSpan){0};
}

/* Whether every argument has a parameter, and every parameter without a default an argument. */
static bool takes(const ThPeer *peer, const PeerCall *call) {
  const char *list = peer->parameters, *name, *fallback;
  size_t length, fallback_length, position = 0, used = 0;
  if (!list) return false;
  if (strcmp(list, "...") == 0) return call->n > 0;
  while (next_parameter(&list, &name, &length, &fallback, &fallback_length)) {
    ThSpan value = argument_for(call, name, length, position++);
    if (value.end) used++;
    else if (fallback_length == 0) return false;
  }
  return used == call->n;
}

/* --- Writing the form */

static bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* An argument with operators needs brackets beside an operator of the form. */
static bool needs_brackets(const char *form, const char *slot, size_t length, const char *text,
                           ThSpan value) {
  const char *before = slot, *after = slot + length;
  while (before > form && before[-1] == ' ') before--;
  while (*after == ' ') after++;
  bool first = before == form || strchr("([,", before[-1]) ||
               (before > form + 2 && memcmp(before - 3, " in", 3) == 0);
  bool alone = first && (!*after || strchr(")],", *after) || strncmp(after, "if ", 3) == 0);
  if (strchr("([\"", text[value.start]) && th_excerpt_after(text, value.start).end == value.end) return false;
  for (uint32_t i = value.start; !alone && i < value.end; i++)
    if (strchr("+-*/^%<>=: ", text[i])) return true;
  return false;
}

typedef struct Writer {
  char *out;
  size_t size, used;
} Writer;

static void put(Writer *w, const char *text, size_t length) {
  if (length > w->size - w->used - 1) length = w->size - w->used - 1;
  memcpy(w->out + w->used, text, length);
  w->used += length;
  w->out[w->used] = '\0';
}

static void put_all(Writer *w, const PeerCall *call) {
  for (size_t i = 0; i < call->n; i++) {
    if (i) put(w, ", ", 2);
    put(w, call->text + call->arguments[i].start, call->arguments[i].end - call->arguments[i].start);
  }
}

/* A word of the form: the argument or default of the parameter of that name, or the word itself. */
static void put_word(Writer *w, const ThPeer *peer, const PeerCall *call, const char *word, size_t n) {
  const char *list = peer->parameters, *name, *fallback;
  size_t length, fallback_length, position = 0;
  while (next_parameter(&list, &name, &length, &fallback, &fallback_length)) {
    ThSpan value = call ? argument_for(call, name, length, position++) : (ThSpan){0};
    if (length != n || memcmp(name, word, n) != 0) continue;
    if (!value.end) {
      if (call && fallback_length) put(w, fallback, fallback_length);
      else put(w, word, n);
      return;
    }
    bool brackets = needs_brackets(peer->form, word, n, call->text, value);
    if (brackets) put(w, "(", 1);
    put(w, call->text + value.start, value.end - value.start);
    if (brackets) put(w, ")", 1);
    return;
  }
  put(w, word, n);
}

/* The form with the call's arguments, or with the parameters' names when there is no call. */
static void write_form(const ThPeer *peer, const PeerCall *call, char *out, size_t size) {
  Writer w = {.out = out, .size = size};
  out[0] = '\0';
  for (const char *at = peer->form; *at;) {
    size_t n = 0;
    while (is_name_byte(at[n])) n++;
    if (n) put_word(&w, peer, call, at, n), at += n;
    else if (strncmp(at, "...", 3) == 0) {
      if (call) put_all(&w, call);
      else put(&w, "…", strlen("…"));
      at += 3;
    } else {
      put(&w, at++, 1);
    }
  }
}

/* --- Finding */

static void family_row(size_t family, size_t verb, Row *row) {
  bool draws = verbs[verb].letter == 'r' && families[family].count;
  const char *parameter = draws ? families[family].count : verbs[verb].parameter;
  snprintf(row->parameters, sizeof row->parameters, "%s, %s", parameter, families[family].parameters);
  char form[FORM_SIZE];
  const char *slot = strstr(verbs[verb].form, "%s");
  snprintf(form, sizeof form, "%.*s%s%s%s)", (int)(slot - verbs[verb].form), verbs[verb].form,
           families[family].distribution, slot + 2, parameter);
  memcpy(row->form, form, sizeof form);
  row->peer = (ThPeer){.parameters = row->parameters, .form = row->form};
}

/* The first row of a family that takes the call's arguments, or the last of it, *bound being false. */
static bool find_family(const PeerCall *call, ThSpan name, Row *row, bool *bound) {
  bool found = false;
  *bound = false;
  for (size_t i = 0; i < N_VERBS; i++) {
    if (call->text[name.start] != verbs[i].letter) continue;
    for (size_t j = 0; j < N_FAMILIES && !*bound; j++) {
      if (!th_excerpt_is(call->text, (ThSpan){name.start + 1, name.end}, families[j].suffix)) continue;
      family_row(j, i, row);
      found = true;
      *bound = takes(&row->peer, call);
    }
  }
  return found;
}

/* The row of a name that takes the call's arguments (plogis(x) is sigmoid(x), plogis(x, 2, 3) a cdf); else its
 * advice; else the first of that name, *bound being false. */
static bool find(const PeerCall *call, ThSpan name, Row *row, bool *bound) {
  const ThPeer *peer, *first = NULL;
  for (size_t i = 0; (peer = th_peer_row(i)); i++) {
    if (!is_among(peer->names, call->text, name)) continue;
    if (!first || !peer->parameters) first = peer;
    *bound = takes(peer, call);
    if (!*bound) continue;
    row->peer = *peer;
    return true;
  }
  if (find_family(call, name, row, bound)) return true;
  if (first) row->peer = *first;
  return first != NULL;
}

static bool hint_row(ThContext *cx, const Row *row, const PeerCall *call, bool bound) {
  char form[TH_HINT_SIZE - 20];
  if (!row->peer.parameters) th_hint(cx, "%s", row->peer.form);
  else {
    write_form(&row->peer, bound ? call : NULL, form, sizeof form);
    th_hint(cx, "write `%s`", form);
  }
  return true;
}

/* A name that is known here: np.exp(x) is exp(x), math.pi is pi. */
static bool hint_known(ThContext *cx, const PeerCall *call, ThSpan name) {
  const char *text = call->text + name.start;
  size_t length = name.end - name.start;
  const ThSession *session = th_session_of(cx);
  const ThSymbol *symbol = th_symbol_find(cx, text, length);
  if (!symbol || symbol->index >= session->n_globals || th_is_unset(session->globals[symbol->index].builtin))
    return false;
  ThValue value = session->globals[symbol->index].builtin;
  if (!th_is_object(value) || !th_as_object(value)->kind->call)
    return !th_hint(cx, "write `%s`", symbol->spelling);
  char arguments[TH_HINT_SIZE - 100] = "…";
  Writer w = {.out = arguments, .size = sizeof arguments};
  if (call->n) put_all(&w, call);
  th_hint(cx, "write `%.*s(%s)`", (int)length, text, arguments);
  return true;
}

/* A function of one letter is meant only where it is called. */
static bool is_variable(const PeerCall *call, const Row *row) {
  return row->peer.parameters && call->last.end == call->last.start + 1 && call->text[call->last.end] != '(';
}

bool th_peer_hint(ThContext *cx, const char *text, uint32_t offset) {
  PeerCall call = read_call(text, offset);
  ThSpan first = th_excerpt_name(text, offset);
  Row row;
  bool bound;
  if (find(&call, call.name, &row, &bound))
    return !is_variable(&call, &row) && hint_row(cx, &row, &call, bound);
  if (is_among(modules, text, first)) {
    if (call.last.start == first.start) return !th_hint(cx, "names need no prefix: mean(x), exp(x)");
    if (find(&call, call.last, &row, &bound)) return hint_row(cx, &row, &call, bound);
    return hint_known(cx, &call, call.last) || !th_hint(cx, "names need no prefix: mean(x), exp(x)");
  }
  call = (PeerCall){.text = text, .name = first, .last = first};
  return find(&call, first, &row, &bound) && !is_variable(&call, &row) && hint_row(cx, &row, &call, bound);
}

bool th_peer_hint_method(ThContext *cx, const char *text, ThSpan receiver, ThSpan name) {
  PeerCall call = {.text = text, .name = name, .last = name, .n = 1};
  Row row;
  bool bound;
  call.arguments[0] = receiver;
  read_arguments(&call, name.end);
  if (find(&call, name, &row, &bound) && row.peer.parameters) return hint_row(cx, &row, &call, bound);
  return hint_known(cx, &call, name);
}

bool th_peer_describe(size_t i, char *call, char *form, size_t size) {
  Row row;
  if (i < N_FAMILIES * N_VERBS) {
    size_t family = i / N_VERBS, verb = i % N_VERBS;
    family_row(family, verb, &row);
    snprintf(call, size, "%c%s(%s)", verbs[verb].letter, families[family].suffix, row.peer.parameters);
    snprintf(form, size, "%s", row.peer.form);
    return true;
  }
  const ThPeer *peer = th_peer_row(i - N_FAMILIES * N_VERBS);
  if (!peer) return false;
  if (peer->parameters) snprintf(call, size, "%s(%s)", peer->names, peer->parameters);
  else snprintf(call, size, "%s", peer->names);
  snprintf(form, size, "%s", peer->form);
  return true;
}

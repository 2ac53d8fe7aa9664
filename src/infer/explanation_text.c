/* explanation_text.c - how the steps of a derivation are laid out */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words begin at the edge, equations two columns further in. An equation that does not fit on its line goes on below,
 * each further side behind its sign; a side that is still too long breaks before a sum's next term. */
#include "infer/explanation.h"

#include <string.h>

#include "base/utf8.h"
#include "infer/report.h"
#include "val/format.h"

enum { INDENT = 2, NARROWEST = 40 };

static size_t room(const ThExplanation *e) {
  size_t width = e->cx->settings.width > NARROWEST ? (size_t)e->cx->settings.width : NARROWEST;
  return width - 1;
}

static size_t width_of(ThValue text) {
  const ThString *s = th_as_string(text);
  size_t widest = 0;
  for (const char *at = s->text;; at++) {
    size_t length = strcspn(at, "\n"), width = th_utf8_width(at, length);
    if (width > widest) widest = width;
    at += length;
    if (!*at) return widest;
  }
}

static bool is_block(ThValue text) { return strchr(th_as_string(text)->text, '\n') != NULL; }

/* Words folded at blanks. */
static void put_words(const ThExplanation *e, const ThString *words, ThText *out) {
  size_t column = 0;
  for (const char *at = words->text; *at;) {
    size_t length = strcspn(at, " "), width = th_utf8_width(at, length);
    if (column > 0 && column + 1 + width > room(e)) th_text_char(out, '\n'), column = 0;
    if (column > 0) th_text_char(out, ' '), column++;
    th_text_bytes(out, at, length);
    column += width;
    at += length + (at[length] == ' ');
  }
}

/* A side from `column` on. */
static void put_side(const ThExplanation *e, ThValue side, size_t column, ThText *out) {
  const ThString *s = th_as_string(side);
  if (is_block(side)) th_text_indented(out, s->text, s->length, column);
  else th_report_terms(s->text, column, room(e), out);
}

static bool fits_one_line(const ThExplanation *e, const ThStep *step) {
  size_t width = INDENT;
  for (size_t i = 0; i < step->n_sides; i++) {
    if (is_block(step->sides[i].shown) && i + 1 < step->n_sides) return false;
    width += width_of(step->sides[i].shown) + (i ? 3 : 0);
  }
  return width <= room(e);
}

static void put_equation(const ThExplanation *e, const ThStep *step, ThText *out) {
  bool together = fits_one_line(e, step);
  size_t first = width_of(step->sides[0].shown), column = INDENT;
  size_t further = first <= 24 ? INDENT + first + 1
                               : INDENT + 4; /* where the sign of a side on a new line stands */
  th_text_repeat(out, ' ', INDENT);
  for (size_t i = 0; i < step->n_sides; i++) {
    bool new_line = i > 0 && !together && !(i == 1 && first <= 24);
    if (new_line) {
      th_text_char(out, '\n');
      th_text_repeat(out, ' ', further);
      column = further;
    } else if (i > 0) {
      th_text_char(out, ' ');
      column++;
    }
    if (i > 0) th_text_add(out, "= "), column += 2;
    put_side(e, step->sides[i].shown, column, out);
    column += width_of(step->sides[i].shown);
  }
}

bool th_explanation_text(const ThExplanation *e, size_t i, ThText *out) {
  const ThStep *step = &e->steps[i];
  bool words = th_is_string(step->words);
  if (words && i > 0) th_text_char(out, '\n');
  if (words) put_words(e, th_as_string(step->words), out);
  if (words && step->n_sides) th_text_char(out, '\n');
  if (step->n_sides) put_equation(e, step, out);
  return th_text_ok(out, e->cx);
}

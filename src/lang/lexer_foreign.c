/* lexer_foreign.c - signs of other languages, and what to write here */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form names the operands that stand around the sign: {a} before it, {b} after it, {x} whichever is there. */
#include <stdio.h>
#include <string.h>

#include "lang/excerpt.h"
#include "lang/lexer.h"

/* Longer ones before their beginnings. */
static const struct {
  const char *sign, *form;
} foreign[] = {
    {"===", "to compare write `{a} == {b}`"},
    {"!==", "write `{a} != {b}`"},
    {"<<-", "a function changes no name outside it: return the value, and write `{a} = …`"},
    {"%*%", "the matrix product is `{a} @ {b}`"},
    {"%in%", "write `{a} in {b}`"},
    {"%/%", "for whole numbers write `floor({a} / {b})`"},
    {"%>%", "write `{a} |> {b}`"},
    {"**=", "write `{a} ^= {b}`"},
    {"//=", "write `{a} = floor({a} / {b})`"},
    {"&&", "write `{a} and {b}`"},
    {"||", "write `{a} or {b}`"},
    {"**", "a power is written `{a}^{b}`"},
    {"%=", "write `{a} = {a} % {b}`"},
    {"%%", "the remainder is `{a} % {b}`"},
    {"=>", "a function is `{a} -> …`; a comparison is written >="},
    {"=<", "write `{a} <= {b}`"},
    {"~=", "write `{a} != {b}`"},
    {"<>", "write `{a} != {b}`"},
    {"//", "division is `{a}/{b}`, of whole numbers `floor({a} / {b})`; a comment starts with #"},
    {"/*", "a comment starts with # and ends with its line"},
    {".*", "`*` is elementwise already: `{a}*{b}`; the matrix product is `{a} @ {b}`"},
    {"./", "`/` is elementwise already: `{a}/{b}`"},
    {".^", "`^` is elementwise already: `{a}^{b}`"},
    {"++", "write `{x} += 1`"},
    {"...", "three dots stand for something left out: write it"},
    {"..", "a range is `{a}:{b}`"},
    {"&", "write `{a} and {b}`"},
    {"`", "names stand without backquotes"},
    {"…", "three dots stand for something left out: write it"},
    /* of mathematics */
    {"≈", "write `near({a}, {b})`"},
    {"≡", "write `{a} == {b}`"},
    {"∉", "write `not {a} in {b}`"},
    {"∧", "write `{a} and {b}`"},
    {"∨", "write `{a} or {b}`"},
    {"←", "write `{a} = {b}`"},
    {"↦", "a function is `{a} -> …`"},
    {"⇒", "a function is `{a} -> …`; what follows from a condition is `if {a} then {b} else …`"},
    {"±", "a value and its error are two numbers"},
    {"⊗", "write `kron({a}, {b})`"},
    {"‖", "the length of a vector is `norm({b})`"},
    {"∑", "a sum is `sum([f(k) for k in 1:n])`"},
    {"∏", "a product is `prod([f(k) for k in 1:n])`"},
    {"∫", "the expectation E(f(X)) is an integral over the density of X"},
    {"∂", "a derivative is close to `(f(x + h) - f(x - h))/(2h)` with h = 1e-5"},
    {"∇", "a derivative is close to `(f(x + h) - f(x - h))/(2h)` with h = 1e-5"},
    {"½", "write 1/2"},
    {"°", "an angle in radians is `{a}*pi/180`"},
};

/* `!x` is not, `n!` the factorial; `c ? a : b` a choice; `//` at the beginning of a line a comment. */
static const char *form_by_place(const ThLexer *lexer) {
  char sign = lexer->source->text[lexer->offset];
  ThSpan before = th_excerpt_before(lexer->source->text, lexer->offset);
  bool has_left = before.end > before.start;
  if (sign == '/') return has_left ? NULL : "a comment starts with #";
  if (sign == '!') return has_left ? "the factorial is `factorial({a})`" : "write `not {b}`";
  return has_left ? "a choice is `if {a} then {b} else …`"
                  : "in a script write `help({b})`; at the prompt `?{b}` begins the line";
}

/* What a `?` at `offset` chooses by: back to a bracket, an assignment or the line's beginning. */
static ThSpan condition_before(const char *text, uint32_t offset) {
  uint32_t start = offset;
  while (start > 0 && !strchr("\n;([{,", text[start - 1])) {
    if (text[start - 1] == ')' && th_excerpt_opening(text, start) < start) {
      start = th_excerpt_opening(text, start);
      continue;
    }
    bool assigns = text[start - 1] == '=' && start > 1 && !strchr("=<>!", text[start - 2]) &&
                   text[start] != '=';
    if (assigns) break;
    start--;
  }
  start = th_excerpt_skip_blanks(text, start);
  while (offset > start && text[offset - 1] == ' ') offset--;
  return (ThSpan){start, offset};
}

static bool report(ThLexer *lexer, const char *sign, size_t length, const char *form) {
  const char *text = lexer->source->text;
  char left[TH_EXCERPT_SIZE], right[TH_EXCERPT_SIZE], hint[TH_HINT_SIZE];
  ThSpan span = {lexer->offset, lexer->offset + (uint32_t)length};
  ThSpan before = *sign == '?' ? condition_before(text, lexer->offset)
                               : th_excerpt_before(text, lexer->offset);
  const char *a = th_excerpt_text(text, before, "a", left);
  const char *b = th_excerpt_text(text, th_excerpt_after(text, span.end), "b", right);
  bool ascii = (unsigned char)*sign < 0x80;
  th_lexer_error(lexer, TH_ERROR_SYNTAX, span,
                 ascii ? "`%.*s` is not an operator" : "`%.*s` has no meaning here", (int)length, sign);
  th_excerpt_fill(form, a, b, hint, sizeof hint);
  th_hint(lexer->cx, "%s", hint);
  return true;
}

bool th_lexer_foreign(ThLexer *lexer, size_t shortest) {
  const char *text = lexer->source->text + lexer->offset;
  size_t left = lexer->end - lexer->offset;
  /* most signs are ours, and a look at the second character tells it */
  bool ours = (unsigned char)*text < 0x80 && (left < 2 || !text[1] || !strchr("=*%/.^&|<>+i", text[1]));
  if (shortest > 1 && ours) return false;
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
    size_t length = strlen(foreign[i].sign);
    if (length < shortest || length > left || memcmp(text, foreign[i].sign, length) != 0) continue;
    const char *form = strcmp(foreign[i].sign, "//") == 0 ? form_by_place(lexer) : NULL;
    return report(lexer, foreign[i].sign, length, form ? form : foreign[i].form);
  }
  const char *form = shortest == 1 && strchr("!?", *text) ? form_by_place(lexer) : NULL;
  return form ? report(lexer, text, 1, form) : false;
}

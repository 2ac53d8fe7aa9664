/* live_list.c - the names that follow others, listed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/live_list.h"

#include <string.h>

#include "base/utf8.h"

enum { DEFINITION_COLUMNS = 36, STATE_COLUMNS = 13 };

typedef struct Listing {
  ThUi *ui;
  size_t n;
} Listing;

/* Where the states stand: a definition that reaches there has them on a line of their own. */
static size_t state_column(const ThUi *ui) {
  size_t half = (size_t)ui->cx->settings.width / 2;
  return half < DEFINITION_COLUMNS ? 4 : DEFINITION_COLUMNS;
}

static void add_ingredients(const Listing *listing, const ThLiveName *live, ThText *line) {
  size_t shown = 0;
  for (size_t i = 0; i < live->n_ingredients; i++) {
    const ThSymbol *name = th_symbol_at(listing->ui->cx, live->ingredients[i]);
    if (!th_session_owns(listing->ui->session, name)) continue;
    th_text_format(line, "%s%s", shown++ ? ", " : "follows ", name->spelling);
  }
}

static void write_cut(ThUi *ui, const ThText *line) {
  const char *text = th_text_string(line);
  size_t width = (size_t)ui->cx->settings.width - 1;
  bool fits = th_utf8_width(text, line->length) <= width;
  size_t shown = fits ? line->length : th_utf8_forward(text, 0, line->length, width - 1);
  th_ui_print(ui, "%.*s%s\n", (int)shown, text, fits ? "" : "…");
}

static bool list_one(void *self, const ThLiveName *live) {
  static const char *const states[] = {[TH_LIVE_STALE] = "when needed",
                                       [TH_LIVE_FRESH] = "up to date",
                                       [TH_LIVE_FAILED] = "failed",
                                       [TH_LIVE_KEPT] = "keeps its distribution"};
  Listing *listing = self;
  ThText line;
  size_t length = 0;
  while (length < live->length && live->text[length] != '\n') length++;
  th_text_init(&line, &listing->ui->cx->heap);
  th_text_format(&line, "  %s %s %.*s%s", live->name->spelling, live->declared ? "~" : ":=", (int)length,
                 live->text, length < live->length ? " …" : "");
  size_t column = state_column(listing->ui);
  if (th_utf8_width(line.data, line.length) + 2 > column) {
    if (!line.failed) write_cut(listing->ui, &line);
    th_text_clear(&line);
  }
  th_text_pad(&line, 0, column);
  th_text_add(&line, states[live->state]);
  th_text_pad(&line, 0, column + STATE_COLUMNS);
  add_ingredients(listing, live, &line);
  if (!line.failed) write_cut(listing->ui, &line);
  th_text_clear(&line);
  if (live->failure) th_ui_print(listing->ui, "      %s\n", live->failure->message);
  listing->n++;
  return true;
}

void th_live_list(ThUi *ui) {
  Listing listing = {.ui = ui};
  th_session_live(ui->session, list_one, &listing);
  if (listing.n == 0) th_ui_write(ui, "No name follows others; `c := a*b` defines one that does.\n");
}

/* slide_show.c - what is drawn while a number is moved */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/slide.h"

enum { MOST_VALUE_LINES = 4, LEAST_PICTURE = 8, BAR_CELLS = 40 };

typedef struct Show {
  ThSlide *slide;
  ThText *out;
  int lines_left;
  bool interrupted;
  size_t n_pictures;
  ThSymbol *pictures[TH_MAX_SLIDE_PICTURES];
} Show;

/* A line, cut to the terminal. */
static void add_line(Show *show, const char *text, size_t length) {
  size_t width = (size_t)show->slide->ui->cx->settings.width - 1;
  if (show->lines_left <= 0) return;
  show->lines_left--;
  bool fits = th_utf8_width(text, length) <= width;
  th_text_bytes(show->out, text, fits ? length : th_utf8_forward(text, 0, length, width - 1));
  th_text_add(show->out, fits ? "\n" : "…\n");
}

static void add_text(Show *show, const ThText *text) { add_line(show, th_text_string(text), text->length); }

/* `a = 2.5     0.1 ├───●────┤ 100` */
static void add_slider(Show *show, const ThSlider *s, bool chosen) {
  const ThUi *ui = show->slide->ui;
  bool utf8 = ui->cx->settings.utf8;
  ThText line;
  char ends[2][32];
  th_text_init(&line, &ui->cx->heap);
  snprintf(ends[0], sizeof ends[0], "%.4g", s->low);
  snprintf(ends[1], sizeof ends[1], "%.4g", s->high);
  const char *mark = show->slide->n == 1 ? "" : chosen ? "> " : "  ";
  th_text_format(&line, "%s%s = %.6g", mark, s->name->spelling, s->now);
  th_text_pad(&line, 0, 20);
  th_text_format(&line, " %s ", ends[0]);
  int room = ui->cx->settings.width - 4 - (int)th_utf8_width(line.data, line.length) - (int)strlen(ends[1]);
  int cells = room > BAR_CELLS ? BAR_CELLS : room, at = (int)(th_slider_place(s) * (cells - 1) + 0.5);
  th_text_add(&line, utf8 ? "├" : "|");
  for (int i = 0; i < cells; i++) th_text_add(&line, i == at ? (utf8 ? "●" : "o") : utf8 ? "─" : "-");
  th_text_format(&line, "%s %s", utf8 ? "┤" : "|", ends[1]);
  add_text(show, &line);
  th_text_clear(&line);
}

/* --- Values */

static void add_value_lines(Show *show, const char *name, const ThText *text) {
  ThText line;
  const char *at = th_text_string(text);
  bool several = strchr(at, '\n') != NULL;
  th_text_init(&line, &show->slide->ui->cx->heap);
  th_text_format(&line, "%s = ", name);
  if (several) add_text(show, &line);
  for (int i = 0; *at && i < MOST_VALUE_LINES; i++) {
    size_t length = strcspn(at, "\n");
    if (several) th_text_clear(&line);
    th_text_add(&line, several ? "  " : "");
    th_text_bytes(&line, at, length);
    add_text(show, &line);
    at += length + (at[length] == '\n');
  }
  th_text_clear(&line);
}

/* The value of a name, or why it has none. */
static void add_value(Show *show, const ThSymbol *name) {
  ThContext *cx = show->slide->ui->cx;
  ThText text;
  ThValue v;
  th_text_init(&text, &cx->heap);
  bool ok = th_session_read(show->slide->ui->session, name, &v);
  if (ok) {
    ok = th_format(cx, v, TH_STYLE_ECHO, &text);
    th_release(v);
  }
  if (!ok) {
    show->interrupted = show->interrupted || cx->error.code == TH_ERROR_INTERRUPTED;
    th_text_clear(&text);
    th_text_format(&text, "? %s", cx->error.message);
    th_error_clear(cx);
  }
  add_value_lines(show, name->spelling, &text);
  th_text_clear(&text);
}

static bool follows(Show *show, const ThLiveName *live) {
  for (size_t i = 0; i < show->slide->n; i++)
    if (th_session_follows(show->slide->ui->session, live, show->slide->sliders[i].name)) return true;
  return false;
}

/* The names are collected first: reading one changes what is known of it. */
typedef struct Names {
  Show *show;
  size_t n;
  ThSymbol *items[32];
} Names;

static bool collect(void *self, const ThLiveName *live) {
  Names *names = self;
  Show *show = names->show;
  if (!follows(show, live)) return true;
  if (live->is_picture && show->n_pictures < TH_MAX_SLIDE_PICTURES)
    show->pictures[show->n_pictures++] = live->name;
  else if (!live->is_picture && !live->declared) names->items[names->n++] = live->name;
  return names->n < sizeof names->items / sizeof *names->items;
}

/* --- Pictures */

static ThValue picture_before(const ThSlide *slide, const ThSymbol *name) {
  for (size_t i = 0; i < slide->n_pictures; i++)
    if (slide->picture_names[i] == name) return slide->pictures[i];
  return th_none();
}

static bool draw_over(Show *show, ThValue v, ThValue before, int height, ThText *text) {
  ThUi *ui = show->slide->ui;
  ThValue both;
  if (!th_figure_over(ui->cx, v, before, &both)) return false;
  bool ok = th_plotter_text(ui->plotter, (const ThFigure *)th_as_object(both), height, text);
  th_release(both);
  return ok;
}

/* As text, over the picture of the beginning. */
static bool draw_picture(Show *show, const ThSymbol *name, int height, ThText *text) {
  ThSlide *slide = show->slide;
  ThValue v;
  if (!th_session_read(slide->ui->session, name, &v)) return false;
  ThValue before = picture_before(slide, name);
  if (th_is_none(before) && slide->n_pictures < TH_MAX_SLIDE_PICTURES && th_is(v, &th_figure_kind)) {
    slide->picture_names[slide->n_pictures] = name;
    slide->pictures[slide->n_pictures++] = th_retain(v);
  }
  bool ok = !th_is(v, &th_figure_kind) || draw_over(show, v, before, height, text);
  th_release(v);
  return ok;
}

static void add_picture(Show *show, const ThSymbol *name, int height) {
  ThContext *cx = show->slide->ui->cx;
  ThText text;
  th_text_init(&text, &cx->heap);
  if (draw_picture(show, name, height, &text)) {
    for (size_t i = 0; i < text.length; i++) show->lines_left -= text.data[i] == '\n';
    th_text_bytes(show->out, th_text_string(&text), text.length);
  } else {
    show->interrupted = show->interrupted || cx->error.code == TH_ERROR_INTERRUPTED;
    th_error_clear(cx);
    add_value(show, name);
  }
  th_text_clear(&text);
}

static void add_pictures(Show *show) {
  ThUi *ui = show->slide->ui;
  ThPlotPlace place = th_plotter_place(ui->plotter);
  if (place == TH_PLOT_NOWHERE) return;
  if (place == TH_PLOT_IN_WINDOW) {
    show->interrupted = !th_session_redraw(ui->session) || show->interrupted;
    return;
  }
  int fit = show->lines_left / LEAST_PICTURE, n = (int)show->n_pictures < fit ? (int)show->n_pictures : fit;
  for (int i = 0; i < n; i++) add_picture(show, show->pictures[i], show->lines_left / (n - i));
}

/* --- All of it */

static void add_keys(Show *show) {
  const ThSlide *slide = show->slide;
  ThText line;
  th_text_init(&line, &slide->ui->cx->heap);
  bool utf8 = slide->ui->cx->settings.utf8, narrow = slide->ui->cx->settings.width < 76;
  if (slide->complaint) th_text_add(&line, slide->complaint);
  else if (slide->typed[0])
    th_text_format(&line, "%s = %s_", slide->sliders[slide->at].name->spelling, slide->typed);
  else if (narrow) th_text_format(&line, "%s move, r reset, q keep, Esc undo", utf8 ? "← →" : "left right");
  else
    th_text_format(&line, "%s moves%s, PgUp PgDn by ten, r resets, q keeps, Esc restores",
                   utf8 ? "← →" : "left right",
                   slide->n > 1 ? (utf8 ? ", ↑ ↓ choose" : ", up down choose") : "");
  show->lines_left = 1; /* the one that was set aside */
  add_text(show, &line);
  th_text_clear(&line);
}

bool th_slide_draw(ThSlide *slide, int height, ThText *out) {
  Show show = {.slide = slide, .out = out, .lines_left = height - 1};
  Names names = {.show = &show};
  th_session_live(slide->ui->session, collect, &names);
  for (size_t i = 0; i < slide->n; i++) add_slider(&show, &slide->sliders[i], i == slide->at);
  for (size_t i = 0; i < names.n && !show.interrupted; i++) add_value(&show, names.items[i]);
  if (!show.interrupted) add_pictures(&show);
  add_keys(&show);
  return !show.interrupted && th_text_ok(out, slide->ui->cx);
}

/* slide.c - numbers moved with the arrow keys */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each key sets a number as an assignment would; then what follows it is drawn over what stood there before. Keys
 * that have come in meanwhile are all taken before the next drawing. */
#include "ui/slide.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/terminal_keys.h"

enum { KEY_ESCAPE = 27, PAGE = 10 };

/* --- What is asked for */

static const char *const usage =
    "`:slide NAME LOW HIGH` moves a number between two others: `:slide a 0.1 100`.\n";

static bool word_number(ThUi *ui, const char *word, double *out) {
  ThValue v;
  if (!th_session_evaluate(ui->session, "", word, strlen(word), &v)) {
    th_error_clear(ui->cx);
    return false;
  }
  bool ok = th_to_number(v, out) && isfinite(*out);
  th_release(v);
  return ok;
}

typedef struct Followed {
  const ThSymbol *name;
  bool found;
} Followed;

static bool is_definition(void *self, const ThLiveName *live) {
  Followed *followed = self;
  followed->found = followed->found || live->name == followed->name;
  return !followed->found;
}

/* A name that holds an ordinary number; else a message. */
static bool check_name(ThUi *ui, const char *word, ThSymbol **name, double *value) {
  ThValue v;
  *name = th_symbol_find(ui->cx, word, strlen(word));
  Followed followed = {.name = *name};
  if (*name) th_session_live(ui->session, is_definition, &followed);
  if (!*name || (!followed.found && !th_session_get(ui->session, *name, &v)))
    th_ui_message(ui, "`%s` is not defined.\n", word);
  else if (followed.found) th_ui_message(ui, "`%s` follows other names: move one of those.\n", word);
  else if (!th_to_number(v, value) || !isfinite(*value)) th_ui_message(ui, "`%s` is not a number.\n", word);
  else return true;
  return false;
}

static bool add_slider(ThSlide *slide, char *const words[3]) {
  ThUi *ui = slide->ui;
  double low, high, value;
  ThSymbol *name;
  if (!check_name(ui, words[0], &name, &value)) return false;
  if (!word_number(ui, words[1], &low) || !word_number(ui, words[2], &high)) {
    th_ui_message(ui, "%s", usage);
    return false;
  }
  if (!(low < high)) {
    th_ui_message(ui, "The lower end comes first: `:slide %s %s %s`.\n", words[0], words[2], words[1]);
    return false;
  }
  slide->sliders[slide->n++] = th_slider_begin(name, low, high, value);
  return true;
}

/* Cuts the argument into words; how many there are, at most `most` + 1. A comma may stand behind each third one. */
static size_t split(char *text, char **words, size_t most) {
  size_t n = 0;
  char *rest;
  for (char *word = strtok_r(text, " \t", &rest); word && n <= most; word = strtok_r(NULL, " \t", &rest)) {
    size_t length = strlen(word);
    if (n % 3 == 2 && length > 1 && word[length - 1] == ',') word[length - 1] = '\0';
    words[n++] = word;
  }
  return n;
}

static bool read_argument(ThSlide *slide, char *text) {
  char *words[3 * TH_MAX_SLIDERS + 1];
  size_t n = split(text, words, 3 * TH_MAX_SLIDERS);
  if (n == 0 || n % 3 != 0) {
    th_ui_message(slide->ui, "%s", usage);
    return false;
  }
  for (size_t i = 0; i < n; i += 3)
    if (!add_slider(slide, &words[i])) return false;
  return true;
}

/* --- Setting */

static bool set(ThSlide *slide, ThSlider *s, double value) {
  if (value == s->now) return true;
  s->now = value;
  return th_session_set_take(slide->ui->session, s->name, th_number(value));
}

static bool set_all_back(ThSlide *slide) {
  bool ok = true;
  for (size_t i = 0; i < slide->n; i++) ok = set(slide, &slide->sliders[i], slide->sliders[i].start) && ok;
  return ok;
}

/* --- Keys */

typedef enum Outcome { GOES_ON, KEEPS, RESTORES, FAILS } Outcome;

static Outcome outcome_of(bool ok) { return ok ? GOES_ON : FAILS; }

/* The number that was typed, when Enter comes. */
static Outcome take_typed(ThSlide *slide) {
  double value;
  if (!slide->typed[0]) return KEEPS;
  bool ok = word_number(slide->ui, slide->typed, &value);
  slide->typed[0] = '\0';
  if (!ok) {
    slide->complaint = "that is not a number";
    return GOES_ON;
  }
  return outcome_of(set(slide, &slide->sliders[slide->at], value));
}

static Outcome type_key(ThSlide *slide, int key) {
  size_t length = strlen(slide->typed);
  if ((key == 127 || key == 8) && length > 0) slide->typed[length - 1] = '\0';
  if (key < 33 || key > 126 || length + 1 == sizeof slide->typed) return GOES_ON;
  slide->typed[length] = (char)key;
  slide->typed[length + 1] = '\0';
  return GOES_ON;
}

static Outcome move(ThSlide *slide, int steps) {
  ThSlider *s = &slide->sliders[slide->at];
  return outcome_of(set(slide, s, th_slider_step(s, steps)));
}

static Outcome choose(ThSlide *slide, int steps) {
  if (slide->n == 1) return move(slide, -steps);
  slide->at = (slide->at + slide->n + (size_t)steps) % slide->n;
  return GOES_ON;
}

/* Lines that were folded meanwhile cannot be drawn over: on an empty screen it begins anew. */
static Outcome begin_screen(ThSlide *slide) {
  th_ui_read_terminal(slide->ui);
  th_ui_write(slide->ui, "\033[H\033[2J");
  slide->lines = 0;
  return GOES_ON;
}

static bool begins_number(int key) { return key < 256 && (isdigit(key) || strchr(".-+", key)) && key != 0; }

static Outcome press(ThSlide *slide, int key) {
  ThSlider *s = &slide->sliders[slide->at];
  slide->complaint = NULL;
  if (key == '\r' || key == '\n') return take_typed(slide);
  if (slide->typed[0] && key == KEY_ESCAPE) return slide->typed[0] = '\0', GOES_ON;
  if (key < 256 && (slide->typed[0] || begins_number(key))) return type_key(slide, key);
  switch (key) {
    case TH_KEY_RIGHT: return move(slide, 1);
    case TH_KEY_LEFT: return move(slide, -1);
    case TH_KEY_PAGE_UP: return move(slide, PAGE);
    case TH_KEY_PAGE_DOWN: return move(slide, -PAGE);
    case TH_KEY_UP: return choose(slide, -1);
    case TH_KEY_DOWN:
    case '\t': return choose(slide, 1);
    case TH_KEY_HOME: return outcome_of(set(slide, s, s->low));
    case TH_KEY_END: return outcome_of(set(slide, s, s->high));
    case TH_KEY_RESIZE: return begin_screen(slide);
    case 'r': return outcome_of(set_all_back(slide));
    case 4: /* Ctrl-D */
    case 'q': return KEEPS;
    case KEY_ESCAPE:
    case TH_KEY_INTERRUPT: return RESTORES;
    case TH_KEY_GONE: return FAILS;
    default: return GOES_ON;
  }
}

/* --- The screen */

/* Draws over what stands there. */
static bool draw(ThSlide *slide) {
  ThUi *ui = slide->ui;
  ThText drawing, screen;
  th_text_init(&drawing, &ui->cx->heap);
  th_text_init(&screen, &ui->cx->heap);
  bool ok = th_slide_draw(slide, ui->cx->settings.height - 1, &drawing);
  if (slide->lines > 0) th_text_format(&screen, "\033[%zuA\r", slide->lines);
  slide->lines = 0;
  for (const char *line = th_text_string(&drawing); *line; slide->lines++) {
    size_t length = strcspn(line, "\n");
    th_text_bytes(&screen, line, length);
    th_text_add(&screen, "\033[K\n"); /* nothing of an earlier, longer line is left */
    line += length + (line[length] == '\n');
  }
  th_text_add(&screen, "\033[J");
  if (!screen.failed) th_ui_write(ui, th_text_string(&screen));
  th_ui_flush(ui);
  th_text_clear(&drawing);
  th_text_clear(&screen);
  return ok;
}

/* The last drawing stays, without the line about the keys. */
static void leave_screen(ThSlide *slide, bool drawn) {
  if (slide->lines > 0) th_ui_write(slide->ui, "\033[1A\r\033[J");
  if (drawn && th_plotter_place(slide->ui->plotter) == TH_PLOT_AS_TEXT)
    th_session_pictures_seen(slide->ui->session);
}

static Outcome play(ThSlide *slide) {
  Outcome outcome = GOES_ON;
  while (outcome == GOES_ON) {
    if (!draw(slide)) {
      bool leaves = th_keys_end_if_asked() || slide->ui->cx->error.code == TH_ERROR_MEMORY;
      return leaves ? FAILS : RESTORES;
    }
    do outcome = press(slide, th_keys_read());
    while (outcome == GOES_ON && th_keys_wait(0));
  }
  return outcome;
}

/* What is kept is assigned as if it had been typed, so that `:save` writes it. */
static bool assign_all(const ThSlide *slide) {
  bool ok = true;
  ThText text;
  th_text_init(&text, &slide->ui->cx->heap);
  for (size_t i = 0; ok && i < slide->n; i++) {
    const ThSlider *s = &slide->sliders[i];
    if (s->now == s->start) continue;
    th_text_format(&text, "%s = ", s->name->spelling);
    ok = th_format(slide->ui->cx, th_number(s->now), TH_STYLE_SOURCE, &text);
    th_text_char(&text, '\n');
  }
  ok = ok && th_text_ok(&text, slide->ui->cx) &&
       th_session_run(slide->ui->session, "", th_text_string(&text), text.length, TH_RUN_QUIET) ==
           TH_RUN_DONE;
  th_text_clear(&text);
  return ok;
}

static void finish(ThSlide *slide, Outcome outcome) {
  ThUi *ui = slide->ui;
  bool ok = outcome != FAILS;
  if (outcome == RESTORES) ok = set_all_back(slide);
  else ok = ok && assign_all(slide);
  bool drawn = ok && draw(slide);
  leave_screen(slide, drawn);
  if (!ok && ui->cx->error.code != TH_OK) th_ui_show_error(ui);
  th_error_clear(ui->cx);
  if (ok && !th_session_redraw(ui->session)) th_ui_show_error(ui);
}

static bool terminal_can(const ThUi *ui) {
  const char *term = getenv("TERM");
  return ui->input_is_terminal && ui->output_is_terminal && term && strcmp(term, "dumb") != 0;
}

static void slide_on_screen(ThSlide *slide) {
  if (!th_keys_begin()) {
    th_ui_message(slide->ui, "The keys of this terminal cannot be read one by one.\n");
    return;
  }
  th_ui_write(slide->ui, "\033[?25l"); /* no cursor meanwhile */
  Outcome outcome = play(slide);
  th_keys_end();
  finish(slide, outcome);
  th_ui_write(slide->ui, "\033[?25h");
  th_ui_flush(slide->ui);
}

void th_slide_run(ThUi *ui, const char *argument) {
  ThSlide slide = {.ui = ui};
  ThText words;
  th_text_init(&words, &ui->cx->heap);
  th_text_add(&words, argument);
  th_text_char(&words, ' ');
  if (words.failed) th_ui_message(ui, "error: not enough memory\n");
  else if (read_argument(&slide, words.data)) {
    if (terminal_can(ui)) slide_on_screen(&slide);
    else
      th_ui_message(ui,
                    "`:slide` needs a terminal that can draw over what it showed. Some values at once: "
                    "`expression with %s in linspace(%g, %g, 5)`.\n",
                    slide.sliders[0].name->spelling, slide.sliders[0].low, slide.sliders[0].high);
  }
  for (size_t i = 0; i < slide.n_pictures; i++) th_release(slide.pictures[i]);
  th_text_clear(&words);
}

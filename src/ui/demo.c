/* demo.c - a script stepped through before an audience */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Like the player of lessons it never reads: the prompt does. Before each step there is a checkpoint, so
 * that going back finds the names, and the random draws, as they were. A step has a screen of its own: its comment, its
 * code and, from the first Enter on, what it prints; what prints nothing stays there above the next. */
#include "ui/demo.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lang/parser.h"
#include "ui/flow.h"
#include "ui/highlight.h"
#include "ui/line_editor.h"

typedef struct Step {
  size_t prose, start, end; /* where its comment begins, and its code; bytes of the text */
} Step;

struct ThDemo {
  ThUi *ui;
  char *path;
  ThText text;
  Step *steps;
  size_t n_steps, step_capacity, step;
  ThCheckpoint **checkpoints; /* before each step that was reached; else NULL */
  bool editing, line_due, over;
  bool ran;    /* the step has run, and what it printed stands on the screen */
  ThText line; /* for the person's line */
};

/* --- Steps */

static size_t line_end(const char *text, size_t at) { return at + strcspn(text + at, "\n"); }

static size_t line_start(const char *text, size_t at) {
  while (at > 0 && text[at - 1] != '\n') at--;
  return at;
}

/* The statements as steps: what begins on the line where the last one ended belongs to it. */
static bool split(ThDemo *d, const ThTree *tree) {
  const char *text = th_text_string(&d->text);
  size_t n = tree->root->n_items, end = 0;
  d->steps = th_alloc_array(d->ui->cx, n + 1, sizeof *d->steps);
  if (!d->steps) return false;
  d->step_capacity = n + 1;
  for (size_t i = 0; i < n; i++) {
    ThSpan span = tree->root->items[i]->span;
    size_t start = line_start(text, span.start), last = line_end(text, span.end);
    if (d->n_steps > 0 && start < end) d->steps[d->n_steps - 1].end = last;
    else d->steps[d->n_steps++] = (Step){end, start, last};
    end = last;
  }
  d->steps[d->n_steps] = (Step){end, d->text.length, d->text.length}; /* a comment at the end */
  return true;
}

static bool parse(ThDemo *d) {
  ThContext *cx = d->ui->cx;
  ThSource *source = th_source_new(cx, d->path, th_text_string(&d->text), d->text.length);
  ThTree *tree = source ? th_parse(cx, source, false) : NULL;
  th_source_release(source);
  if (!tree) return false;
  bool ok = split(d, tree);
  th_tree_release(tree);
  if (!ok) return false;
  d->checkpoints = th_alloc_array(cx, d->n_steps + 1, sizeof *d->checkpoints);
  for (size_t i = 0; d->checkpoints && i <= d->n_steps; i++) d->checkpoints[i] = NULL;
  return d->checkpoints != NULL;
}

ThDemo *th_demo_open(ThUi *ui, const char *path) {
  ThDemo *d = th_alloc(ui->cx, sizeof *d);
  if (!d) return NULL;
  *d = (ThDemo){.ui = ui, .path = th_copy_text(ui->cx, path, strlen(path))};
  th_text_init(&d->text, &ui->cx->heap);
  th_text_init(&d->line, &ui->cx->heap);
  if (d->path && th_read_file(ui->cx, path, &d->text) && parse(d)) return d;
  th_demo_free(d);
  return NULL;
}

void th_demo_free(ThDemo *d) {
  if (!d) return;
  ThContext *cx = d->ui->cx;
  for (size_t i = 0; d->checkpoints && i <= d->n_steps; i++)
    th_checkpoint_free(d->ui->session, d->checkpoints[i]);
  th_free(cx, d->checkpoints, (d->n_steps + 1) * sizeof *d->checkpoints);
  th_free(cx, d->steps, d->step_capacity * sizeof *d->steps);
  th_text_clear(&d->text);
  th_text_clear(&d->line);
  if (d->path) th_free(cx, d->path, strlen(d->path) + 1);
  th_free(cx, d, sizeof *d);
}

bool th_demo_is_over(const ThDemo *d) { return d->over; }
static bool at_end(const ThDemo *d) { return d->step >= d->n_steps; }

/* --- Showing */

/* The comment before a step as paragraphs: blank lines and `#` alone part them. */
static void show_prose(ThDemo *d, const Step *step) {
  const char *text = th_text_string(&d->text);
  ThText page;
  ThFlow flow;
  th_text_init(&page, &d->ui->cx->heap);
  th_flow_init(&flow, &page, (size_t)d->ui->cx->settings.width - 1, 0);
  for (size_t at = step->prose; at < step->start; at = line_end(text, at) + 1) {
    size_t end = line_end(text, at), from = at + strspn(text + at, " \t#");
    if (from < end) {
      th_flow_text(&flow, text + from, end - from);
      th_flow_text(&flow, " ", 1);
    } else {
      th_flow_line(&flow);
    }
  }
  th_flow_clear(&flow);
  if (page.length > 0) {
    th_ui_write(d->ui, "\n");
    th_ui_write(d->ui, th_text_string(&page));
  }
  th_text_clear(&page);
}

/* The code, each line behind `indent`. */
static void show_code(ThDemo *d, const Step *step, const char *first, const char *more) {
  const char *text = th_text_string(&d->text), *indent = first;
  ThText page;
  th_text_init(&page, &d->ui->cx->heap);
  for (size_t at = step->start; at < step->end; at = line_end(text, at) + 1) {
    size_t length = line_end(text, at) - at;
    th_text_add(&page, indent);
    if (d->ui->cx->settings.color) th_highlight_code(d->ui->session, text + at, length, &page);
    else th_text_bytes(&page, text + at, length);
    th_text_char(&page, '\n');
    indent = more;
  }
  th_ui_write(d->ui, th_text_string(&page));
  th_text_clear(&page);
}

static void say(ThDemo *d, const char *text) {
  th_ui_write(d->ui, th_ui_style(d->ui->cx, TH_DIM));
  th_ui_say(d->ui, "%s\n", text);
  th_ui_write(d->ui, th_ui_style(d->ui->cx, TH_PLAIN));
}

/* An empty screen with a margin above, where the terminal can do that. */
static void clear_screen(ThDemo *d) {
  ThText codes;
  if (!d->ui->output_is_terminal || !th_editor_edits_blocks()) return;
  th_text_init(&codes, &d->ui->cx->heap);
  th_text_add(&codes, "\033[H\033[2J");
  th_text_repeat(&codes, '\n', (size_t)d->ui->cx->settings.height / 12);
  th_ui_write(d->ui, th_text_string(&codes));
  th_text_clear(&codes);
}

/* Arrives at a step, and shows it. */
/* The names as they are before this step. */
static void keep_checkpoint(ThDemo *d) {
  th_checkpoint_free(d->ui->session, d->checkpoints[d->step]);
  d->checkpoints[d->step] = th_session_checkpoint(d->ui->session);
}

static void arrive(ThDemo *d, size_t step) {
  d->step = step;
  d->editing = d->ran = false;
  keep_checkpoint(d);
  if (!d->checkpoints[step]) th_ui_show_error(d->ui);
  show_prose(d, &d->steps[step]);
  if (at_end(d)) {
    say(d, "That was the last step.");
    d->over = true;
    return;
  }
  th_ui_write(d->ui, "\n");
  show_code(d, &d->steps[step], "    ", "    ");
  th_ui_write(d->ui, "\n");
}

void th_demo_begin(ThDemo *d) {
  clear_screen(d);
  say(d,
      "Enter runs what is shown, and goes on; e edits it first, b goes back, j lists the steps, 7 goes to step 7, "
      "q ends");
  arrive(d, 0);
}

void th_demo_prompt(const ThDemo *d, ThText *out) {
  th_text_format(out, "%zu/%zu %s ", d->step + 1, d->n_steps, d->ui->cx->settings.utf8 ? "θ>" : "theta>");
}

/* --- Running */

/* Does a line of the text begin with `else`? At the prompt such a line comes too late. */
static bool has_late_else(const char *text, size_t length) {
  for (size_t i = 0; i + 4 < length; i++)
    if (text[i] == '\n' && strncmp(text + i + 1 + strspn(text + i + 1, " \t"), "else", 4) == 0) return true;
  return false;
}

/* A step's code behind as many line ends as stand before it in the file: errors carry the file's lines. */
static ThRunStatus run(ThDemo *d, size_t step) {
  const Step *s = &d->steps[step];
  const char *text = th_text_string(&d->text);
  ThText code;
  th_text_init(&code, &d->ui->cx->heap);
  for (size_t i = 0; i < s->start; i++)
    if (text[i] == '\n') th_text_char(&code, '\n');
  th_text_bytes(&code, text + s->start, s->end - s->start);
  ThRunStatus status = TH_RUN_FAILED;
  bool late = has_late_else(text + s->start, s->end - s->start);
  if (th_text_ok(&code, d->ui->cx))
    status = th_session_run(d->ui->session, d->path, th_text_string(&code), code.length,
                            late ? TH_RUN_SCRIPT : TH_RUN_PROMPT);
  th_text_clear(&code);
  return status;
}

/* To the next step. */
static void go_on(ThDemo *d, bool anew) {
  if (anew && d->step + 1 < d->n_steps) clear_screen(d);
  arrive(d, d->step + 1);
}

/* What has been printed and drawn so far, as one number. */
static size_t count_shown(const ThDemo *d) { return d->ui->lines + th_plotter_count(d->ui->plotter); }

void th_demo_enter(ThDemo *d) {
  if (d->ran) {
    go_on(d, true);
    return;
  }
  size_t before = count_shown(d);
  if (run(d, d->step) == TH_RUN_DONE) {
    d->ran = count_shown(d) != before && d->step + 1 < d->n_steps;
    if (!d->ran) go_on(d, false);
    return;
  }
  d->ran = d->ui->cx->error.code != TH_ERROR_INTERRUPTED;
  th_ui_show_error(d->ui);
  say(d, d->ran ? "e edits it; Enter goes on" : "Enter runs it again; e edits it");
}

/* Runs the steps before one unseen. An error is told, and the next one runs. */
static void run_until(ThDemo *d, size_t step) {
  ThText unseen;
  th_text_init(&unseen, &d->ui->cx->heap);
  d->ui->capture = &unseen;
  if (d->ran) {
    d->step++;
    keep_checkpoint(d);
  }
  for (bool going = true; going && d->step < step;) {
    if (run(d, d->step) != TH_RUN_DONE) {
      going = !th_is_final(d->ui->cx);
      th_ui_show_error(d->ui);
    }
    th_text_reset(&unseen);
    if (!going || ++d->step == step) break;
    keep_checkpoint(d);
  }
  d->ui->capture = NULL;
  th_text_clear(&unseen);
}

static void jump(ThDemo *d, size_t step) {
  ThCheckpoint *before = d->checkpoints[step];
  clear_screen(d);
  if (step > d->step) run_until(d, step);
  else if (before && th_session_restore(d->ui->session, before) && th_session_redraw(d->ui->session))
    d->step = step;
  if (d->ui->cx->error.code != TH_OK) th_ui_show_error(d->ui);
  arrive(d, d->step);
}

/* To what was before: the step not run yet, else the one before it. */
static void go_back(ThDemo *d) { jump(d, d->ran || d->step == 0 ? d->step : d->step - 1); }

/* The first line of every step, the present one marked. */
static void list_steps(ThDemo *d) {
  const char *text = th_text_string(&d->text);
  for (size_t i = 0; i < d->n_steps; i++) {
    const Step *s = &d->steps[i];
    int room = d->ui->cx->settings.width - 9, length = (int)(line_end(text, s->start) - s->start);
    th_ui_print(d->ui, "%s%4zu  %.*s\n", i == d->step ? ">" : " ", i + 1, length < room ? length : room,
                text + s->start);
  }
}

/* Puts the code on the person's line; of a step that has run the names are as they were before it. */
static void edit(ThDemo *d) {
  const Step *s = &d->steps[d->step];
  if (d->ran && !th_session_restore(d->ui->session, d->checkpoints[d->step])) th_ui_show_error(d->ui);
  th_text_clear(&d->line);
  th_text_bytes(&d->line, th_text_string(&d->text) + s->start, s->end - s->start);
  d->editing = d->line_due = true;
  d->ran = false;
}

/* `7`, `j7`, `j 7`: the step before which it stands, or SIZE_MAX. */
static size_t read_step(const ThDemo *d, const char *word) {
  char *end;
  if (word[0] == 'j') word += 1 + strspn(word + 1, " ");
  if (!isdigit((unsigned char)word[0])) return SIZE_MAX;
  unsigned long step = strtoul(word, &end, 10);
  return end[strspn(end, " ")] == '\0' && step >= 1 && step <= d->n_steps ? step - 1 : SIZE_MAX;
}

bool th_demo_takes(ThDemo *d, const char *input) {
  size_t length = strlen(input), step;
  while (length > 0 && isspace((unsigned char)input[length - 1])) length--;
  char key = length == 1 ? input[0] : '\0';
  if (key == 'q') d->over = true;
  else if (key == 'b') go_back(d);
  else if (key == 'e') edit(d);
  else if (key == 'j') list_steps(d);
  else if ((step = read_step(d, input)) != SIZE_MAX) jump(d, step);
  else return false;
  return true;
}

void th_demo_after(ThDemo *d, ThRunStatus status) {
  if (!d->editing) return;
  d->editing = false;
  d->ran = status == TH_RUN_DONE && d->step + 1 < d->n_steps;
  if (status == TH_RUN_DONE && !d->ran) go_on(d, false);
}

void th_demo_drop(ThDemo *d) { d->editing = false; }

const char *th_demo_take_line(ThDemo *d) {
  if (!d->line_due) return "";
  d->line_due = false;
  return th_text_string(&d->line);
}

/* --- Without a person */

bool th_demo_play(ThUi *ui, const char *path) {
  ThDemo *d = th_demo_open(ui, path);
  bool ok = d != NULL;
  for (; ok && d->step < d->n_steps; d->step++) {
    show_prose(d, &d->steps[d->step]);
    show_code(d, &d->steps[d->step], "θ> ", ".. ");
    ok = run(d, d->step) == TH_RUN_DONE;
  }
  if (ok) show_prose(d, &d->steps[d->n_steps]);
  else th_ui_show_error(ui);
  th_demo_free(d);
  return ok;
}

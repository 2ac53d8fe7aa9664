/* lesson_show.c - how a lesson looks on the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_show.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/markdown.h"
#include "val/array.h"

static const char *style(const ThUi *ui, ThEmphasis emphasis) { return th_ui_style(ui->cx, emphasis); }

static const char *dash_of(const ThUi *ui) { return ui->cx->settings.utf8 ? "—" : "--"; }

void th_show_note(ThUi *ui, const char *text) {
  const char *dash = dash_of(ui);
  th_ui_print(ui, "%s%s %s %s%s\n", style(ui, TH_DIM), dash, text, dash, style(ui, TH_PLAIN));
}

/* --- How far */

enum { BAR_CELLS = 10, BAR_WIDTH = BAR_CELLS + 6 }; /* `━━━╌╌╌╌╌╌╌  34 %` */

static void add_bar(const ThUi *ui, int percent, ThText *out) {
  bool utf8 = ui->cx->settings.utf8;
  for (int i = 0; i < BAR_CELLS; i++) {
    bool full = percent * BAR_CELLS >= (i + 1) * 100;
    th_text_add(out, utf8 ? full ? "━" : "╌" : full ? "#" : "-");
  }
  th_text_format(out, " %3d %%", percent);
}

/* The bar at the right end of a line of which `used` columns are taken; a new line where it does not fit. */
static void end_line_with_bar(ThUi *ui, size_t used, int percent) {
  ThText line;
  size_t width = (size_t)ui->cx->settings.width;
  th_text_init(&line, &ui->cx->heap);
  if (used + BAR_WIDTH + 3 <= width) {
    th_text_repeat(&line, ' ', width - 1 - BAR_WIDTH - used);
    th_text_add(&line, style(ui, TH_DIM));
    add_bar(ui, percent, &line);
    th_text_add(&line, style(ui, TH_PLAIN));
  }
  th_text_char(&line, '\n');
  th_ui_write(ui, th_text_string(&line));
  th_text_clear(&line);
}

void th_show_pause(ThUi *ui, const char *text, int percent) {
  const char *dash = dash_of(ui);
  th_ui_print(ui, "%s%s %s %s%s", style(ui, TH_DIM), dash, text, dash, style(ui, TH_PLAIN));
  end_line_with_bar(ui, 2 * th_utf8_width(dash, strlen(dash)) + 2 + th_utf8_width(text, strlen(text)),
                    percent);
}

void th_show_percent(ThUi *ui, int percent) {
  ThText line;
  th_text_init(&line, &ui->cx->heap);
  add_bar(ui, percent, &line);
  th_ui_print(ui, "%s\n", th_text_string(&line));
  th_text_clear(&line);
}

void th_show_waiting(ThUi *ui, const ThStep *step) {
  static const char *const texts[] = {
      [TH_STEP_EXERCISE] = "the question waits for your answer; :hint helps, :skip leaves it out",
      [TH_STEP_QUIZ] = "the question waits: type the letter, or letters; :skip leaves it out",
      [TH_STEP_PREDICT] = "first your guess: a number, or an interval [low, high]; :skip leaves it out"};
  th_show_note(ui, texts[step->kind]);
}

bool th_show_markdown(ThUi *ui, ThSlice text, ThText *out) {
  th_text_char(out, '\n');
  return th_markdown(ui->cx, text.text, text.length, out);
}

/* The offset behind `lines` lines. */
static size_t lines_on(const char *text, size_t from, size_t lines) {
  for (; text[from] && lines > 0; from++) lines -= text[from] == '\n';
  return from;
}

/* Whether the paragraph that ends at `end` looks like a heading: one line without a full stop. */
static bool is_heading(const char *text, size_t from, size_t end) {
  size_t start = end - 1;
  while (start > from && text[start - 1] != '\n') start--;
  const char *plain = strstr(text + start, "\033[0m");
  size_t last = plain && plain < text + end ? (size_t)(plain - text) : end - 1;
  bool alone = start <= from + 1 || text[start - 2] == '\n';
  return alone && last > start && !strchr(".:,;!)", text[last - 1]);
}

size_t th_show_break(const char *text, size_t from, size_t room, bool may_be_nothing) {
  size_t limit = lines_on(text, from, room);
  if (!text[limit]) return limit;
  for (size_t at = limit; at > from + 1; at--)
    if (text[at - 1] == '\n' && text[at] == '\n' && !is_heading(text, from, at)) return at;
  return may_be_nothing ? from : lines_on(text, from, room > 0 ? room : 1);
}

void th_show_slice(ThUi *ui, const char *text, size_t length) { th_write(ui->cx, text, length); }

size_t th_show_height(ThSlice text) {
  size_t lines = 1;
  for (size_t i = 0; i + 1 < text.length; i++) lines += text.text[i] == '\n';
  return lines;
}

/* --- Code */

void th_show_code(ThUi *ui, ThSlice code) {
  th_ui_write(ui, "\n");
  for (size_t i = 0; i < code.length;) {
    const char *line = code.text + i, *end = memchr(line, '\n', code.length - i);
    size_t length = end ? (size_t)(end - line) : code.length - i;
    th_ui_write(ui, "    ");
    th_ui_write(ui, style(ui, TH_CODE));
    th_show_slice(ui, line, length);
    th_ui_write(ui, style(ui, TH_PLAIN));
    th_ui_write(ui, "\n");
    i += length + 1;
  }
}

/* "  a) " and the choice. */
static void show_choice(ThUi *ui, const ThPart *choice, size_t i) {
  ThText page;
  char mark[8];
  snprintf(mark, sizeof mark, "  %c) ", (int)('a' + i));
  th_text_init(&page, &ui->cx->heap);
  if (th_markdown_item(ui->cx, mark, choice->text.text, choice->text.length, &page))
    th_show_slice(ui, th_text_string(&page), page.length);
  else th_ui_show_error(ui);
  th_text_clear(&page);
}

void th_show_answers(ThUi *ui, const ThLesson *lesson, const ThStep *step) {
  const ThPart *part;
  for (size_t i = 0; (part = th_step_part(lesson, step, TH_PART_ANSWER, i)); i++) {
    if (i > 0) th_ui_write(ui, "\n  or\n");
    th_show_code(ui, part->text);
  }
  for (size_t i = 0; (part = th_step_part(lesson, step, TH_PART_CHOICE, i)); i++)
    if (part->right) show_choice(ui, part, i);
}

/* --- Questions */

static void show_text(ThUi *ui, ThSlice text) {
  ThText page;
  th_text_init(&page, &ui->cx->heap);
  if (th_markdown(ui->cx, text.text, text.length, &page))
    th_show_slice(ui, th_text_string(&page), page.length);
  else th_ui_show_error(ui);
  th_text_clear(&page);
}

static void show_choices(ThUi *ui, const ThLesson *lesson, const ThStep *step) {
  const ThPart *choice;
  for (size_t i = 0; (choice = th_step_part(lesson, step, TH_PART_CHOICE, i)); i++) show_choice(ui, choice, i);
}

/* `Exercise  (2 points)`, and the bar. */
static void show_heading(ThUi *ui, const ThStep *step, int percent) {
  static const char *const names[] = {
      [TH_STEP_EXERCISE] = "Exercise", [TH_STEP_QUIZ] = "Question", [TH_STEP_PREDICT] = "Before you look"};
  char points[40];
  if (step->points == 1) snprintf(points, sizeof points, "  (1 point)");
  else snprintf(points, sizeof points, "  (%.6g points)", step->points);
  th_ui_print(ui, "\n%s%s%s%s", style(ui, TH_BOLD), names[step->kind], style(ui, TH_PLAIN), points);
  if (percent < 0) th_ui_write(ui, "\n");
  else end_line_with_bar(ui, strlen(names[step->kind]) + strlen(points), percent);
}

bool th_show_question(ThUi *ui, const ThLesson *lesson, const ThStep *step, int percent) {
  show_heading(ui, step, percent);
  show_text(ui, step->text);
  show_choices(ui, lesson, step);
  if (step->kind == TH_STEP_QUIZ) th_show_note(ui, "type the letter, or letters, of what is right");
  if (step->kind == TH_STEP_PREDICT) th_show_note(ui, "type a number, or an interval [low, high]");
  return ui->cx->error.code == TH_OK;
}

/* --- What is said to an answer */

void th_show_praise(ThUi *ui, size_t number) {
  static const char *const words[] = {"Right.", "Yes, that is it.", "Correct.", "That is right."};
  th_ui_print(ui, "%s%s%s\n", style(ui, TH_GOOD), words[number % 4], style(ui, TH_PLAIN));
}

/* The comment of code: what stands behind the first `#` outside strings, line after line. */
static void comment_of(ThSlice code, ThText *out) {
  bool in_string = false;
  for (size_t i = 0; i < code.length; i++) {
    char c = code.text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\n') in_string = false;
    if (c != '#' || in_string) continue;
    size_t start = i + 1;
    while (i < code.length && code.text[i] != '\n') i++;
    if (out->length) th_text_char(out, ' ');
    while (start < i && code.text[start] == ' ') start++;
    th_text_bytes(out, code.text + start, i - start);
  }
}

bool th_show_has_comment(ThSlice code) { return code.length > 0 && memchr(code.text, '#', code.length); }

void th_show_feedback(ThUi *ui, ThSlice text, bool comment) {
  ThText words;
  th_text_init(&words, &ui->cx->heap);
  if (comment) {
    comment_of(text, &words);
    text = (ThSlice){th_text_string(&words), words.length, 0};
  }
  show_text(ui, text);
  th_text_clear(&words);
}

void th_show_score(ThUi *ui, ThScore score) {
  if (score.questions == 0) th_ui_write(ui, "\n");
  else
    th_ui_print(ui, " %zu of %zu exercises solved, %.6g of %.6g points.\n", score.solved, score.questions,
                score.points, score.most);
}

/* --- Predictions */

/* How far two ends are from the truth at most, as a part of it; and whether it lies between them. */
static ThDone judge_interval(double a, double b, double is) {
  double low = fmin(a, b), high = fmax(a, b), size = fabs(is);
  double far = fmax(fabs(is - low), fabs(high - is)), miss = fmax(low - is, is - high);
  if (miss <= 0) return far <= 0.5 * size || size == 0 ? TH_SOLVED : TH_PARTLY;
  return miss <= 0.1 * size ? TH_PARTLY : TH_SHOWN;
}

static ThDone judge_number(double said, double is) {
  double away = fabs(said - is), size = fabs(is);
  return away <= 0.1 * size ? TH_SOLVED : away <= 0.5 * size ? TH_PARTLY : TH_SHOWN;
}

static const char *prediction_remark(ThDone done, bool interval) {
  if (done == TH_SOLVED) return ": well predicted.";
  if (done == TH_SHOWN) return ".";
  return interval ? ": the interval is wide, or just beside it; half of the points."
                  : ": not far off, half of the points.";
}

ThDone th_show_prediction(ThUi *ui, ThValue predicted, ThValue truth) {
  ThText line;
  double is = 0;
  if (!th_is_scalar(truth)) return TH_SHOWN;
  is = th_as_scalar(truth);
  bool interval = !th_is_scalar(predicted);
  ThDone done = interval ? judge_interval(th_array_real(th_as_array(predicted), 0),
                                          th_array_real(th_as_array(predicted), 1), is)
                         : judge_number(th_as_scalar(predicted), is);
  th_text_init(&line, &ui->cx->heap);
  th_text_add(&line, "You said ");
  bool ok = th_format(ui->cx, predicted, TH_STYLE_INLINE, &line);
  th_text_add(&line, ", it is ");
  ok = ok && th_format(ui->cx, truth, TH_STYLE_INLINE, &line);
  if (ok) th_ui_say(ui, "%s%s\n", th_text_string(&line), prediction_remark(done, interval));
  th_error_clear(ui->cx);
  th_text_clear(&line);
  return done;
}

/* --- Quizzes */

/* The place of the choice that a letter or digit names; n or more when it names none. */
static size_t choice_of(char c) {
  c = (char)tolower((unsigned char)c);
  return c >= 'a' && c <= 'z' ? (size_t)(c - 'a') : c >= '1' && c <= '9' ? (size_t)(c - '1') : SIZE_MAX;
}

/* A word of letters, or one digit, that names choices. */
static bool read_word(const char *word, size_t length, size_t n, unsigned long *chosen) {
  if (length > 1 && isdigit((unsigned char)word[0])) return false;
  for (size_t i = 0; i < length; i++) {
    size_t choice = choice_of(word[i]);
    if (choice >= n || choice >= 8 * sizeof *chosen) return false;
    *chosen |= 1ul << choice;
  }
  return true;
}

/* The choices that the input names, as bits; false when it is no list of letters or numbers. */
static bool read_choices(const char *input, size_t n, unsigned long *chosen) {
  static const char between[] = " ,;)(\t\r\n";
  *chosen = 0;
  for (input += strspn(input, between); *input; input += strspn(input, between)) {
    size_t length = strcspn(input, between);
    bool is_and = length == 3 && memcmp(input, "and", 3) == 0;
    if (!is_and && !read_word(input, length, n, chosen)) return false;
    input += length;
  }
  return *chosen != 0;
}

/* Whether the input is one word that the person has defined, or that the language knows. */
static bool is_known(ThUi *ui, const char *input) {
  static const char blanks[] = " \t\r\n";
  ThValue value;
  size_t length = strcspn(input, blanks);
  if (input[length + strspn(input + length, blanks)]) return false;
  const ThSymbol *name = th_symbol_find(ui->cx, input, length);
  return name && (th_session_owns(ui->session, name) || th_session_get(ui->session, name, &value));
}

/* A lone letter beyond the choices is a slip. */
static bool names_no_choice(ThUi *ui, const char *input, size_t n) {
  bool lone = isalnum((unsigned char)input[0]) && !input[1];
  if (!lone || choice_of(input[0]) < n || is_known(ui, input)) return false;
  th_ui_print(ui, "The choices are a to %c.\n", (int)('a' + n - 1));
  return true;
}

bool th_show_quiz_answer(ThUi *ui, const ThLesson *lesson, const ThStep *step, const char *input,
                         bool *right) {
  const ThPart *choice;
  size_t n = 0, missed = 0, wrong = 0;
  unsigned long chosen;
  while (th_step_part(lesson, step, TH_PART_CHOICE, n)) n++;
  *right = false;
  if (names_no_choice(ui, input, n)) return true;
  bool several = strcspn(input, " \t\r\n") > 1 && is_known(ui, input); /* `ab`, a name */
  if (several || !read_choices(input, n, &chosen)) return false;
  for (size_t i = 0; (choice = th_step_part(lesson, step, TH_PART_CHOICE, i)); i++) {
    bool picked = chosen >> i & 1;
    missed += choice->right && !picked;
    wrong += picked && !choice->right;
    if (picked && choice->when.length) th_show_feedback(ui, choice->when, false);
    else if (picked && !choice->right) th_ui_print(ui, "Not %c.\n", (int)('a' + i));
  }
  *right = missed + wrong == 0;
  if (missed > 0 && wrong == 0) th_ui_write(ui, "Not all that is right is named yet.\n");
  return true;
}

/* --- The outline */

static const char *done_text(ThDone done) {
  static const char *const texts[] = {"", "solved", "shown", "left out", "not far off"};
  return texts[done];
}

/* The headings of a stretch of prose. */
static void show_headings(ThUi *ui, ThSlice prose, bool here) {
  for (size_t i = 0; i < prose.length;) {
    const char *line = prose.text + i, *end = memchr(line, '\n', prose.length - i);
    size_t length = end ? (size_t)(end - line) : prose.length - i, level = 0;
    while (level < length && line[level] == '#') level++;
    if (level > 0 && level < length && line[level] == ' ') {
      th_ui_print(ui, "%s%*s%.*s\n", here ? "> " : "  ", (int)(2 * (level - 1)), "",
                  (int)(length - level - 1), line + level + 1);
      here = false;
    }
    i += length + 1;
  }
}

void th_show_outline(ThUi *ui, const ThLesson *lesson, const ThDone *done, size_t step) {
  for (size_t i = 0; i < lesson->n_steps; i++) {
    const ThStep *s = &lesson->steps[i];
    bool here = i == step;
    if (s->kind == TH_STEP_PROSE) show_headings(ui, s->text, here);
    else if (th_step_is_question(s)) {
      static const char *const kinds[] = {
          [TH_STEP_EXERCISE] = "exercise", [TH_STEP_QUIZ] = "question", [TH_STEP_PREDICT] = "prediction"};
      const char *state = done_text(done[i]);
      th_ui_print(ui, "%s    %s %s%s%s\n", here ? "> " : "  ", kinds[s->kind], s->id, state[0] ? ": " : "",
                  state);
    } else if (here) {
      th_ui_write(ui, ">     (you are here)\n");
    }
  }
}

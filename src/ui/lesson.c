/* lesson.c - a lesson, read from its Markdown file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the lines. Fences whose first word is known become steps, or parts of the exercise before
 * them; everything between, other fences included, is prose and stays Markdown. */
#include "ui/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

typedef struct Reader {
  ThLesson *lesson;
  const char *text;
  size_t length, at, line; /* the next line to read */
  size_t prose_start, prose_line;
  bool in_prose;
} Reader;

/* --- Errors and storage */

TH_PRINTF(3, 4) static bool fail_at(const Reader *r, ThSlice where, const char *format, ...) {
  ThContext *cx = r->lesson->cx;
  char message[160];
  size_t start = (size_t)(where.text - r->text);
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  th_fail(cx, TH_ERROR_SYNTAX, "%s", message);
  th_error_place(cx, r->lesson->source, (ThSpan){(uint32_t)start, (uint32_t)(start + where.length)});
  return false;
}

static size_t offset_of(const Reader *r, const char *at) { return (size_t)(at - r->text); }

static ThStep *add_step(ThLesson *lesson, ThStepKind kind, ThSlice text) {
  if (lesson->n_steps == lesson->step_capacity) {
    size_t capacity = lesson->step_capacity * 2 + 16, size = sizeof *lesson->steps;
    ThStep *steps = th_resize(lesson->cx, lesson->steps, lesson->step_capacity * size, capacity * size);
    if (!steps) return NULL;
    lesson->steps = steps;
    lesson->step_capacity = capacity;
  }
  ThStep *step = &lesson->steps[lesson->n_steps++];
  *step = (ThStep){.kind = kind, .text = text, .first_part = lesson->n_parts};
  return step;
}

static ThPart *add_part(ThLesson *lesson, ThPartKind kind, ThSlice text) {
  if (lesson->n_parts == lesson->part_capacity) {
    size_t capacity = lesson->part_capacity * 2 + 16, size = sizeof *lesson->parts;
    ThPart *parts = th_resize(lesson->cx, lesson->parts, lesson->part_capacity * size, capacity * size);
    if (!parts) return NULL;
    lesson->parts = parts;
    lesson->part_capacity = capacity;
  }
  ThPart *part = &lesson->parts[lesson->n_parts++];
  *part = (ThPart){.kind = kind, .text = text};
  lesson->steps[lesson->n_steps - 1].n_parts++;
  return part;
}

/* --- Lines and fences */

static size_t line_length(const Reader *r, size_t at) {
  const char *end = memchr(r->text + at, '\n', r->length - at);
  return end ? (size_t)(end - (r->text + at)) : r->length - at;
}

static void next_line(Reader *r) {
  r->at += line_length(r, r->at);
  if (r->at < r->length) r->at++;
  r->line++;
}

/* How many backquotes or tildes a line begins with, after at most three blanks; 0 when it is no fence. */
static size_t fence_length(const char *line, size_t length, char *mark, size_t *blanks) {
  size_t i = 0, n = 0;
  while (i < length && line[i] == ' ') i++;
  if (i > 3 || i == length || (line[i] != '`' && line[i] != '~')) return 0;
  *mark = line[i];
  *blanks = i;
  while (i + n < length && line[i + n] == *mark) n++;
  if (n < 3 || (*mark == '`' && memchr(line + i + n, '`', length - i - n))) return 0;
  return n;
}

static bool is_blank(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (!strchr(" \t\r\n", text[i]) || !text[i]) return false;
  return true;
}

/* Reads the contents of the fence whose opening line is the next one. */
static bool fence_contents(Reader *r, char mark, size_t n, ThSlice *out) {
  ThSlice opening = {r->text + r->at, line_length(r, r->at), r->line};
  next_line(r);
  *out = (ThSlice){r->text + r->at, 0, r->line};
  while (r->at < r->length) {
    size_t length = line_length(r, r->at), blanks, closing;
    char its_mark;
    closing = fence_length(r->text + r->at, length, &its_mark, &blanks);
    if (closing >= n && its_mark == mark &&
        is_blank(r->text + r->at + blanks + closing, length - blanks - closing)) {
      out->length = (size_t)(r->text + r->at - out->text);
      next_line(r);
      return true;
    }
    next_line(r);
  }
  return fail_at(r, opening, "this fence is not closed");
}

/* --- The words behind a fence */

typedef struct Info {
  ThSlice word, id, points, when;
  bool setup;
} Info;

static bool slice_is(ThSlice s, const char *text) {
  return s.length == strlen(text) && memcmp(s.text, text, s.length) == 0;
}

static ThSlice take_word(const char **at, const char *end) {
  while (*at < end && (**at == ' ' || **at == '\t')) ++*at;
  const char *start = *at;
  while (*at < end && **at != ' ' && **at != '\t' && **at != '\r') ++*at;
  return (ThSlice){start, (size_t)(*at - start), 0};
}

static bool starts(ThSlice word, const char *key) {
  return word.length > strlen(key) && memcmp(word.text, key, strlen(key)) == 0;
}

static ThSlice behind(ThSlice word, const char *key) {
  return (ThSlice){word.text + strlen(key), word.length - strlen(key), 0};
}

static bool parse_info(const Reader *r, const char *at, const char *end, Info *info) {
  *info = (Info){.word = take_word(&at, end)};
  for (ThSlice word = take_word(&at, end); word.length; word = take_word(&at, end)) {
    if (slice_is(word, "setup")) info->setup = true;
    else if (starts(word, "id=")) info->id = behind(word, "id=");
    else if (starts(word, "points=")) info->points = behind(word, "points=");
    else if (starts(word, "when=")) { /* an expression: the rest of the line */
      info->when = (ThSlice){word.text + 5, (size_t)(end - word.text) - 5, r->line};
      while (info->when.length && strchr(" \t\r", info->when.text[info->when.length - 1]))
        info->when.length--;
      return true;
    } else return fail_at(r, word, "a fence of a lesson knows `setup`, `id=`, `points=`, `when=`");
  }
  return true;
}

/* --- Steps */

static bool end_prose(Reader *r) {
  if (!r->in_prose) return true;
  r->in_prose = false;
  ThSlice text = {r->text + r->prose_start, r->at - r->prose_start, r->prose_line};
  return is_blank(text.text, text.length) || add_step(r->lesson, TH_STEP_PROSE, text);
}

static bool set_id(Reader *r, ThStep *step, const Info *info) {
  ThSlice id = info->id;
  if (id.length == 0)
    return fail_at(r, info->word, "`%.*s` needs an id: id=NAME", (int)info->word.length, info->word.text);
  if (id.length >= TH_ID_SIZE) return fail_at(r, id, "an id has at most 47 characters");
  memcpy(step->id, id.text, id.length);
  for (size_t i = 0; i + 1 < r->lesson->n_steps; i++)
    if (strcmp(r->lesson->steps[i].id, step->id) == 0)
      return fail_at(r, id, "the id `%s` is used twice", step->id);
  step->points = info->points.length ? strtod(info->points.text, NULL) : 1;
  return step->points >= 0 || fail_at(r, info->points, "points are 0 or more");
}

static bool add_code(Reader *r, const Info *info, ThSlice text) {
  return add_step(r->lesson, info->setup ? TH_STEP_SETUP : TH_STEP_CODE, text) != NULL;
}

static bool add_output(Reader *r, const Info *info, ThSlice text) {
  ThStep *last = r->lesson->n_steps ? &r->lesson->steps[r->lesson->n_steps - 1] : NULL;
  if (!last || last->kind != TH_STEP_CODE || last->has_output)
    return fail_at(r, info->word, "`output` must follow the `theta` block that prints it");
  last->output = text;
  last->has_output = true;
  return true;
}

static bool add_exercise(Reader *r, const Info *info, ThSlice text) {
  ThStep *step = add_step(r->lesson, TH_STEP_EXERCISE, text);
  return step && set_id(r, step, info);
}

static bool add_predict(Reader *r, const Info *info, ThSlice text) {
  ThStep *step = add_step(r->lesson, TH_STEP_PREDICT, text);
  return step && set_id(r, step, info);
}

/* `- [x] text : what is said about it` */
static bool add_choice(Reader *r, const char *line, size_t length, size_t number) {
  const char *end = line + length, *text = line + 5, *colon = NULL;
  for (const char *c = text; c + 2 < end; c++)
    if (memcmp(c, " : ", 3) == 0 && !colon) colon = c;
  if (!colon) colon = end; /* `text: feedback` needs no blank before the colon */
  for (const char *c = text; colon == end && c + 1 < end; c++)
    if (c[0] == ':' && c[1] == ' ') colon = c;
  ThPart *part = add_part(r->lesson, TH_PART_CHOICE, (ThSlice){text, (size_t)(colon - text), number});
  if (!part) return false;
  part->right = line[3] == 'x' || line[3] == 'X';
  while (part->text.length && part->text.text[0] == ' ') part->text.text++, part->text.length--;
  const char *feedback = colon < end ? colon + strspn(colon, " :") : end;
  part->when = (ThSlice){feedback, feedback < end ? (size_t)(end - feedback) : 0, number};
  return true;
}

static bool is_choice(const char *line, size_t length) {
  return length >= 5 && (line[0] == '-' || line[0] == '*') && line[1] == ' ' && line[2] == '[' &&
         strchr(" xX", line[3]) && line[3] && line[4] == ']';
}

/* The length of a choice: its line, and the indented lines that go on with it. */
static size_t choice_length(const Reader *r, const char *line, const char *end) {
  size_t length = line_length(r, offset_of(r, line));
  for (const char *next; (next = line + length + 1) < end && *next == ' ';) {
    size_t more = line_length(r, offset_of(r, next));
    if (is_blank(next, more)) break;
    length += more + 1;
  }
  return length;
}

/* The question stands before the choices. */
static bool add_quiz(Reader *r, const Info *info, ThSlice text) {
  ThStep *step = add_step(r->lesson, TH_STEP_QUIZ, text);
  if (!step || !set_id(r, step, info)) return false;
  size_t right = 0, index = r->lesson->n_steps - 1;
  const char *end = text.text + text.length;
  bool choices = false;
  for (const char *line = text.text; line < end;) {
    size_t length = line_length(r, offset_of(r, line));
    if (is_choice(line, length)) {
      if (!choices) r->lesson->steps[index].text.length = (size_t)(line - text.text);
      choices = true;
      length = choice_length(r, line, end);
      if (!add_choice(r, line, length, text.line)) return false;
      right += r->lesson->parts[r->lesson->n_parts - 1].right;
    }
    line += length + 1;
  }
  return right > 0 ||
         fail_at(r, info->word, "a quiz needs choices, `- [ ] text`, and a right one, `- [x] text`");
}

static bool add_to_exercise(Reader *r, const Info *info, ThPartKind kind, ThSlice text) {
  const ThStep *last = r->lesson->n_steps ? &r->lesson->steps[r->lesson->n_steps - 1] : NULL;
  if (!last || last->kind != TH_STEP_EXERCISE)
    return fail_at(r, info->word, "this must follow its `exercise`, without text between");
  ThPart *part = add_part(r->lesson, kind, text);
  if (part) part->when = info->when;
  return part != NULL;
}

static bool add_starter(Reader *r, const Info *i, ThSlice t) {
  return add_to_exercise(r, i, TH_PART_STARTER, t);
}
static bool add_check(Reader *r, const Info *i, ThSlice t) { return add_to_exercise(r, i, TH_PART_CHECK, t); }
static bool add_hint(Reader *r, const Info *i, ThSlice t) { return add_to_exercise(r, i, TH_PART_HINT, t); }
static bool add_answer(Reader *r, const Info *i, ThSlice t) {
  return add_to_exercise(r, i, TH_PART_ANSWER, t);
}
static bool add_wrong(Reader *r, const Info *i, ThSlice t) { return add_to_exercise(r, i, TH_PART_WRONG, t); }

static const struct {
  const char *word;
  bool (*add)(Reader *r, const Info *info, ThSlice text);
} fences[] = {
    {"theta", add_code},  {"output", add_output},   {"exercise", add_exercise}, {"starter", add_starter},
    {"check", add_check}, {"hint", add_hint},       {"answer", add_answer},     {"wrong", add_wrong},
    {"quiz", add_quiz},   {"predict", add_predict},
};

static bool read_fence(Reader *r, char mark, size_t n, size_t blanks) {
  const char *line = r->text + r->at, *at = line + blanks + n, *end = line + line_length(r, r->at);
  const char *word_at = at;
  ThSlice word = take_word(&word_at, end), contents;
  size_t i = 0, n_fences = sizeof fences / sizeof *fences;
  while (i < n_fences && !slice_is(word, fences[i].word)) i++;
  if (i == n_fences) { /* another language: prose */
    if (!r->in_prose) r->in_prose = true, r->prose_start = r->at, r->prose_line = r->line;
    return fence_contents(r, mark, n, &contents);
  }
  Info info;
  return end_prose(r) && parse_info(r, at, end, &info) && fence_contents(r, mark, n, &contents) &&
         fences[i].add(r, &info, contents);
}

static bool read_line(Reader *r) {
  size_t length = line_length(r, r->at), blanks;
  char mark;
  size_t n = fence_length(r->text + r->at, length, &mark, &blanks);
  if (n > 0) return read_fence(r, mark, n, blanks);
  if (!r->in_prose) {
    r->in_prose = true;
    r->prose_start = r->at;
    r->prose_line = r->line;
  }
  next_line(r);
  return true;
}

/* --- Front matter */

static void copy_value(ThSlice value, char *out, size_t size) {
  if (value.length >= 2 && value.text[0] == '"' && value.text[value.length - 1] == '"')
    value = (ThSlice){value.text + 1, value.length - 2, 0};
  size_t n = value.length < size ? value.length : size - 1;
  memcpy(out, value.text, n);
  out[n] = '\0';
}

static bool set_skip(const Reader *r, ThSlice value) {
  static const char *const words[] = {"allow", "reveal", "deny"};
  for (int i = 0; i < 3; i++)
    if (slice_is(value, words[i])) {
      r->lesson->skip = (ThSkip)i;
      return true;
    }
  return fail_at(r, value, "`skip` is allow, reveal or deny");
}

static bool set_front(const Reader *r, ThSlice key, ThSlice value) {
  ThLesson *lesson = r->lesson;
  if (slice_is(key, "title")) copy_value(value, lesson->title, sizeof lesson->title);
  else if (slice_is(key, "section")) copy_value(value, lesson->section, sizeof lesson->section);
  else if (slice_is(key, "minutes")) lesson->minutes = strtod(value.text, NULL);
  else if (slice_is(key, "seed")) lesson->seed = strtoull(value.text, NULL, 10), lesson->seeded = true;
  else if (slice_is(key, "skip")) return set_skip(r, value);
  else return fail_at(r, key, "the front matter knows title, section, minutes, seed, skip");
  return true;
}

static ThSlice trimmed(const char *text, size_t length) {
  while (length && strchr(" \t\r", text[0])) text++, length--;
  while (length && strchr(" \t\r", text[length - 1])) length--;
  return (ThSlice){text, length, 0};
}

static bool is_rule(const Reader *r) {
  ThSlice line = trimmed(r->text + r->at, line_length(r, r->at));
  return slice_is(line, "---");
}

static bool read_front(Reader *r) {
  if (!is_rule(r)) return true;
  ThSlice opening = {r->text + r->at, 3, r->line};
  for (next_line(r); r->at < r->length && !is_rule(r); next_line(r)) {
    const char *line = r->text + r->at;
    size_t length = line_length(r, r->at);
    const char *colon = memchr(line, ':', length);
    if (is_blank(line, length) || line[0] == '#') continue;
    if (!colon) return fail_at(r, (ThSlice){line, length, 0}, "a line of the front matter is `key: value`");
    ThSlice key = trimmed(line, (size_t)(colon - line)),
            value = trimmed(colon + 1, length - (size_t)(colon + 1 - line));
    if (!set_front(r, key, value)) return false;
  }
  if (r->at >= r->length) return fail_at(r, opening, "the front matter is not closed by `---`");
  next_line(r);
  return true;
}

/* --- All of it */

/* Every exercise can be graded and answered; a prediction is followed by what reveals it. */
static bool check_complete(const Reader *r) {
  const ThLesson *lesson = r->lesson;
  for (size_t i = 0; i < lesson->n_steps; i++) {
    const ThStep *step = &lesson->steps[i];
    ThSlice start = {step->text.text, 1, 0};
    if (step->kind == TH_STEP_EXERCISE && !th_step_part(lesson, step, TH_PART_CHECK, 0))
      return fail_at(r, start, "the exercise `%s` has no check", step->id);
    if (step->kind == TH_STEP_EXERCISE && !th_step_part(lesson, step, TH_PART_ANSWER, 0))
      return fail_at(r, start, "the exercise `%s` has no answer", step->id);
    size_t next = i + 1;
    while (next < lesson->n_steps && lesson->steps[next].kind == TH_STEP_PROSE) next++;
    if (step->kind == TH_STEP_PREDICT &&
        (next == lesson->n_steps || lesson->steps[next].kind != TH_STEP_CODE))
      return fail_at(r, start, "no `theta` block follows the prediction `%s`", step->id);
  }
  return true;
}

static bool read_all(Reader *r, bool front_only) {
  if (!read_front(r)) return false;
  if (front_only) return true;
  while (r->at < r->length)
    if (!read_line(r)) return false;
  return end_prose(r) && check_complete(r);
}

/* The title of a lesson that tells none: its file's name. */
static void default_title(ThLesson *lesson, const char *path) {
  const char *name = th_path_name(path), *extension = th_path_extension(path);
  size_t length = strlen(name) - (extension[0] ? strlen(extension) + 1 : 0);
  copy_value((ThSlice){name, length, 0}, lesson->title, sizeof lesson->title);
}

static bool read_file(ThContext *cx, const char *path, bool front_only, ThLesson *lesson) {
  ThText text;
  *lesson = (ThLesson){.cx = cx};
  default_title(lesson, path);
  th_text_init(&text, &cx->heap);
  bool ok = th_read_file(cx, path, &text);
  if (ok) {
    lesson->source = th_source_new(cx, path, th_text_string(&text), text.length);
    ok = lesson->source != NULL;
  }
  th_text_clear(&text);
  if (!ok) return false;
  Reader r = {.lesson = lesson, .text = lesson->source->text, .length = lesson->source->length, .line = 1};
  if (strncmp(r.text, "\uFEFF", strlen("\uFEFF")) == 0) r.at = strlen("\uFEFF"); /* a byte-order mark */
  return read_all(&r, front_only);
}

static void clear(ThLesson *lesson) {
  th_source_release(lesson->source);
  th_free(lesson->cx, lesson->steps, lesson->step_capacity * sizeof *lesson->steps);
  th_free(lesson->cx, lesson->parts, lesson->part_capacity * sizeof *lesson->parts);
}

ThLesson *th_lesson_read(ThContext *cx, const char *path) {
  ThLesson *lesson = th_alloc(cx, sizeof *lesson);
  if (!lesson) return NULL;
  if (read_file(cx, path, false, lesson)) return lesson;
  th_lesson_free(lesson);
  return NULL;
}

void th_lesson_free(ThLesson *lesson) {
  if (!lesson) return;
  ThContext *cx = lesson->cx;
  clear(lesson);
  th_free(cx, lesson, sizeof *lesson);
}

bool th_lesson_read_front(ThContext *cx, const char *path, ThLesson *front) {
  bool ok = read_file(cx, path, true, front);
  clear(front);
  front->source = NULL;
  return ok;
}

const ThPart *th_step_part(const ThLesson *lesson, const ThStep *step, ThPartKind kind, size_t i) {
  for (size_t k = 0; k < step->n_parts; k++) {
    const ThPart *part = &lesson->parts[step->first_part + k];
    if (part->kind == kind && i-- == 0) return part;
  }
  return NULL;
}

bool th_step_is_question(const ThStep *step) {
  return step->kind == TH_STEP_EXERCISE || step->kind == TH_STEP_QUIZ || step->kind == TH_STEP_PREDICT;
}

void th_lesson_code(ThSlice slice, ThText *out) {
  th_text_repeat(out, '\n', slice.line > 0 ? slice.line - 1 : 0);
  th_text_bytes(out, slice.text, slice.length);
}

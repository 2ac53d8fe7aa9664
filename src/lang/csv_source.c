/* csv_source.c - a text file, given out in blocks of whole lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/csv_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"

enum { BLOCK = 1 << 18 };

/* What the first bytes of a file say about it. */
static bool check_kind(ThContext *cx, const char *path, const char *bytes, size_t length) {
  if (length >= 2 && memcmp(bytes, "\x1F\x8B", 2) == 0) {
    th_fail(cx, TH_ERROR_VALUE, "`%s` is compressed", path);
    return th_hint(cx, "unpack it first: `gunzip` makes the text file");
  }
  if (length >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) {
    th_fail(cx, TH_ERROR_VALUE, "`%s` is a spreadsheet or an archive, not text", path);
    return th_hint(cx, "save the sheet as CSV, and read that");
  }
  const char *nul = memchr(bytes, '\0', length);
  if (!nul) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`%s` is not text: byte %zu is 0", path, (size_t)(nul - bytes) + 1);
}

static bool is_utf8(const char *encoding) {
  return strcmp(encoding, "utf-8") == 0 || strcmp(encoding, "utf8") == 0 || strcmp(encoding, "UTF-8") == 0;
}

/* UTF-16, when its mark stands at the top, else what was asked for. */
static const char *find_encoding(const char *bytes, size_t length, const char *encoding) {
  bool marked = length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
  return marked ? "UTF-16" : encoding;
}

static bool convert_whole(ThCsvSource *s, const char *encoding) {
  ThText converted;
  th_text_init(&converted, &s->cx->heap);
  bool ok = th_utf8_convert(encoding, th_text_string(&s->whole), s->whole.length, &converted);
  if (!ok) {
    th_fail(s->cx, TH_ERROR_VALUE, "`%s` cannot be read in the encoding `%s`", s->path, encoding);
    th_hint(s->cx, "encodings are \"utf-8\", \"latin1\", \"utf-16\", …");
  }
  th_text_clear(&s->whole);
  s->whole = converted;
  return ok && th_text_ok(&converted, s->cx);
}

static bool fill_buffer(ThCsvSource *s);

/* Looks at the first block; what is not UTF-8 is read and converted as a whole. */
static bool begin(ThCsvSource *s, const char *encoding) {
  if (!fill_buffer(s)) return false;
  encoding = find_encoding(s->buffer, s->used, encoding);
  if (is_utf8(encoding)) return check_kind(s->cx, s->path, s->buffer, s->used);
  if (s->file >= 0) {
    close(s->file);
    s->file = -1;
    if (!th_read_file(s->cx, s->path, &s->whole)) return false;
  }
  return convert_whole(s, encoding) && check_kind(s->cx, s->path, th_text_string(&s->whole), s->whole.length);
}

static void source_init(ThContext *cx, const char *path, ThCsvSource *s) {
  *s = (ThCsvSource){.cx = cx, .path = path, .file = -1};
  th_text_init(&s->whole, &cx->heap);
}

bool th_csv_source_open(ThContext *cx, const char *path, const char *encoding, ThCsvSource *s) {
  struct stat about;
  source_init(cx, path, s);
  bool regular = stat(path, &about) == 0 && S_ISREG(about.st_mode);
  s->file = regular ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  bool ok = (s->file >= 0 || th_read_file(cx, path, &s->whole)) && begin(s, encoding);
  if (!ok) th_csv_source_close(s);
  return ok;
}

bool th_csv_source_text(ThContext *cx, const char *path, const char *text, size_t length, ThCsvSource *s) {
  source_init(cx, path, s);
  th_text_bytes(&s->whole, text, length);
  bool ok = th_text_ok(&s->whole, cx) && begin(s, "utf-8");
  if (!ok) th_csv_source_close(s);
  return ok;
}

void th_csv_source_close(ThCsvSource *s) {
  if (s->file >= 0) close(s->file);
  s->file = -1;
  th_free(s->cx, s->buffer, s->capacity);
  s->buffer = NULL;
  th_text_clear(&s->whole);
}

/* Up to `room` bytes of the text; 0 at its end, below 0 for an error. */
static ssize_t take_bytes(ThCsvSource *s, char *to, size_t room) {
  ssize_t got;
  if (s->file >= 0) {
    do got = read(s->file, to, room);
    while (got < 0 && errno == EINTR);
    return got;
  }
  size_t left = s->whole.length - s->taken, n = left < room ? left : room;
  memcpy(to, th_text_string(&s->whole) + s->taken, n);
  s->taken += n;
  return (ssize_t)n;
}

/* Room for more behind what is used, and two bytes: a line end and a NUL. */
static bool make_room(ThCsvSource *s) {
  if (s->capacity - s->used > BLOCK / 2 + 2) return true;
  size_t capacity = s->capacity ? s->capacity * 2 : BLOCK + 2;
  char *grown = th_resize(s->cx, s->buffer, s->capacity, capacity);
  if (!grown) return false;
  s->buffer = grown;
  s->capacity = capacity;
  return true;
}

/* Reads until the buffer is full or the text ends. */
static bool fill_buffer(ThCsvSource *s) {
  if (!make_room(s)) return false;
  while (!s->at_end && s->capacity - s->used > 2) {
    ssize_t got = take_bytes(s, s->buffer + s->used, s->capacity - s->used - 2);
    if (got < 0) return th_fail(s->cx, TH_ERROR_IO, "cannot read `%s`: %s", s->path, strerror(errno));
    s->at_end = got == 0;
    s->used += (size_t)got;
  }
  s->buffer[s->used] = '\0';
  return true;
}

/* Files of old end their lines with CR alone. */
static void find_line_end(ThCsvSource *s) {
  if (s->line_end == 0 && s->used > 0)
    s->line_end = memchr(s->buffer, '\n', s->used) || !memchr(s->buffer, '\r', s->used) ? '\n' : '\r';
}

/* Bytes of the buffer up to its last line end; 0 when there is none. */
static size_t whole_lines(const ThCsvSource *s) {
  size_t n = s->used;
  while (n > 0 && s->buffer[n - 1] != s->line_end) n--;
  return n;
}

bool th_csv_source_next(ThCsvSource *s, const char **block, size_t *length) {
  *block = NULL;
  if (!th_poll(s->cx)) return false;
  memmove(s->buffer, s->buffer + s->given, s->used - s->given);
  s->used -= s->given;
  s->given = 0;
  while (s->given == 0) {
    if (!fill_buffer(s)) return false;
    find_line_end(s);
    s->given = whole_lines(s);
    if (s->given == s->used && s->at_end && s->used == 0) return true;
    if (s->given < s->used && s->at_end) {
      s->buffer[s->used++] = s->line_end;
      s->buffer[s->used] = '\0';
      s->given = s->used;
    }
  }
  *block = s->buffer;
  *length = s->given;
  return true;
}

/* Leaves out a byte order mark and the first lines of the buffer. */
static bool skip_top(ThCsvSource *s, size_t skip, size_t *line) {
  if (!fill_buffer(s)) return false;
  find_line_end(s);
  if (s->used >= 3 && memcmp(s->buffer, "\xEF\xBB\xBF", 3) == 0) s->given = 3;
  for (*line = 1; *line <= skip; ++*line) {
    const char *end = memchr(s->buffer + s->given, s->line_end, s->used - s->given);
    if (!end)
      return th_fail(s->cx, TH_ERROR_VALUE, "`%s` has only %zu line%s to skip", s->path, *line - 1,
                     *line == 2 ? "" : "s");
    s->given = (size_t)(end - s->buffer) + 1;
  }
  return true;
}

bool th_csv_source_rewind(ThCsvSource *s, size_t skip, size_t *line) {
  s->used = s->given = s->taken = 0;
  s->at_end = false;
  if (s->file >= 0 && lseek(s->file, 0, SEEK_SET) < 0)
    return th_fail(s->cx, TH_ERROR_IO, "cannot read `%s`: %s", s->path, strerror(errno));
  return skip_top(s, skip, line);
}

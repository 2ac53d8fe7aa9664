/* test_csv.c - tests of lang/csv: dialects, errors, and the way there and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lang/csv.h"
#include "num/random.h"
#include "val/array.h"

static void begin(ThContext *cx) {
  unit_context(cx);
  cx->symbols = th_symbols_new(cx);
  ck_assert_ptr_nonnull(cx->symbols);
}

static void end(ThContext *cx) {
  th_symbols_free(cx, cx->symbols);
  unit_done(cx);
}

static void check_source(ThContext *cx, ThValue table, const char *want) {
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, table, TH_STYLE_SOURCE, &text));
  ck_assert_str_eq(th_text_string(&text), want);
  th_text_clear(&text);
}

/* A file, and the table or the error that comes of it. */
typedef struct Reading {
  const char *text, *want;
} Reading;

#define FIND TH_CSV_FIND_HEADER

static const Reading tables[] = {
    /* separators */
    {"x,y\n1,2.385\n3,4\n", "table(x = [1, 3], y = [2.385, 4])"},
    {"x\ty\n1\t2.385\n3\t4\n", "table(x = [1, 3], y = [2.385, 4])"},
    {"x;y\n1;2.385\n3;4\n", "table(x = [1, 3], y = [2.385, 4])"},
    {"x  y\n 1   2.385 \n3 \t4\n", "table(x = [1, 3], y = [2.385, 4])"},
    {"x , y\n1 , 2.385\n 3,4 \n", "table(x = [1, 3], y = [2.385, 4])"},
    {"a,b;c\n1,2;3\n", "rename(table(column_1 = [1.2], c = [3]), \"column_1\", \"a,b\")"},
    {"who\nAda Lovelace\nEmmy Noether\n", "table(who = list(\"Ada Lovelace\", \"Emmy Noether\"))"},
    {"x\n2.385\n4.5", "table(x = [2.385, 4.5])"},
    /* decimal commas */
    {"x;y\n1,5;2\n2,5;3\n", "table(x = [1.5, 2.5], y = [2, 3])"},
    {"1,5;2\n2,5;3\n", "table(x1 = [1.5, 2.5], x2 = [2, 3])"},
    {"x;y\n1,5;2.5\n2,5;3\n", "table(x = list(\"1,5\", \"2,5\"), y = [2.5, 3])"},
    /* headers */
    {"1,2.385\n3,4\n", "table(x1 = [1, 3], x2 = [2.385, 4])"},
    {"\"1\",\"2\"\n3,4\n",
     "rename(rename(table(column_1 = [3], column_2 = [4]), \"column_1\", \"1\"), \"column_2\", \"2\")"},
    {"x,,x,x\n1,2,3,4\n", "table(x = [1], x2 = [2], x_2 = [3], x_3 = [4])"},
    {"x,y\n", "table(x = [], y = [])"},
    {"beta,mu0\n2.385,3\n", "table(beta = [2.385], mu0 = [3])"},
    /* line ends, marks, comments, empty lines, separators too many */
    {"x,y\r\n1,2\r\n3,4\r\n", "table(x = [1, 3], y = [2, 4])"},
    {"x,y\r1,2\r3,4", "table(x = [1, 3], y = [2, 4])"},
    {"\xEF\xBB\xBFx,y\n1,2\n", "table(x = [1], y = [2])"},
    {"# \"a\n\nx,y\n  # b\n1,2\n\n3,4\n\n", "table(x = [1, 3], y = [2, 4])"},
    {"x,y,\n1,2,\n3,4,\n", "table(x = [1, 3], y = [2, 4])"},
    {"x,y\n1,2,\n3,4,\n", "table(x = [1, 3], y = [2, 4])"},
    /* comments beside rows, and names in comments */
    {"x y # units\n1 2.385 # first\n3 4 #\n", "table(x = [1, 3], y = [2.385, 4])"},
    {"s x\n\"a # b\" 1\nc#d 2 # e \"f\n", "table(s = list(\"a # b\", \"c#d\"), x = [1, 2])"},
    {"# made by a program\n# t  v\n1 2.385\n3 4\n", "table(t = [1, 3], v = [2.385, 4])"},
    {"#t,v\r\n1,2.385\r\n", "table(t = [1], v = [2.385])"},
    {"# t v\n\n1 2.385\n", "table(x1 = [1], x2 = [2.385])"},
    {"# t 5\n1 2.385\n", "table(x1 = [1], x2 = [2.385])"},
    {"# three words here\n1 2.385\n", "table(x1 = [1], x2 = [2.385])"},
    /* missing values and words */
    {"x,y\n1,NA\n,nan\nN/A,.\n-,null\n", "table(x = [1, nan, nan, nan], y = [nan, nan, nan, nan])"},
    {"x,s\n1,NA\n2,b\n3,\n4,-\n", "table(x = [1, 2, 3, 4], s = list(\"\", \"b\", \"\", \"-\"))"},
    {"x\ninf\n-Inf\n+3\n.5\n1e5\n", "table(x = [inf, -inf, 3, 0.5, 100000])"},
    {"x\n1_000\n0x10\n2d3\n", "table(x = list(\"1_000\", \"0x10\", \"2d3\"))"},
    {"d,x\n2020-01-02,1\n", "table(d = list(\"2020-01-02\"), x = [1])"},
    /* quotes */
    {"s,x\n\"a,b\",1\n\"c\"\"d\",2\n\"e\nf\",3\n5\" pipe,4\n",
     "table(s = list(\"a,b\", \"c\\\"d\", \"e\\nf\", \"5\\\" pipe\"), x = [1, 2, 3, 4])"},
    {"s,x\n\"e\nf\",NA\ng,3\n", "table(s = list(\"e\\nf\", \"g\"), x = [nan, 3])"},
    {"s,x\n\"NA\",\"1\"\n\" b \",\"2\"\n", "table(s = list(\"NA\", \" b \"), x = list(\"1\", \"2\"))"},
    {"\"s\",\"x\"\n\"a\",\"1\"\n\"b\",\"2\"\n", "table(s = list(\"a\", \"b\"), x = [1, 2])"},
    {"s x\n\"a b\" 1\n\"c\nd\" 2\n", "table(s = list(\"a b\", \"c\\nd\"), x = [1, 2])"},
    /* text that shows late is read again */
    {"x,y\n1,2\n3,4\n5,six\n", "table(x = [1, 3, 5], y = list(\"2\", \"4\", \"six\"))"},
};

START_TEST(reads) {
  ThContext cx;
  ThValue table;
  begin(&cx);
  const Reading *r = &tables[_i];
  ck_assert_msg(th_csv_read(&cx, "t.csv", r->text, strlen(r->text), FIND, &table), "%s", cx.error.message);
  check_source(&cx, table, r->want);
  th_release(table);
  end(&cx);
}
END_TEST

START_TEST(reads_utf16) {
  static const char text[] = "\xFF\xFEs\0,\0x\0\n\0\xB2\x03,\0"
                             "1\0\n";
  ThContext cx;
  ThValue table;
  begin(&cx);
  ck_assert_msg(th_csv_read(&cx, "t.csv", text, sizeof text, FIND, &table), "%s", cx.error.message);
  check_source(&cx, table, "table(s = list(\"β\"), x = [1])");
  th_release(table);
  end(&cx);
}
END_TEST

static const Reading faults[] = {
    {"", "`t.csv` is empty"},
    {"# nothing\n\n", "`t.csv` holds no table"},
    {"x,y\n1,2\n3\n", "t.csv, line 3: 1 cell, where the first row has 2"},
    {"x,y\n# c\n1,2,3\n", "t.csv, line 3: 3 cells, where the first row has 2"},
    {"s,x\n\"a\nb\",1\n2\n", "t.csv, line 4: 1 cell, where the first row has 2"},
    {"s,x\n1,2\nM\xFCller,3\n", "t.csv, line 3, column 1: this cell is not UTF-8"},
    {"M\xFCller,x\n1,3\n", "t.csv, line 1, column 1: this cell is not UTF-8"},
    {"x,y\n1,\"2\n3,4\n", "t.csv, line 2: a quote is opened and never closed"},
    {"\x1F\x8B\x08", "`t.csv` is compressed"},
    {"PK\x03\x04zip", "`t.csv` is a spreadsheet or an archive, not text"},
};

START_TEST(refuses) {
  ThContext cx;
  ThValue table;
  begin(&cx);
  const Reading *r = &faults[_i];
  ck_assert(!th_csv_read(&cx, "t.csv", r->text, strlen(r->text), FIND, &table));
  ck_assert_str_eq(cx.error.message, r->want);
  th_error_clear(&cx);
  end(&cx);
}
END_TEST

START_TEST(header_given) {
  ThContext cx;
  ThValue table;
  begin(&cx);
  ck_assert(th_csv_read(&cx, "t.csv", "1,2\n3,4\n", 8, TH_CSV_HEADER, &table));
  check_source(
      &cx, table,
      "rename(rename(table(column_1 = [3], column_2 = [4]), \"column_1\", \"1\"), \"column_2\", \"2\")");
  th_release(table);
  ck_assert(th_csv_read(&cx, "t.csv", "a,2\n3,4\n", 8, TH_CSV_NO_HEADER, &table));
  check_source(&cx, table, "table(x1 = list(\"a\", \"3\"), x2 = [2, 4])");
  th_release(table);
  end(&cx);
}
END_TEST

/* A dialect to write in. */
typedef struct Dialect {
  char separator, point;
  const char *line_end;
  bool quotes, comments;
} Dialect;

static const Dialect dialects[] = {
    {',', '.', "\n", false, false},  {',', '.', "\r\n", true, true}, {';', ',', "\n", false, true},
    {'\t', '.', "\r", true, false},  {' ', '.', "\n", true, true},   {';', '.', "\r\n", true, false},
    {'\t', ',', "\n", false, false},
};

static void put_quoted(ThText *out, const char *text) {
  th_text_char(out, '"');
  for (; *text; text++) {
    if (*text == '"') th_text_char(out, '"');
    th_text_char(out, *text);
  }
  th_text_char(out, '"');
}

static void put_number(ThText *out, double x, const Dialect *d) {
  size_t start = out->length;
  th_format_exact(x, out);
  char *point = memchr(out->data + start, '.', out->length - start);
  if (point) *point = d->point;
}

static const char *const words[] = {"a",   "β",   "two words",  "NA", "",    "3",
                                    "x,y", "p;q", "say \"hi\"", "#c", " b ", "-"};

/* A random table as text, and its cells. */
typedef struct Sample {
  size_t n;
  double x[64], z[64];
  const char *s[64];
} Sample;

static void sample_init(ThRandom *random, Sample *sample) {
  sample->n = 1 + (size_t)th_random_below(random, 60);
  for (size_t i = 0; i < sample->n; i++) {
    int power = (int)th_random_below(random, 40) - 20;
    sample->x[i] = th_random_below(random, 10) == 0 ? (double)NAN
                                                    : (double)th_random_below(random, 100000) / 1000;
    sample->z[i] = (th_random_uniform(random) - 0.5) * pow(10, power);
    sample->s[i] = words[th_random_below(random, COUNT(words))];
  }
}

static void put_sample(const Sample *sample, const Dialect *d, ThText *out) {
  const char header[] = {'x', d->separator, 's', d->separator, 'z', '\0'};
  th_text_add(out, header);
  th_text_add(out, d->line_end);
  for (size_t i = 0; i < sample->n; i++) {
    if (d->comments && i % 5 == 0) th_text_format(out, "# \"it's a comment%s", d->line_end);
    put_number(out, sample->x[i], d);
    th_text_char(out, d->separator);
    put_quoted(out, sample->s[i]);
    th_text_char(out, d->separator);
    put_number(out, sample->z[i], d);
    th_text_add(out, d->line_end);
  }
}

static bool same(double x, double y) { return x == y || (isnan(x) && isnan(y)); }

static void check_sample(ThContext *cx, const Sample *sample, ThValue value) {
  const ThTable *table = th_as_table(value);
  ck_assert_uint_eq(table->n_rows, sample->n);
  ck_assert_uint_eq(table->n_columns, 3);
  ck_assert(th_is_array(table->columns[0]) && th_is_list(table->columns[1]) &&
            th_is_array(table->columns[2]));
  for (size_t i = 0; i < sample->n; i++) {
    ck_assert(same(th_as_array(table->columns[0])->real[i], sample->x[i]));
    ck_assert(same(th_as_array(table->columns[2])->real[i], sample->z[i]));
    ck_assert_str_eq(th_as_string(th_as_list(table->columns[1])->items[i])->text, sample->s[i]);
  }
  (void)cx;
}

/* What is written in a dialect is read in it, and what th_csv_write makes of that is the same table again. */
START_TEST(every_dialect) {
  ThContext cx;
  begin(&cx);
  ThRandom state, *random = &state;
  th_random_seed(random, 2385 + (uint64_t)_i);
  for (int k = 0; k < 200; k++) {
    Sample sample;
    ThText text;
    ThValue table;
    sample_init(random, &sample);
    for (int again = 0; again < 2; again++) {
      th_text_init(&text, &cx.heap);
      if (again) {
        ck_assert(th_csv_write(&cx, th_as_table(table), &text));
        th_release(table);
      } else {
        put_sample(&sample, &dialects[_i], &text);
      }
      ck_assert_msg(th_csv_read(&cx, "t.csv", text.data, text.length, FIND, &table), "%s\n%s",
                    cx.error.message, text.data);
      th_text_clear(&text);
      check_sample(&cx, &sample, table);
    }
    th_release(table);
  }
  end(&cx);
}
END_TEST

/* Rows of numbers without and with quotes go different ways, to the same table. */
START_TEST(both_ways) {
  ThContext cx;
  ThText plain, quoted;
  ThValue a, b;
  bool equal;
  begin(&cx);
  ThRandom state, *random = &state;
  th_random_seed(random, 2385);
  th_text_init(&plain, &cx.heap);
  th_text_init(&quoted, &cx.heap);
  th_text_add(&plain, "x,y,z\n");
  th_text_add(&quoted, "\"x\",\"y\",\"z\"\n");
  for (int i = 0; i < 40000; i++) { /* several blocks */
    for (int j = 0; j < 3; j++) {
      char cell[40];
      double x = (th_random_uniform(random) - 0.5) * pow(10, (double)th_random_below(random, 30) - 15);
      snprintf(cell, sizeof cell, "%.*g", (int)th_random_below(random, 20), x);
      th_text_format(&plain, "%s%s", cell, j < 2 ? "," : "\n");
      th_text_format(&quoted, "\"%s\"%s", cell, j < 2 ? "," : "\n");
    }
  }
  ck_assert(th_csv_read(&cx, "a.csv", plain.data, plain.length, FIND, &a));
  ck_assert(th_csv_read(&cx, "b.csv", quoted.data, quoted.length, FIND, &b));
  ck_assert_uint_eq(th_as_table(a)->n_rows, 40000);
  ck_assert(th_equal(&cx, a, b, &equal) && equal);
  th_release(a);
  th_release(b);
  th_text_clear(&plain);
  th_text_clear(&quoted);
  end(&cx);
}
END_TEST

/* A line longer than a block, and text that first shows in a late block. */
START_TEST(long_lines_and_late_text) {
  enum { LONG = 700000, ROWS = 100000 };
  ThContext cx;
  ThText text;
  ThValue table;
  begin(&cx);
  th_text_init(&text, &cx.heap);
  th_text_add(&text, "s,x\n");
  th_text_repeat(&text, 'a', LONG);
  th_text_add(&text, ",2.385\n");
  for (int i = 0; i < ROWS; i++) th_text_format(&text, "b,%s\n", i == ROWS - 1 ? "late" : "2.385");
  ck_assert(th_csv_read(&cx, "t.csv", text.data, text.length, FIND, &table));
  const ThTable *t = th_as_table(table);
  ck_assert_uint_eq(t->n_rows, ROWS + 1);
  ck_assert_uint_eq(th_as_string(th_as_list(t->columns[0])->items[0])->length, LONG);
  ck_assert_str_eq(th_as_string(th_as_list(t->columns[1])->items[0])->text, "2.385");
  ck_assert_str_eq(th_as_string(th_as_list(t->columns[1])->items[ROWS])->text, "late");
  th_release(table);
  th_text_clear(&text);
  end(&cx);
}
END_TEST

/* Files, where the text lies on the disk and is read twice. */
typedef struct FileReading {
  const char *text;
  ThCsvOptions options;
  const char *want;
} FileReading;

static const FileReading files[] = {
    {"name,x\nM\xFCller,2.385\n",
     {.header = FIND, .encoding = "latin1"},
     "table(name = list(\"Müller\"), x = [2.385])"},
    {"\xFF\xFE"
     "A\xDC"
     "ab",
     {.header = FIND},
     "`FILE` cannot be read in the encoding `UTF-16`"},
    {"x\n1\n", {.header = FIND, .encoding = "klingon"}, "`FILE` cannot be read in the encoding `klingon`"},
    {"made in May\n\nx,y\n1,2\n", {.header = FIND, .skip = 2}, "table(x = [1], y = [2])"},
    {"made in May\nx,y\n1,2\n", {.header = FIND, .skip = 4}, "`FILE` has only 3 lines to skip"},
    {"a|b\n1|2.385\n", {.header = TH_CSV_HEADER, .separator = '|'}, "table(a = [1], b = [2.385])"},
    {"a b\n1,5 2\n", {.header = FIND, .separator = ' ', .point = ','}, "table(a = [1.5], b = [2])"},
    {"a;b\n1,5;2\n", {.header = FIND, .point = '.'}, "table(a = list(\"1,5\"), b = [2])"},
    {"x,s\n1,2\n3,\"\"\n", {.header = FIND}, "table(x = [1, 3], s = list(\"2\", \"\"))"},
};

/* The file's name in what is said of it, put in place of FILE. */
static void check_message(const char *message, const char *path, const char *want) {
  const char *name = strstr(want, "FILE");
  char expected[200];
  ck_assert_ptr_nonnull(name);
  snprintf(expected, sizeof expected, "%.*s%s%s", (int)(name - want), want, path, name + strlen("FILE"));
  ck_assert_str_eq(message, expected);
}

START_TEST(reads_files) {
  ThContext cx;
  ThValue table;
  char path[] = "/tmp/theta-csv-XXXXXX";
  const FileReading *r = &files[_i];
  begin(&cx);
  int file = mkstemp(path);
  ck_assert(file >= 0 && write(file, r->text, strlen(r->text)) == (ssize_t)strlen(r->text) &&
            close(file) == 0);
  if (th_csv_read_file(&cx, path, &r->options, &table)) {
    check_source(&cx, table, r->want);
    th_release(table);
  } else {
    check_message(cx.error.message, path, r->want);
    th_error_clear(&cx);
  }
  unlink(path);
  end(&cx);
}
END_TEST

static bool attempt_read(ThContext *cx) {
  static const char text[] = "x,s\n1,\"a b\"\n2,c\n3,\n";
  ThValue table;
  cx->symbols = th_symbols_new(cx);
  bool ok = cx->symbols && th_csv_read(cx, "t.csv", text, sizeof text - 1, FIND, &table);
  if (ok) th_release(table);
  if (cx->symbols) th_symbols_free(cx, cx->symbols);
  return ok;
}

START_TEST(out_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_read);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_csv(void) {
  Suite *suite = suite_create("csv");
  ADD_ROWS(suite, reads, COUNT(tables));
  ADD(suite, reads_utf16);
  ADD_ROWS(suite, refuses, COUNT(faults));
  ADD(suite, header_given);
  ADD_ROWS(suite, every_dialect, COUNT(dialects));
  ADD(suite, both_ways);
  ADD(suite, long_lines_and_late_text);
  ADD_ROWS(suite, reads_files, COUNT(files));
  ADD(suite, out_of_memory);
  return suite;
}

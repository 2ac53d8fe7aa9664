/* fuzz_csv.c - any bytes as a file of comma-separated values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "lang/csv.h"

/* What is written is read back as a table that is written the same. */
static void check_round(ThContext *cx, ThValue table) {
  ThText first, second;
  ThValue again;
  th_text_init(&first, &cx->heap);
  th_text_init(&second, &cx->heap);
  if (!th_csv_write(cx, th_as_table(table), &first)) {
    fuzz_check_error(cx);
  } else if (!th_csv_read(cx, "again", th_text_string(&first), first.length, TH_CSV_HEADER, &again)) {
    if (!th_is_final(cx)) fuzz_fail("cannot be read back: %s", cx->error.message);
  } else {
    if (th_csv_write(cx, th_as_table(again), &second) && !fuzz_same_text(&first, &second))
      fuzz_fail("`%s` is read back as `%s`", th_text_string(&first), th_text_string(&second));
    th_release(again);
  }
  th_error_clear(cx);
  th_text_clear(&first);
  th_text_clear(&second);
}

static void read_table(ThContext *cx, const char *text, size_t length, ThCsvHeader header) {
  ThValue table;
  if (!th_csv_read(cx, "file.csv", text, length, header, &table)) {
    fuzz_check_error(cx);
    return;
  }
  ThText shown;
  th_text_init(&shown, &cx->heap);
  if (!th_format(cx, table, TH_STYLE_ECHO, &shown)) fuzz_check_error(cx);
  th_text_clear(&shown);
  check_round(cx, table);
  th_release(table);
}

static void read_both(ThContext *cx, const char *text, size_t length) {
  read_table(cx, text, length, TH_CSV_HEADER);
  read_table(cx, text, length, TH_CSV_NO_HEADER);
  read_table(cx, text, length, TH_CSV_FIND_HEADER);
}

/* Column names outlive the table: a new session now and then keeps them few. */
void fuzz_csv(const char *text, size_t length) {
  static ThSession *session;
  static unsigned runs;
  if (!session) session = fuzz_session();
  ThContext *cx = th_session_context(session);
  fuzz_clock_start(cx);
  fuzz_check_leaks(cx, read_both, text, length);
  fuzz_clock_stop(cx);
  if (++runs % 256) return;
  fuzz_session_end(session);
  session = NULL;
}

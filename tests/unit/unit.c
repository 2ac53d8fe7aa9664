/* unit.c - run every suite of suites.h */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CK_RUN_SUITE=NAME runs one suite, CK_RUN_CASE=NAME one test, CK_FORK=no everything in one process. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "registry.h"

static Suite *(*const suites[])(void) = {
#define SUITE(name) th_suite_##name,
#include "suites.h"
#undef SUITE
    NULL,
};

void unit_add(Suite *suite, const char *name, const TTest *test) {
  TCase *single = tcase_create(name);
  tcase_add_test(single, test);
  suite_add_tcase(suite, single);
}

void unit_add_rows(Suite *suite, const char *name, const TTest *test, int count) {
  TCase *rows = tcase_create(name);
  tcase_add_loop_test(rows, test, 0, count);
  suite_add_tcase(suite, rows);
}

void unit_context(ThContext *cx) {
  *cx = (ThContext){.settings = {.digits = 6, .width = 80, .height = 24, .utf8 = true}};
}

void unit_output_clear(UnitOutput *output) {
  output->length = 0;
  output->text[0] = '\0';
}

static void write_output(void *self, const char *text, size_t length) {
  UnitOutput *output = self;
  size_t room = sizeof output->text - 1 - output->length;
  if (length > room) length = room;
  memcpy(output->text + output->length, text, length);
  output->length += length;
  output->text[output->length] = '\0';
}

ThSession *unit_session(UnitOutput *output) {
  ThSession *session = th_session_new();
  ck_assert_ptr_nonnull(session);
  if (output) {
    unit_output_clear(output);
    th_session_context(session)->host = (ThHost){.write = write_output, .self = output};
  }
  ck_assert(th_registry_define(session));
  return session;
}

void unit_run(ThSession *session, const char *text) {
  ThText message;
  if (th_session_run(session, "", text, strlen(text), TH_RUN_QUIET) == TH_RUN_DONE) return;
  th_text_init(&message, &th_session_context(session)->heap);
  th_session_take_error_text(session, &message);
  ck_abort_msg("%s\n%s", text, th_text_string(&message));
}

ThValue unit_evaluate(ThSession *session, const char *text) {
  ThValue v;
  bool ok = th_session_evaluate(session, "", text, strlen(text), &v);
  ck_assert_msg(ok, "%s: %s", text, th_session_context(session)->error.message);
  return v;
}

void unit_done(ThContext *cx) {
  ck_assert_int_eq(cx->error.code, TH_OK);
  ck_assert_uint_eq(cx->heap.used, 0);
}

void unit_refuse_each(ThContext *cx, bool (*attempt)(ThContext *cx)) {
  size_t used = cx->heap.used;
  size_t n = 0;
  bool done = false;
  while (!done) {
    cx->heap.allocations = 0;
    cx->heap.fail_at = ++n;
    done = attempt(cx);
    if (!done) ck_assert_int_eq(cx->error.code, TH_ERROR_MEMORY);
    th_error_clear(cx);
    ck_assert_uint_eq(cx->heap.used, used);
  }
  cx->heap.fail_at = 0;
  ck_assert_uint_gt(n, 1);
}

int main(void) {
  SRunner *runner = srunner_create(NULL);
  for (size_t i = 0; suites[i]; i++) srunner_add_suite(runner, suites[i]());
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

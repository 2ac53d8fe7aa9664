/* unit.h - what the suites of the unit tests share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_UNIT_H
#define TH_TESTS_UNIT_H

#include <check.h>

#include "lang/session.h"

/* Each file test_NAME.c defines the suite of module NAME. */
#define SUITE(name) Suite *th_suite_##name(void);
#include "suites.h"
#undef SUITE

/* Adds one test to the suite, as a case of the same name. */
#define ADD(suite, test) unit_add(suite, #test, test)
void unit_add(Suite *suite, const char *name, const TTest *test);

/* Adds one test, run for i = 0 .. count - 1: a row of a table each. */
#define ADD_ROWS(suite, test, count) unit_add_rows(suite, #test, test, (int)(count))
void unit_add_rows(Suite *suite, const char *name, const TTest *test, int count);

/* How many elements an array has. */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A context without host and limit, with the settings that a session starts with. */
void unit_context(ThContext *cx);

/* What a session has printed: as much as there is room for. */
typedef struct UnitOutput {
  char text[4096];
  size_t length;
} UnitOutput;
void unit_output_clear(UnitOutput *output);

/* A session with all that the program defines. What it prints goes to `output`, which is cleared, or nowhere when that
 * is NULL. */
ThSession *unit_session(UnitOutput *output);
/* Runs a text, echoing nothing; an error in it ends the test, and is told. */
void unit_run(ThSession *session, const char *text);
/* The value of an expression, owned; an error in it ends the test, and is told. */
ThValue unit_evaluate(ThSession *session, const char *text);

/* Ends a test: everything that came from the context's heap is back, and no error is left in it. */
void unit_done(ThContext *cx);

/* Runs `attempt` with its first allocation refused, then its second, and so on until it succeeds.
 * It must report each refusal as an error of code TH_ERROR_MEMORY, return what it took whether it succeeds
 * or fails, and ask for memory at least once. */
void unit_refuse_each(ThContext *cx, bool (*attempt)(ThContext *cx));

#endif

/* fuzz.h - the fuzzing entries, and what they share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_FUZZ_H
#define TH_TESTS_FUZZ_H

#include "lang/session.h"

/* Each entry takes any bytes and returns; a property that does not hold, or a computation that does not stop when it
 * is interrupted, ends the program with a message. No entry writes a file or starts a program. */
typedef void (*FuzzEntry)(const char *text, size_t length);
void fuzz_lexer(const char *text, size_t length); /* tokens lie in the text, one after the other */
void fuzz_parser(const char *text,
                 size_t length); /* so do nodes and errors; what parses compiles or says why */
void fuzz_evaluator(const char *text,
                    size_t length); /* an error leaves a usable session; values can be read back */
void fuzz_csv(const char *text, size_t length); /* a table that was read can be written and read again */

bool fuzz_same_text(const ThText *a, const ThText *b);

/* Ends the program, saying which property does not hold. */
_Noreturn void fuzz_fail(const char *format, ...) TH_PRINTF(1, 2);

/* A session with its built-ins, at most 64 MB large, in the sandbox; pictures are drawn as text and thrown away. */
ThSession *fuzz_session(void);
/* Ends the session, which must have returned all its memory. */
void fuzz_session_end(ThSession *session);

/* Runs the text again and again until the heap stays as it is: names are new at first, and then their table may grow;
 * fails when it grows each time. */
void fuzz_check_leaks(ThContext *cx, void (*run)(ThContext *cx, const char *text, size_t length),
                      const char *text, size_t length);

/* The session is interrupted when it has computed for some time; fails when it computes on nevertheless. */
void fuzz_clock_start(ThContext *cx);
void fuzz_clock_stop(ThContext *cx);

/* The error record, which must not be empty, lies inside its sources and can be shown; clears it. */
void fuzz_check_error(ThContext *cx);

#endif

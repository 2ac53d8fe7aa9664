/* fuzz.c - what the fuzzing entries share: a session with limits, a clock, a look at errors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "../silent.h"
#include "base/utf8.h"

enum {
  HEAP_LIMIT = 64 << 20,
  TIME_TO_INTERRUPT =
      200, /* milliseconds of computing time; the sanitizers make everything some times slower */
  TIME_TO_STOP = 2000
};

static volatile sig_atomic_t interrupted, ticks;

void fuzz_fail(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("fuzz: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  abort();
}

static void write_checked(void *self, const char *text, size_t length) {
  (void)self;
  if (th_utf8_find_invalid(text, length) < length) fuzz_fail("what was printed is not UTF-8");
}

ThSession *fuzz_session(void) {
  ThSession *session = silent_session();
  ThContext *cx = th_session_context(session);
  cx->host.write = write_checked;
  cx->heap.limit = HEAP_LIMIT;
  cx->settings.sandbox = true;
  cx->interrupt = &interrupted;
  return session;
}

void fuzz_session_end(ThSession *session) {
  size_t left = th_session_free(session);
  if (left) fuzz_fail("%zu bytes leaked", left);
}

void fuzz_check_leaks(ThContext *cx, void (*run)(ThContext *cx, const char *text, size_t length),
                      const char *text, size_t length) {
  size_t used = 0;
  for (int turn = 0; turn < 5 && cx->heap.used != used; turn++) {
    used = cx->heap.used;
    run(cx, text, length);
  }
  if (cx->heap.used != used) fuzz_fail("%td bytes leaked", (ptrdiff_t)(cx->heap.used - used));
}

static void on_tick(int number) {
  (void)number;
  interrupted = 1;
  if (++ticks < 2) return;
  static const char text[] = "fuzz: the interruption was not heeded\n";
  if (write(STDERR_FILENO, text, sizeof text - 1) >= 0) abort();
}

static void set_clock(long first, long again) {
  struct itimerval times = {.it_value = {first / 1000, first % 1000 * 1000},
                            .it_interval = {again / 1000, 0}};
  setitimer(ITIMER_VIRTUAL, &times, NULL);
}

void fuzz_clock_start(ThContext *cx) {
  struct sigaction action = {.sa_handler = on_tick};
  sigemptyset(&action.sa_mask);
  sigaction(SIGVTALRM, &action, NULL);
  ticks = 0;
  interrupted = 0;
  cx->interrupt = &interrupted;
  set_clock(TIME_TO_INTERRUPT, TIME_TO_STOP);
}

void fuzz_clock_stop(ThContext *cx) {
  set_clock(0, 0);
  interrupted = 0;
  cx->interrupt = NULL;
}

bool fuzz_same_text(const ThText *a, const ThText *b) {
  return a->length == b->length && memcmp(th_text_string(a), th_text_string(b), a->length) == 0;
}

void fuzz_check_error(ThContext *cx) {
  ThError *error = &cx->error;
  if (error->code == TH_OK || !error->message[0]) fuzz_fail("a failure without an error");
  if (th_utf8_find_invalid(error->message, strlen(error->message)) < strlen(error->message) ||
      th_utf8_find_invalid(error->hint, strlen(error->hint)) < strlen(error->hint))
    fuzz_fail("the message is not UTF-8");
  for (size_t i = 0; i < error->n_places; i++) {
    ThSpan span = error->places[i].span;
    if (span.start > span.end || span.end > error->places[i].source->length)
      fuzz_fail("the error's place %u-%u is outside of its source", span.start, span.end);
  }
  ThText text;
  th_text_init(&text, &cx->heap);
  th_error_show(error, &text);
  if (th_utf8_find_invalid(th_text_string(&text), text.length) < text.length)
    fuzz_fail("the error's text is not UTF-8: %s", th_text_string(&text));
  th_text_clear(&text);
  th_error_clear(cx);
}

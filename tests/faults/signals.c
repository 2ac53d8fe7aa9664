/* signals.c - a process that computes gets SIGINT at random times, and must be intact each time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signals [N]   N interruptions, 200 without it
 *
 * The child runs statements one after the other, again and again, with the program's own signal handler. Whenever one
 * ends in an interruption it looks whether its session is as it was, and tells the parent, which then waits a random
 * time and sends the next signal. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../silent.h"
#include "lang/session.h"
#include "num/random.h"
#include "ui/interrupt.h"
#include "val/basic.h"

enum { LONGEST_PAUSE = 60 /* ms */, PATIENCE = 20 /* s */ };

static const char prelude[] =
    "kept = list(2.385, \"a\", [1, 2]); v = sample(Normal(0, 1), 300000); M = sample(Normal(0, 1), 400, 400)\n"
    "X ~ Normal(0, 1); U, W ~ Uniform(0, 1); N ~ Poisson(30); t = table(a = v[1:20000], b = round(20v[1:20000]))\n"
    "a = 1; twice := 2a; w = v\n"
    "model line(x, y) {\n a ~ Normal(0, 10)\n b ~ Normal(0, 10)\n y ~ Normal(a + b*x, 1)\n}\n";

static const char *const statements[] = {
    "fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2); fib(24)",
    "sort(v)[3]",
    "M @ M @ M",
    "svd(M).s[1]",
    "eig(M).values[1]",
    "s = 0; for x in v { s += x^2 }",
    "[x^2 + y for x in 1:400, y in 1:400]",
    "fft(v)[2]",
    "P(X^2 + U*W > sin(X))",
    "E(exp(X*U*W))",
    "P(N > 20 | N < 40)",
    "join([\"$i\" for i in 1:20000], \",\")",
    "group_by(t, \"b\", r -> mean(r.a))",
    "sort_by(t, \"b\")",
    "mle(line, (x = v[1:20000], y = v[1:20000]))",
    "twice with a in 1:3000",
    "w[sort_index(v)] = v",
    "w = v",
    "\"$v\"",
    "cumsum(exp(v)) / 2",
    "quantile(v, [0.1, 0.9])",
    "unique(round(100v))",
    "l = list(); for i in 1:2000 { l = push(l, i) }",
    "while true { }",
    "median(v) + M[2, 3]",
};

static bool evaluates_to(ThSession *session, const char *text, bool wanted) {
  ThValue v;
  bool ok = th_session_evaluate(session, "", text, strlen(text), &v);
  return ok && th_is_bool(v) && th_as_bool(v) == wanted;
}

static _Noreturn void complain(ThSession *session, const char *statement) {
  printf("after `%s`: %s\n", statement, th_session_context(session)->error.message);
  fflush(stdout);
  _exit(EXIT_FAILURE);
}

static _Noreturn void compute(int out) {
  th_interrupt_install();
  ThSession *session = silent_session();
  ThContext *cx = th_session_context(session);
  cx->interrupt = NULL;
  if (th_session_run(session, "", prelude, sizeof prelude - 1, TH_RUN_QUIET) != TH_RUN_DONE)
    complain(session, prelude);
  cx->interrupt = th_interrupt_flag();
  unsigned char last = 0;
  for (size_t i = 0; write(out, &last, 1) == 1; i++) { /* ready: the next signal may come */
    const char *text;
    do text = statements[last = (unsigned char)(i++ % (sizeof statements / sizeof *statements))];
    while (th_session_run(session, "", text, strlen(text), TH_RUN_PROMPT) == TH_RUN_DONE);
    if (cx->error.code != TH_ERROR_INTERRUPTED) complain(session, text);
    cx->interrupt = NULL;
    if (!evaluates_to(session, "kept == list(2.385, \"a\", [1, 2]) and length(w) == 300000 and twice == 2",
                      true) ||
        cx->depth != 0 || cx->nesting != 0)
      complain(session, text);
    cx->interrupt = th_interrupt_flag();
  }
  _exit(th_session_free(session) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv) {
  size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 200, done = 0;
  int ends[2], status;
  double longest = 0, start = 0;
  unsigned char last, slowest = 0; /* the statements that were interrupted */
  ThRandom random;
  th_random_seed(&random, 2385);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_DFL); /* a shell lets what it starts in the background ignore it */
  if (pipe(ends) != 0) return EXIT_FAILURE;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    compute(ends[1]);
  }
  close(ends[1]);
  alarm(PATIENCE + (unsigned)n);
  for (; read(ends[0], &last, 1) == 1; done++) {
    double late = start > 0 ? seconds() - start : 0;
    if (late > longest) longest = late, slowest = last;
    if (done == n) break;
    struct timespec pause = {.tv_nsec = (long)(th_random_uniform(&random) * LONGEST_PAUSE * 1e6)};
    nanosleep(&pause, NULL);
    start = seconds();
    kill(child, SIGINT);
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  printf("the longest time from signal to prompt: %.0f ms, in `%s`\n", 1e3 * longest, statements[slowest]);
  printf("%zu passed, %d failed\n", done, done < n);
  return done == n ? EXIT_SUCCESS : EXIT_FAILURE;
}

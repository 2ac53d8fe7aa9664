/* interrupts.c - every built-in on large inputs is interrupted, and must come back soon */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupts [NAME...]   those built-ins, or all of them, then the calls of the list below
 *
 * Each call runs in a process of its own. After 100 ms the flag that Ctrl-C sets is set; from then on the call has
 * 100 ms of computing time. Arguments are made from the kinds in the built-in's row, in several variants. Computing
 * time is that of the main thread, so that a busy machine does not matter. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../silent.h"
#include "lang/session.h"
#include "lang/signature.h"

enum { TOO_LONG = 2 }; /* the status of a process that did not come back at all */
enum { UNTIL_INTERRUPT = 100, UNTIL_BACK = 100, UNTIL_KILLED = 20 }; /* ms, ms, s */

static volatile sig_atomic_t interrupted;
static clockid_t main_clock;
static struct timespec interrupted_at;

static void on_alarm(int number) {
  (void)number;
  if (interrupted_at.tv_nsec) _exit(TOO_LONG);
  clock_gettime(main_clock, &interrupted_at);
  interrupted = 1;
}

static double milliseconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(main_clock, &now);
  return 1e3 * (double)(now.tv_sec - start->tv_sec) + 1e-6 * (double)(now.tv_nsec - start->tv_nsec);
}

static void clock_begin(void) {
  struct itimerval times = {.it_value = {0, UNTIL_INTERRUPT * 1000}, .it_interval = {UNTIL_KILLED, 0}};
  signal(SIGALRM, on_alarm);
  pthread_getcpuclockid(pthread_self(), &main_clock);
  setitimer(ITIMER_REAL, &times, NULL);
}

/* --- What is called */

static const char inputs[] =
    "v = sample(Normal(0, 1), 10000000); M = sample(Normal(0, 1), 2000, 2000); z = v[1:3000000] + 2i\n"
    "w = v[1:2000000]; s = join([\"ab c\" for i in 1:2000000], \"\"); l = [\"w$(i % 1000)\" for i in 1:1000000]\n"
    "k = [list(i, 2) for i in 1:1000000]\n"
    "t = table(a = v[1:1000000], b = round(1000*w[1:1000000]), c = l); d = Normal(0, 1); X ~ Normal(0, 1)\n"
    "f = x -> sum(x); r = (a = v, b = M); b = v > 0; n = round(v); P2 = M @ M' + 2000eye(2000)\n"
    "Y ~ Poisson(1e6); U, W ~ Uniform(0, 1); g(x) = { s = 0; for i in 1:1000 { s += i }; s + x }\n"
    "model line(x, y) {\n a ~ Normal(0, 10)\n b ~ Normal(0, 10)\n y ~ Normal(a + b*x, 1)\n}\n"
    "long(x) = { s = 0; for i in 1:1000000000 { s += sin(x*i) }; s }\n"
    "lab = table(x = w, y = 2w + 1)\nx3 = reshape(v, 100, 1000, 100); p = sort_index(v)\n";

/* What rows alone do not reach: operators, statements, queries, and shapes that must fit. */
static const char *const calls[] = {
    "v + v",
    "v*2 + 1",
    "v > 0 and v < 1",
    "v ^ 2.5",
    "v % 0.7",
    "-v",
    "not b",
    "z*z",
    "z/z",
    "z^1.5",
    "v == v",
    "M'",
    "M @ M",
    "M @ v[1:2000]",
    "M \\ v[1:2000]",
    "P2 \\ M",
    "M⁻¹",
    "z[1:1000000] @ z[1:1000000]",
    "v[p]",
    "v[b]",
    "v[end:-1:1]",
    "M[:, 5]",
    "M[p[1:2000] % 2000 + 1, :]",
    "2.5 in v",
    "v[b] = 0",
    "v[p] = v",
    "x = v; x[3] = 1",
    "x3 + x3[1, :, :]",
    "x3 @ x3[1, :, :]'",
    "[x^2 for x in v]",
    "[x + y for x in 1:3000, y in 1:3000]",
    "for x in v { }",
    "\"$v\"",
    "v",
    "M",
    "k",
    "k == k",
    "l == l",
    "k in list(k)",
    "s + s",
    "s == s",
    "s[5000000]",
    "s[1:5000000]",
    "for c in s { }",
    "t",
    "t[t.a > 0]",
    "t[p[1:100000]]",
    "t.z = t.a^2",
    "for r in t { }",
    "r*2 + r",
    "1:10000000 + 0",
    "sum(1:1000000000)",
    "x = 1:1000000000 + 1",
    "sort(v)",
    "sort(l)",
    "sort_index(v)",
    "unique(n)",
    "unique(l)",
    "median(v)",
    "quantile(v, [0.1, 0.5])",
    "cumsum(v)",
    "var(v)",
    "histogram(v)",
    "eig(M)",
    "eig(P2)",
    "svd(M)",
    "inv(M)",
    "det(M)",
    "pinv(M)",
    "qr(M)",
    "cholesky(P2)",
    "rank(M)",
    "kron(M[1:100,1:100], M[1:100,1:100])",
    "outer(v[1:5000], v[1:5000])",
    "cov(M)",
    "corr(M)",
    "norm(M)",
    "fft(v)",
    "fft(v[1:999983])",
    "ifft(z)",
    "fft(M)",
    "convolve(v, v[1:1000])",
    "convolve(v[1:100000], v[1:100000])",
    "interp([1, 2, 3], v[p], v)",
    "interp(sort(v), v, v)",
    "sort_by(t, \"b\")",
    "group_by(t, \"c\")",
    "join(t, t, on = \"b\")",
    "split(t, 0.8)",
    "sample_rows(t, 500000)",
    "summary(t)",
    "head(t)",
    "drop_missing(t)",
    "summary(v)",
    "join(l, \",\")",
    "split_text(s, \" \")",
    "replace(s, \"a\", \"bc\")",
    "upper(s)",
    "contains(s, \"zzz\")",
    "format(v, \".3f\")",
    "length(s)",
    "concat(v, v)",
    "stack(v, v)",
    "repeat(v, 10)",
    "repeat(s, 10)",
    "roll(v, 3)",
    "reshape(v, 1000, 10000)",
    "where(b, v, w[1])",
    "choose(n, 3)",
    "gamma(v)",
    "lgamma(v)",
    "digamma(v)",
    "erf(v)",
    "bessel_j(2, v)",
    "beta(v^2, v^2)",
    "factorial(abs(n))",
    "exp(v)",
    "sin(v)",
    "atan2(v, v)",
    "max(v, v)",
    "max(v)",
    "argmax(M, axis = 1)",
    "sum(M, axis = 1)",
    "mean(x3, axis = 2)",
    "cumprod(v)",
    "diff(v)",
    "clip(v, 0, 1)",
    "round(v)",
    "near(v, v)",
    "is_nan(v)",
    "logsumexp(v)",
    "softmax(v)",
    "pdf(d, v)",
    "cdf(d, v)",
    "quantile(d, abs(v) % 1)",
    "logpdf(Gamma(2, 3), v^2)",
    "cdf(Gamma(2.5, 3), v^2)",
    "quantile(Gamma(2.5, 3), abs(v) % 1)",
    "quantile(Beta(2.5, 3), abs(v) % 1)",
    "cdf(Poisson(3.3), v)",
    "pdf(Normal(v, 1), 2)",
    "sample(d, 100000000)",
    "sample(Gamma(2.5, 1), 10000000)",
    "sample(Poisson(1e6), 10000000)",
    "sample(Discrete(1:1000, ones(1000)), 10000000)",
    "sample(X^2 + Y, 10000000)",
    "P(X^2 + U*W > sin(X))",
    "P(X*U > W | Y > 1000000)",
    "E(exp(X*U*W))",
    "E(Y^3)",
    "P(Y > 1000000)",
    "median(X*U)",
    "quantile(X*U + W, 0.3)",
    "Var(X*U)",
    "pdf(X*U, 1)",
    "entropy(X*U)",
    "cf(v)(1.5)",
    "cf(v)(v)",
    "integrate(x -> g(x), 0, 1)",
    "integrate(x -> sin(1e7*x), 0, 1)",
    "root(x -> g(x) - 499999, -1e9, 1e9)",
    "grad(x -> sum(sin(x)*exp(-x^2)), w)",
    "grad(long, 2.385)",
    "grad(x -> { s = x; while true { s = sin(s) + x }; s }, 2.385)",
    "grad(x -> sum(sort(x)^2*cumsum(x)), v)",
    "grad(x -> logdet(x @ x'), M)",
    "grad(x -> sum(svd(x).s^3), M)",
    "grad(x -> logpdf(Normal(x[1], exp(x[2])), v) |> sum, [0.3, 0.7])",
    "hessian(x -> sum(sin(x)*x[1]), w[1:5000])",
    "jacobian(x -> sin(x)*x[1], w[1:5000])",
    "derivative(x -> exp(sin(x)/x), 2.385, 60)",
    "jvp(x -> exp(sin(x)), v, v)",
    "vjp(x -> exp(sin(x)), v, v)",
    "while true { grad(x -> sum(x^2), w) }",
    "mean(a*v) with a in 1:1000",
    "claim g(x) = g(x) for x in 1:1e6",
    "mle(line, lab)",
    "posterior(line, lab)",
    "simulate(line, (a = 1, b = 2), (x = v))",
    "predict(posterior(line, head(lab, 100)), x = v)",
    "plot(v)",
    "hist(v)",
    "scatter(v, v)",
    "heatmap(M)",
    "contour(M)",
    "plot(g, 0, 1)",
    "surface(M)",
    "plot(t)",
    "bars(v)",
    "fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2); fib(50)",
    "while true { }",
    "q(x) = q(x + 1) + 1; for i in 1:1e9 { q(1) }",
    "x = list(); while true { x = push(x, 1) }",
    "print(v)",
    "print(s)",
    "linspace(0, 1, 100000000)",
    "eye(5000)",
    "zeros(20000, 20000) + 1",
    "M == M",
    "all(M == M)",
    "list(v, v) == list(v, v)",
    "(a = v) == (a = v)",
    "trace(M)",
    "diag(v[1:10000])",
    "M ^ 3",
    "M % 3",
    "x = M; x[:, 1] = 0; x",
    "stack(M, M)",
    "v |> sort |> cumsum |> sum",
};

/* Which value stands for what any value may stand for. */
static const char *const variants[] = {"v", "M", "z", "k", "l", "t", "s", "d", "X", "P2"};
enum { N_VARIANTS = sizeof variants / sizeof *variants };

static bool has_kind(const ThParameter *p, const char *kind) {
  if (!p->kinds) return strcmp(kind, "any") == 0;
  for (const char *at = p->kinds, *end = at + p->kinds_length; at < end;) {
    const char *bar = memchr(at, '|', (size_t)(end - at));
    size_t length = (size_t)((bar ? bar : end) - at);
    if (strlen(kind) == length && memcmp(at, kind, length) == 0) return true;
    at += length + 1;
  }
  return false;
}

static const char *argument_for(const ThParameter *p, size_t variant) {
  static const struct {
    const char *kind, *text;
  } fixed[] = {{"function", "f"}, {"vector", "v"},  {"matrix", "M"}, {"string", "s"},
               {"list", "k"},     {"table", "t"},   {"record", "r"}, {"distribution", "d"},
               {"bool", "true"},  {"model", "line"}};
  bool takes_array = has_kind(p, "array") || has_kind(p, "real") || has_kind(p, "numeric");
  if (has_kind(p, "any") || (takes_array && (variant <= 2 || variant == 9))) return variants[variant];
  if (takes_array) return "v";
  if (has_kind(p, "count") || has_kind(p, "integer") || has_kind(p, "positive"))
    return variant == 0 ? "10000000" : variant == 1 ? "1000" : "3";
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    if (has_kind(p, fixed[i].kind)) return fixed[i].text;
  return "0.3";
}

/* NAME(arguments) for the parameters that must be given; false when the last variant was the same call. */
static bool write_call(ThContext *cx, const ThBuiltin *row, size_t variant, char *out, size_t size) {
  char name[64], before[256];
  snprintf(before, sizeof before, "%s", out);
  ThSignature *s = th_signature_parse(cx, row->signature);
  if (!s) exit(EXIT_FAILURE);
  size_t used = (size_t)snprintf(out, size, "%s(", th_builtin_name(row, name, sizeof name));
  for (size_t i = 0; i < s->n_parameters; i++) {
    const ThParameter *p = &s->parameters[i];
    if (p->has_default && !p->rest) continue;
    used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", argument_for(p, variant));
  }
  snprintf(out + used, size - used, ")");
  th_signature_free(cx, s);
  return strcmp(before, out) != 0;
}

/* --- Running */

static void run_here(ThSession *session, const char *text) {
  ThContext *cx = th_session_context(session);
  cx->interrupt = &interrupted;
  clock_begin();
  ThRunStatus status = th_session_run(session, "", text, strlen(text), TH_RUN_SCRIPT);
  struct itimerval none = {.it_value = {0, 0}};
  setitimer(ITIMER_REAL, &none, NULL);
  double late = interrupted_at.tv_nsec ? milliseconds_since(&interrupted_at) : 0;
  bool slow = late > UNTIL_BACK;
  printf("%s %6.0f ms  %s%s%.60s\n", slow ? "SLOW" : "    ", late, text, status == TH_RUN_DONE ? "" : "   ",
         status == TH_RUN_DONE ? "" : cx->error.message);
  fflush(stdout);
  _exit(slow);
}

static bool run_apart(ThSession *session, const char *text) {
  int status = 1;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) run_here(session, text);
  if (child < 0 || waitpid(child, &status, 0) < 0) return false;
  if (WIFEXITED(status) && WEXITSTATUS(status) == TOO_LONG) printf("SLOW  did not come back  %s\n", text);
  if (WIFSIGNALED(status)) printf("SLOW  signal %d  %s\n", WTERMSIG(status), text);
  return status == 0;
}

static bool is_wanted(int argc, char **argv, const char *call) {
  for (int i = 1; i < argc; i++)
    if (strncmp(call, argv[i], strlen(argv[i])) == 0) return true;
  return argc == 1;
}

int main(int argc, char **argv) {
  size_t passed = 0, failed = 0;
  ThSession *session = silent_session();
  ThContext *cx = th_session_context(session);
  cx->host.save_figure = NULL;
  cx->settings.sandbox = true;
  if (th_session_run(session, "", inputs, sizeof inputs - 1, TH_RUN_QUIET) != TH_RUN_DONE) {
    printf("%s\n", cx->error.message);
    return EXIT_FAILURE;
  }
  char text[256] = "";
  const ThBuiltin *row;
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++)
    for (size_t variant = 0; variant < N_VARIANTS; variant++) {
      if (!write_call(cx, row, variant, text, sizeof text) || !is_wanted(argc, argv, text)) continue;
      if (run_apart(session, text)) passed++;
      else failed++;
    }
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (!is_wanted(argc, argv, calls[i])) continue;
    if (run_apart(session, calls[i])) passed++;
    else failed++;
  }
  printf("%zu passed, %zu failed\n", passed, failed);
  th_session_free(session);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

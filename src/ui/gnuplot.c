/* gnuplot.c - one gnuplot process that is kept alive */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands and data go down one pipe; pictures come back through gnuplot's standard output and messages
 * through its standard error. After each picture gnuplot prints a token on both, so that both are known to
 * be complete. No file name ever reaches gnuplot: Theta writes the files itself. The pipes do not block;
 * one loop feeds and drains them under a time limit. At the first error a
 * process ends; its message is reported, and a new one serves the next picture. */
#include "ui/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"

extern char **environ;

enum {
  PATIENCE = 30000, /* milliseconds without a sign of life */
  SLICE = 100       /* between looks at the interrupt flag */
};

struct ThGnuplot {
  ThContext *cx;
  ThGnuplotUse use;
  pid_t process; /* 0 when none runs */
  bool absent;   /* it could not be started */
  int input, output, messages;
  unsigned pictures;
  ThText terminals; /* blank-separated, blanks at both ends */
};

ThGnuplot *th_gnuplot_new(ThContext *cx, ThGnuplotUse use) {
  ThGnuplot *gnuplot = th_alloc(cx, sizeof *gnuplot);
  if (!gnuplot) return NULL;
  *gnuplot = (ThGnuplot){.cx = cx, .use = use, .input = -1, .output = -1, .messages = -1};
  th_text_init(&gnuplot->terminals, &cx->heap);
  return gnuplot;
}

static void close_pipe(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

/* Waits for the process, at most `milliseconds`; true when it has ended. */
static bool await_end(ThGnuplot *gnuplot, int milliseconds) {
  for (int waited = 0;; waited += 10) {
    pid_t ended = waitpid(gnuplot->process, NULL, WNOHANG);
    if (ended == gnuplot->process || (ended < 0 && errno == ECHILD)) return true;
    if (waited >= milliseconds) return false;
    poll(NULL, 0, 10);
  }
}

/* Ends the process: closing its input asks it to leave; one that does not is killed. */
static void stop(ThGnuplot *gnuplot, int patience) {
  close_pipe(&gnuplot->input);
  close_pipe(&gnuplot->output);
  close_pipe(&gnuplot->messages);
  if (!gnuplot->process) return;
  if (!await_end(gnuplot, patience)) {
    kill(gnuplot->process, SIGKILL);
    waitpid(gnuplot->process, NULL, 0);
  }
  gnuplot->process = 0;
}

void th_gnuplot_free(ThGnuplot *gnuplot) {
  if (!gnuplot) return;
  stop(gnuplot,
       gnuplot->use == TH_GNUPLOT_FILES ? 0 : 500); /* files are finished, windows may say farewell */
  th_text_clear(&gnuplot->terminals);
  th_free(gnuplot->cx, gnuplot, sizeof *gnuplot);
}

bool th_gnuplot_is_absent(const ThGnuplot *gnuplot) { return gnuplot->absent; }

/* --- Starting */

/* A pipe whose ends close on exec; the end that Theta keeps does not block. */
static bool open_pipe(int ends[2], int kept) {
  if (pipe(ends) != 0) return false;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  fcntl(ends[kept], F_SETFL, O_NONBLOCK);
  return true;
}

/* Starts `arguments` with the given descriptors as its standard ones, in a process group of its own, so
 * that Ctrl-C at the terminal does not reach it. Returns an errno. */
static int spawn(pid_t *process, const char *const *arguments, int input, int output, int messages) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t defaults, none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGINT);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  int error = posix_spawnp(process, arguments[0], &actions, &attributes, (char *const *)(uintptr_t)arguments,
                           environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static bool fail_start(ThGnuplot *gnuplot, int error) {
  ThContext *cx = gnuplot->cx;
  gnuplot->absent = true;
  if (error == ENOENT || error == EACCES) {
    th_fail(cx, TH_ERROR_IO, "gnuplot is not installed, or not on the PATH: pictures need it");
    return th_hint(cx, "install it (Debian, Ubuntu: apt install gnuplot); all else works without it");
  }
  return th_fail(cx, TH_ERROR_IO, "gnuplot cannot be started: %s", strerror(error));
}

/* The process with its three pipes. -d: no start-up file of the person's is read. A script that has a name,
 * be it that of standard input, ends at its first error. */
static int launch(ThGnuplot *gnuplot) {
  const char *const arguments[] = {"gnuplot", "-d", gnuplot->use == TH_GNUPLOT_FILES ? "/dev/stdin" : NULL,
                                   NULL};
  int in[2] = {-1, -1}, out[2] = {-1, -1}, messages[2] = {-1, -1};
  int error = 0;
  signal(SIGPIPE, SIG_IGN); /* a gnuplot that has ended is an error of write() */
  if (!open_pipe(in, 1) || !open_pipe(out, 0) || !open_pipe(messages, 0)) error = errno;
  if (!error) error = spawn(&gnuplot->process, arguments, in[0], out[1], messages[1]);
  close_pipe(&in[0]);
  close_pipe(&out[1]);
  close_pipe(&messages[1]);
  gnuplot->input = in[1];
  gnuplot->output = out[0];
  gnuplot->messages = messages[0];
  if (!error) return 0;
  gnuplot->process = 0;
  stop(gnuplot, 0);
  return error;
}

bool th_gnuplot_has_terminal(const ThGnuplot *gnuplot, const char *name) {
  char word[64];
  int length = snprintf(word, sizeof word, " %s ", name);
  return length > 0 && (size_t)length < sizeof word && strstr(th_text_string(&gnuplot->terminals), word);
}

/* --- One picture */

typedef struct Exchange {
  ThGnuplot *gnuplot;
  const char *data; /* what is still to be sent */
  size_t left;
  ThText *picture, messages;
  size_t picture_start;
  char token[40];
} Exchange;

/* Whether `text`, from byte `start`, ends in the token and a line end. */
static bool ends_in_token(const ThText *text, size_t start, const char *token) {
  size_t length = strlen(token);
  if (text->length < start + length + 1) return false;
  const char *tail = text->data + text->length - length - 1;
  return memcmp(tail, token, length) == 0 && tail[length] == '\n';
}

static bool complete(const Exchange *x) {
  return ends_in_token(x->picture, x->picture_start, x->token) && ends_in_token(&x->messages, 0, x->token);
}

/* True when something moved. */
static bool send_some(Exchange *x) {
  ssize_t sent = write(x->gnuplot->input, x->data, x->left);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR) x->left = 0; /* it has ended: its messages say why */
    return false;
  }
  x->data += sent;
  x->left -= (size_t)sent;
  return sent > 0;
}

static bool receive_some(int *from, ThText *to) {
  char buffer[16384];
  ssize_t got = read(*from, buffer, sizeof buffer);
  if (got > 0) th_text_bytes(to, buffer, (size_t)got);
  if (got == 0) close_pipe(from);
  return got > 0;
}

/* One wait of at most SLICE; true when something moved. */
static bool exchange_some(Exchange *x) {
  struct pollfd wait[3] = {
      {.fd = x->gnuplot->output, .events = POLLIN},
      {.fd = x->gnuplot->messages, .events = POLLIN},
      {.fd = x->left ? x->gnuplot->input : -1, .events = POLLOUT},
  };
  if (poll(wait, 3, SLICE) <= 0) return false;
  bool moved = false;
  if (wait[2].revents) moved |= send_some(x);
  if (wait[0].revents) moved |= receive_some(&x->gnuplot->output, x->picture);
  if (wait[1].revents) moved |= receive_some(&x->gnuplot->messages, &x->messages);
  return moved;
}

/* gnuplot's complaint: the last line of its messages that says something, without its `line N: `. */
static void complaint(const ThText *messages, char *out, size_t size) {
  const char *text = th_text_string(messages), *best = "", *end;
  size_t length = 0;
  for (const char *line = text; *line; line = *end ? end + 1 : end) {
    end = line + strcspn(line, "\n");
    if (strspn(line, " \t\r^") < (size_t)(end - line)) best = line, length = (size_t)(end - line);
  }
  const char *place = strstr(best, "line "), *words = place ? strstr(place, ": ") : NULL;
  if (words && words + 2 < best + length) length -= (size_t)(words + 2 - best), best = words + 2;
  snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), best);
}

/* A process for windows goes on after an error: it is known by the place that its message begins with. */
static bool complains(const Exchange *x) {
  const char *place = strstr(th_text_string(&x->messages), "line ");
  return x->gnuplot->use == TH_GNUPLOT_WINDOWS && place && strstr(place, ": ") && !strstr(place, "arning");
}

static bool fail_ended(Exchange *x) {
  char reason[200];
  complaint(&x->messages, reason, sizeof reason);
  stop(x->gnuplot, 200);
  if (reason[0]) return th_fail(x->gnuplot->cx, TH_ERROR_IO, "gnuplot could not draw it: %s", reason);
  return th_fail(x->gnuplot->cx, TH_ERROR_IO,
                 "gnuplot ended before the picture was drawn; the next one starts it anew");
}

/* Both pipes are closed, or the process is gone (a window that it opened may hold the pipes). */
static bool has_ended(ThGnuplot *gnuplot) {
  return (gnuplot->output < 0 && gnuplot->messages < 0) || await_end(gnuplot, 0);
}

static bool exchange_all(Exchange *x) {
  ThContext *cx = x->gnuplot->cx;
  for (int idle = 0; !complete(x);) {
    if (!th_poll(cx)) {
      stop(x->gnuplot, 0);
      return false;
    }
    if (!th_text_ok(x->picture, cx) || !th_text_ok(&x->messages, cx)) {
      stop(x->gnuplot, 0);
      return false;
    }
    idle = exchange_some(x) ? 0 : idle + SLICE;
    if (idle && !complete(x) && has_ended(x->gnuplot)) return fail_ended(x);
    if (idle < PATIENCE) continue;
    stop(x->gnuplot, 0);
    return th_fail(cx, TH_ERROR_IO, "gnuplot did not answer for %d seconds and was stopped", PATIENCE / 1000);
  }
  x->messages.length -= strlen(x->token) + 1;
  x->messages.data[x->messages.length] = '\0';
  if (complains(x)) return fail_ended(x);
  x->picture->length -= strlen(x->token) + 1;
  x->picture->data[x->picture->length] = '\0';
  return true;
}

static bool run(ThGnuplot *gnuplot, const ThText *commands, ThText *picture) {
  ThText all;
  Exchange x = {.gnuplot = gnuplot, .picture = picture, .picture_start = picture->length};
  snprintf(x.token, sizeof x.token, "theta: picture %u is drawn", ++gnuplot->pictures);
  th_text_init(&all, &gnuplot->cx->heap);
  th_text_init(&x.messages, &gnuplot->cx->heap);
  th_text_bytes(&all, th_text_string(commands), commands->length);
  th_text_format(&all, "\nset print '-'\nprint '%s'\nunset print\nprint '%s'\n", x.token, x.token);
  x.data = th_text_string(&all);
  x.left = all.length;
  bool ok = th_text_ok(&all, gnuplot->cx) && exchange_all(&x);
  th_text_clear(&all);
  th_text_clear(&x.messages);
  return ok;
}

/* --- All of it */

static bool read_terminals(ThGnuplot *gnuplot) {
  ThText commands;
  th_text_init(&commands, &gnuplot->cx->heap);
  th_text_clear(&gnuplot->terminals);
  th_text_add(&commands, "set print '-'\nprint GPVAL_TERMINALS\nunset print\n");
  bool ok = th_text_ok(&commands, gnuplot->cx) && run(gnuplot, &commands, &gnuplot->terminals);
  th_text_clear(&commands);
  return ok;
}

bool th_gnuplot_start(ThGnuplot *gnuplot) {
  if (gnuplot->process && !await_end(gnuplot, 0)) return true;
  stop(gnuplot, 0); /* one that has ended meanwhile */
  int error = launch(gnuplot);
  if (error) return fail_start(gnuplot, error);
  gnuplot->absent = false;
  return read_terminals(gnuplot);
}

bool th_gnuplot_run(ThGnuplot *gnuplot, const ThText *commands, ThText *picture) {
  return th_gnuplot_start(gnuplot) && run(gnuplot, commands, picture);
}

/* --- The version */

bool th_gnuplot_version(char *buffer, size_t size) {
  static const char *const arguments[] = {"gnuplot", "--version", NULL};
  int out[2] = {-1, -1}, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  pid_t process;
  size_t length = 0;
  buffer[0] = '\0';
  bool started = nothing >= 0 && pipe(out) == 0 && fcntl(out[0], F_SETFD, FD_CLOEXEC) == 0 &&
                 fcntl(out[1], F_SETFD, FD_CLOEXEC) == 0 &&
                 spawn(&process, arguments, nothing, out[1], nothing) == 0;
  close_pipe(&nothing);
  close_pipe(&out[1]);
  if (started) {
    struct pollfd wait = {.fd = out[0], .events = POLLIN};
    while (length + 1 < size && poll(&wait, 1, 2000) > 0) {
      ssize_t got = read(out[0], buffer + length, size - 1 - length);
      if (got <= 0) break;
      length += (size_t)got;
    }
    kill(process, SIGKILL); /* it has told all that it has to tell */
    waitpid(process, NULL, 0);
  }
  close_pipe(&out[0]);
  buffer[length] = '\0';
  buffer[strcspn(buffer, "\n")] = '\0';
  return length > 0;
}

/* --- Strings */

/* A single-quoted string is taken as it stands: no backquote, dollar, backslash, `@` or format is seen by
 * gnuplot. Its own quote and line ends, which would end the command, are joined in as strings of their own;
 * doubling the quote would do, were it not misread at the beginning of a string (gnuplot 5.4). */
void th_gnuplot_quote(const char *text, size_t limit, ThText *out) {
  size_t length = strlen(text), size, count = 0;
  th_text_char(out, '\'');
  for (size_t i = 0; i < length; i += size, count++) {
    uint32_t c = th_utf8_decode(text + i, length - i, &size);
    if (count == limit) {
      th_text_add(out, "…");
      break;
    }
    if (c == '\n') th_text_add(out, "'.\"\\n\".'");
    else if (c == '\'') th_text_add(out, "'.\"'\".'");
    else if (c == TH_UTF8_INVALID || c < 32 || (c >= 127 && c < 160)) th_text_char(out, ' ');
    else th_text_bytes(out, text + i, size);
  }
  th_text_char(out, '\'');
}

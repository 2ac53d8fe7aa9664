/* pty_driver.c - types keys at a program on a pseudo-terminal and looks at what it shows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Usage: pty_driver PROGRAM FILE.keys…
 *
 * Each line of a file is a step:
 *   # TITLE               names what follows, in messages
 *   env NAME=VALUE        for the next start; `env NAME` removes it
 *   start ARGUMENT…       the program on a new terminal of 24 lines by 80 columns
 *   send TEXT             keys, when the prompt reads them; \r Enter, \t Tab, \e Escape, \x03 Ctrl-C,
 *                         \\ a backslash
 *   press TEXT            keys, at once: while something runs
 *   expect TEXT           waits until TEXT is shown after what was matched before
 *   pace RATE COUNT KEYS TEXT   keys, COUNT times, each when TEXT has followed the last ones: prints how often that is
 *                         in a second, which must be RATE or more
 *   absent TEXT           nothing shown since the last match contains TEXT, 0.3 s later
 *   plain                 nothing so far contained an escape sequence
 *   cooked                the terminal is in its ordinary mode
 *   size LINES COLUMNS    resizes the terminal
 *   signal NUMBER         sends a signal to the program
 *   end STATUS            waits for the end; STATUS is the exit status, or 128 + signal
 * Escape sequences and carriage returns are taken out of what is shown before it is looked at. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 8000, SETTLE = 300, QUIET = 60, SHOWN_SIZE = 1 << 20, MAX_ARGUMENTS = 32 };

typedef struct Driver {
  const char *program, *file;
  char title[200];
  int line, terminal;
  pid_t process;
  char shown[SHOWN_SIZE]; /* what was shown, without escape sequences */
  size_t length, seen;
  bool escapes; /* some escape sequence was shown */
  int escape_state;
  int passed, failed;
} Driver;

static Driver driver;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- The screen */

/* 0 text, 1 after ESC, 2 in a control sequence, 3 in an operating system command. */
static void show_byte(Driver *d, char c) {
  switch (d->escape_state) {
    case 1: d->escape_state = c == '[' ? 2 : c == ']' ? 3 : 0; return;
    case 2:
      if (c >= 0x40 && c <= 0x7e) d->escape_state = 0;
      return;
    case 3:
      if (c == '\a') d->escape_state = 0;
      if (c == '\033') d->escape_state = 1;
      return;
    default: break;
  }
  if (c == '\033') {
    d->escapes = true;
    d->escape_state = 1;
  } else if (c != '\r' && c != '\a' && d->length + 1 < SHOWN_SIZE) {
    d->shown[d->length++] = c;
    d->shown[d->length] = '\0';
  }
}

/* Reads what comes within some milliseconds; false when the program's end is closed. */
static bool read_some(Driver *d, int milliseconds) {
  struct pollfd wait = {.fd = d->terminal, .events = POLLIN};
  char buffer[4096];
  if (poll(&wait, 1, milliseconds) <= 0) return true;
  ssize_t got = read(d->terminal, buffer, sizeof buffer);
  for (ssize_t i = 0; i < got; i++) show_byte(d, buffer[i]);
  return got > 0;
}

static void settle(Driver *d) {
  for (long end = now() + SETTLE; now() < end;)
    if (!read_some(d, 20)) return;
}

/* --- Steps */

static void report(Driver *d, bool ok, const char *step, const char *text) {
  *(ok ? &d->passed : &d->failed) += 1;
  if (ok) return;
  size_t start = d->length - d->seen > 700 ? d->length - 700 : d->seen;
  printf("%s:%d: %s: %s %s\n  shown since the last match: «%s»\n", d->file, d->line, d->title, step, text,
         d->shown + start);
}

/* \r \t \n \e \\ \xHH */
static size_t unescape(const char *text, char *out) {
  size_t n = 0;
  for (; *text; text++) {
    if (*text != '\\') {
      out[n++] = *text;
      continue;
    }
    text++;
    if (*text == 'x') {
      char digits[3] = {text[1], text[2], '\0'};
      out[n++] = (char)strtol(digits, NULL, 16);
      text += 2;
    } else {
      out[n++] = *text == 'r'   ? '\r'
                 : *text == 't' ? '\t'
                 : *text == 'n' ? '\n'
                 : *text == 'e' ? '\033'
                                : *text;
    }
  }
  out[n] = '\0';
  return n;
}

/* Waits until nothing has been shown for a while, and, before keys of the editor, until it reads. */
static void await_reader(Driver *d, bool editor) {
  struct termios mode;
  size_t before = d->length + 1;
  for (long end = now() + PATIENCE, quiet = now(); now() < end;) {
    if (!read_some(d, 10)) return;
    if (d->length != before) quiet = now();
    before = d->length;
    bool reads = !editor || (tcgetattr(d->terminal, &mode) == 0 && !(mode.c_lflag & ICANON));
    if (reads && now() - quiet >= QUIET) return;
  }
}

static bool type(Driver *d, char *text) {
  char keys[8192];
  size_t length = unescape(text, keys);
  for (size_t sent = 0; sent < length;) {
    ssize_t n = write(d->terminal, keys + sent, length - sent);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) sent += (size_t)n;
    read_some(d, 0);
  }
  return true;
}

static void step_expect(Driver *d, char *text) {
  char wanted[8192];
  unescape(text, wanted);
  const char *found = NULL;
  for (long end = now() + PATIENCE; !(found = strstr(d->shown + d->seen, wanted)) && now() < end;)
    if (!read_some(d, 20)) break;
  found = strstr(d->shown + d->seen, wanted);
  report(d, found != NULL, "expect", text);
  if (found) d->seen = (size_t)(found - d->shown) + strlen(wanted);
}

static void step_pace(Driver *d, char *text) {
  char keys[64], wanted[256];
  unsigned rate, count, done = 0;
  if (sscanf(text, "%u %u %63s %255[^\n]", &rate, &count, keys, wanted) != 4) {
    report(d, false, "pace", text);
    return;
  }
  long start = now();
  for (const char *found; done < count; done++) {
    if (!type(d, keys)) break;
    for (long end = now() + PATIENCE; !(found = strstr(d->shown + d->seen, wanted)) && now() < end;)
      if (!read_some(d, 20)) break;
    if (!found) break;
    d->seen = (size_t)(found - d->shown) + strlen(wanted);
  }
  double seconds = (double)(now() - start + 1) / 1000, got = done / seconds;
  printf("%s: %s: %.0f a second\n", d->file, d->title, got);
  report(d, done == count && got >= rate, "pace", text);
}

static void step_absent(Driver *d, char *text) {
  char unwanted[8192];
  unescape(text, unwanted);
  settle(d);
  report(d, strstr(d->shown + d->seen, unwanted) == NULL, "absent", text);
}

static void step_plain(Driver *d, char *text) {
  settle(d);
  report(d, !d->escapes, "plain", text);
}

static void step_cooked(Driver *d, char *text) {
  struct termios mode;
  settle(d);
  bool ok = tcgetattr(d->terminal, &mode) == 0 && (mode.c_lflag & ICANON) && (mode.c_lflag & ECHO);
  report(d, ok, "cooked", text);
}

static void set_size(Driver *d, unsigned short lines, unsigned short columns) {
  struct winsize size = {.ws_row = lines, .ws_col = columns};
  ioctl(d->terminal, TIOCSWINSZ, &size);
}

static void step_size(Driver *d, char *text) {
  unsigned lines = 24, columns = 80;
  if (sscanf(text, "%u %u", &lines, &columns) == 2)
    set_size(d, (unsigned short)lines, (unsigned short)columns);
  settle(d);
}

static void step_env(Driver *d, char *text) {
  char *equals = strchr(text, '=');
  (void)d;
  if (equals) *equals = '\0';
  if (equals) setenv(text, equals + 1, 1);
  else unsetenv(text);
}

static void finish(Driver *d) {
  if (!d->process) return;
  kill(d->process, SIGKILL);
  waitpid(d->process, NULL, 0);
  close(d->terminal);
  d->process = 0;
}

static void run_child(Driver *d, const char *name, char *text) {
  char *arguments[MAX_ARGUMENTS + 2] = {(char *)(size_t)d->program};
  int slave = open(name, O_RDWR);
  for (int i = 1; i <= MAX_ARGUMENTS && *text; i++) {
    arguments[i] = text;
    text += strcspn(text, " ");
    if (*text) *text++ = '\0';
  }
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
  for (int i = 0; i < 3; i++) dup2(slave, i);
  if (slave > 2) close(slave);
  close(d->terminal);
  execv(d->program, arguments);
  _exit(127);
}

static void step_start(Driver *d, char *text) {
  finish(d);
  d->terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (d->terminal < 0 || grantpt(d->terminal) != 0 || unlockpt(d->terminal) != 0) {
    perror("pty_driver: there is no pseudo-terminal to be had");
    exit(77); /* skipped, as in a container without /dev/pts */
  }
  d->length = d->seen = 0;
  d->escapes = false;
  d->escape_state = 0;
  d->shown[0] = '\0';
  set_size(d, 24, 80);
  const char *name = ptsname(d->terminal);
  d->process = fork();
  if (d->process == 0) run_child(d, name, text);
}

static void step_signal(Driver *d, char *text) {
  if (d->process) kill(d->process, (int)strtol(text, NULL, 10));
}

static void step_end(Driver *d, char *text) {
  int status = 0, wanted = (int)strtol(text, NULL, 10), got = -1;
  pid_t ended = 0;
  for (long end = now() + PATIENCE; now() < end && ended == 0;) {
    read_some(d, 20);
    ended = waitpid(d->process, &status, WNOHANG);
  }
  if (ended == d->process) {
    got = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    d->process = 0;
    close(d->terminal);
  }
  report(d, got == wanted, "end", text);
  finish(d);
}

static void step_send(Driver *d, char *text) {
  await_reader(d, true);
  if (!type(d, text)) report(d, false, "send", text);
}

static void step_press(Driver *d, char *text) {
  await_reader(d, false);
  if (!type(d, text)) report(d, false, "press", text);
}

static const struct {
  const char *word;
  void (*act)(Driver *d, char *text);
} steps[] = {
    {"env", step_env},       {"start", step_start},   {"send", step_send},   {"press", step_press},
    {"expect", step_expect}, {"absent", step_absent}, {"plain", step_plain}, {"cooked", step_cooked},
    {"size", step_size},     {"signal", step_signal}, {"end", step_end},     {"pace", step_pace},
};

static void run_step(Driver *d, char *line) {
  if (line[0] == '#') {
    snprintf(d->title, sizeof d->title, "%.190s", line + strspn(line, "# "));
    return;
  }
  size_t word = strcspn(line, " ");
  char *text = line + word + (line[word] == ' ');
  line[word] = '\0';
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (strcmp(steps[i].word, line) == 0) {
      steps[i].act(d, text);
      return;
    }
  if (word) report(d, false, "unknown step", line);
}

static void run_file(Driver *d, const char *file) {
  char line[8192];
  FILE *in = fopen(file, "r");
  d->file = file;
  d->line = 0;
  if (!in) {
    perror(file);
    d->failed++;
    return;
  }
  while (fgets(line, sizeof line, in)) {
    line[strcspn(line, "\n")] = '\0';
    d->line++;
    run_step(d, line);
  }
  fclose(in);
  finish(d);
}

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stdout, NULL, _IOLBF, 0);
  driver.program = argv[1];
  for (int i = 2; i < argc; i++) run_file(&driver, argv[i]);
  printf("%d passed, %d failed\n", driver.passed, driver.failed);
  return driver.failed > 0;
}

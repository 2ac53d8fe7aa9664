/* pty_driver.c - types keys at a program on a pseudo-terminal and looks at what it shows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Usage: pty_driver PROGRAM FILE.keys…
 *
 * Each line of a file is a step:
 *   # TITLE               names what follows, in messages
 *   env NAME=VALUE        for the next start; `env NAME` removes it
 *   start ARGUMENT…       the program on a new terminal of 24 lines by 80 columns
 *   send TEXT             keys, when the editor reads and has done with those before; \r Enter, \t Tab, \e Escape,
 *                         \x03 Ctrl-C, \\ a backslash
 *   press TEXT            keys while something runs: when the editor has let the terminal go
 *   expect TEXT           waits until TEXT is shown after what was matched before
 *   pace RATE COUNT KEYS TEXT   keys, COUNT times, each when TEXT was sent to the terminal after the last ones: prints
 *                         how often that is in a second, which must be RATE or more
 *   absent TEXT           nothing shown since the last match contains TEXT, once the editor reads
 *   shows TEXT            the screen contains TEXT, once the editor reads; and its lines are joined by \n
 *   hides TEXT            it does not
 *   raw TEXT              what was sent to the terminal since the last keys contains these bytes
 *   few NUMBER            and is no longer than that
 *   file NAME TEXT        the file contains TEXT
 *   write NAME TEXT       makes the file
 *   append NAME TEXT      puts TEXT at its end
 *   plain                 nothing so far contained an escape sequence
 *   cooked                the terminal is in its ordinary mode
 *   size LINES COLUMNS    resizes the terminal
 *   signal NUMBER         sends a signal to the program
 *   kill MILLISECONDS KEYS   types the keys at once, and kills the program that much later
 *   hangup                takes the terminal away
 *   end STATUS            waits for the end; STATUS is the exit status, or 128 + signal
 *
 * Nothing hangs on how fast the machine is: a key is sent when the program sleeps in the editor, has no key left to
 * read and has shown all it had to show, and whatever is waited for may take a minute. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
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

#include "screen.h"

enum { SHOWN_SIZE = 1 << 20, RAW_SIZE = 1 << 16, MAX_ARGUMENTS = 32, LOOKS = 6 };

typedef struct Driver {
  const char *program, *file;
  char title[200];
  int line, terminal;
  char name[100]; /* of the terminal's other end */
  pid_t process;
  Screen screen;
  char shown[SHOWN_SIZE]; /* the text since line seen_line */
  size_t seen_line, seen; /* what was matched last: its line, and the bytes of that line */
  char seen_text[2048];   /* those bytes; when the line is written anew it counts from its beginning */
  char raw[RAW_SIZE];     /* bytes since the last keys */
  size_t raw_length;
  int passed, failed;
} Driver;

static Driver driver;
static long patience = 60000; /* milliseconds; PTY_PATIENCE in the environment is another */

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- The screen */

/* Reads what comes within some milliseconds; false when the program's end is closed. */
static bool read_some(Driver *d, int milliseconds) {
  struct pollfd wait = {.fd = d->terminal, .events = POLLIN};
  char buffer[4096];
  if (poll(&wait, 1, milliseconds) <= 0) return true;
  ssize_t got = read(d->terminal, buffer, sizeof buffer);
  if (got <= 0) return false;
  screen_feed(&d->screen, buffer, (size_t)got);
  for (ssize_t i = 0; i < got && d->raw_length + 1 < RAW_SIZE; i++) d->raw[d->raw_length++] = buffer[i];
  d->raw[d->raw_length] = '\0';
  return true;
}

/* What is shown behind the last match. */
static const char *unseen(Driver *d) {
  screen_text(&d->screen, d->seen_line, d->shown, sizeof d->shown);
  bool same = d->seen < sizeof d->seen_text && strncmp(d->shown, d->seen_text, d->seen) == 0;
  return d->shown + (same ? d->seen : 0);
}

static void mark_seen(Driver *d, const char *end) {
  const char *start = d->shown;
  for (const char *newline; (newline = memchr(start, '\n', (size_t)(end - start))); start = newline + 1)
    d->seen_line++;
  d->seen = (size_t)(end - start);
  if (d->seen < sizeof d->seen_text) memcpy(d->seen_text, start, d->seen);
}

/* --- The program */

static bool is_cooked(const Driver *d) {
  struct termios mode;
  return tcgetattr(d->terminal, &mode) == 0 && (mode.c_lflag & ICANON);
}

/* Keys that the program has not read yet. */
static bool has_unread_keys(const Driver *d) {
  int slave = open(d->name, O_RDWR | O_NOCTTY), unread = 0;
  if (slave < 0) return false;
  ioctl(slave, FIONREAD, &unread);
  close(slave);
  return unread > 0;
}

/* Whether it waits for something; true where that cannot be known. */
static bool sleeps(const Driver *d) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)d->process);
  FILE *in = fopen(path, "r");
  if (!in) return true;
  size_t length = fread(text, 1, sizeof text - 1, in);
  fclose(in);
  text[length] = '\0';
  const char *state = strrchr(text, ')');
  return !state || state[1] != ' ' || strchr("ST", state[2]) != NULL;
}

/* Waits until the editor reads and has nothing left to do. Several looks in a row must find it so: what is
 * written at one end of a pseudo-terminal comes to the other a little later. */
static void await_editor(Driver *d) {
  int quiet = 0;
  for (long end = now() + patience; quiet < LOOKS && now() < end;) {
    size_t before = d->raw_length;
    if (!read_some(d, 4)) return;
    bool idle = d->raw_length == before && !is_cooked(d) && !has_unread_keys(d) && sleeps(d);
    quiet = idle ? quiet + 1 : 0;
  }
}

/* Waits until the editor has let the terminal go. */
static void await_run(Driver *d) {
  for (long end = now() + patience; !(is_cooked(d) && !has_unread_keys(d)) && now() < end;)
    if (!read_some(d, 4)) return;
}

/* --- Steps */

static void report(Driver *d, bool ok, const char *step, const char *text) {
  *(ok ? &d->passed : &d->failed) += 1;
  if (ok) return;
  printf("%s:%d: %s: %s %s\n  shown since the last match: «%s»\n", d->file, d->line, d->title, step, text,
         unseen(d));
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

static bool type(Driver *d, char *text) {
  char keys[8192];
  size_t length = unescape(text, keys);
  d->raw_length = 0;
  d->raw[0] = '\0';
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
  const char *found = strstr(unseen(d), wanted);
  for (long end = now() + patience; !found && now() < end;) {
    bool open = read_some(d, 20);
    found = strstr(unseen(d), wanted);
    if (!open) break;
  }
  report(d, found != NULL, "expect", text);
  if (found) mark_seen(d, found + strlen(wanted));
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
    for (long end = now() + patience; !(found = strstr(d->raw, wanted)) && now() < end;)
      if (!read_some(d, 20)) break;
    if (!found) break;
  }
  double seconds = (double)(now() - start + 1) / 1000, got = done / seconds;
  printf("%s: %s: %.0f a second\n", d->file, d->title, got);
  report(d, done == count && got >= rate, "pace", text);
}

static void step_absent(Driver *d, char *text) {
  char unwanted[8192];
  unescape(text, unwanted);
  await_editor(d);
  report(d, strstr(unseen(d), unwanted) == NULL, "absent", text);
}

static void look_at_screen(Driver *d, char *text, const char *step, bool is_there) {
  char wanted[8192];
  static char shown[SCREEN_MOST_LINES * SCREEN_MOST_COLUMNS * 4];
  unescape(text, wanted);
  await_editor(d);
  screen_text(&d->screen, screen_top(&d->screen), shown, sizeof shown);
  bool ok = (strstr(shown, wanted) != NULL) == is_there;
  report(d, ok, step, text);
  if (!ok) printf("  the screen: «%s»\n", shown);
}

static void step_shows(Driver *d, char *text) { look_at_screen(d, text, "shows", true); }
static void step_hides(Driver *d, char *text) { look_at_screen(d, text, "hides", false); }

static void step_raw(Driver *d, char *text) {
  char wanted[8192];
  unescape(text, wanted);
  await_editor(d);
  report(d, strstr(d->raw, wanted) != NULL, "raw", text);
}

static void step_few(Driver *d, char *text) {
  await_editor(d);
  report(d, d->raw_length <= (size_t)strtol(text, NULL, 10), "few", text);
}

static void step_file(Driver *d, char *text) {
  char wanted[8192];
  static char contents[1 << 16];
  char *name_end = strchr(text, ' ');
  if (!name_end) return;
  *name_end = '\0';
  unescape(name_end + 1, wanted);
  await_editor(d);
  FILE *in = fopen(text, "r");
  size_t length = in ? fread(contents, 1, sizeof contents - 1, in) : 0;
  contents[length] = '\0';
  if (in) fclose(in);
  report(d, in && strstr(contents, wanted), "file", wanted);
}

/* `how`: of fopen. */
static void put_in_file(Driver *d, char *text, const char *how) {
  char contents[8192], *name_end = strchr(text, ' ');
  if (!name_end) return;
  *name_end = '\0';
  size_t length = unescape(name_end + 1, contents);
  FILE *out = fopen(text, how);
  bool ok = out && fwrite(contents, 1, length, out) == length;
  if (out) fclose(out);
  if (!ok) report(d, false, how, text);
}

static void step_write(Driver *d, char *text) { put_in_file(d, text, "w"); }
static void step_append(Driver *d, char *text) { put_in_file(d, text, "a"); }

static void step_plain(Driver *d, char *text) {
  await_editor(d);
  report(d, !d->screen.escapes, "plain", text);
}

static void step_cooked(Driver *d, char *text) {
  await_run(d);
  report(d, is_cooked(d), "cooked", text);
}

static void set_size(Driver *d, unsigned short lines, unsigned short columns) {
  struct winsize size = {.ws_row = lines, .ws_col = columns};
  ioctl(d->terminal, TIOCSWINSZ, &size);
}

static void step_size(Driver *d, char *text) {
  unsigned lines = 24, columns = 80;
  if (sscanf(text, "%u %u", &lines, &columns) == 2)
    set_size(d, (unsigned short)lines, (unsigned short)columns);
  screen_resize(&d->screen, (int)lines, (int)columns);
  await_editor(d);
}

static void step_kill(Driver *d, char *text) {
  char *keys;
  long end = now() + strtol(text, &keys, 10);
  type(d, keys + (*keys == ' '));
  for (long left; (left = end - now()) > 0;)
    if (!read_some(d, (int)left)) break;
  kill(d->process, SIGKILL);
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
  if (d->terminal >= 0) close(d->terminal);
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
  signal(SIGINT, SIG_DFL); /* a shell lets what it starts in the background ignore these */
  signal(SIGQUIT, SIG_DFL);
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
  d->seen_line = d->seen = d->raw_length = 0;
  screen_init(&d->screen, 24, 80);
  set_size(d, 24, 80);
  snprintf(d->name, sizeof d->name, "%s", ptsname(d->terminal));
  d->process = fork();
  if (d->process == 0) run_child(d, d->name, text);
}

static void step_signal(Driver *d, char *text) {
  if (d->process) kill(d->process, (int)strtol(text, NULL, 10));
}

static void step_hangup(Driver *d, char *text) {
  (void)text;
  close(d->terminal);
  d->terminal = -1;
}

static void step_end(Driver *d, char *text) {
  int status = 0, wanted = (int)strtol(text, NULL, 10), got = -1;
  pid_t ended = 0;
  for (long end = now() + patience; now() < end && ended == 0;) {
    if (!read_some(d, 20) || d->terminal < 0) poll(NULL, 0, 20);
    ended = waitpid(d->process, &status, WNOHANG);
  }
  if (ended == d->process) {
    got = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    d->process = 0;
    if (d->terminal >= 0) close(d->terminal);
  }
  report(d, got == wanted, "end", text);
  if (got != wanted) printf("  it ended with %d\n", got);
  finish(d);
}

static void step_send(Driver *d, char *text) {
  await_editor(d);
  if (!type(d, text)) report(d, false, "send", text);
}

static void step_press(Driver *d, char *text) {
  await_run(d);
  if (!type(d, text)) report(d, false, "press", text);
}

static const struct {
  const char *word;
  void (*act)(Driver *d, char *text);
} steps[] = {
    {"env", step_env},       {"start", step_start},   {"send", step_send},     {"press", step_press},
    {"expect", step_expect}, {"absent", step_absent}, {"shows", step_shows},   {"hides", step_hides},
    {"raw", step_raw},       {"few", step_few},       {"file", step_file},     {"plain", step_plain},
    {"cooked", step_cooked}, {"size", step_size},     {"signal", step_signal}, {"hangup", step_hangup},
    {"end", step_end},       {"pace", step_pace}, {"kill", step_kill},     {"write", step_write},
    {"append", step_append},
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
  signal(SIGHUP, SIG_DFL); /* nohup has it ignored, and so would the program from its first moment */
  setlocale(LC_CTYPE, "C.UTF-8"); /* widths of characters */
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (getenv("PTY_PATIENCE")) patience = strtol(getenv("PTY_PATIENCE"), NULL, 10);
  driver.program = argv[1];
  for (int i = 2; i < argc; i++) run_file(&driver, argv[i]);
  printf("%d passed, %d failed\n", driver.passed, driver.failed);
  return driver.failed > 0;
}

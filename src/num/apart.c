/* apart.c - a long calculation in a process of its own, so that it can be stopped */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/apart.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { PAUSE = 2000000, LONGEST_PAUSE = 20000000 }; /* nanoseconds between looks at the child */

/* What the shared memory begins with. */
typedef struct Outcome {
  bool ended, ok;
  ThErrorCode code;
  char message[TH_MESSAGE_SIZE], hint[TH_HINT_SIZE];
} Outcome;

static void drop_shared(ThContext *cx, ThApart *apart) {
  if (!apart->shared) return;
  munmap(apart->shared, apart->size);
  cx->heap.used -= apart->size;
  apart->shared = NULL;
}

/* Memory that both processes see; it counts as the heap's. */
static bool take_shared(ThContext *cx, ThApart *apart) {
  apart->size = sizeof(Outcome);
  for (size_t i = 0; i < apart->n_parts; i++) apart->size += apart->parts[i].size;
  if (cx->heap.limit && apart->size > cx->heap.limit - cx->heap.used) return th_fail_memory(cx, apart->size);
  void *shared = mmap(NULL, apart->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return th_fail_memory(cx, apart->size);
  cx->heap.used += apart->size;
  apart->shared = shared;
  return true;
}

/* Ctrl-C reaches every process of the terminal: the parent decides. */
static void become_child(ThApart *apart) {
  apart->child = 0;
  signal(SIGINT, SIG_IGN);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

bool th_apart_begin(ThContext *cx, ThApart *apart, bool is_long, const ThPart *parts, size_t n_parts) {
  *apart = (ThApart){.here = true, .child = -1};
  for (size_t i = 0; i < n_parts; i++)
    if (parts[i].data) apart->parts[apart->n_parts++] = parts[i];
  if (!is_long || !cx->interrupt) return true;
  if (!take_shared(cx, apart)) return false;
  pid_t child = fork();
  if (child < 0) drop_shared(cx, apart);
  else if (child == 0) become_child(apart);
  else apart->child = child, apart->here = false;
  return true;
}

static void copy_parts(const ThApart *apart, bool out) {
  char *at = apart->shared + sizeof(Outcome);
  for (size_t i = 0; i < apart->n_parts; i++) {
    const ThPart *part = &apart->parts[i];
    if (part->size) memcpy(out ? at : part->data, out ? part->data : at, part->size);
    at += part->size;
  }
}

_Noreturn static void hand_over(ThContext *cx, const ThApart *apart) {
  Outcome *outcome = (Outcome *)(void *)apart->shared;
  outcome->ok = apart->ok;
  outcome->code = cx->error.code;
  memcpy(outcome->message, cx->error.message, sizeof outcome->message);
  memcpy(outcome->hint, cx->error.hint, sizeof outcome->hint);
  copy_parts(apart, true);
  outcome->ended = true;
  _exit(0);
}

/* Waits until the child has ended; false, the child ended, when interrupted. */
static bool wait_for(ThContext *cx, pid_t child) {
  struct timespec pause = {.tv_nsec = PAUSE};
  int status;
  pid_t got;
  while ((got = waitpid(child, &status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
    if (!th_poll(cx)) {
      kill(child, SIGKILL);
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
      return false;
    }
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < LONGEST_PAUSE) pause.tv_nsec += pause.tv_nsec / 4;
  }
  return true;
}

static bool take_over(ThContext *cx, const ThApart *apart) {
  const Outcome *outcome = (const Outcome *)(const void *)apart->shared;
  if (!outcome->ended)
    return th_fail(cx, TH_ERROR_MEMORY, "the calculation was ended from outside: not enough memory?");
  if (outcome->code != TH_OK) th_fail(cx, outcome->code, "%s", outcome->message);
  if (outcome->hint[0]) th_hint(cx, "%s", outcome->hint);
  copy_parts(apart, false);
  return outcome->ok;
}

bool th_apart_end(ThContext *cx, ThApart *apart) {
  if (apart->child < 0) return apart->ok;
  if (apart->child == 0) hand_over(cx, apart);
  bool ok = wait_for(cx, apart->child) && take_over(cx, apart);
  drop_shared(cx, apart);
  return ok;
}

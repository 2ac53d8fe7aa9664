/* log.h - which statements made the names that are in force */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LOG_H
#define TH_LANG_LOG_H

#include "lang/ast.h"
#include "lang/session.h"
#include "num/random.h"

/* One statement that gave names values, and what it ran (an imported file) included. */
typedef struct ThLogEntry {
  ThSource *source; /* retained; its text is the statement's at `span` */
  ThSpan span;
  ThSymbol **written, **read; /* globals; one that is changed in part is read too */
  size_t n_written, n_read;
  bool defines;   /* a function or model: what it reads is read when it is called */
  bool functions; /* its text holds a function, which its names may hold now */
  bool follows;   /* a live value or declared variable: it reads what its names are at the end */
  bool exact;     /* it ran to its end and drew nothing at random: run again, it gives the same */
} ThLogEntry;

/* Entries before `start` were forgotten by th_session_clear, but a checkpoint may bring them back. */
typedef struct ThLog {
  bool keeps;
  size_t start, n, capacity;
  ThLogEntry *entries;
  size_t depth;    /* statements that run: an import runs others */
  ThLogEntry open; /* the entry of the outermost one */
  ThValue *before; /* what the names that it writes held before; unset for none */
  ThRandom random; /* before it ran */
} ThLog;

/* From now on the session remembers its statements: at the prompt. */
void th_log_keep(ThSession *session);
/* The i-th entry, in the order in which they ran; NULL after the last. */
const ThLogEntry *th_log_at(const ThSession *session, size_t i);

/* Around each statement; begin may fail for memory, and end is called in any case that begin did not. */
TH_CHECKED bool th_log_begin(ThSession *session, const ThTree *tree, const ThNode *statement);
void th_log_end(ThSession *session, bool ok);
/* All names are forgotten; and the log as it was when a checkpoint was taken. */
void th_log_forget(ThSession *session);
void th_log_rewind(ThSession *session, size_t start, size_t n);
void th_log_clear(ThSession *session);

#endif

/* peers.h - names that R, NumPy, MATLAB, Octave and Julia have for things, and how they are written here */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_PEERS_H
#define TH_LANG_PEERS_H

#include "base/context.h"
#include "base/source.h"
#include "val/symbol.h"

/* A row of the table: names, blank-separated; the parameters as they are called there, with their defaults, "..." for
 * any number; and the form to write here, in which the parameters stand for the arguments. Without parameters the form
 * is advice as it stands. */
typedef struct ThPeer {
  const char *names, *parameters, *form;
} ThPeer;

const ThPeer *th_peer_row(size_t i); /* peer_functions.c; NULL after the last */

/* The hint for an undefined name that stands at `offset` of the text: its call as it is written here, with the
 * arguments in place. False, without a hint, when no peer has the name. */
bool th_peer_hint(ThContext *cx, const char *text, uint32_t offset);
/* The same for x.name(…), where the value has no such field: `receiver` is x, `name` the span of the field. */
bool th_peer_hint_method(ThContext *cx, const char *text, ThSpan receiver, ThSpan name);
/* The i-th row for people: "dnorm(x, mean = 0, sd = 1)" and "pdf(Normal(mean, sd), x)"; false after the last. */
bool th_peer_describe(size_t i, char *call, char *form, size_t size);

#endif

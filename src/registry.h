/* registry.h - names every table of the program once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_REGISTRY_H
#define TH_REGISTRY_H

#include "lang/session.h"

/* Defines every built-in in a new session, and hands upper layers' hooks to the language. False with an error
 * when memory is out. */
TH_CHECKED bool th_registry_define(ThSession *session);

#endif

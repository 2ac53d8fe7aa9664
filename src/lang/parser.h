/* parser.h - tokens to a tree */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_PARSER_H
#define TH_LANG_PARSER_H

#include "lang/ast.h"

/* The tree of a whole source; NULL with an error at its place. At the prompt an input that is not finished
 * gives TH_ERROR_INCOMPLETE, and `else` must follow on the line of its `}`. */
TH_CHECKED ThTree *th_parse(ThContext *cx, ThSource *source, bool prompt);

#endif

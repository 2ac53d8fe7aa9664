/* commands.h - what begins with a colon at the prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_COMMANDS_H
#define TH_UI_COMMANDS_H

#include <stddef.h>

#include "ui/prompt.h"

typedef struct ThCommand {
  const char *name;
  const char *arguments; /* "NAME", "[NAME]", "" */
  const char *brief;
  void (*run)(ThPrompt *prompt, const char *argument); /* the rest of the line, trimmed */
} ThCommand;

/* The i-th command, NULL after the last. */
const ThCommand *th_command_at(size_t i);
/* The command of a name without its colon, or NULL. */
const ThCommand *th_command_find(const char *name, size_t length);
/* Whether a text begins with the name of a command, without its colon. */
bool th_command_known(const char *name);
/* Runs a line that begins with a colon. */
void th_command_run(ThPrompt *prompt, const char *line);

#endif

/* input.c - what a pasted transcript says */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/input.h"

#include <string.h>

/* The blanks before a prompt, and the place `3/12 ` that a demo tells there. */
static size_t margin(const char *line) {
  static const char digits[] = "0123456789";
  size_t blanks = strspn(line, " \t"), at = blanks + strspn(line + blanks, digits);
  if (at == blanks || line[at] != '/') return blanks;
  size_t total = at + 1 + strspn(line + at + 1, digits);
  return total > at + 1 && line[total] == ' ' ? total + 1 : blanks;
}

static bool begins(const char *line, const char *prompt, size_t *size) {
  size_t blanks = margin(line), length = strlen(prompt);
  char after = '\0';
  if (strncmp(line + blanks, prompt, length) != 0) return false;
  after = line[blanks + length];
  if (after != ' ' && after != '\n' && after != '\0') return false;
  *size = blanks + length + (after == ' ');
  return true;
}

bool th_input_has_prompt(const char *line, bool *first, size_t *size) {
  *first = begins(line, "θ>", size) || begins(line, "theta>", size);
  return *first || begins(line, "..", size);
}

static bool is_transcript(const char *text) {
  bool first;
  size_t size;
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
    if (th_input_has_prompt(line, &first, &size) && first) return true;
  return false;
}

bool th_input_code(const char *text, ThText *out) {
  bool first;
  if (!is_transcript(text)) {
    th_text_add(out, text);
    return false;
  }
  bool any = false;
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n"), size;
    if (th_input_has_prompt(line, &first, &size)) {
      if (any) th_text_char(out, '\n');
      th_text_bytes(out, line + size, length > size ? length - size : 0);
      any = true;
    }
    line += length + (line[length] == '\n');
  }
  return true;
}

size_t th_input_line_start(const char *text, size_t at) {
  while (at > 0 && text[at - 1] != '\n') at--;
  return at;
}

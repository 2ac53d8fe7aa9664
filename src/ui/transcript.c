/* transcript.c - what is typed and shown, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/transcript.h"

#include <errno.h>
#include <string.h>

bool th_transcript_open(ThUi *ui, const char *path) {
  if (ui->cx->settings.sandbox) return th_fail(ui->cx, TH_ERROR_IO, "the sandbox writes no file: `%s`", path);
  FILE *file = fopen(path, "ae");
  if (!file) return th_fail(ui->cx, TH_ERROR_IO, "cannot write `%s`: %s", path, strerror(errno));
  th_transcript_close(ui);
  ui->transcript = file;
  return true;
}

bool th_transcript_close(ThUi *ui) {
  if (!ui->transcript) return false;
  fclose(ui->transcript);
  ui->transcript = NULL;
  return true;
}

void th_transcript_input(ThUi *ui, const char *prompt, const char *text) {
  if (!ui->transcript) return;
  const char *before = prompt;
  do {
    size_t length = strcspn(text, "\n");
    fprintf(ui->transcript, "%s%.*s\n", before, (int)length, text);
    text += length + (text[length] == '\n');
    before = ".. ";
  } while (*text);
  fflush(ui->transcript);
}

/* The bytes of an escape sequence at the start of a text: ESC [ … letter, or a picture, ESC P … ESC \ and its like. */
static size_t escape_length(const char *text, size_t length) {
  size_t i = 2;
  if (length < 2 || text[0] != '\033' || !strchr("[]P_", text[1])) return 0;
  if (text[1] == '[')
    while (i < length && !(text[i] >= 0x40 && text[i] <= 0x7e)) i++;
  else
    while (i < length && !(text[i] == '\\' && text[i - 1] == '\033')) i++;
  return i < length ? i + 1 : length;
}

void th_transcript_output(ThUi *ui, const char *text, size_t length) {
  if (!ui->transcript) return;
  for (size_t i = 0; i < length;) {
    size_t skip = escape_length(text + i, length - i);
    if (skip == 0) fputc(text[i], ui->transcript);
    i += skip ? skip : 1;
  }
  fflush(ui->transcript);
}

/* plot_numbers.c - a file that hands the numbers of a picture to gnuplot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_numbers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void th_plot_numbers_init(ThContext *cx, ThPlotNumbers *numbers) {
  *numbers = (ThPlotNumbers){.file = -1};
  th_text_init(&numbers->bytes, &cx->heap);
}

static bool make_file(ThPlotNumbers *n) {
  const char *folder = getenv("TMPDIR");
  int length = snprintf(n->path, sizeof n->path, "%s/theta-XXXXXX",
                        folder && folder[0] == '/' ? folder : "/tmp");
  if (length < 0 || (size_t)length >= sizeof n->path) n->path[0] = '\0';
  else n->file = mkstemp(n->path);
  if (n->file < 0) n->path[0] = '\0';
  else fcntl(n->file, F_SETFD, FD_CLOEXEC);
  return n->file >= 0;
}

bool th_plot_numbers_open(ThPlotNumbers *n) {
  th_text_reset(&n->bytes);
  return n->file >= 0 || make_file(n);
}

bool th_plot_numbers_write(ThPlotNumbers *n) {
  const char *bytes = th_text_string(&n->bytes);
  size_t done = 0;
  if (n->bytes.failed || ftruncate(n->file, 0) != 0) return false;
  while (done < n->bytes.length) {
    ssize_t written = pwrite(n->file, bytes + done, n->bytes.length - done, (off_t)done);
    if (written <= 0) return false;
    done += (size_t)written;
  }
  return true;
}

void th_plot_numbers_clear(ThPlotNumbers *n) {
  if (n->file >= 0) {
    close(n->file);
    unlink(n->path);
  }
  th_text_clear(&n->bytes);
  *n = (ThPlotNumbers){.file = -1};
}

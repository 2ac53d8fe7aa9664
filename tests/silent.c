/* silent.c - a session whose output goes nowhere */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "silent.h"

#include <stdio.h>
#include <stdlib.h>

#include "num/init.h"
#include "registry.h"
#include "ui/plot_text.h"

static void write_nothing(void *self, const char *text, size_t length) {
  (void)self, (void)text, (void)length;
}

static bool draw_nothing(void *self, ThContext *cx, void *figure) {
  ThText picture;
  (void)self;
  th_text_init(&picture, &cx->heap);
  bool ok = th_plot_text(cx, figure, 60, 16, (ThCanvasStyle){.utf8 = true}, &picture);
  th_text_clear(&picture);
  return ok;
}

static bool save_nothing(void *self, ThContext *cx, void *figure, const char *path) {
  (void)path;
  return draw_nothing(self, cx, figure);
}

ThSession *silent_session(void) {
  th_num_init();
  ThSession *session = th_session_new();
  if (!session || !th_registry_define(session)) {
    fputs("no session\n", stderr);
    exit(EXIT_FAILURE);
  }
  th_session_context(session)->host = (ThHost){
      .write = write_nothing, .show_figure = draw_nothing, .save_figure = save_nothing};
  return session;
}

/* wait.c - until the person goes on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wait.h"

#include "ui/terminal_keys.h"

/* The key that ends the wait. */
static int wait_for_key(void) {
  for (;;) {
    int key = th_keys_read();
    if (key == '\r' || key == '\n' || key == ' ' || key == TH_KEY_INTERRUPT || key == TH_KEY_GONE) return key;
  }
}

bool th_wait_for_person(ThUi *ui) {
  if (!ui->input_is_terminal || !ui->output_is_terminal || ui->capture) return false;
  th_ui_flush(ui);
  if (!th_keys_begin()) return false;
  th_ui_print(ui, "%sEnter goes on%s", th_ui_style(ui->cx, TH_DIM), th_ui_style(ui->cx, TH_PLAIN));
  th_ui_flush(ui);
  int key = wait_for_key();
  th_keys_end();
  th_ui_write(ui, "\r\033[K");
  th_ui_flush(ui);
  if (key == TH_KEY_INTERRUPT && ui->cx->interrupt) *ui->cx->interrupt = 1;
  return key != TH_KEY_GONE;
}

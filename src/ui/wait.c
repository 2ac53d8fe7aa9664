/* wait.c - until the person goes on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wait.h"

#include "ui/line_editor.h"
#include "ui/terminal_keys.h"

/* What begins a command or a question, where there is a prompt for it. */
static bool is_begun(int key) { return (key == ':' || key == '?') && th_editor_is_ready(); }

/* The key that ends the wait. */
static int wait_for_key(void) {
  for (;;) {
    int key = th_keys_read();
    if (key == '\r' || key == '\n' || key == ' ' || key == TH_KEY_INTERRUPT || key == TH_KEY_GONE ||
        is_begun(key))
      return key;
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
  bool begun = is_begun(key);
  if (begun) th_editor_type(&(char){(char)key}, 1);
  if ((key == TH_KEY_INTERRUPT || begun) && ui->cx->interrupt) *ui->cx->interrupt = 1;
  return key != TH_KEY_GONE;
}

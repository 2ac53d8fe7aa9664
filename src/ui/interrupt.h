/* interrupt.h - Ctrl-C and the other signals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_INTERRUPT_H
#define TH_UI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* From now on Ctrl-C sets a flag, which computations poll, and SIGPIPE is an error of write(). */
void th_interrupt_install(void);
volatile sig_atomic_t *th_interrupt_flag(void);

/* While the person edits a line: signals that end or resume the program are remembered too, so that the
 * terminal can be put back first. The calls pair. */
void th_interrupt_begin_editing(void);
void th_interrupt_end_editing(void);
/* Waits until a file can be read or a signal has come; false when it is only the signal. */
bool th_interrupt_wait(int file);
/* Stops the program, as Ctrl-Z does; returns when it goes on. */
void th_interrupt_stop(void);
/* What has come in, each told once. */
bool th_interrupt_take(void);        /* Ctrl-C */
bool th_interrupt_take_resize(void); /* the terminal has another size */
bool th_interrupt_take_resume(void); /* the program was stopped and goes on */
bool th_interrupt_take_stop(void);   /* Ctrl-Z */
int th_interrupt_take_end(void);     /* SIGTERM or SIGHUP, or 0 */

#endif

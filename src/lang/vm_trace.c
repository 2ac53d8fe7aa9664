/* vm_trace.c - where an error happened, and what the operands were called */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/excerpt.h"
#include "lang/vm.h"

enum { QUOTED_WIDTH = 28 }; /* columns of source text that a message quotes */

/* The instruction that is running, by its number: a branch runs on a copy of the code, which may be gone by now. */
static size_t running(const ThFrame *frame) {
  return frame->pc > frame->code ? (size_t)(frame->pc - frame->code - 1) : 0;
}

static const ThSite *site_of(const ThFrame *frame) { return &frame->prototype->sites[running(frame)]; }

static bool operand_span(const ThFrame *frame, const ThSite *site, size_t index, ThSpan *span) {
  if (site->is_call) index = index == SIZE_MAX ? 0 : index + 1;
  if (index >= site->n_operands) return false;
  *span = frame->prototype->operands[site->operands + index];
  return true;
}

/* A definition or `with` is no call: what went wrong inside has its place already. */
static bool says_nothing_more(const ThError *error, const ThFrame *frame) {
  uint16_t code = frame->prototype->code[running(frame)].code;
  return error->n_places > 0 && (code == TH_INS_LIVE || code == TH_INS_WITH);
}

/* From the value of a named argument back to its name. */
static ThSpan name_before(const char *text, ThSpan value) {
  uint32_t end = value.start;
  while (end > 0 && strchr(" \t\n(=", text[end - 1])) end--;
  return th_excerpt_before(text, end);
}

const char *th_vm_site_text(const ThSession *session, ThSpan *span) {
  *span = (ThSpan){0};
  if (session->vm.n_frames == 0) return "";
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  *span = site_of(frame)->span;
  return frame->prototype->tree->source->text;
}

/* The culprit within a site: an operand, an argument or its name, the function called; else the whole. */
static ThSpan culprit(const ThError *error, const ThFrame *frame) {
  const ThSite *site = site_of(frame);
  ThSpan span = site->span;
  int argument = error->argument & ~TH_ARGUMENT_NAME;
  bool found = operand_span(frame, site, argument == TH_CALLEE ? SIZE_MAX : (size_t)argument - 1, &span);
  bool name = found && (error->argument & TH_ARGUMENT_NAME);
  return name ? name_before(frame->prototype->tree->source->text, span) : span;
}

/* Adds the places of the running frames to the error, innermost first. */
void th_vm_trace(ThSession *session, size_t entry) {
  ThError *error = &session->cx.error;
  for (size_t i = session->vm.n_frames; i >= entry && i > 0; i--) {
    const ThFrame *frame = &session->vm.frames[i - 1];
    if (says_nothing_more(error, frame)) continue;
    bool blamed = error->n_places == 0 && error->argument > 0;
    ThSpan span = blamed ? culprit(error, frame) : site_of(frame)->span;
    th_error_place(&session->cx, frame->prototype->tree->source, span);
  }
}

bool th_session_argument_text(ThContext *cx, size_t index, ThText *out) {
  const ThSession *session = th_session_of(cx);
  ThSpan span;
  if (session->vm.n_frames == 0) return false;
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  if (!operand_span(frame, site_of(frame), index, &span)) return false;
  th_text_bytes(out, frame->prototype->tree->source->text + span.start, span.end - span.start);
  return true;
}

static bool is_plain(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] == '\n' || text[i] == '\t' || text[i] == '`') return false;
  return th_utf8_width(text, length) <= QUOTED_WIDTH;
}

static bool is_literal(const char *text) { return strchr("0123456789.-\"", text[0]) != NULL; }

void th_vm_operand_text(ThContext *cx, size_t index, char *text, size_t size) {
  const ThSession *session = th_session_of(cx);
  ThSpan span;
  text[0] = '\0';
  if (session->vm.n_frames == 0) return;
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  if (!operand_span(frame, site_of(frame), index, &span)) return;
  const char *source = frame->prototype->tree->source->text + span.start;
  size_t length = span.end - span.start;
  if (length == 0 || length >= size || !is_plain(source, length) || is_literal(source)) return;
  memcpy(text, source, length);
  text[length] = '\0';
}

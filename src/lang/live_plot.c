/* live_plot.c - pictures that follow what they show */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A definition whose value draws itself remembers what was drawn last. After each statement the values of now are
 * compared with that; what differs is drawn, with the earlier curves behind it in grey. */
#include "lang/live.h"
#include "val/figure.h"

void th_live_draws(ThSession *session, ThDefinition *d) {
  session->graph.n_pictures += !d->draws;
  d->draws = true;
}

void th_live_shown(ThDefinition *d, ThValue v) { th_replace_take(&d->shown, th_retain(v)); }

static bool looks_as_shown(const ThDefinition *d, ThValue v) {
  return th_is(v, &th_figure_kind) && th_is(d->shown, &th_figure_kind) &&
         th_figure_same((const ThFigure *)th_as_object(v), (const ThFigure *)th_as_object(d->shown));
}

/* Draws a value, over the one that was shown before. */
static bool draw(ThSession *session, ThDefinition *d, ThValue v) {
  ThValue both;
  if (!looks_as_shown(d, v)) {
    if (!th_figure_over(&session->cx, v, d->shown, &both)) return false;
    bool ok = th_as_object(both)->kind->echo(&session->cx, both);
    th_release(both);
    if (!ok) return false;
  }
  th_live_shown(d, v);
  return true;
}

static bool redraw(ThSession *session, ThDefinition *d) {
  ThContext *cx = &session->cx;
  ThLiveState before = d->state;
  if (th_live_refresh(session, d)) {
    ThValue v = session->globals[d->name->index].value;
    if (th_is_unset(d->shown)) th_live_shown(d, v); /* what read it has done as it liked */
    if (v.bits == d->shown.bits || !th_live_is_picture(v) || draw(session, d, v)) return true;
  }
  if (cx->error.code == TH_ERROR_INTERRUPTED) return false;
  if (before != TH_LIVE_FAILED) {
    ThError error;
    th_error_take(cx, &error);
    th_note(cx, "the picture of `%s` stays as it was: %s", d->name->spelling, error.message);
    th_error_restore(cx, &error);
  }
  th_error_clear(cx);
  return true;
}

bool th_session_redraw(ThSession *session) {
  if (session->graph.n_pictures == 0) return true;
  for (ThDefinition *d = session->graph.first; d; d = d->next) {
    uint32_t index = d->name->index;
    uint64_t id = d->id;
    if (!d->draws) continue;
    if (!redraw(session, d)) return false;
    d = th_live_find(session, index);
    if (!d || d->id != id) break; /* the next statement draws the others */
  }
  return true;
}

void th_session_pictures_seen(ThSession *session) {
  for (ThDefinition *d = session->graph.first; d; d = d->next)
    if (d->draws && d->state == TH_LIVE_FRESH) th_live_shown(d, session->globals[d->name->index].value);
}

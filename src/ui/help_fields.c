/* help_fields.c - help on the fields of fits, posteriors and what else is made of models */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "infer/compare.h"
#include "infer/fit.h"
#include "infer/minimum.h"
#include "infer/posterior.h"
#include "infer/ppc.h"
#include "infer/profile.h"
#include "infer/region.h"
#include "infer/regression.h"
#include "infer/study.h"
#include "ui/help_page.h"
#include "ui/help_rows.h"

static const ThKind *const kinds[] = {&th_fit_kind,        &th_regression_kind, &th_posterior_kind,
                                      &th_profile_kind,    &th_region_kind,     &th_minimum_kind,
                                      &th_comparison_kind, &th_ppc_kind,        &th_study_kind};

static const ThFieldNote *note_of(const ThKind *kind, const char *name, size_t length) {
  const ThFieldNote *note;
  size_t i = 0;
  while ((note = kind->field_note(i)) &&
         (strlen(note->name) != length || memcmp(note->name, name, length) != 0))
    i++;
  return note;
}

bool th_help_about_field(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  size_t start = out->length;
  bool any = false;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const ThFieldNote *note = note_of(kinds[i], topic, length);
    if (!note) continue;
    if (!any && start > 0) th_text_add(out, "\n  as a field:\n");
    else if (!any) th_help_page_heading(cx, note->name, out);
    th_help_page_entry(cx, kinds[i]->name, note->brief, out);
    any = true;
  }
  return any;
}

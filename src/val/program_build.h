/* program_build.h - what the building of programs shares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_PROGRAM_BUILD_H
#define TH_VAL_PROGRAM_BUILD_H

#include "val/program_parts.h"

typedef enum ThRole {
  TH_ROLE_NONE,
  TH_ROLE_READY,
  TH_ROLE_ALIAS,
  TH_ROLE_NUMBER,
  TH_ROLE_ELEMENT,
  TH_ROLE_SUM,
  TH_ROLE_WHOLE
} ThRole;

/* What becomes of a node. */
typedef struct ThFate {
  ThRole role;
  bool needed;
  bool stored;   /* others than its own pass read it: it has a place in memory */
  bool picked;   /* one number of it is read by itself: it must lie in the workspace */
  int32_t unit;  /* -1: ready before all units */
  ThNodeId base; /* of an alias: whose numbers it shows, from `shift` on */
  size_t shift;
  ThAddress address;
  uint32_t buffer, n_uses;   /* within its pass */
  ThNodeId reader, last_use; /* the last one that reads it, and the last step in which it is read */
} ThFate;

typedef struct ThBuilder {
  ThContext *cx;
  ThGraph *g;
  ThProgram *p;
  ThFate *fates;
  size_t n;
} ThBuilder;

/* Room for `needed` elements of a growing array. */
TH_CHECKED bool th_program_grow(ThContext *cx, void *array, size_t *capacity, size_t needed, size_t size);
/* A place of n doubles in the workspace. */
size_t th_program_reserve(ThProgram *p, size_t n);
bool th_program_same_shape(const ThGraphNode *a, const ThGraphNode *b);
/* Is a smaller node's element i / inner % count what meets element i of a larger one? */
bool th_program_pattern(const ThGraphNode *small, const ThGraphNode *large, size_t *inner, size_t *count);
/* The steps of every unit, once each node has its role, its unit and its place. */
TH_CHECKED bool th_program_build_units(ThBuilder *b);

#endif

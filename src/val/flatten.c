/* flatten.c - a number, array, or record or list of those as one vector of numbers, and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/flatten.h"

#include "val/leaves.h"

/* --- Places */

static size_t count(ThValue pattern) {
  size_t n = 0;
  if (th_is_array(pattern)) return th_as_array(pattern)->length;
  if (th_is_record(pattern))
    for (size_t i = 0; i < th_as_record(pattern)->length; i++) n += count(th_as_record(pattern)->values[i]);
  else if (th_is_list(pattern))
    for (size_t i = 0; i < th_as_list(pattern)->length; i++) n += count(th_as_list(pattern)->items[i]);
  else n = 1;
  return n;
}

static void add_indices(const ThArray *a, size_t j, ThText *out) {
  size_t block = a->length;
  for (uint32_t axis = 0; axis < a->rank; axis++) {
    block /= a->shape[axis];
    th_text_format(out, "%s%zu", axis ? ", " : "[", j / block + 1);
    j %= block;
  }
  th_text_char(out, ']');
}

/* The path of number j, or of the j-th leaf: `size` tells how much a part holds. */
static void add_path(ThValue v, size_t j, size_t (*size)(ThValue v), bool inside, ThText *out) {
  if (th_is_array(v) && inside) add_indices(th_as_array(v), j, out);
  size_t n = th_is_record(v) ? th_as_record(v)->length : th_is_list(v) ? th_as_list(v)->length : 0;
  for (size_t i = 0; i < n; i++) {
    ThValue part = th_is_record(v) ? th_as_record(v)->values[i] : th_as_list(v)->items[i];
    size_t here = size(part);
    if (j >= here) {
      j -= here;
      continue;
    }
    if (th_is_record(v)) th_text_format(out, ".%s", th_as_record(v)->names[i]->spelling);
    else th_text_format(out, "[%zu]", i + 1);
    add_path(part, j, size, inside, out);
    return;
  }
}

static size_t count_leaves(ThValue v) {
  size_t n = 0;
  if (th_is_record(v))
    for (size_t i = 0; i < th_as_record(v)->length; i++) n += count_leaves(th_as_record(v)->values[i]);
  else if (th_is_list(v))
    for (size_t i = 0; i < th_as_list(v)->length; i++) n += count_leaves(th_as_list(v)->items[i]);
  else n = 1;
  return n;
}

void th_flatten_name(const ThFlatten *form, const char *name, size_t j, ThText *out) {
  th_text_add(out, name);
  add_path(form->pattern, j, count, true, out);
}

/* --- The form */

typedef struct Reading {
  ThValue whole;
  const char *name;
  size_t leaf;
} Reading;

static bool fail_leaf(const Reading *r, ThContext *cx, ThValue leaf) {
  char got[96];
  ThText path;
  th_text_init(&path, &cx->heap);
  th_text_add(&path, r->name);
  add_path(r->whole, r->leaf, count_leaves, false, &path);
  if (!th_text_ok(&path, cx)) {
    th_text_clear(&path);
    return false;
  }
  const char *place = th_text_string(&path);
  if (th_is_complex(leaf) || (th_is_array(leaf) && th_as_array(leaf)->element == TH_COMPLEX))
    th_fail(cx, TH_ERROR_TYPE, "`%s` is complex: its numbers must be real", place);
  else
    th_fail(cx, TH_ERROR_TYPE,
            "`%s` is %s: what is minimised over is a number, an array, or a record of those", place,
            th_describe(leaf, got, sizeof got));
  th_text_clear(&path);
  return false;
}

static bool normalise(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  Reading *r = self;
  double x;
  bool scalar, complex_ = th_is_array(leaf) && th_as_array(leaf)->element == TH_COMPLEX;
  ThArray *a;
  if (!th_poll_at(cx, r->leaf)) return false;
  if (th_to_number(leaf, &x)) {
    *out = th_number(x);
  } else if ((th_is_array(leaf) && !complex_) || th_is_range(leaf)) {
    if (!th_to_real_array(cx, leaf, r->name, &scalar, &a)) return false;
    *out = th_object(a);
    if (!th_poll(cx)) { /* a large range has taken its time */
      th_release(*out);
      return false;
    }
  } else {
    return fail_leaf(r, cx, leaf);
  }
  r->leaf++;
  return true;
}

bool th_flatten_init(ThContext *cx, ThValue v, const char *name, ThFlatten *out) {
  Reading r = {v, name, 0};
  *out = (ThFlatten){.pattern = th_none()};
  if (!th_leaves_map(cx, v, normalise, &r, &out->pattern)) {
    out->pattern = th_none();
    return false;
  }
  out->n = count(out->pattern);
  return true;
}

void th_flatten_clear(ThFlatten *form) {
  th_release(form->pattern);
  *form = (ThFlatten){.pattern = th_none()};
}

/* --- Reading */

static bool read_array(ThContext *cx, const ThArray *like, ThValue v, double *x, bool *same) {
  bool scalar;
  ThArray *a;
  *same = th_is_range(v) || (th_is_array(v) && th_as_array(v)->element != TH_COMPLEX);
  if (!*same) return true;
  if (!th_to_real_array(cx, v, "array", &scalar, &a)) return false;
  *same = th_same_shape(a, like);
  bool ok = true;
  for (size_t i = 0; ok && *same && i < a->length; i++) {
    ok = th_poll_at(cx, i);
    x[i] = th_array_real(a, i);
  }
  th_release(th_object(a));
  return ok;
}

static bool read(ThContext *cx, ThValue pattern, ThValue v, double **x, bool *same);

static bool read_list(ThContext *cx, const ThList *like, ThValue v, double **x, bool *same) {
  *same = th_is_list(v) && th_as_list(v)->length == like->length;
  for (size_t i = 0; *same && i < like->length; i++)
    if (!read(cx, like->items[i], th_as_list(v)->items[i], x, same)) return false;
  return true;
}

static bool read_record(ThContext *cx, const ThRecord *like, ThValue v, double **x, bool *same) {
  *same = th_is_record(v) && th_as_record(v)->length == like->length;
  for (size_t i = 0; *same && i < like->length; i++) {
    const ThValue *part = th_record_find(th_as_record(v), like->names[i]);
    *same = part != NULL;
    if (part && !read(cx, like->values[i], *part, x, same)) return false;
  }
  return true;
}

static bool read(ThContext *cx, ThValue pattern, ThValue v, double **x, bool *same) {
  if (th_is_record(pattern)) return read_record(cx, th_as_record(pattern), v, x, same);
  if (th_is_list(pattern)) return read_list(cx, th_as_list(pattern), v, x, same);
  double *at = *x;
  *x += count(pattern);
  if (th_is_array(pattern)) return read_array(cx, th_as_array(pattern), v, at, same);
  *same = th_to_number(v, at);
  return true;
}

bool th_flatten_read(ThContext *cx, const ThFlatten *form, ThValue v, double *x, bool *same) {
  return read(cx, form->pattern, v, &x, same);
}

/* --- Looking */

static bool has_form(ThValue pattern, ThValue v) {
  double ignored;
  if (th_is_array(pattern)) {
    const ThArray *like = th_as_array(pattern);
    if (th_is_range(v)) return like->rank == 1 && like->length == th_as_range(v)->length;
    return th_is_array(v) && th_as_array(v)->element != TH_COMPLEX && th_same_shape(th_as_array(v), like);
  }
  if (th_is_list(pattern)) {
    const ThList *like = th_as_list(pattern);
    bool fine = th_is_list(v) && th_as_list(v)->length == like->length;
    for (size_t i = 0; fine && i < like->length; i++)
      fine = has_form(like->items[i], th_as_list(v)->items[i]);
    return fine;
  }
  if (!th_is_record(pattern)) return th_to_number(v, &ignored);
  const ThRecord *like = th_as_record(pattern);
  bool fine = th_is_record(v) && th_as_record(v)->length == like->length;
  for (size_t i = 0; fine && i < like->length; i++) {
    const ThValue *part = th_record_find(th_as_record(v), like->names[i]);
    fine = part && has_form(like->values[i], *part);
  }
  return fine;
}

bool th_flatten_fits(const ThFlatten *form, ThValue v) { return has_form(form->pattern, v); }

/* --- Spreading */

static bool spread(ThContext *cx, ThValue pattern, const ThValue *v, double other, double **x, bool *fits) {
  double number = other;
  if (!v || th_to_number(*v, &number)) {
    for (size_t n = count(pattern); n > 0; n--) *(*x)++ = number;
    return true;
  }
  if (!th_is_record(pattern) || !th_is_record(*v)) return read(cx, pattern, *v, x, fits);
  const ThRecord *like = th_as_record(pattern), *given = th_as_record(*v);
  size_t n_found = 0;
  for (size_t i = 0; *fits && i < like->length; i++) {
    const ThValue *part = th_record_find(given, like->names[i]);
    n_found += part != NULL;
    if (!spread(cx, like->values[i], part, other, x, fits)) return false;
  }
  *fits = *fits && n_found == given->length;
  return true;
}

bool th_flatten_spread(ThContext *cx, const ThFlatten *form, ThValue v, double other, double *x, bool *fits) {
  *fits = true;
  return spread(cx, form->pattern, &v, other, &x, fits);
}

/* --- Building */

static bool build(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  const double **x = self;
  if (!th_is_array(leaf)) {
    *out = th_number(*(*x)++);
    return true;
  }
  const ThArray *like = th_as_array(leaf);
  ThArray *a = th_array_new(cx, TH_DOUBLE, like->rank, like->shape);
  if (!a) return false;
  if (a->length) memcpy(a->real, *x, a->length * sizeof **x);
  *x += a->length;
  *out = th_object(a);
  return true;
}

bool th_flatten_build(ThContext *cx, const ThFlatten *form, const double *x, ThValue *out) {
  return th_leaves_map(cx, form->pattern, build, &x, out);
}

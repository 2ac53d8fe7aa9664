/* basic.h - strings, lists, records, complex numbers, ranges, estimates */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_BASIC_H
#define TH_VAL_BASIC_H

#include <complex.h>

#include "val/symbol.h"
#include "val/value.h"

/* An immutable string of valid UTF-8, indexed by code point. */
typedef struct ThString {
  ThObject object;
  size_t length;   /* bytes */
  size_t capacity; /* bytes that fit: a string that is lengthened in a loop has room to spare */
  size_t code_points;
  size_t seen, seen_offset; /* the code point that was looked up last, and its byte */
  char text[];              /* NUL-terminated */
} ThString;
extern const ThKind th_string_kind;
TH_CHECKED bool th_string(ThContext *cx, const char *text, size_t length, ThValue *out);
TH_CHECKED bool th_string_of(ThContext *cx, const char *text, ThValue *out);
static inline bool th_is_string(ThValue v) { return th_is(v, &th_string_kind); }
static inline const ThString *th_as_string(ThValue v) { return (const ThString *)th_as_object(v); }
void th_quote(const char *text, size_t length, ThText *out); /* as Theta source */

typedef struct ThComplex {
  ThObject object;
  double complex value;
} ThComplex;
extern const ThKind th_complex_kind;
TH_CHECKED bool th_complex(ThContext *cx, double complex z, ThValue *out);
/* re + im i, also where one of them is infinite (C's CMPLX, which not every library has). */
static inline double complex th_complex_of(double re, double im) { return __builtin_complex(re, im); }
static inline bool th_is_complex(ThValue v) { return th_is(v, &th_complex_kind); }
static inline double complex th_as_complex(ThValue v) { return ((ThComplex *)th_as_object(v))->value; }

/* first, first + step, …; n elements. Decays to a vector. */
typedef struct ThRange {
  ThObject object;
  double first, step;
  size_t length;
} ThRange;
extern const ThKind th_range_kind;
/* Both ends included, to rounding; a wrong way round is empty. An error for a step of 0 or nan. */
TH_CHECKED bool th_range(ThContext *cx, double first, double step, double last, ThValue *out);
double th_range_count(double first, double step, double last); /* how many numbers it has */
static inline bool th_is_range(ThValue v) { return th_is(v, &th_range_kind); }
static inline const ThRange *th_as_range(ThValue v) { return (const ThRange *)th_as_object(v); }
/* The sum of its numbers. */
double th_range_sum(const ThRange *range);
/* Is x one of its numbers? */
bool th_range_holds(const ThRange *range, double x);
static inline double th_range_at(const ThRange *r, size_t i) { return r->first + (double)i * r->step; }

typedef struct ThList {
  ThObject object;
  size_t length, capacity;
  ThValue *items;
} ThList;
extern const ThKind th_list_kind;
TH_CHECKED ThList *th_list_new(ThContext *cx, size_t capacity);
TH_CHECKED bool th_list_reserve(ThContext *cx, ThList *list, size_t length);  /* room for so many items */
TH_CHECKED bool th_list_push_take(ThContext *cx, ThList *list, ThValue item); /* takes item, on failure too */
static inline bool th_is_list(ThValue v) { return th_is(v, &th_list_kind); }
static inline ThList *th_as_list(ThValue v) { return (ThList *)th_as_object(v); }

/* Named values in order. */
typedef struct ThRecord {
  ThObject object;
  size_t length, capacity;
  ThSymbol **names;
  ThValue *values;
  uint32_t *places; /* of a record of many fields: a table from name to place (record.c), else NULL */
  size_t n_placed;  /* the fields that stand in it, the first ones */
} ThRecord;
extern const ThKind th_record_kind;
TH_CHECKED ThRecord *th_record_new(ThContext *cx, size_t capacity);
/* Sets or adds a field; takes value, on failure too. */
TH_CHECKED bool th_record_set_take(ThContext *cx, ThRecord *record, ThSymbol *name, ThValue value);
TH_CHECKED bool th_record_set_text(ThContext *cx, ThRecord *record, const char *name,
                                   ThValue value);                     /* takes */
ThValue *th_record_find(const ThRecord *record, const ThSymbol *name); /* borrowed, or NULL */
static inline bool th_is_record(ThValue v) { return th_is(v, &th_record_kind); }
static inline ThRecord *th_as_record(ThValue v) { return (ThRecord *)th_as_object(v); }

/* A number found by a method, with its error. Arithmetic takes the plain number. The error is absolute;
 * 0 is exact. value_im is not 0 for an E that is complex. */
typedef struct ThEstimate {
  ThObject object;
  double complex value;
  double error;
  bool is_complex;
  ThValue method; /* a string: "exact (4 outcomes)" */
  ThValue detail; /* a string, what how(x) tells at length */
} ThEstimate;
extern const ThKind th_estimate_kind;
TH_CHECKED bool th_estimate(ThContext *cx, double value, double error, const char *method, const char *detail,
                            ThValue *out);
TH_CHECKED bool th_estimate_complex(ThContext *cx, double complex value, double error, const char *method,
                                    const char *detail, ThValue *out);
/* "quadrature, error < 1e-13": a method and the next power of ten above its error; the method alone when that is 0. */
void th_estimate_method(const char *method, double error, char *buffer, size_t size);
static inline bool th_is_estimate(ThValue v) { return th_is(v, &th_estimate_kind); }
static inline const ThEstimate *th_as_estimate(ThValue v) { return (const ThEstimate *)th_as_object(v); }

/* Equal-length named columns; a column is a double vector or a list of strings. */
typedef struct ThTable {
  ThObject object;
  size_t n_rows;
  size_t n_columns, capacity;
  ThSymbol **names;
  ThValue *columns;
  ThValue name; /* a string or none: shown in summaries */
} ThTable;
extern const ThKind th_table_kind;
TH_CHECKED ThTable *th_table_new(ThContext *cx, size_t n_rows);
/* Adds or replaces a column: a vector, range or list of n_rows elements; takes it, on failure too. */
TH_CHECKED bool th_table_set_take(ThContext *cx, ThTable *table, ThSymbol *name, ThValue column);
ThValue *th_table_find(const ThTable *table, const ThSymbol *name);
static inline bool th_is_table(ThValue v) { return th_is(v, &th_table_kind); }
static inline ThTable *th_as_table(ThValue v) { return (ThTable *)th_as_object(v); }

/* Appends a number as Theta prints it: whole numbers in full, others to `digits` significant digits. */
void th_format_number(double x, int digits, ThText *out);
/* Digits 0: exactly. */
void th_format_complex(double complex z, int digits, ThText *out);
/* The shortest decimal that reads back as x. */
void th_format_exact(double x, ThText *out);

#endif

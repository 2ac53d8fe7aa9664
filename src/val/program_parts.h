/* program_parts.h - what the building and the running of programs share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_PROGRAM_PARTS_H
#define TH_VAL_PROGRAM_PARTS_H

#include "val/program.h"

/* Where a value lies: in a constant, in the workspace, or where the caller has an input or wants an output. */
typedef struct ThAddress {
  const double *constant; /* or NULL */
  size_t slot;            /* 0: the workspace; then inputs, then outputs */
  size_t offset;          /* from there, in doubles */
} ThAddress;

/* One number computed from others in the workspace. */
typedef enum ThScalarCode {
  TH_SCALAR_ADD,
  TH_SCALAR_SUBTRACT,
  TH_SCALAR_MULTIPLY,
  TH_SCALAR_DIVIDE,
  TH_SCALAR_NEGATE,
  TH_SCALAR_SQUARE,
  TH_SCALAR_UNARY, /* by its function */
  TH_SCALAR_BINARY,
  TH_SCALAR_KERNEL /* by its kernels, of one element */
} ThScalarCode;

typedef struct ThScalarStep {
  const ThElementwise *f;
  ThScalarCode code;
  uint32_t a, b, to; /* offsets in the workspace */
} ThScalarStep;

/* An operand of a pass: a block that a step of it made, a stretch of memory that goes along, or one number. */
typedef enum ThBlockKind { TH_BLOCK_BUFFER, TH_BLOCK_STREAM, TH_BLOCK_NUMBER } ThBlockKind;
typedef struct ThBlockOperand {
  ThBlockKind kind;
  uint32_t buffer;
  ThAddress address;
} ThBlockOperand;

typedef enum ThPassCode {
  TH_PASS_ELEMENTWISE,
  TH_PASS_REPEAT,     /* `a` is a shorter array: element i of the pass is a[i / inner % count] */
  TH_PASS_SUM,        /* to.address gets the sum of a */
  TH_PASS_SUM_PRODUCT /* of a times b */
} ThPassCode;

typedef struct ThPassStep {
  const ThElementwise *f;
  ThPassCode code;
  ThBlockOperand a, b, to;
  size_t inner, count;
  uint32_t sum; /* its place among the pass's sums */
} ThPassStep;

/* Elementwise steps over `length` elements, a block at a time. */
typedef struct ThPass {
  ThPassStep *steps;
  size_t n_steps, capacity;
  size_t length, block;
  uint32_t n_buffers, n_sums;
} ThPass;

/* An operation as a whole. The addresses of inputs and output go into the workspace's tensors. */
typedef struct ThWhole {
  const ThOperation *operation;
  const void *attribute;
  size_t first_tensor, n_inputs; /* inputs, then the output */
  size_t work;                   /* offset of its scratch */
} ThWhole;

typedef enum ThUnitKind { TH_UNIT_NUMBERS, TH_UNIT_PASS, TH_UNIT_WHOLE } ThUnitKind;
typedef struct ThUnit {
  ThUnitKind kind;
  size_t first, n; /* of numbers: their steps */
  ThPass pass;
  ThWhole whole;
  /* while it is built */
  size_t length;
  uint32_t rank;
  const size_t *shape;
} ThUnit;

typedef struct ThProgramPlace {
  ThAddress address;
  size_t n;
  size_t
      home; /* of an output that is made where the caller wants it: its offset here when it is not wanted */
} ThProgramPlace;

typedef struct ThNumberConstant {
  size_t offset;
  double value;
} ThNumberConstant;

struct ThProgram {
  ThGraph *graph;
  size_t n_doubles; /* of the workspace */
  ThUnit *units;
  size_t n_units, unit_capacity;
  ThScalarStep *scalars;
  size_t n_scalars, scalar_capacity;
  ThTensor *tensors; /* their data is filled in for a run */
  ThAddress *tensor_addresses;
  size_t n_tensors, tensor_capacity, address_capacity;
  size_t *moving; /* tensors that lie in slots */
  size_t n_moving;
  ThNumberConstant *constants;
  size_t n_constants, constant_capacity;
  ThProgramPlace *inputs, *outputs;
  size_t n_inputs, n_outputs;
  ThProgramPlace *guards;
  double *outcomes;
  size_t n_guards;
  uint32_t max_buffers, max_sums;
  size_t max_block;
};

#endif

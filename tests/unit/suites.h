/* suites.h - every suite of the unit tests; written by `make sources` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
SUITE(context)
SUITE(memory)
SUITE(num_density)
SUITE(source)
SUITE(symbol)
SUITE(text)
SUITE(utf8)
SUITE(val_arithmetic)
SUITE(val_array)
SUITE(val_basic)
SUITE(val_format)

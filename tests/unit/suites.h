/* suites.h - every suite of the unit tests; written by `make sources` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
SUITE(context)
SUITE(memory)
SUITE(source)
SUITE(symbol)
SUITE(text)
SUITE(utf8)

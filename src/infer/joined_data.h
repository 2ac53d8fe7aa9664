/* joined_data.h - the data of a question and more of them, as one set */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_JOINED_DATA_H
#define TH_INFER_JOINED_DATA_H

#include "infer/result.h"

/* What has an entry for each datum is put one under the other; a number that is not the same for both becomes one for
 * each datum; what is the same stays. Anything else is an error that names it. */
TH_CHECKED bool th_joined_data(ThContext *cx, const ThQuestion *question, const ThModelData *more,
                               ThModelData *out);
/* Do these data stand among those of the question, row for row, one after another? Where nothing tells one datum from
 * another but what was observed, equal ones are no news, and only the same data as a whole count. */
TH_CHECKED bool th_joined_holds(ThContext *cx, const ThQuestion *question, const ThModelData *data, bool *out);
/* The question's weights and a 1 for each further datum; none where it has none. Owned. */
TH_CHECKED bool th_joined_weights(ThContext *cx, const ThQuestion *question, const ThModelData *more,
                                  ThValue *out);

#endif

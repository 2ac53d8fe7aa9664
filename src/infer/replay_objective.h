/* replay_objective.h - a replayed function as an objective */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_REPLAY_OBJECTIVE_H
#define TH_INFER_REPLAY_OBJECTIVE_H

#include "infer/objective.h"
#include "lang/replay.h"

/* The function, the replay borrowed: infinite where it is not defined. */
ThObjective th_replay_objective(ThReplay *replay);
/* After a failure: was the function not defined there (the error is cleared), rather than wrong or interrupted? */
TH_CHECKED bool th_replay_is_undefined(ThContext *cx);

#endif

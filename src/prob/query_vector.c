/* query_vector.c - dist(X) of a vector of random variables: its joint distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/kin.h"
#include "prob/posterior.h"

/* Is it the whole of what was declared as one? Then its joint object; else NULL. */
static const ThJoint *whole_joint(ThValue vector) {
  const ThVariableArray *a = th_as_variable_array(vector);
  const ThVariable *first = a->length && th_is_variable(a->items[0]) ? th_as_variable(a->items[0]) : NULL;
  const ThJoint *joint = first ? th_joint_of(first) : NULL;
  bool whole = joint && a->name == first->name && a->name;
  return whole ? joint : NULL;
}

static bool fail_no_law(ThQuery *q, ThValue vector) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (th_variable_text(q->cx, vector, 60, &text) && th_text_ok(&text, q->cx)) {
    th_fail(q->cx, TH_ERROR_VALUE, "no method gives the joint distribution of `%s`", th_text_string(&text));
    th_hint(q->cx, "that of an element may be known: `dist(%s[1])`", th_text_string(&text));
  }
  th_text_clear(&text);
  return false;
}

/* MvNormal(mean, cov), where all are normal and linear. */
static bool normal_law(ThQuery *q, ThValue *out, bool *found) {
  size_t n = q->n_targets;
  ThContext *cx = q->cx;
  ThArray *mean = th_vector_new(cx, TH_DOUBLE, n), *cov = mean ? th_matrix_new(cx, TH_DOUBLE, n, n) : NULL;
  bool ok = cov && th_posterior_normals(q, mean->real, cov->real, found);
  if (ok && *found) {
    ThValue parameters[] = {th_object(mean), th_object(cov)};
    ok = th_distribution_new(cx, &th_family_mvnormal, parameters, out);
  }
  if (mean) th_release(th_object(mean));
  if (cov) th_release(th_object(cov));
  return ok;
}

static bool find_joint_distribution(ThQuery *q, ThValue vector, ThValue *out, const char **method,
                                    bool *found) {
  const ThJoint *joint = whole_joint(vector);
  ThKin kin;
  *found = joint && q->n_conditions == 0 && th_is_distribution(joint->law);
  *method = "exact";
  if (*found) return th_distribution_copy(q->cx, joint->law, out);
  if (joint && th_kin_find(q, &th_family_dirichlet, &kin) && (const void *)th_as_object(kin.joint) == joint) {
    *method = "exact (conjugate)";
    if (!th_kin_posterior(&kin, out, found)) return false;
    if (!*found || th_kin_tell(q, *out)) return true;
    th_release(*out);
    return false;
  }
  *method = "exact (linear Gaussian)";
  return th_as_variable_array(vector)->columns || normal_law(q, out, found);
}

bool th_query_joint_distribution(ThQuery *q, ThValue vector, ThValue *out) {
  const char *method;
  bool found = false;
  if (!find_joint_distribution(q, vector, out, &method, &found)) return false;
  if (!found) return fail_no_law(q, vector);
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}

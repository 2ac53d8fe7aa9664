/* merge_plan.c - the order in which a network is gone through so that few values need be remembered at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greedy: of what can be done now, that which lets most values be forgotten; where nothing does, the variable that
 * comes first on the way down from the conditions and the targets. (Variable elimination with the order of least
 * growth: Koller and Friedman 2009, section 9.4.3.) */
#include "prob/merge_plan.h"

#include <string.h>

typedef struct Task {
  ThMergeStep step;
  uint32_t rank; /* on the way down from the roots */
  bool done;
} Task;

/* A task that can be done, with its growth when it was noted: later it may be less, never more. */
typedef struct Offer {
  int growth;
  uint32_t rank, task;
} Offer;

/* Lists of tasks by node: those of node i stand in tasks[start[i] … start[i + 1] - 1]. */
typedef struct TaskLists {
  uint32_t *start, *tasks;
  size_t n_tasks;
} TaskLists;

typedef struct Planner {
  ThQuery *q;
  ThMergePlan *plan;
  size_t n_tasks, capacity;
  Task *tasks;
  uint32_t *rank;    /* by node; 0: not needed */
  uint32_t *uses;    /* by node: tasks that still look at it */
  uint32_t *missing; /* by node: tasks that must be done before it has a value */
  bool *live, *read; /* by node: has a value that is needed later; another needed node reads it */
  uint32_t last_rank;
  TaskLists lookers, makers; /* tasks that look at a node; that give it its value */
  size_t n_offers, offer_capacity;
  Offer *offers; /* a heap, the best first */
} Planner;

static ThNetwork *net_of(const Planner *p) { return &p->q->net; }

/* --- Which nodes hold numbers */

static void mark_laws(Planner *p) {
  const ThNetwork *net = net_of(p);
  for (size_t k = 0; k < net->n_variables; k++) {
    uint32_t law = th_network_find(net, net->variables[k].variable->distribution);
    if (law != TH_NO_NODE) p->plan->transparent[law] = true;
  }
}

/* An operator or a choice that works on what is no number gives none either. */
static bool carries(const Planner *p, const ThNetworkNode *node) {
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    const ThInput *input = &net_of(p)->inputs[node->first_input + j];
    if (input->node == TH_NO_NODE ? !th_is_scalar(input->plain) : p->plan->transparent[input->node])
      return true;
  }
  return false;
}

/* Nodes stand behind their inputs. */
static void mark_transparent(Planner *p) {
  mark_laws(p);
  for (uint32_t i = 0; i < net_of(p)->n_nodes; i++) {
    const ThNetworkNode *node = &net_of(p)->nodes[i];
    bool *mark = &p->plan->transparent[i];
    if (!th_is_variable(node->source)) *mark = true;
    else if (node->declared != TH_NO_NODE) *mark = false;
    else {
      ThVariableKind what = th_as_variable(node->source)->what;
      *mark |= (what == TH_VARIABLE_OPERATOR || what == TH_VARIABLE_CHOOSE) && carries(p, node);
    }
  }
}

/* --- What a node looks at: the nodes with numbers behind its inputs */

static bool is_known(const Planner *p, uint32_t i) {
  const ThNetworkNode *node = &net_of(p)->nodes[i];
  return node->level == 0 || (node->declared != TH_NO_NODE && p->q->variables[node->declared].observed);
}

static bool add_seen(Planner *p, uint32_t first, uint32_t i) {
  ThMergePlan *plan = p->plan;
  for (size_t k = first; k < plan->n_seen; k++)
    if (plan->seen[k] == i) return true;
  if (plan->n_seen == plan->seen_capacity) {
    size_t capacity = 2 * plan->seen_capacity + 256, size = sizeof *plan->seen;
    uint32_t *seen = th_resize(p->q->cx, plan->seen, plan->seen_capacity * size, capacity * size);
    if (!seen) return false;
    plan->seen = seen;
    plan->seen_capacity = capacity;
  }
  plan->seen[plan->n_seen++] = i;
  return true;
}

static bool look_at(Planner *p, uint32_t first, const ThInput *input);

/* Of an array that is indexed by a plain number, the element alone. */
static bool look_through(Planner *p, uint32_t first, const ThNetworkNode *node) {
  const ThNetwork *net = net_of(p);
  const ThInput *inputs = &net->inputs[node->first_input];
  const ThVariable *v = th_is_variable(node->source) ? th_as_variable(node->source) : NULL;
  bool plain = v && v->what == TH_VARIABLE_INDEX && v->n == 2 && inputs[0].node != TH_NO_NODE &&
               inputs[1].node == TH_NO_NODE && th_is_variable_array(net->nodes[inputs[0].node].source) &&
               th_is_number(inputs[1].plain);
  if (plain) {
    const ThNetworkNode *array = &net->nodes[inputs[0].node];
    double at = th_as_number(inputs[1].plain);
    if (at >= 1 && at <= array->n_inputs)
      return look_at(p, first, &net->inputs[array->first_input + (uint32_t)at - 1]);
  }
  for (uint32_t j = 0; j < node->n_inputs; j++)
    if (!look_at(p, first, &inputs[j])) return false;
  return true;
}

static bool look_at(Planner *p, uint32_t first, const ThInput *input) {
  if (input->node == TH_NO_NODE || is_known(p, input->node)) return true;
  if (!p->plan->transparent[input->node]) return add_seen(p, first, input->node);
  return look_through(p, first, &net_of(p)->nodes[input->node]);
}

/* --- Tasks */

static bool add_task(Planner *p, ThMergeStep step, const ThNetworkNode *looks, uint32_t rank) {
  if (p->n_tasks == p->capacity) {
    size_t capacity = 2 * p->capacity + 64;
    Task *tasks = th_resize(p->q->cx, p->tasks, p->capacity * sizeof *tasks, capacity * sizeof *tasks);
    if (!tasks) return false;
    p->tasks = tasks;
    p->capacity = capacity;
  }
  step.first_seen = (uint32_t)p->plan->n_seen;
  bool ok = looks ? look_through(p, step.first_seen, looks) : look_at(p, step.first_seen, &step.element);
  step.n_seen = (uint32_t)p->plan->n_seen - step.first_seen;
  for (uint32_t k = 0; k < step.n_seen; k++) p->uses[p->plan->seen[step.first_seen + k]]++;
  p->missing[step.node]++;
  p->tasks[p->n_tasks++] = (Task){step, rank, false};
  return ok;
}

/* A sum over an array of variables goes element by element. */
static const ThNetworkNode *summed(const Planner *p, const ThNetworkNode *node) {
  if (!th_is_variable(node->source) || th_as_variable(node->source)->what != TH_VARIABLE_SUM) return NULL;
  uint32_t array = net_of(p)->inputs[node->first_input].node;
  if (array == TH_NO_NODE || !th_is_variable_array(net_of(p)->nodes[array].source)) return NULL;
  return &net_of(p)->nodes[array];
}

static bool add_sum(Planner *p, uint32_t i, const ThNetworkNode *array) {
  for (uint32_t j = 0; j < array->n_inputs; j++) {
    const ThInput *element = &net_of(p)->inputs[array->first_input + j];
    uint32_t rank = element->node == TH_NO_NODE ? 1 : p->rank[element->node];
    if (!add_task(p, (ThMergeStep){.act = TH_MERGE_ADD, .node = i, .element = *element}, NULL, rank))
      return false;
  }
  return true;
}

static bool is_condition(const Planner *p, uint32_t i) {
  for (size_t k = 0; k < p->q->n_conditions; k++)
    if (!p->q->conditions[k].observation && th_network_find(net_of(p), p->q->conditions[k].event) == i)
      return true;
  return false;
}

/* A variable, a condition, what others read, and a target that is kept. */
static bool is_needed(const Planner *p, uint32_t i) {
  bool variable = net_of(p)->nodes[i].declared != TH_NO_NODE;
  return p->rank[i] && (variable || p->read[i] || p->uses[i] > 0 || is_condition(p, i));
}

static void mark_read(Planner *p) {
  for (uint32_t i = 0; i < net_of(p)->n_nodes; i++) {
    const ThNetworkNode *node = &net_of(p)->nodes[i];
    for (uint32_t j = 0; p->rank[i] && j < node->n_inputs; j++) {
      uint32_t input = net_of(p)->inputs[node->first_input + j].node;
      if (input != TH_NO_NODE) p->read[input] = true;
    }
  }
}

static bool add_tasks_of(Planner *p, uint32_t i) {
  const ThNetworkNode *node = &net_of(p)->nodes[i];
  const ThNetworkNode *array = summed(p, node);
  bool declared = node->declared != TH_NO_NODE;
  if (!is_needed(p, i) || node->level == 0 || p->plan->transparent[i]) return true;
  if (array) return add_sum(p, i, array);
  return add_task(p, (ThMergeStep){.act = declared ? TH_MERGE_DRAW : TH_MERGE_COMPUTE, .node = i}, node,
                  p->rank[i]);
}

/* --- Ranks: a walk in depth from the roots, inputs first */

typedef struct Walk {
  uint32_t node, next;
} Walk;

static bool rank_from(Planner *p, uint32_t root) {
  const ThNetwork *net = net_of(p);
  size_t depth = 0;
  if (p->rank[root]) return true;
  Walk *stack = th_alloc_array(p->q->cx, net->n_nodes + 1, sizeof *stack);
  if (!stack) return false;
  stack[depth++] = (Walk){root, 0};
  p->rank[root] = UINT32_MAX;
  while (depth > 0) {
    Walk *top = &stack[depth - 1];
    const ThNetworkNode *node = &net->nodes[top->node];
    if (top->next == node->n_inputs) {
      p->rank[top->node] = ++p->last_rank;
      depth--;
      continue;
    }
    uint32_t input = net->inputs[node->first_input + top->next++].node;
    if (input == TH_NO_NODE || p->rank[input]) continue;
    p->rank[input] = UINT32_MAX;
    stack[depth++] = (Walk){input, 0};
  }
  th_free(p->q->cx, stack, (net->n_nodes + 1) * sizeof *stack);
  return true;
}

/* A target is read when all is done: of a variable or a sum its value is kept until then, of anything else what it
 * looks at, so that it need not be a number. */
static bool add_target(Planner *p, ThValue target) {
  uint32_t i = th_network_find(net_of(p), target);
  if (i == TH_NO_NODE || is_known(p, i)) return true;
  const ThNetworkNode *node = &net_of(p)->nodes[i];
  uint32_t first = (uint32_t)p->plan->n_seen;
  bool itself = node->declared != TH_NO_NODE || summed(p, node);
  bool ok = rank_from(p, i) && (itself ? add_seen(p, first, i) : look_through(p, first, node));
  for (size_t k = first; ok && k < p->plan->n_seen; k++) p->uses[p->plan->seen[k]]++;
  return ok;
}

static bool add_roots(Planner *p) {
  const ThQuery *q = p->q;
  for (size_t i = 0; i < q->n_conditions; i++)
    if (!rank_from(p, th_network_find(&q->net, q->conditions[i].event))) return false;
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (q->variables[k].observed && !rank_from(p, q->net.variables[k].node)) return false;
  for (size_t i = 0; i < q->n_targets; i++)
    if (!add_target(p, q->targets[i])) return false;
  mark_read(p);
  for (uint32_t i = 0; i < q->net.n_nodes; i++)
    if (!add_tasks_of(p, i)) return false;
  return true;
}

/* --- The order */

static bool is_ready(const Planner *p, const Task *task) {
  for (uint32_t k = 0; k < task->step.n_seen; k++)
    if (p->missing[p->plan->seen[task->step.first_seen + k]] > 0) return false;
  return !task->done;
}

/* How many more values must be remembered afterwards. */
static int growth_of(const Planner *p, const Task *task) {
  uint32_t i = task->step.node;
  int growth = p->uses[i] > 0 && !p->live[i] && !is_known(p, i);
  for (uint32_t k = 0; k < task->step.n_seen; k++)
    growth -= p->uses[p->plan->seen[task->step.first_seen + k]] == 1;
  return growth;
}

/* --- Offers: a heap. One that is out of date stays until it comes up. */

static bool is_better(const Offer *a, const Offer *b) {
  if (a->growth != b->growth) return a->growth < b->growth;
  return a->rank != b->rank ? a->rank < b->rank : a->task < b->task;
}

static bool offer(Planner *p, uint32_t t) {
  const Task *task = &p->tasks[t];
  if (!is_ready(p, task)) return true;
  if (p->n_offers == p->offer_capacity) {
    size_t capacity = 2 * p->offer_capacity + 64, size = sizeof *p->offers;
    Offer *offers = th_resize(p->q->cx, p->offers, p->offer_capacity * size, capacity * size);
    if (!offers) return false;
    p->offers = offers;
    p->offer_capacity = capacity;
  }
  Offer new = {growth_of(p, task), task->rank, t};
  size_t i = p->n_offers++;
  for (; i > 0 && is_better(&new, &p->offers[(i - 1) / 2]); i = (i - 1) / 2)
    p->offers[i] = p->offers[(i - 1) / 2];
  p->offers[i] = new;
  return true;
}

static bool offer_all(Planner *p, const TaskLists *lists, uint32_t node) {
  for (uint32_t j = lists->start[node]; j < lists->start[node + 1]; j++)
    if (!offer(p, lists->tasks[j])) return false;
  return true;
}

static Offer take_best(Planner *p) {
  Offer best = p->offers[0], last = p->offers[--p->n_offers];
  size_t i = 0;
  for (size_t child; (child = 2 * i + 1) < p->n_offers; i = child) {
    if (child + 1 < p->n_offers && is_better(&p->offers[child + 1], &p->offers[child])) child++;
    if (!is_better(&p->offers[child], &last)) break;
    p->offers[i] = p->offers[child];
  }
  p->offers[i] = last;
  return best;
}

static Task *best_task(Planner *p) {
  while (p->n_offers > 0) {
    Offer best = take_best(p);
    Task *task = &p->tasks[best.task];
    if (!task->done && growth_of(p, task) == best.growth) return task;
  }
  return NULL;
}

/* --- Doing a task, and offering what that makes possible, or better */

static bool do_task(Planner *p, Task *task) {
  ThMergePlan *plan = p->plan;
  ThMergeStep *step = &plan->steps[plan->n_steps];
  uint32_t node = task->step.node;
  *step = task->step;
  step->starts = !p->live[node];
  step->filter = step->act == TH_MERGE_COMPUTE && is_condition(p, node);
  step->keeps = p->uses[node] > 0 && !is_known(p, node);
  p->live[node] |= step->keeps;
  task->done = true;
  bool ok = true;
  for (uint32_t k = 0; k < step->n_seen; k++) {
    uint32_t seen = plan->seen[step->first_seen + k];
    if (--p->uses[seen] == 0) plan->last[seen] = (uint32_t)plan->n_steps;
    else if (p->uses[seen] == 1) ok = ok && offer_all(p, &p->lookers, seen);
  }
  if (--p->missing[node] == 0) ok = ok && offer_all(p, &p->lookers, node);
  else if (step->starts && step->keeps) ok = ok && offer_all(p, &p->makers, node);
  plan->n_steps++;
  return ok;
}

/* The nodes that a task looks at, or the one that it gives a value. */
static const uint32_t *nodes_of(const Planner *p, const Task *task, bool of_seen, uint32_t *n) {
  *n = of_seen ? task->step.n_seen : 1;
  return of_seen ? p->plan->seen + task->step.first_seen : &task->step.node;
}

/* Counted first, then filled, in the order of the tasks. */
static bool lists_init(Planner *p, TaskLists *lists, bool of_seen) {
  size_t n_nodes = net_of(p)->n_nodes;
  uint32_t n;
  lists->n_tasks = of_seen ? p->plan->n_seen : p->n_tasks;
  lists->start = th_alloc_array(p->q->cx, n_nodes + 2, sizeof *lists->start);
  lists->tasks = th_alloc_array(p->q->cx, lists->n_tasks + 1, sizeof *lists->tasks);
  if (!lists->start || !lists->tasks) return false;
  memset(lists->start, 0, (n_nodes + 2) * sizeof *lists->start);
  for (size_t t = 0; t < p->n_tasks; t++) {
    const uint32_t *nodes = nodes_of(p, &p->tasks[t], of_seen, &n);
    for (uint32_t k = 0; k < n; k++) lists->start[nodes[k] + 2]++;
  }
  for (size_t i = 1; i < n_nodes + 2; i++) lists->start[i] += lists->start[i - 1];
  for (size_t t = 0; t < p->n_tasks; t++) {
    const uint32_t *nodes = nodes_of(p, &p->tasks[t], of_seen, &n);
    for (uint32_t k = 0; k < n; k++) lists->tasks[lists->start[nodes[k] + 1]++] = (uint32_t)t;
  }
  return true;
}

static void lists_clear(Planner *p, TaskLists *lists) {
  th_free(p->q->cx, lists->start, (net_of(p)->n_nodes + 2) * sizeof *lists->start);
  th_free(p->q->cx, lists->tasks, (lists->n_tasks + 1) * sizeof *lists->tasks);
}

static bool order_tasks(Planner *p, bool *out) {
  ThMergePlan *plan = p->plan;
  size_t n = net_of(p)->n_nodes;
  plan->step_capacity = p->n_tasks + 1;
  plan->steps = th_alloc_array(p->q->cx, plan->step_capacity, sizeof *plan->steps);
  if (!plan->steps || !lists_init(p, &p->lookers, true) || !lists_init(p, &p->makers, false)) return false;
  for (size_t i = 0; i < n; i++) plan->last[i] = UINT32_MAX;
  for (uint32_t t = 0; t < p->n_tasks; t++)
    if (!offer(p, t)) return false;
  for (Task *task; (task = best_task(p));)
    if (!th_poll(p->q->cx) || !do_task(p, task)) return false;
  *out = plan->n_steps == p->n_tasks;
  return true;
}

/* --- All of it */

static bool array_of(Planner *p, void **array, size_t size) {
  size_t n = net_of(p)->n_nodes + 1;
  *array = th_alloc_array(p->q->cx, n, size);
  if (*array) memset(*array, 0, n * size);
  return *array != NULL;
}

static bool planner_init(Planner *p) {
  p->plan->n_nodes = net_of(p)->n_nodes;
  return array_of(p, (void **)&p->rank, sizeof *p->rank) && array_of(p, (void **)&p->uses, sizeof *p->uses) &&
         array_of(p, (void **)&p->missing, sizeof *p->missing) &&
         array_of(p, (void **)&p->live, sizeof *p->live) && array_of(p, (void **)&p->read, sizeof *p->read) &&
         array_of(p, (void **)&p->plan->last, sizeof *p->plan->last) &&
         array_of(p, (void **)&p->plan->transparent, sizeof *p->plan->transparent);
}

static void planner_clear(Planner *p) {
  size_t n = net_of(p)->n_nodes + 1;
  ThContext *cx = p->q->cx;
  th_free(cx, p->rank, n * sizeof *p->rank);
  th_free(cx, p->uses, n * sizeof *p->uses);
  th_free(cx, p->missing, n * sizeof *p->missing);
  th_free(cx, p->live, n * sizeof *p->live);
  th_free(cx, p->read, n * sizeof *p->read);
  th_free(cx, p->tasks, p->capacity * sizeof *p->tasks);
  th_free(cx, p->offers, p->offer_capacity * sizeof *p->offers);
  lists_clear(p, &p->lookers);
  lists_clear(p, &p->makers);
}

bool th_merge_plan_init(ThQuery *q, ThMergePlan *plan, bool *out) {
  Planner p = {.q = q, .plan = plan};
  *plan = (ThMergePlan){0};
  *out = false;
  if (q->net.n_nodes > TH_MERGE_NODES) return true;
  bool ok = planner_init(&p);
  if (ok) mark_transparent(&p);
  ok = ok && add_roots(&p) && order_tasks(&p, out);
  planner_clear(&p);
  if (ok && *out) return true;
  th_merge_plan_clear(q->cx, plan);
  return ok;
}

void th_merge_plan_clear(ThContext *cx, ThMergePlan *plan) {
  size_t n = plan->n_nodes + 1;
  th_free(cx, plan->seen, plan->seen_capacity * sizeof *plan->seen);
  th_free(cx, plan->last, n * sizeof *plan->last);
  th_free(cx, plan->transparent, n * sizeof *plan->transparent);
  th_free(cx, plan->steps, plan->step_capacity * sizeof *plan->steps);
  *plan = (ThMergePlan){0};
}

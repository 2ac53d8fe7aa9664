/* operations_conv.c - differentiable cross-correlation of images, for convolutional layers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patches of pixels under the kernel are laid out as rows of a matrix, so that the rest is a product of matrices.
 * Laying out is linear, and its adjoint adds patches up to images: each is the other's derivative, hence second
 * derivatives need no rules of their own. */
#include <string.h>

#include "num/linalg.h"
#include "val/operations_learning.h"

/* Images and a kernel that steps over them. An output pixel i has the input pixels i stride - top … */
typedef struct Window {
  size_t n, h, w, c; /* images (n, h, w, c) */
  size_t kh, kw;     /* the kernel */
  size_t oh, ow;     /* its places: (n, oh, ow) */
  size_t top, left;  /* how far the first place stands out */
  size_t stride;
  size_t is_circular;
} Window;

static size_t places(size_t length, size_t kernel, size_t stride, ThPadding padding) {
  if (padding != TH_PADDING_VALID) return (length + stride - 1) / stride;
  return length < kernel ? 0 : (length - kernel) / stride + 1;
}

static bool window_init(ThContext *cx, const size_t *x, const size_t *kernel, size_t stride,
                        ThPadding padding, Window *out) {
  bool is_padded = padding != TH_PADDING_VALID;
  *out = (Window){
      .n = x[0], .h = x[1], .w = x[2], .c = x[3], .kh = kernel[0], .kw = kernel[1], .stride = stride};
  out->oh = places(out->h, out->kh, stride, padding);
  out->ow = places(out->w, out->kw, stride, padding);
  out->top = is_padded ? (out->kh - 1) / 2 : 0;
  out->left = is_padded ? (out->kw - 1) / 2 : 0;
  out->is_circular = padding == TH_PADDING_CIRCULAR;
  if (out->oh > 0 && out->ow > 0) return true;
  return th_fail(cx, TH_ERROR_SHAPE, "a kernel of %zu by %zu does not fit into an image of %zu by %zu",
                 out->kh, out->kw, out->h, out->w);
}

static size_t patch_length(const Window *v) { return v->kh * v->kw * v->c; }

/* The input pixel under tap `tap` of a kernel at place `place`, along one axis; false beyond the edge. */
static bool pixel_under(size_t place, size_t tap, size_t stride, size_t before, size_t length,
                        bool is_circular, size_t *out) {
  size_t at = place * stride + tap;
  if (is_circular) {
    *out = (at + (before / length + 1) * length - before) % length;
    return true;
  }
  *out = at - before;
  return at >= before && at - before < length;
}

/* One image: its patches, (oh ow, kh kw c), from it; or added to it. */
static void lay_out(const Window *v, const double *image, double *patches) {
  for (size_t at = 0; at < v->oh * v->ow * v->kh * v->kw; at++, patches += v->c) {
    size_t tap = at % (v->kh * v->kw), place = at / (v->kh * v->kw), row, col;
    bool is_inside = pixel_under(place / v->ow, tap / v->kw, v->stride, v->top, v->h, v->is_circular, &row) &&
                     pixel_under(place % v->ow, tap % v->kw, v->stride, v->left, v->w, v->is_circular, &col);
    for (size_t k = 0; k < v->c; k++) patches[k] = is_inside ? image[(row * v->w + col) * v->c + k] : 0;
  }
}
static void add_up(const Window *v, const double *patches, double *image) {
  for (size_t at = 0; at < v->oh * v->ow * v->kh * v->kw; at++, patches += v->c) {
    size_t tap = at % (v->kh * v->kw), place = at / (v->kh * v->kw), row, col;
    if (!pixel_under(place / v->ow, tap / v->kw, v->stride, v->top, v->h, v->is_circular, &row)) continue;
    if (!pixel_under(place % v->ow, tap % v->kw, v->stride, v->left, v->w, v->is_circular, &col)) continue;
    for (size_t k = 0; k < v->c; k++) image[(row * v->w + col) * v->c + k] += patches[k];
  }
}

/* --- The two operations */

static bool patches_shape(ThShaping *s) {
  const Window *v = s->attribute;
  s->rank = 2;
  s->shape[0] = v->n * v->oh * v->ow;
  s->shape[1] = patch_length(v);
  return s->inputs[0].element != TH_COMPLEX;
}
static bool images_shape(ThShaping *s) {
  const Window *v = s->attribute;
  s->rank = 4;
  memcpy(s->shape, (const size_t[]){v->n, v->h, v->w, v->c}, 4 * sizeof *s->shape);
  return s->inputs[0].element != TH_COMPLEX;
}

static bool find_patches(ThContext *cx, const ThEvaluation *e) {
  const Window *v = e->attribute;
  size_t image = v->h * v->w * v->c, patches = v->oh * v->ow * patch_length(v);
  for (size_t i = 0; i < v->n; i++) {
    lay_out(v, e->inputs[0].data + i * image, e->output.data + i * patches);
    if (!th_poll(cx)) return false;
  }
  return true;
}
static bool find_images(ThContext *cx, const ThEvaluation *e) {
  const Window *v = e->attribute;
  size_t image = v->h * v->w * v->c, patches = v->oh * v->ow * patch_length(v);
  if (!th_zero_bytes(cx, e->output.data, v->n * image * sizeof(double))) return false;
  for (size_t i = 0; i < v->n; i++) {
    add_up(v, e->inputs[0].data + i * patches, e->output.data + i * image);
    if (!th_poll(cx)) return false;
  }
  return true;
}

static const ThOperation op_patches, op_images;

static ThNodeId adjoint(ThGraph *g, const ThOperation *operation, ThNodeId node, ThNodeId cotangent) {
  if (cotangent == TH_ZERO || g->failed) return cotangent;
  return th_graph_apply(g, operation, &cotangent, 1, th_node(g, node)->attribute, sizeof(Window));
}
static ThNodeId patches_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return adjoint(g, &op_images, node, cotangent);
}
static ThNodeId images_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return adjoint(g, &op_patches, node, cotangent);
}
static const ThOperation op_patches = {
    .name = "conv2d", .shape = patches_shape, .evaluate = find_patches, .pullback = patches_pullback};
static const ThOperation op_images = {
    .name = "conv2d", .shape = images_shape, .evaluate = find_images, .pullback = images_pullback};

/* --- Correlation */

static bool fits(ThContext *cx, uint32_t rank_x, const size_t *x, uint32_t rank_k, const size_t *kernels) {
  char shape_x[64], shape_k[64];
  if (rank_x == 4 && rank_k == 4 && x[3] == kernels[2] && kernels[0] > 0 && kernels[1] > 0) return true;
  return th_fail(cx, TH_ERROR_SHAPE, "images of shape %s do not fit kernels of shape %s",
                 th_shape_text(rank_x, x, shape_x, sizeof shape_x),
                 th_shape_text(rank_k, kernels, shape_k, sizeof shape_k));
}

ThNodeId th_correlate_images(ThGraph *g, ThNodeId x, ThNodeId kernels, size_t stride, ThPadding padding) {
  Window v;
  if (g->failed) return 0;
  const ThGraphNode *a = th_node(g, x), *b = th_node(g, kernels);
  if (!fits(g->cx, a->rank, a->shape, b->rank, b->shape) ||
      !window_init(g->cx, a->shape, b->shape, stride, padding, &v)) {
    g->failed = true;
    return 0;
  }
  const size_t k = b->shape[3], matrix[2] = {patch_length(&v), k}, result[4] = {v.n, v.oh, v.ow, k};
  ThNodeId patches = th_graph_apply(g, &op_patches, &x, 1, &v, sizeof v);
  ThNodeId product = th_product(g, patches, th_reshape(g, kernels, 2, matrix), false, false);
  return th_reshape(g, product, 4, result);
}

ThArray *th_images_correlate(ThContext *cx, const ThArray *x, const ThArray *kernels, size_t stride,
                             ThPadding padding) {
  Window v;
  if (!fits(cx, x->rank, x->shape, kernels->rank, kernels->shape) ||
      !window_init(cx, x->shape, kernels->shape, stride, padding, &v))
    return NULL;
  size_t k = kernels->shape[3], rows = v.oh * v.ow, image = v.h * v.w * v.c;
  ThArray *y = th_array_new(cx, TH_DOUBLE, 4, (const size_t[]){v.n, v.oh, v.ow, k});
  ThArray *patches = y ? th_matrix_new(cx, TH_DOUBLE, rows, patch_length(&v)) : NULL;
  bool ok = patches != NULL;
  for (size_t i = 0; ok && i < v.n && k > 0; i++) {
    lay_out(&v, x->real + i * image, patches->real);
    th_linalg_gemm(false, false, rows, k, patch_length(&v), 1, patches->real, kernels->real, 0,
                   y->real + i * rows * k);
    ok = th_poll(cx);
  }
  if (patches) th_release(th_object(patches));
  if (ok) return y;
  if (y) th_release(th_object(y));
  return NULL;
}

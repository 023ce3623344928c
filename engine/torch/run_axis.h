// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/torch_api.h"

/// What a model does with its weights, for one run or for several of equal shape. Weights of
/// several have a leading axis, the run; the sequences of all runs then follow each other in the
/// first axis of x, as many of each: [run * batch, ...]. What has no weights (attention's scores,
/// softmax, activations) needs no such axis.
namespace anchorlens::engine {

/// x W^T + b. Gradients of several runs' parameters, which are used once, are written where
/// Parameters keeps them. Shape:
///   x: [batch, ..., d_in], W: [d_out, d_in], b: [d_out] or undefined
///   x: [run * batch, ..., d_in], W: [run, d_out, d_in], b: [run, d_out] or undefined
///   returns x's shape with d_out
at::Tensor applyLinear(const at::Tensor& x, const at::Tensor& W, const at::Tensor& b);

/// Shape:
///   x: [batch, ..., d], w, b: [d]
///   x: [run * batch, ..., d], w, b: [run, d]
at::Tensor applyNorm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, double eps);

/// Shape:
///   table: [d_vocab, d], tokens: [batch, pos]
///   table: [run, d_vocab, d], tokens: [run * batch, pos]
///   returns [.., pos, d]
at::Tensor embedTokens(const at::Tensor& table, const at::Tensor& tokens);

/// Adds row t of the table to position t. Shape:
///   x: [batch, pos, d], table: [n_ctx, d]
///   x: [run * batch, pos, d], table: [run, n_ctx, d] or [n_ctx, d]
at::Tensor addPositions(const at::Tensor& x, const at::Tensor& table);

}  // namespace anchorlens::engine

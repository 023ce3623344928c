// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The steps between the matrix products, forward and backward, as plain loops that the compiler
/// vectorises for the CPU at hand. Matrices are row-major and dense; sums have a fixed order. No
/// LibTorch here.
namespace anchorlens::engine::fast {

/// x[r] = embedding[tokens[r]] (+ positions[r mod seq_len]). Shapes: tokens [rows], x [rows, d]
void embed(std::int64_t rows, std::int64_t seq_len, std::int64_t d, const std::int32_t* tokens,
           const float* embedding, const float* positions, float* x);
/// Adds each row of dx to its token's and its position's gradient; positions may be null.
void embedBackward(std::int64_t rows, std::int64_t seq_len, std::int64_t d,
                   const std::int32_t* tokens, const float* dx, float* d_embedding,
                   float* d_positions);

/// out[r] = a[r] + b[r] over [count].
void sum(std::int64_t count, const float* a, const float* b, float* out);
/// x[r] += bias. Shapes: x [rows, d], bias [d]
void addBias(std::int64_t rows, std::int64_t d, const float* bias, float* x);
/// sums += column sums of x. Shapes: x [rows, d], sums [d]
void addColumnSums(std::int64_t rows, std::int64_t d, const float* x, float* sums);

/// LayerNorm of x + residual (null: of x alone): normed = (x - mean) / sqrt(variance + eps),
/// y = normed * weight + bias. Shapes: x, residual, normed, y [rows, d], inverse_std [rows]
void norm(std::int64_t rows, std::int64_t d, const float* x, const float* residual,
          const float* weight, const float* bias, float* normed, float* inverse_std, float* y);
/// Gradient of the input of norm(), written to dx or, with `add`, added to it (dx may be dy); those
/// of weight and bias are added.
void normBackward(std::int64_t rows, std::int64_t d, const float* dy, const float* weight,
                  const float* normed, const float* inverse_std, float* d_weight, float* d_bias,
                  float* dx, bool add);

/// In place over [rows, d]; bias may be null.
void relu(std::int64_t rows, std::int64_t d, const float* bias, float* x);
/// dx = 0 where the output y was 0. In place over [count].
void reluBackward(std::int64_t count, const float* y, float* dx);
/// Exact GELU x Phi(x). x (with the bias added) is kept for the backward pass. [rows, d]
void gelu(std::int64_t rows, std::int64_t d, const float* bias, float* x, float* y);
/// dx *= Phi(x) + x phi(x), in place over [count].
void geluBackward(std::int64_t count, const float* x, float* dx);

/// Sum over the rows of the cross-entropy; the logits become its gradient times `scale`.
/// Shapes: logits [rows, d_vocab], targets [rows]
double crossEntropy(std::int64_t rows, std::int64_t d_vocab, const std::int32_t* targets,
                    float scale, float* logits);

}  // namespace anchorlens::engine::fast

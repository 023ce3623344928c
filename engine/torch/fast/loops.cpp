// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/loops.h"

#include "engine/torch/clones.h"
#include "engine/torch/fast/vector_math.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine::fast {
namespace {

constexpr float kNormEps = 1e-5F;

}  // namespace

ANCHORLENS_CLONES
void embed(std::int64_t rows, std::int64_t seq_len, std::int64_t d, const std::int32_t* tokens,
           const float* embedding, const float* positions, float* x) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* token = embedding + tokens[r] * d;
    float* out = x + r * d;
    if (positions == nullptr) {
      std::copy_n(token, d, out);
      continue;
    }
    const float* position = positions + r % seq_len * d;
    for (std::int64_t i = 0; i < d; ++i) {
      out[i] = token[i] + position[i];
    }
  }
}

ANCHORLENS_CLONES
void embedBackward(std::int64_t rows, std::int64_t seq_len, std::int64_t d,
                   const std::int32_t* tokens, const float* __restrict dx,
                   float* __restrict d_embedding, float* __restrict d_positions) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* row = dx + r * d;
    float* token = d_embedding + tokens[r] * d;
    for (std::int64_t i = 0; i < d; ++i) {
      token[i] += row[i];
    }
    if (d_positions != nullptr) {
      float* position = d_positions + r % seq_len * d;
      for (std::int64_t i = 0; i < d; ++i) {
        position[i] += row[i];
      }
    }
  }
}

ANCHORLENS_CLONES
void sum(std::int64_t count, const float* a, const float* b, float* out) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) {
    out[i] = a[i] + b[i];
  }
}

ANCHORLENS_CLONES
void addBias(std::int64_t rows, std::int64_t d, const float* __restrict bias, float* __restrict x) {
  for (std::int64_t r = 0; r < rows; ++r) {
    float* row = x + r * d;
    for (std::int64_t i = 0; i < d; ++i) {
      row[i] += bias[i];
    }
  }
}

ANCHORLENS_CLONES
void addColumnSums(std::int64_t rows, std::int64_t d, const float* __restrict x,
                   float* __restrict sums) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* row = x + r * d;
    for (std::int64_t i = 0; i < d; ++i) {
      sums[i] += row[i];
    }
  }
}

ANCHORLENS_CLONES
void norm(std::int64_t rows, std::int64_t d, const float* __restrict x,
          const float* __restrict residual, const float* __restrict weight,
          const float* __restrict bias, float* __restrict normed, float* __restrict inverse_std,
          float* __restrict y) {
  const float share = 1.0F / static_cast<float>(d);
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* in = x + r * d;
    float* hat = normed + r * d;
    float* out = y + r * d;
    float total = 0;
    if (residual != nullptr) {
      const float* more = residual + r * d;
#pragma omp simd reduction(+ : total)
      for (std::int64_t i = 0; i < d; ++i) {
        hat[i] = in[i] + more[i];
        total += hat[i];
      }
    } else {
#pragma omp simd reduction(+ : total)
      for (std::int64_t i = 0; i < d; ++i) {
        hat[i] = in[i];
        total += hat[i];
      }
    }
    const float mean = total * share;
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (std::int64_t i = 0; i < d; ++i) {
      hat[i] -= mean;
      squares += hat[i] * hat[i];
    }
    const float scale = 1.0F / std::sqrt(squares * share + kNormEps);
    inverse_std[r] = scale;
    for (std::int64_t i = 0; i < d; ++i) {
      hat[i] *= scale;
      out[i] = hat[i] * weight[i] + bias[i];
    }
  }
}

// With g = dy weight: dx = inverse_std (g - mean(g) - normed mean(g normed)).
ANCHORLENS_CLONES
void normBackward(std::int64_t rows, std::int64_t d, const float* dy,
                  const float* __restrict weight, const float* __restrict normed,
                  const float* __restrict inverse_std, float* __restrict d_weight,
                  float* __restrict d_bias, float* dx, bool add) {
  const float share = 1.0F / static_cast<float>(d);
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* in = dy + r * d;
    const float* hat = normed + r * d;
    float* out = dx + r * d;
    float total = 0;
    float along = 0;
#pragma omp simd reduction(+ : total, along)
    for (std::int64_t i = 0; i < d; ++i) {
      const float g = in[i] * weight[i];
      total += g;
      along += g * hat[i];
    }
    for (std::int64_t i = 0; i < d; ++i) {
      d_weight[i] += in[i] * hat[i];
    }
    for (std::int64_t i = 0; i < d; ++i) {
      d_bias[i] += in[i];
    }
    const float scale = inverse_std[r];
    const float mean = total * share;
    const float slope = along * share;
    if (add) {
#pragma omp simd
      for (std::int64_t i = 0; i < d; ++i) {
        out[i] += scale * (in[i] * weight[i] - mean - hat[i] * slope);
      }
    } else {
#pragma omp simd
      for (std::int64_t i = 0; i < d; ++i) {
        out[i] = scale * (in[i] * weight[i] - mean - hat[i] * slope);
      }
    }
  }
}

ANCHORLENS_CLONES
void relu(std::int64_t rows, std::int64_t d, const float* __restrict bias, float* __restrict x) {
  if (bias == nullptr) {
    for (std::int64_t i = 0; i < rows * d; ++i) {
      x[i] = x[i] > 0.0F ? x[i] : 0.0F;
    }
    return;
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    float* row = x + r * d;
    for (std::int64_t i = 0; i < d; ++i) {
      const float value = row[i] + bias[i];
      row[i] = value > 0.0F ? value : 0.0F;
    }
  }
}

ANCHORLENS_CLONES
void reluBackward(std::int64_t count, const float* __restrict y, float* __restrict dx) {
  for (std::int64_t i = 0; i < count; ++i) {
    dx[i] = y[i] > 0.0F ? dx[i] : 0.0F;
  }
}

ANCHORLENS_CLONES
void gelu(std::int64_t rows, std::int64_t d, const float* __restrict bias, float* __restrict x,
          float* __restrict y) {
  if (bias != nullptr) {
    for (std::int64_t r = 0; r < rows; ++r) {
      float* row = x + r * d;
      for (std::int64_t i = 0; i < d; ++i) {
        row[i] += bias[i];
      }
    }
  }
  for (std::int64_t i = 0; i < rows * d; ++i) {
    y[i] = x[i] * normalCdf(x[i]);
  }
}

ANCHORLENS_CLONES
void geluBackward(std::int64_t count, const float* __restrict x, float* __restrict dx) {
  constexpr float kInverseRootTwoPi = 0.398942280F;
  for (std::int64_t i = 0; i < count; ++i) {
    const float density = kInverseRootTwoPi * expOf(-0.5F * x[i] * x[i]);
    dx[i] *= normalCdf(x[i]) + x[i] * density;
  }
}

ANCHORLENS_CLONES
double crossEntropy(std::int64_t rows, std::int64_t d_vocab, const std::int32_t* __restrict targets,
                    float scale, float* __restrict logits) {
  double loss = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    float* row = logits + r * d_vocab;
    float largest = row[0];
#pragma omp simd reduction(max : largest)
    for (std::int64_t i = 1; i < d_vocab; ++i) {
      largest = row[i] > largest ? row[i] : largest;
    }
    const float target = row[targets[r]];
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (std::int64_t i = 0; i < d_vocab; ++i) {
      row[i] = expOf(row[i] - largest);
      total += row[i];
    }
    // In this order: a small loss is not lost in a sum as large as a logit.
    loss += static_cast<double>(std::log(total) + (largest - target));
    const float share = scale / total;
    for (std::int64_t i = 0; i < d_vocab; ++i) {
      row[i] *= share;
    }
    row[targets[r]] -= scale;
  }
  return loss;
}

}  // namespace anchorlens::engine::fast

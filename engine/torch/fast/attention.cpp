// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/attention.h"

#include "engine/torch/clones.h"
#include "engine/torch/fast/vector_math.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine::fast {
namespace {

#define ANCHORLENS_INLINE inline __attribute__((always_inline))

ANCHORLENS_INLINE float dot(std::int64_t d, const float* __restrict a, const float* __restrict b) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (std::int64_t i = 0; i < d; ++i) {
    total += a[i] * b[i];
  }
  return total;
}

/// out += factor * x
ANCHORLENS_INLINE void addScaled(std::int64_t d, float factor, const float* __restrict x,
                                 float* __restrict out) {
  for (std::int64_t i = 0; i < d; ++i) {
    out[i] += factor * x[i];
  }
}

ANCHORLENS_INLINE void softmax(std::int64_t n, float* __restrict row) {
  float largest = row[0];
  for (std::int64_t j = 1; j < n; ++j) {
    largest = row[j] > largest ? row[j] : largest;
  }
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (std::int64_t j = 0; j < n; ++j) {
    row[j] = expOf(row[j] - largest);
    total += row[j];
  }
  const float share = 1.0F / total;
  for (std::int64_t j = 0; j < n; ++j) {
    row[j] *= share;
  }
}

/// From the gradient of a softmax's output to that of its input, in place.
ANCHORLENS_INLINE void softmaxBackward(std::int64_t n, const float* __restrict p, float scale,
                                       float* __restrict dp) {
  float mean = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    mean += p[j] * dp[j];
  }
  for (std::int64_t j = 0; j < n; ++j) {
    dp[j] = p[j] * (dp[j] - mean) * scale;
  }
}

/// How many keys row i of a sequence sees: they are the first ones.
ANCHORLENS_INLINE std::int64_t keysOf(const AttentionShape& shape, std::int64_t sequence,
                                      std::int64_t i) {
  const std::int64_t length = shape.readers[sequence] + 1;
  return shape.causal ? std::min(i + 1, length) : length;
}

/// Of a row's first n keys those that have a value: key j takes it from position j - shift.
struct Valued {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

ANCHORLENS_INLINE Valued valuedOf(const AttentionShape& shape, std::int64_t sequence,
                                  std::int64_t n) {
  const std::int64_t length = shape.readers[sequence] + 1;
  const std::int64_t first = std::min(n, std::max<std::int64_t>(shape.shift, 0));
  return {first, std::max(first, std::min(n, length + shape.shift))};
}

/// A key without a value: its score moves no output.
ANCHORLENS_INLINE void clearUnvalued(const Valued& valued, std::int64_t n,
                                     float* __restrict d_scores) {
  for (std::int64_t j = 0; j < valued.first; ++j) {
    d_scores[j] = 0.0F;
  }
  for (std::int64_t j = valued.end; j < n; ++j) {
    d_scores[j] = 0.0F;
  }
}

float scaleOf(const AttentionShape& shape) {
  return static_cast<float>(1.0 / std::sqrt(static_cast<double>(shape.d_head)));
}

}  // namespace

ANCHORLENS_CLONES
void attentionPattern(const AttentionShape& shape, const float* __restrict qkv,
                      float* __restrict pattern) {
  const std::int64_t T = shape.seq_len;
  const std::int64_t d = shape.d_head;
  const std::int64_t d_heads = shape.dHeads();
  const float scale = scaleOf(shape);
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    const float* rows = qkv + b * T * 3 * d_heads;
    for (std::int64_t h = 0; h < shape.n_heads; ++h) {
      const float* k = rows + d_heads + h * d;
      for (std::int64_t i = 0; i < T; ++i) {
        const float* q = rows + i * 3 * d_heads + h * d;
        float* p = pattern + ((b * shape.n_heads + h) * T + i) * T;
        const std::int64_t n = keysOf(shape, b, i);
        for (std::int64_t j = 0; j < n; ++j) {
          p[j] = scale * dot(d, q, k + j * 3 * d_heads);
        }
        softmax(n, p);
      }
    }
  }
}

ANCHORLENS_CLONES
void mixValues(const AttentionShape& shape, const float* __restrict qkv,
               const float* __restrict pattern, float* __restrict z) {
  const std::int64_t T = shape.seq_len;
  const std::int64_t d = shape.d_head;
  const std::int64_t d_heads = shape.dHeads();
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    const float* rows = qkv + b * T * 3 * d_heads;
    for (std::int64_t h = 0; h < shape.n_heads; ++h) {
      const float* v = rows + 2 * d_heads + h * d;
      for (std::int64_t i = 0; i < T; ++i) {
        const float* p = pattern + ((b * shape.n_heads + h) * T + i) * T;
        float* out = z + (b * T + i) * d_heads + h * d;
        const std::int64_t n = keysOf(shape, b, i);
        const Valued valued = valuedOf(shape, b, n);
        std::fill_n(out, d, 0.0F);
        for (std::int64_t j = valued.first; j < valued.end; ++j) {
          addScaled(d, p[j], v + (j - shape.shift) * 3 * d_heads, out);
        }
      }
    }
  }
}

void clearUnseen(const AttentionShape& shape, float* pattern) {
  const std::int64_t T = shape.seq_len;
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    for (std::int64_t row = 0; row < shape.n_heads * T; ++row) {
      const std::int64_t n = keysOf(shape, b, row % T);
      std::fill_n(pattern + (b * shape.n_heads * T + row) * T + n, T - n, 0.0F);
    }
  }
}

ANCHORLENS_CLONES
void attentionBackward(const AttentionShape& shape, const float* __restrict qkv,
                       const float* __restrict pattern, const float* __restrict dz,
                       float* __restrict d_qkv) {
  const std::int64_t T = shape.seq_len;
  const std::int64_t d = shape.d_head;
  const std::int64_t d_heads = shape.dHeads();
  const float scale = scaleOf(shape);
  float d_scores[kMostPositions];
  std::fill_n(d_qkv, shape.batch * T * 3 * d_heads, 0.0F);
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    const std::int64_t first = b * T * 3 * d_heads;
    for (std::int64_t h = 0; h < shape.n_heads; ++h) {
      const float* k = qkv + first + d_heads + h * d;
      const float* v = qkv + first + 2 * d_heads + h * d;
      float* dk = d_qkv + first + d_heads + h * d;
      float* dv = d_qkv + first + 2 * d_heads + h * d;
      for (std::int64_t i = 0; i < T; ++i) {
        const float* q = qkv + first + i * 3 * d_heads + h * d;
        const float* p = pattern + ((b * shape.n_heads + h) * T + i) * T;
        const float* grad = dz + (b * T + i) * d_heads + h * d;
        float* dq = d_qkv + first + i * 3 * d_heads + h * d;
        const std::int64_t n = keysOf(shape, b, i);
        const Valued valued = valuedOf(shape, b, n);
        clearUnvalued(valued, n, d_scores);
        for (std::int64_t j = valued.first; j < valued.end; ++j) {
          d_scores[j] = dot(d, grad, v + (j - shape.shift) * 3 * d_heads);
          addScaled(d, p[j], grad, dv + (j - shape.shift) * 3 * d_heads);
        }
        softmaxBackward(n, p, scale, d_scores);
        for (std::int64_t j = 0; j < n; ++j) {
          addScaled(d, d_scores[j], k + j * 3 * d_heads, dq);
          addScaled(d, d_scores[j], q, dk + j * 3 * d_heads);
        }
      }
    }
  }
}

ANCHORLENS_CLONES
void readerAttention(const AttentionShape& shape, std::int64_t d, const float* __restrict x,
                     const float* __restrict u, float* __restrict pattern, float* __restrict s,
                     float* __restrict mass) {
  const std::int64_t T = shape.seq_len;
  const float scale = scaleOf(shape);
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    const float* rows = x + b * T * d;
    const std::int64_t n = shape.readers[b] + 1;
    const Valued valued = valuedOf(shape, b, n);
    for (std::int64_t head = b * shape.n_heads; head < (b + 1) * shape.n_heads; ++head) {
      float* p = pattern + head * T;
      float* out = s + head * d;
      for (std::int64_t j = 0; j < n; ++j) {
        p[j] = scale * dot(d, u + head * d, rows + j * d);
      }
      softmax(n, p);
      std::fill_n(out, d, 0.0F);
      float total = 0;
      for (std::int64_t j = valued.first; j < valued.end; ++j) {
        addScaled(d, p[j], rows + (j - shape.shift) * d, out);
        total += p[j];
      }
      mass[head] = total;
    }
  }
}

ANCHORLENS_CLONES
void readerAttentionBackward(const AttentionShape& shape, std::int64_t d, const float* __restrict x,
                             const float* __restrict u, const float* __restrict pattern,
                             const float* __restrict ds, const float* __restrict d_mass,
                             float* __restrict du, float* __restrict dx) {
  const std::int64_t T = shape.seq_len;
  const float scale = scaleOf(shape);
  float d_scores[kMostPositions];
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    const float* rows = x + b * T * d;
    float* d_rows = dx + b * T * d;
    const std::int64_t n = shape.readers[b] + 1;
    const Valued valued = valuedOf(shape, b, n);
    for (std::int64_t head = b * shape.n_heads; head < (b + 1) * shape.n_heads; ++head) {
      const float* p = pattern + head * T;
      const float* grad = ds + head * d;
      const float of_mass = d_mass == nullptr ? 0.0F : d_mass[head];
      clearUnvalued(valued, n, d_scores);
      for (std::int64_t j = valued.first; j < valued.end; ++j) {
        d_scores[j] = dot(d, grad, rows + (j - shape.shift) * d) + of_mass;
        addScaled(d, p[j], grad, d_rows + (j - shape.shift) * d);
      }
      softmaxBackward(n, p, scale, d_scores);
      std::fill_n(du + head * d, d, 0.0F);
      for (std::int64_t j = 0; j < n; ++j) {
        addScaled(d, d_scores[j], rows + j * d, du + head * d);
        addScaled(d, d_scores[j], u + head * d, d_rows + j * d);
      }
    }
  }
}

}  // namespace anchorlens::engine::fast

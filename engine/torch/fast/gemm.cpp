// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/gemm.h"

#include "engine/torch/flat_loops.h"
#include "engine/torch/torch_api.h"

#include <dlfcn.h>

namespace anchorlens::engine::fast {
namespace {

/// BLAS level 3, column-major, 32-bit sizes (netlib.org/blas, sgemm).
template <typename Number>
using Gemm = void (*)(const char* trans_a, const char* trans_b, const int* m, const int* n,
                      const int* k, const float* alpha, const Number* a, const int* lda,
                      const Number* b, const int* ldb, const float* beta, float* c, const int* ldc);

/// LibTorch's MKL shows its products: calling them saves the tensors around at::mm (5 % of a demo
/// step). Null in a LibTorch without MKL.
template <typename Number>
Gemm<Number> findGemm(const char* name) {
  void* library = dlopen("libtorch_cpu.so", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr || !at::hasMKL()) {
    return nullptr;
  }
  return reinterpret_cast<Gemm<Number>>(dlsym(library, name));
}

Gemm<float> sgemm() {
  static const auto found = findGemm<float>("SGEMM");
  return found;
}

/// Inputs in bfloat16, sums and result in float32.
Gemm<std::uint16_t> bfloat16Gemm() {
  static const auto found = findGemm<std::uint16_t>("GEMM_BF16BF16F32");
  return found;
}

struct Operand {
  ConstMatrix matrix;
  bool transposed = false;
};

at::Tensor tensorOf(const Operand& operand) {
  const ConstMatrix& m = operand.matrix;
  const at::Tensor tensor =
      at::from_blob(const_cast<float*>(m.data), {m.rows, m.columns}, {m.stride, 1}, at::kFloat);
  return operand.transposed ? tensor.t() : tensor;
}

void throughTensors(const Matrix& c, const Operand& a, const Operand& b, Into into) {
  at::Tensor out = at::from_blob(c.data, {c.rows, c.columns}, {c.stride, 1}, at::kFloat);
  at::addmm_out(out, out, tensorOf(a), tensorOf(b), into == Into::Add ? 1 : 0, 1);
}

/// What `gemm` multiplies of an operand.
template <typename Number>
struct Input {
  const Number* data = nullptr;
  std::int64_t stride = 0;
};

/// A row-major matrix is the column-major transpose, so c^T = op(b)^T op(a)^T.
template <typename Number>
void callGemm(Gemm<Number> gemm, const Matrix& c, const Operand& a, const Operand& b,
              const Input<Number>& a_in, const Input<Number>& b_in, Into into) {
  const auto m = static_cast<int>(c.columns);
  const auto n = static_cast<int>(c.rows);
  const auto k = static_cast<int>(a.transposed ? a.matrix.rows : a.matrix.columns);
  const auto ld_a = static_cast<int>(a_in.stride);
  const auto ld_b = static_cast<int>(b_in.stride);
  const auto ld_c = static_cast<int>(c.stride);
  const float alpha = 1.0F;
  const float beta = into == Into::Add ? 1.0F : 0.0F;
  gemm(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &m, &n, &k, &alpha, b_in.data, &ld_b,
       a_in.data, &ld_a, &beta, c.data, &ld_c);
}

/// A buffer that grows to the largest matrix that was rounded into it.
class RoundedInput {
 public:
  /// The weights' own copy, or a dense one that stands until the next call.
  Input<std::uint16_t> of(const ConstMatrix& m, const RoundedWeights* weights) {
    if (const std::uint16_t* known = weights == nullptr ? nullptr : weights->find(m.data)) {
      return {known, m.stride};
    }
    if (m.rows * m.columns > m_count) {
      m_count = m.rows * m.columns;
      m_buffer = Buffer<std::uint16_t>(m_count);
    }
    if (m.stride == m.columns) {
      roundToBFloat16(m.rows * m.columns, m.data, m_buffer.data());
    } else {
      for (std::int64_t r = 0; r < m.rows; ++r) {
        roundToBFloat16(m.columns, m.data + r * m.stride, m_buffer.data() + r * m.columns);
      }
    }
    return {m_buffer.data(), m.columns};
  }

 private:
  Buffer<std::uint16_t> m_buffer;
  std::int64_t m_count = 0;
};

/// Of one thread.
struct BFloat16State {
  bool is_on = false;
  const RoundedWeights* weights = nullptr;
  RoundedInput a, b;
};
thread_local BFloat16State t_bfloat16;

/// c = op(a) op(b)
void multiply(const Matrix& c, const Operand& a, const Operand& b, Into into) {
  if (t_bfloat16.is_on) {
    const Input<std::uint16_t> a_in = t_bfloat16.a.of(a.matrix, t_bfloat16.weights);
    const Input<std::uint16_t> b_in = t_bfloat16.b.of(b.matrix, t_bfloat16.weights);
    callGemm(bfloat16Gemm(), c, a, b, a_in, b_in, into);
  } else if (sgemm() != nullptr) {
    callGemm(sgemm(), c, a, b, {a.matrix.data, a.matrix.stride}, {b.matrix.data, b.matrix.stride},
             into);
  } else {
    throughTensors(c, a, b, into);
  }
}

}  // namespace

void product(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, false}, {b, false}, into);
}

void productWithTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, false}, {b, true}, into);
}

void productOfTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, true}, {b, false}, into);
}

bool hasBFloat16Products() {
  return bfloat16Gemm() != nullptr;
}

RoundedWeights::RoundedWeights(const float* values, std::int64_t count)
    : m_values(values), m_count(count), m_rounded(count) {}

void RoundedWeights::refresh() {
  roundToBFloat16(m_count, m_values, m_rounded.data());
}

const std::uint16_t* RoundedWeights::find(const float* value) const {
  const bool is_known = value >= m_values && value < m_values + m_count;
  return is_known ? m_rounded.data() + (value - m_values) : nullptr;
}

BFloat16Scope::BFloat16Scope(const RoundedWeights* weights)
    : m_was_on(t_bfloat16.is_on), m_weights_before(t_bfloat16.weights) {
  TORCH_CHECK(hasBFloat16Products(), "This LibTorch has no matrix products of bfloat16.");
  t_bfloat16.is_on = true;
  t_bfloat16.weights = weights;
}

BFloat16Scope::~BFloat16Scope() {
  t_bfloat16.is_on = m_was_on;
  t_bfloat16.weights = m_weights_before;
}

}  // namespace anchorlens::engine::fast

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/linear.h"

#include "engine/torch/fast/gemm.h"

#include <torch/csrc/autograd/custom_function.h>

namespace anchorlens::engine {
namespace {

using Precision = core::TrainingSpec::Precision;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

thread_local Precision t_precision = Precision::Float32;

struct Factor {
  const at::Tensor& matrix;
  bool transposed = false;
};

fast::ConstMatrix matrixOf(const at::Tensor& m) {
  return {m.data_ptr<float>(), m.size(0), m.size(1), m.stride(0)};
}

/// op(a) op(b) of bfloat16 inputs, in float32. Both are dense matrices.
at::Tensor bfloat16Product(const Factor& a, const Factor& b) {
  if (!a.matrix.is_cpu()) {
    const auto rounded = [](const Factor& factor) {
      const at::Tensor half = factor.matrix.to(at::kBFloat16);
      return factor.transposed ? half.t() : half;
    };
    return at::mm(rounded(a), rounded(b), at::kFloat);
  }
  at::Tensor c =
      at::empty({a.matrix.size(a.transposed ? 1 : 0), b.matrix.size(b.transposed ? 0 : 1)},
                a.matrix.options());
  const fast::Matrix out{c.data_ptr<float>(), c.size(0), c.size(1), c.size(1)};
  const fast::BFloat16Scope scope(nullptr);
  if (a.transposed) {
    fast::productOfTransposed(out, matrixOf(a.matrix), matrixOf(b.matrix));
  } else if (b.transposed) {
    fast::productWithTransposed(out, matrixOf(a.matrix), matrixOf(b.matrix));
  } else {
    fast::product(out, matrixOf(a.matrix), matrixOf(b.matrix));
  }
  return c;
}

/// Shape: [all but the last axis, last axis], dense
at::Tensor asMatrix(const at::Tensor& x) {
  return x.reshape({-1, x.size(-1)}).contiguous();
}

class BFloat16Linear final : public torch::autograd::Function<BFloat16Linear> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& W) {
    context->save_for_backward({x, W});
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = W.size(0);
    return bfloat16Product({asMatrix(x), false}, {W.contiguous(), true}).view(shape);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor dy = asMatrix(gradients[0]);
    const at::Tensor dx = bfloat16Product({dy, false}, {saved[1].contiguous(), false});
    return {dx.view(saved[0].sizes()), bfloat16Product({dy, true}, {asMatrix(saved[0]), false})};
  }
};

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& W, const at::Tensor& b) {
  if (t_precision != Precision::BFloat16) {
    return at::linear(x, W, b);
  }
  const at::Tensor y = BFloat16Linear::apply(x, W);
  return b.defined() ? y + b : y;
}

LinearPrecision::LinearPrecision(Precision precision) : m_before(t_precision) {
  t_precision = precision;
}

LinearPrecision::~LinearPrecision() {
  t_precision = m_before;
}

}  // namespace anchorlens::engine

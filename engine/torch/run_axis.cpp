// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/run_axis.h"

#include "engine/torch/linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include <vector>

namespace anchorlens::engine {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The gradient that a parameter's leaf has its place for; undefined for other tensors.
at::Tensor placeOfGradient(const at::Tensor& W) {
  return W.is_leaf() && W.requires_grad() ? W.grad() : at::Tensor();
}

/// Shape: rows: [run, rows, d_in], W: [run, d_out, d_in], b: [run, d_out] or [0] for none
class RunsLinear final : public torch::autograd::Function<RunsLinear> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const at::Tensor& W,
                            const at::Tensor& b) {
    context->save_for_backward({rows, W});
    // Not saved as variables: the others' gradients are written to the same buffer meanwhile.
    context->saved_data["dW"] = placeOfGradient(W);
    context->saved_data["db"] = placeOfGradient(b);
    context->saved_data["has_b"] = b.numel() > 0;
    const at::Tensor transposed = W.transpose(1, 2);
    return b.numel() > 0 ? at::baddbmm(b.unsqueeze(1), rows, transposed)
                         : at::bmm(rows, transposed);  // [run, rows, d_out]
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& dy = gradients[0];
    const at::Tensor transposed = dy.transpose(1, 2);
    at::Tensor dW;  // what is written in its place is not returned
    if (at::Tensor place = context->saved_data["dW"].toTensor(); place.defined()) {
      at::bmm_out(place, transposed, saved[0]);
    } else {
      dW = at::bmm(transposed, saved[0]);
    }
    at::Tensor db;
    if (at::Tensor place = context->saved_data["db"].toTensor(); place.defined()) {
      at::sum_out(place, dy, 1);
    } else if (context->saved_data["has_b"].toBool()) {
      db = dy.sum(1);
    }
    return {at::bmm(dy, saved[1]), dW, db};
  }
};

}  // namespace

at::Tensor applyLinear(const at::Tensor& x, const at::Tensor& W, const at::Tensor& b) {
  if (W.dim() == 2) {
    return linear(x, W, b);
  }
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = W.size(1);
  const at::Tensor rows = x.reshape({W.size(0), -1, W.size(2)});  // [run, rows, d_in]
  return RunsLinear::apply(rows, W, b.defined() ? b : x.new_empty({0})).view(shape);
}

at::Tensor applyNorm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, double eps) {
  const std::int64_t d = w.size(-1);
  if (w.dim() == 1) {
    return at::layer_norm(x, {d}, w, b, eps);
  }
  const at::Tensor rows = at::layer_norm(x, {d}, {}, {}, eps).view({w.size(0), -1, d});
  return at::addcmul(b.unsqueeze(1), rows, w.unsqueeze(1)).view(x.sizes());
}

at::Tensor embedTokens(const at::Tensor& table, const at::Tensor& tokens) {
  if (table.dim() == 2) {
    return at::embedding(table, tokens);
  }
  const std::int64_t R = table.size(0);
  const std::int64_t d_vocab = table.size(1);
  const at::Tensor first = at::arange(R, tokens.options()).mul_(d_vocab).view({R, 1, 1});
  const at::Tensor rows = tokens.view({R, -1, tokens.size(1)}) + first;  // of the joined table
  return at::embedding(table.reshape({R * d_vocab, table.size(2)}), rows.view(tokens.sizes()));
}

at::Tensor addPositions(const at::Tensor& x, const at::Tensor& table) {
  const std::int64_t T = x.size(1);
  const at::Tensor rows = table.narrow(-2, 0, T);
  if (table.dim() == 2) {
    return x + rows;
  }
  const std::int64_t R = table.size(0);
  return (x.view({R, -1, T, x.size(2)}) + rows.unsqueeze(1)).view(x.sizes());
}

}  // namespace anchorlens::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/run_axis.h"

#include "engine/torch/linear.h"

#include <vector>

namespace anchorlens::engine {

at::Tensor applyLinear(const at::Tensor& x, const at::Tensor& W, const at::Tensor& b) {
  if (W.dim() == 2) {
    return linear(x, W, b);
  }
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = W.size(1);
  const at::Tensor rows = x.reshape({W.size(0), -1, W.size(2)});  // [run, rows, d_in]
  const at::Tensor transposed = W.transpose(1, 2);
  const at::Tensor out = b.defined() ? at::baddbmm(b.unsqueeze(1), rows, transposed)
                                     : at::bmm(rows, transposed);  // [run, rows, d_out]
  return out.view(shape);
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

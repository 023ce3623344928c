// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/model.h"

#include "engine/torch/baselines.h"
#include "engine/torch/transformer.h"

namespace anchorlens::engine {

std::unique_ptr<Model> makeModel(const core::ModelSpec& spec, const Parameters& parameters) {
  switch (spec.kind) {
    case core::ModelSpec::Kind::Lstm:
      return std::make_unique<Lstm>(spec, parameters);
    case core::ModelSpec::Kind::Mlp:
      return std::make_unique<Mlp>(spec, parameters);
    case core::ModelSpec::Kind::Transformer:
      break;
  }
  return std::make_unique<Transformer>(spec, parameters);
}

at::Tensor rowsAt(const at::Tensor& x, const at::Tensor& readers) {
  const at::Tensor index = readers.view({-1, 1, 1}).expand({-1, 1, x.size(2)});
  return x.gather(1, index).squeeze(1);
}

at::Tensor realTokens(const Batch& batch) {
  const at::Tensor positions = at::arange(batch.tokens.size(1), batch.readers.options());
  return positions.unsqueeze(0).le(batch.readers.unsqueeze(1));
}

at::Tensor activate(const at::Tensor& x, core::ModelSpec::Activation activation) {
  return activation == core::ModelSpec::Activation::Relu ? at::relu(x) : at::gelu(x);
}

}  // namespace anchorlens::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/model.h"

#include "engine/torch/baselines.h"
#include "engine/torch/transformer.h"

#include <torch/csrc/autograd/custom_function.h>

namespace anchorlens::engine {
namespace {

/// x[b, readers[b]]. gather's own gradient adds up what may fall on one place, which on a GPU takes
/// a sort to be deterministic; here nothing can.
class RowsAt final : public torch::autograd::Function<RowsAt> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& readers) {
    context->save_for_backward({readers});
    context->saved_data["rows"] = x.size(1);
    return x.gather(1, readers.view({-1, 1, 1}).expand({-1, 1, x.size(2)})).squeeze(1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const at::Tensor readers = context->get_saved_variables()[0];
    const at::Tensor rows = at::arange(context->saved_data["rows"].toInt(), readers.options());
    const at::Tensor is_reader = rows.unsqueeze(0).eq(readers.unsqueeze(1)).unsqueeze(2);
    return {at::where(is_reader, gradients[0].unsqueeze(1), 0), at::Tensor()};
  }
};

}  // namespace

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
  return RowsAt::apply(x, readers);
}

at::Tensor realTokens(const Batch& batch) {
  const at::Tensor positions = at::arange(batch.tokens.size(1), batch.readers.options());
  return positions.unsqueeze(0).le(batch.readers.unsqueeze(1));
}

at::Tensor activate(const at::Tensor& x, core::ModelSpec::Activation activation) {
  return activation == core::ModelSpec::Activation::Relu ? at::relu(x) : at::gelu(x);
}

}  // namespace anchorlens::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/model_sizes.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

constexpr double kForwardAndBackward = 3;

double transformerFlop(const ModelSpec& model, double T) {
  const double d = model.d_model;
  const double h = static_cast<double>(model.n_heads) * model.d_head;
  double flop = 0;
  for (int layer = 0; layer < model.n_layers; ++layer) {
    const double rows = layer + 1 == model.n_layers ? 1 : T;
    flop += 4 * T * d * h + 2 * rows * d * h + 4 * rows * T * h;
    if (model.attention_output) {
      flop += 2 * rows * h * d;
    }
    if (model.mlp) {
      flop += 4 * rows * d * model.d_mlp;
    }
  }
  return flop;
}

double layersFlop(const ModelSpec& model, double T) {
  const double d = model.d_model;
  switch (model.kind) {
    case ModelSpec::Kind::Transformer:
      return transformerFlop(model, T);
    case ModelSpec::Kind::Lstm:
      return 16 * T * d * d * model.n_layers;
    case ModelSpec::Kind::Mlp:
      return 2 * T * d * d + 16 * d * d * model.n_layers;
  }
  return 0;
}

}  // namespace

double flopPerStep(const ExperimentSpec& spec) {
  if (spec.task.seq_len.empty()) {
    return 0;
  }
  const double T = *std::max_element(spec.task.seq_len.begin(), spec.task.seq_len.end());
  const double unembedding = 2.0 * spec.model.d_model * spec.task.d_vocab;
  const bool is_fixed = spec.data.mode == DataSpec::Mode::Fixed;
  const double batch =
      is_fixed
          ? static_cast<double>(std::min<std::int64_t>(spec.training.batch_size, spec.data.n_train))
          : spec.training.batch_size;
  return kForwardAndBackward * batch * (layersFlop(spec.model, T) + unembedding);
}

}  // namespace anchorlens::core

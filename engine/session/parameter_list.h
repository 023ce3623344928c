// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/model_sizes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// One parameter tensor: where it lies in the flat buffers and how it begins.
struct ParameterInfo {
  enum class Start : std::uint8_t {
    Uniform,  ///< uniform in +-1/sqrt(fan_in), as PyTorch's nn.Linear and nn.LSTM; gamma: normal
    Normal,   ///< standard normal, as PyTorch's nn.Embedding; gamma: normal of that spread
    Bias,     ///< uniform in +-1/sqrt(fan_in), also under gamma
    One,
    Zero,
  };
  std::string name;
  std::vector<std::int64_t> shape;
  Start start = Start::Uniform;
  std::int64_t fan_in = 1;  ///< of PyTorch's rule
  std::int64_t d_in = 1;    ///< of the gamma rule: std = d_in^-gamma
  std::string group;        ///< embedding, qk, vo, mlp, unembedding; "" for LN and biases
  std::int64_t offset = 0;  ///< in the flat buffers, in floats
  std::int64_t count = 0;
  core::ModelPart part = core::ModelPart::Embedding;  ///< biases count where their weights do
};

/// The parameters of a model in the order of its flat buffer; docs/format_tensors.md lists names
/// and shapes. Query, key and value weights of a layer are neighbours, so that they can be read as
/// one matrix.
std::vector<ParameterInfo> listParameters(const core::ModelSpec& model, int d_vocab, int seq_len);

/// The parameters of each part that the model has, in the order of the parts; they add up to
/// countParameters().
std::vector<core::PartSize> countParametersByPart(const core::ModelSpec& model, int d_vocab,
                                                  int seq_len);

}  // namespace anchorlens::engine

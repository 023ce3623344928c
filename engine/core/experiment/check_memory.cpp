// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/check.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace anchorlens::core {
namespace {

constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;

// In double: products of extreme sizes leave 64 bits. The estimates are rough, the bounds wide.
struct Sizes {
  explicit Sizes(const ExperimentSpec& spec)
      : length(*std::max_element(spec.task.seq_len.begin(), spec.task.seq_len.end())),
        vocabulary(spec.task.d_vocab),
        layers(spec.model.n_layers),
        heads(spec.model.n_heads),
        width(spec.model.d_model),
        joined(static_cast<double>(spec.model.n_heads) * spec.model.d_head),
        mlp_width(spec.model.mlp ? spec.model.d_mlp : 0),
        kind(spec.model.kind) {}

  double parameters() const {
    const double embeddings = (2 * vocabulary + length) * width;
    if (kind == ModelSpec::Kind::Lstm)
      return embeddings + layers * 8 * width * width;
    if (kind == ModelSpec::Kind::Mlp)
      return embeddings + (length + layers * 8) * width * width;
    return embeddings + layers * (4 * width * joined + 2 * width * mlp_width);
  }
  /// Numbers kept for the backward pass, for one sequence.
  double activations() const {
    const double patterns = kind == ModelSpec::Kind::Transformer ? heads * length : 0;
    return length * layers * (4 * width + 4 * joined + 2 * mlp_width + patterns) + vocabulary;
  }
  double patterns() const {
    return kind == ModelSpec::Kind::Transformer ? layers * heads * length * length : 0;
  }

  double length, vocabulary, layers, heads, width, joined, mlp_width;
  ModelSpec::Kind kind;
};

void require(double bytes, double limit_gib, const char* pointer, const std::string& what,
             SpecErrors& errors) {
  const double gib = bytes / kGibibyte;
  if (gib <= limit_gib)
    return;
  errors.push_back({pointer, what + " need about " + std::to_string(std::llround(gib)) +
                                 " GiB of memory; expected sizes that need at most " +
                                 std::to_string(std::llround(limit_gib)) + " GiB"});
}

}  // namespace

SpecErrors checkMemory(const ExperimentSpec& spec) {
  const Sizes sizes(spec);
  const double n_train =
      spec.data.mode == DataSpec::Mode::Fixed ? static_cast<double>(spec.data.n_train) : 0;
  const double n_test = static_cast<double>(spec.data.n_test);
  const double row_bytes = sizes.length * 5 + 40;  // a token and its role; length, target, group
  SpecErrors errors;
  require(n_train * row_bytes, 32, "/data/n_train", "the training sequences", errors);
  require(n_test * row_bytes, 32, "/data/n_test", "the test sequences", errors);
  // Weights, gradients and two moments in float32.
  require(sizes.parameters() * 16, 128, "/model/d_model", "the model and its optimiser", errors);
  require(sizes.activations() * 4 * spec.training.batch_size, 128, "/training/batch_size",
          "the activations of a batch", errors);
  require(sizes.patterns() * 4 * spec.probe.size, 32, "/probe/size",
          "the attention patterns of the probe", errors);
  return errors;
}

}  // namespace anchorlens::core

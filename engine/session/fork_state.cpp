// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/fork_state.h"

#include "engine/core/random.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace anchorlens::engine {
namespace {

constexpr const char* kMoments = "optimizer.";

/// Other numbers than a run of that seed had from its beginning.
void beginAnew(core::Checkpoint& state, const std::string& generator, std::uint64_t seed) {
  const std::string purpose = generator + "/fork/" + state.metadata["step"];
  state.metadata[generator] = core::Random(seed, purpose).stateText();
}

std::set<std::string> momentsOf(const core::Checkpoint& state) {
  std::set<std::string> names;
  for (const core::Tensor& tensor : state.tensors) {
    if (tensor.name.starts_with(kMoments)) {
      names.insert(tensor.name);
    }
  }
  return names;
}

std::set<std::string> momentsOf(const Trainer& trainer) {
  std::set<std::string> names;
  for (const core::TensorShape& shape : trainer.tensorShapes(true)) {
    if (shape.name.starts_with(kMoments)) {
      names.insert(shape.name);
    }
  }
  return names;
}

}  // namespace

std::string adaptToFork(core::Checkpoint& state, const core::ExperimentSpec& parent,
                        const core::ExperimentSpec& fork, const Trainer& trainer) {
  std::string text;
  if (fork.training.seed != parent.training.seed) {
    beginAnew(state, "rng.shuffle", fork.training.seed);
    beginAnew(state, "rng.answers", fork.training.seed);
    text += " Its seed is another: shuffles and drawn answers begin anew.";
  }
  if (fork.data.seed != parent.data.seed) {
    beginAnew(state, "rng.stream", fork.data.seed);
    text += " Its data has another seed.";
  }
  const auto of_parent = momentsOf(state);
  if (of_parent == momentsOf(trainer)) {
    return text;
  }
  std::erase_if(state.tensors,
                [](const core::Tensor& tensor) { return tensor.name.starts_with(kMoments); });
  if (!of_parent.empty()) {
    text += " Its optimiser is another: the parent's moments are left behind.";
  } else if (fork.training.optimizer != parent.training.optimizer) {
    text += " Its optimiser is another: its moments begin at 0.";
  }
  return text;
}

}  // namespace anchorlens::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/intervention.h"
#include "engine/core/intervention/text.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

using Kind = Intervention::Kind;
using Part = Intervention::Part;
using Target = Intervention::Target;
using Why = std::optional<std::string>;

/// What the experiment's own numbers may be (docs/format.md).
constexpr double kLargest = 1000;

bool isOfHead(const Intervention& change) {
  return change.kind == Kind::Freeze || change.kind == Kind::Ablate || change.kind == Kind::Clamp ||
         (change.kind == Kind::Release && change.released == Target::Head);
}

Why whyNoNumber(const Intervention& change, const char* name) {
  if (change.number >= 0 && change.number <= kLargest) {
    return std::nullopt;
  }
  return std::string(name) + (change.is_factor ? " is multiplied by" : " is") +
         " a number from 0 to 1000, got " + shortNumber(change.number) + ".";
}

Why whyNoMixture(const Intervention& change, const TaskSpec& task) {
  const std::size_t n = task.forms.size();
  if (n < 2) {
    return "The task has one form: there is nothing to mix.";
  }
  if (change.weights.size() != n) {
    return "The task has " + std::to_string(n) + " forms: expected " + std::to_string(n) +
           " weights, got " + std::to_string(change.weights.size()) + ".";
  }
  for (const double weight : change.weights) {
    if (weight < 0) {
      return "A weight is a number from 0, got " + shortNumber(weight) + ".";
    }
  }
  if (std::all_of(change.weights.begin(), change.weights.end(), [](double w) { return w == 0; })) {
    return "All weights are 0: some form must be left to train on.";
  }
  return std::nullopt;
}

Why whyNoPart(const Intervention& change, const ModelSpec& model) {
  if (change.layer >= model.n_layers) {
    return "There is no layer " + std::to_string(change.layer) + ": the model has " +
           (model.n_layers == 1 ? "layer 0" : "layers 0 to " + std::to_string(model.n_layers - 1)) +
           ".";
  }
  if (change.part == Part::Mlp && !model.mlp) {
    return "The model has no MLP.";
  }
  return std::nullopt;
}

/// Without a causal mask rows of a mean over several lengths would look at padding.
bool hasMeanPattern(const ExperimentSpec& spec) {
  const auto& lengths = spec.task.seq_len;
  return spec.model.mask == ModelSpec::Mask::Causal ||
         std::all_of(lengths.begin(), lengths.end(), [&](int n) { return n == lengths.front(); });
}

}  // namespace

Why whyNotPossible(const Intervention& change, const ExperimentSpec& spec) {
  const ModelSpec& model = spec.model;
  if ((isOfHead(change) || change.kind == Kind::Switch) &&
      model.kind != ModelSpec::Kind::Transformer) {
    return std::string(model.kind == ModelSpec::Kind::Lstm ? "An LSTM" : "An MLP") +
           " has no heads and no layers of attention: lr, weight_decay and mixture can be changed.";
  }
  if (isOfHead(change)) {
    if (auto why = whyNoSuchHead(model, change.head)) {
      return why;
    }
  }
  switch (change.kind) {
    case Kind::Clamp:
      return hasMeanPattern(spec)
                 ? std::nullopt
                 : Why("Without a causal mask a head's mean pattern over sequences of several "
                       "lengths is none: a clamp needs one length.");
    case Kind::Switch:
      return whyNoPart(change, model);
    case Kind::LearningRate:
      return whyNoNumber(change, "The learning rate");
    case Kind::WeightDecay:
      return whyNoNumber(change, "Weight decay");
    case Kind::Mixture:
      return whyNoMixture(change, spec.task);
    case Kind::Freeze:
    case Kind::Ablate:
    case Kind::Release:
      break;
  }
  return std::nullopt;
}

Why whyNothingChanges(const Intervention& change, const InEffect& now) {
  Intervention next = change;
  next.step = 0;
  const bool is_clamp = change.kind == Kind::Clamp;
  const auto is_it = [&](const InEffect::Clamped& it) { return it.head == change.head; };
  const bool is_clamped = std::any_of(now.clamped.begin(), now.clamped.end(), is_it);
  InEffect after = now;
  apply(next, after);
  if (is_clamp ? !is_clamped : !(after == now)) {
    return std::nullopt;
  }
  switch (change.kind) {
    case Kind::Freeze:
      return headName(change.head) + " is frozen already.";
    case Kind::Ablate:
      return headName(change.head) + " is ablated already.";
    case Kind::Clamp:
      return headName(change.head) + " is clamped already: release it first to clamp it anew.";
    case Kind::Switch:
      return partName(change.part, change.layer) +
             (change.is_on ? " is on already." : " is off already.");
    case Kind::Release:
      return "There is nothing to take back: \"" + interventionText(change) +
             "\" finds no change that holds.";
    case Kind::LearningRate:
    case Kind::WeightDecay:
    case Kind::Mixture:
      break;
  }
  return "\"" + interventionText(change) + "\" holds already.";
}

}  // namespace anchorlens::core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/head_ref.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is changed in a training while it goes on (docs/interventions.md has the words' meanings).
///
/// A change of step s acts from the optimiser step after it, the one that leads to s + 1. The model
/// after t steps is measured with what it was trained with, the changes of steps before t.
namespace anchorlens::core {

struct Intervention {
  enum class Kind : std::uint8_t {
    Freeze,        ///< the head's own parameters stay as they are
    Ablate,        ///< the head's output, before the output projection, is 0
    Clamp,         ///< the head's attention is `pattern`
    Switch,        ///< a layer's MLP or attention: its output is 0 while it is off
    LearningRate,  ///< `number`, whatever the schedule says; as a factor times what it was
    WeightDecay,   ///< the same
    Mixture,       ///< weights of the task's forms
    Release,       ///< takes back what holds of `released`
  };
  enum class Part : std::uint8_t { Attention, Mlp };
  enum class Target : std::uint8_t { Head, LearningRate, WeightDecay, Mixture };

  Kind kind = Kind::Ablate;
  HeadRef head;                    ///< Freeze, Ablate, Clamp, Release of a head
  Part part = Part::Mlp;           ///< Switch
  int layer = 0;                   ///< Switch
  bool is_on = false;              ///< Switch
  double number = 0;               ///< LearningRate, WeightDecay
  bool is_factor = false;          ///< of `number`
  std::vector<double> weights;     ///< Mixture, one a form
  Target released = Target::Head;  ///< Release
  std::int64_t step = 0;           ///< done when it is made
  std::string time;                ///< when it was asked for, UTC
  std::vector<float> pattern;      ///< Clamp, once it acts: [T, T], rows are readers
  bool operator==(const Intervention&) const = default;
};

/// Where training stands, as a step.
inline constexpr std::int64_t kNow = -1;

/// "freeze 0.1", "ablate 1.0", "clamp 0.0", "mlp 1 off", "attention 0 on", "lr 1e-4", "lr x0.5",
/// "weight_decay 0.1", "mixture 1,3", "release 1.0", "release lr". The error says what would be
/// one.
Expected<Intervention, std::string> parseIntervention(std::string_view text);
/// The same with a step before it: "5000: ablate 1.0"; without one the step is kNow.
Expected<Intervention, std::string> parseInterventionAt(std::string_view text);
/// What parseIntervention reads.
std::string interventionText(const Intervention& change);
/// For people, without a full stop: "L1 H0 ablated", "Learning rate halved".
std::string interventionSentence(const Intervention& change);

/// Why this experiment's model and task cannot be changed so; empty when they can.
std::optional<std::string> whyNotPossible(const Intervention& change, const ExperimentSpec& spec);

/// What holds at a moment.
struct InEffect {
  struct Clamped {
    HeadRef head;
    std::shared_ptr<const std::vector<float>> pattern;  ///< [T, T]
    bool operator==(const Clamped& other) const {
      return head == other.head && *pattern == *other.pattern;
    }
  };
  struct Off {
    Intervention::Part part = Intervention::Part::Mlp;
    int layer = 0;
    bool operator==(const Off&) const = default;
  };
  /// A number of the training: a value of its own, or a factor of the experiment's.
  struct Number {
    std::optional<double> value;
    double factor = 1;
    double of(double usual) const { return value ? *value : usual * factor; }
    bool isUsual() const { return !value && factor == 1; }
    bool operator==(const Number&) const = default;
  };

  std::vector<HeadRef> frozen, ablated;  ///< ascending
  std::vector<Clamped> clamped;
  std::vector<Off> off;
  Number learning_rate;
  Number weight_decay;
  std::vector<double> mixture;  ///< empty: the experiment's

  bool isEmpty() const { return *this == InEffect(); }
  /// Whether what the model computes is another thing.
  bool changesModel() const { return !ablated.empty() || !clamped.empty() || !off.empty(); }
  bool operator==(const InEffect&) const = default;
};

/// T of a clamp's pattern [T, T].
std::int64_t patternSide(const std::vector<float>& pattern);

/// What the model after `step` steps was trained with last and is measured with: the changes of
/// steps before it. `history` is ascending by step.
InEffect inEffect(const std::vector<Intervention>& history, std::int64_t step);

/// "L1 H0 is ablated already."; empty when something would change.
std::optional<std::string> whyNothingChanges(const Intervention& change, const InEffect& now);

/// One phrase each: "L1 H0 ablated", "learning rate ×0.5".
std::vector<std::string> inEffectPhrases(const InEffect& now);
/// All of them: "L1 H0 ablated, learning rate ×0.5"; empty when nothing holds.
std::string inEffectText(const InEffect& now);

}  // namespace anchorlens::core

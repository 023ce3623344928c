// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The experiment as plain values with the defaults of the file format (docs/format.md). Field
/// names are the JSON keys. Parsing, checking and writing: experiment_json.h.
namespace anchorlens::core {

/// Tokens first..last, both included.
struct Interval {
  int first = 0;
  int last = 0;
  bool operator==(const Interval&) const = default;
};
using Intervals = std::vector<Interval>;

struct AnchorSpec {
  int token = 0;
  std::string operation;
  bool operator==(const AnchorSpec&) const = default;
};

/// One pattern of the mixture.
struct FormSpec {
  std::string pattern;
  double weight = 1.0;
  /// The tokens that an anchor variable may take; a variable not named takes every anchor.
  std::map<std::string, std::vector<int>> anchors;
  /// Groups of anchor variables that must differ from each other, e.g. [["A","B","C"]].
  std::vector<std::vector<std::string>> distinct;
  bool operator==(const FormSpec&) const = default;
};

struct ResidueRule {
  enum class Of { Key, KeyMinusPosition };
  std::string key;  ///< a key variable, or "answer": the key that the target selects
  Of of = Of::Key;
  int modulus = 8;
  int remainder = 0;
  bool operator==(const ResidueRule&) const = default;
};
struct KeysRule {
  int anchor = 0;
  Intervals intervals;
  bool operator==(const KeysRule&) const = default;
};
struct PredicateRule {
  std::string expression;  ///< held out when it is zero
  bool operator==(const PredicateRule&) const = default;
};
struct AnchorsRule {
  std::map<std::string, int> values;
  bool operator==(const AnchorsRule&) const = default;
};
struct LengthRule {
  std::vector<int> lengths;
  bool operator==(const LengthRule&) const = default;
};
using HeldOutRule = std::variant<ResidueRule, KeysRule, PredicateRule, AnchorsRule, LengthRule>;

/// Training only: this anchor combination gets another operation.
struct RelabelSpec {
  std::map<std::string, int> values;
  std::string operation;
  bool operator==(const RelabelSpec&) const = default;
};

struct TaskSpec {
  std::vector<int> seq_len{9};  ///< one length, or several drawn with equal chance
  int d_vocab = 201;
  Intervals noise{{20, 100}};
  std::map<std::string, Intervals> keys;  ///< a key variable not named takes the noise range
  std::vector<AnchorSpec> anchors;
  std::vector<FormSpec> forms;
  std::vector<HeldOutRule> held_out;
  std::vector<RelabelSpec> relabel;
  bool operator==(const TaskSpec&) const = default;
};

struct DataSpec {
  enum class Mode { Fixed, Streaming };
  Mode mode = Mode::Fixed;
  std::int64_t n_train = 2000;
  std::int64_t n_test = 500;
  std::uint64_t seed = 1;
  bool operator==(const DataSpec&) const = default;
};

struct InitSpec {
  enum class Kind { PyTorch, Gamma };
  Kind kind = Kind::PyTorch;
  double gamma = 0.5;  ///< std = d_in^-gamma
  /// Other exponents for some groups: embedding, qk, vo, mlp, unembedding.
  std::map<std::string, double> groups;
  bool operator==(const InitSpec&) const = default;
};

struct ModelSpec {
  enum class Kind { Transformer, Lstm, Mlp };
  enum class Mask { Causal, None };
  enum class Norm { Post, Pre, None };
  enum class Activation { Relu, Gelu };
  enum class Positions { Learned, Sinusoidal, None };
  Kind kind = Kind::Transformer;
  int n_layers = 4;
  int n_heads = 4;
  int d_model = 400;
  int d_head = 64;
  int d_mlp = 1200;
  int n_ctx = 20;
  Mask mask = Mask::Causal;
  Norm norm = Norm::Post;
  Activation activation = Activation::Relu;
  Positions positions = Positions::Learned;
  bool residual = true;
  bool mlp = true;
  bool attention_output = true;  ///< W_O; without it n_heads * d_head must be d_model
  bool attention_biases = false;
  bool mlp_biases = false;
  bool unembedding_bias = true;
  InitSpec init;
  int shift_values_by = 0;  ///< k: the value at position i comes from position i - k; also negative
  bool operator==(const ModelSpec&) const = default;
};

/// Learning rate by step or epoch t = 0, 1, ...: t < warmup: linear from `start` to the peak
/// (training.learning_rate) at t = warmup. Then constant; or (warmup_cosine) a cosine down to
/// `end` at t = warmup + decay, and `end` from there on.
struct ScheduleSpec {
  enum class Kind { Constant, WarmupCosine };
  enum class Unit { Steps, Epochs };
  Kind kind = Kind::Constant;
  Unit unit = Unit::Steps;
  std::int64_t warmup = 0;
  std::int64_t decay = 0;
  double start = 0.0;
  double end = 0.0;
  bool operator==(const ScheduleSpec&) const = default;
};

/// Training ends early once `metric` has been >= `at_least` in `evaluations` evaluations running.
struct StopRule {
  std::string metric = "test_accuracy";  ///< or "train_accuracy"
  double at_least = 0.99;
  int evaluations = 3;
  bool operator==(const StopRule&) const = default;
};

struct TrainingSpec {
  enum class Optimizer { Sgd, Adam, AdamW };
  enum class Precision { Float32, BFloat16, Tf32 };
  Optimizer optimizer = Optimizer::AdamW;
  double learning_rate = 2e-4;
  double weight_decay = 0.01;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;
  double momentum = 0.0;  ///< sgd only
  ScheduleSpec schedule;
  int batch_size = 50;
  std::optional<std::int64_t> epochs;  ///< exactly one of epochs and steps has a value
  std::optional<std::int64_t> steps{2000};
  std::optional<double> clip_norm{1.0};
  Precision precision = Precision::Float32;
  std::string device = "auto";  ///< auto, cpu, cuda, cuda:N; a run's own file has what was taken
  int threads = 1;
  std::uint64_t seed = 1;
  std::string kernel = "auto";
  std::optional<StopRule> stop_when;
  bool operator==(const TrainingSpec&) const = default;
};

struct ProbeSpec {
  enum class Split { Test, Train };
  std::uint64_t seed = 7;
  int size = 512;
  int shown = 16;  ///< sequences whose own patterns every frame keeps
  Split split = Split::Test;
  /// Sequences typed by a person; they stand first among the shown ones.
  std::vector<std::vector<int>> sequences;
  bool operator==(const ProbeSpec&) const = default;
};

/// Steps at which something is done: step 0, the last step, every `every` steps (null: never),
/// and `per_decade` log-spaced steps in each factor of ten (0: none).
struct StepSchedule {
  std::optional<std::int64_t> every;
  int per_decade = 0;
  bool operator==(const StepSchedule&) const = default;
};

struct RecordSpec {
  StepSchedule evaluate{200, 5};
  StepSchedule frames{200, 4};
  /// After a head score changed by `jump` or more between two frames, frames are `jump_every`
  /// steps apart for `jump_frames` frames. jump 0: off.
  double jump = 0.1;
  int jump_every = 10;
  int jump_frames = 10;
  StepSchedule checkpoints{1000, 0};
  double checkpoint_seconds = 30.0;  ///< and at least this often while training
  bool keep_patterns = true;         ///< patterns of the shown sequences
  bool keep_mean_pattern = true;
  bool keep_predictions = true;
  bool operator==(const RecordSpec&) const = default;
};

struct ExperimentSpec {
  std::string name = "untitled";
  TaskSpec task;
  DataSpec data;
  ModelSpec model;
  TrainingSpec training;
  ProbeSpec probe;
  RecordSpec record;
  bool operator==(const ExperimentSpec&) const = default;
};

}  // namespace anchorlens::core

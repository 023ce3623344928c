// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/limits.h"
#include "engine/core/experiment/rules.h"
#include "engine/core/experiment/text_checks.h"

#include <variant>

/// Every field of the experiment file, once: its name, its value and its rule, in the order of
/// experiment.h. The reader and the writer both go by these functions. A visitor has
///   visit(name, value, rule)          a field with a default
///   visit.required(name, value, rule) a field that must be there; whether it could be read
///   visit.check(ok, name, message)    what one object says as a whole
///   visit.exclusive(a, value, b, value) two optionals of which exactly one may be set
///   visit.ignoreRest()                after a failed discriminator
namespace anchorlens::core {

inline constexpr IntegerRule kTokenRule{0, limits::kToken};
inline constexpr IntegerRule kLengthRule{1, limits::kLength};
inline constexpr IntegerRule kSeedRule{0, limits::kSeed};
inline constexpr IntervalRule kTokenInterval{0, limits::kToken};
inline constexpr ListRule<IntervalRule> kIntervals{kTokenInterval, 0, 1000, "intervals"};
inline constexpr std::string_view kPatternWords = "a pattern such as \"* 3 x * -> x\"";
inline constexpr std::string_view kOperationWords = "an operation such as \"x+5\"";

template <typename V>
void describe(V& visit, AnchorSpec& s) {
  visit.required("token", s.token, kTokenRule);
  visit.required("operation", s.operation,
                 TextRule{kOperationWords, limits::kTextBytes, checkOperation});
}

template <typename V>
void describe(V& visit, FormSpec& s) {
  visit.required("pattern", s.pattern, TextRule{kPatternWords, limits::kTextBytes, checkPattern});
  visit("weight", s.weight, NumberRule{.min = 0, .max = 1e9, .above_min = true});
  visit("anchors", s.anchors,
        MapRule{ListRule<IntegerRule>{kTokenRule, 1, 1000, "anchor tokens"},
                "lists of anchor tokens, by anchor variable"});
  const TextRule variable{"the name of an anchor variable", 100, checkVariable};
  visit("distinct", s.distinct,
        ListRule<ListRule<TextRule>>{
            {variable, 2, 100, "anchor variables"}, 0, 100, "lists of anchor variables"});
}

template <typename V>
void describe(V& visit, ResidueRule& s) {
  visit.required("key", s.key, TextRule{"the name of a key variable", 100, checkResidueKey});
  visit("of", s.of, ChoiceRule{kResidueSubjects});
  visit("modulus", s.modulus, IntegerRule{2, limits::kVocabulary});
  visit("remainder", s.remainder, IntegerRule{0, limits::kVocabulary - 1});
  visit.check(s.remainder < s.modulus, "remainder",
              "expected a remainder below the modulus " + std::to_string(s.modulus) + ", got " +
                  std::to_string(s.remainder));
}

template <typename V>
void describe(V& visit, KeysRule& s) {
  visit.required("anchor", s.anchor, kTokenRule);
  visit.required("intervals", s.intervals,
                 ListRule<IntervalRule>{kTokenInterval, 1, 1000, "intervals"});
}

template <typename V>
void describe(V& visit, PredicateRule& s) {
  visit.required("expression", s.expression,
                 TextRule{"an expression of the keys such as \"x mod 2\"", limits::kTextBytes,
                          checkPredicate});
}

inline constexpr MapRule<IntegerRule> kAnchorValues{kTokenRule, "anchor tokens by anchor variable"};

template <typename V>
void describe(V& visit, AnchorsRule& s) {
  visit.required("values", s.values, kAnchorValues);
}

template <typename V>
void describe(V& visit, LengthRule& s) {
  visit.required("lengths", s.lengths, ListRule<IntegerRule>{kLengthRule, 1, 1000, "lengths"});
}

/// The word in "rule" picks the alternative; the order is that of HeldOutRule.
inline constexpr std::array kRuleWords{
    Choice<std::size_t>{"residue", 0},   Choice<std::size_t>{"keys", 1},
    Choice<std::size_t>{"predicate", 2}, Choice<std::size_t>{"anchors", 3},
    Choice<std::size_t>{"length", 4},
};
static_assert(std::variant_size_v<HeldOutRule> == kRuleWords.size());

inline HeldOutRule emptyRule(std::size_t index) {
  switch (index) {
    case 0:
      return ResidueRule{};
    case 1:
      return KeysRule{};
    case 2:
      return PredicateRule{};
    case 3:
      return AnchorsRule{};
    default:
      return LengthRule{};
  }
}

template <typename V>
void describe(V& visit, HeldOutRule& s) {
  std::size_t index = s.index();
  if (!visit.required("rule", index, ChoiceRule{kRuleWords})) {
    visit.ignoreRest();
    return;
  }
  if (index != s.index())
    s = emptyRule(index);
  std::visit([&](auto& rule) { describe(visit, rule); }, s);
}

template <typename V>
void describe(V& visit, RelabelSpec& s) {
  visit.required("values", s.values, kAnchorValues);
  visit.required("operation", s.operation,
                 TextRule{kOperationWords, limits::kTextBytes, checkOperation});
}

template <typename V>
void describe(V& visit, TaskSpec& s) {
  visit("seq_len", s.seq_len,
        OneOrListRule<IntegerRule>{
            {kLengthRule, 1, static_cast<std::size_t>(limits::kLength), "lengths"}});
  visit("d_vocab", s.d_vocab, IntegerRule{2, limits::kVocabulary});
  visit("noise", s.noise, kIntervals);
  visit("keys", s.keys, MapRule{kIntervals, "lists of intervals, by key variable"});
  visit("anchors", s.anchors, ListRule<ObjectRule>{{}, 0, 1000, "anchors"});
  visit("forms", s.forms, ListRule<ObjectRule>{{}, 0, 100, "forms"});
  visit("held_out", s.held_out, ListRule<ObjectRule>{{}, 0, 1000, "held-out rules"});
  visit("relabel", s.relabel, ListRule<ObjectRule>{{}, 0, 1000, "relabelled combinations"});
}

template <typename V>
void describe(V& visit, DataSpec& s) {
  visit("mode", s.mode, ChoiceRule{kDataModes});
  visit("n_train", s.n_train, IntegerRule{1, limits::kSequences});
  visit("n_test", s.n_test, IntegerRule{1, limits::kSequences});
  visit("seed", s.seed, kSeedRule);
}

template <typename V>
void describe(V& visit, InitSpec& s) {
  const NumberRule exponent{.min = 0, .max = 10};
  visit("kind", s.kind, ChoiceRule{kInitKinds});
  visit("gamma", s.gamma, exponent);
  visit("groups", s.groups, GroupMapRule<NumberRule, kInitGroups.size()>{exponent, kInitGroups});
}

template <typename V>
void describe(V& visit, ModelSpec& s) {
  visit("kind", s.kind, ChoiceRule{kModelKinds});
  visit("n_layers", s.n_layers, IntegerRule{1, limits::kLayers});
  visit("n_heads", s.n_heads, IntegerRule{1, limits::kHeads});
  visit("d_model", s.d_model, IntegerRule{1, limits::kModelWidth});
  visit("d_head", s.d_head, IntegerRule{1, limits::kHeadWidth});
  visit("d_mlp", s.d_mlp, IntegerRule{1, limits::kMlpWidth});
  visit("n_ctx", s.n_ctx, kLengthRule);
  visit("mask", s.mask, ChoiceRule{kMasks});
  visit("norm", s.norm, ChoiceRule{kNorms});
  visit("activation", s.activation, ChoiceRule{kActivations});
  visit("positions", s.positions, ChoiceRule{kPositions});
  visit("residual", s.residual, FlagRule{});
  visit("mlp", s.mlp, FlagRule{});
  visit("attention_output", s.attention_output, FlagRule{});
  visit("attention_biases", s.attention_biases, FlagRule{});
  visit("mlp_biases", s.mlp_biases, FlagRule{});
  visit("unembedding_bias", s.unembedding_bias, FlagRule{});
  visit("init", s.init, ObjectRule{});
  visit("shift_values_by", s.shift_values_by,
        IntegerRule{1 - limits::kLength, limits::kLength - 1});
}

template <typename V>
void describe(V& visit, ScheduleSpec& s) {
  const IntegerRule duration{0, limits::kSteps};
  const NumberRule rate{.min = 0, .max = 1000};
  visit("kind", s.kind, ChoiceRule{kScheduleKinds});
  visit("unit", s.unit, ChoiceRule{kScheduleUnits});
  visit("warmup", s.warmup, duration);
  visit("decay", s.decay, duration);
  visit("start", s.start, rate);
  visit("end", s.end, rate);
}

template <typename V>
void describe(V& visit, StopRule& s) {
  visit("metric", s.metric, WordRule<kStopMetrics.size()>{kStopMetrics});
  visit("at_least", s.at_least, NumberRule{.min = 0, .max = 1});
  visit("evaluations", s.evaluations, IntegerRule{1, 1000});
}

template <typename V>
void describe(V& visit, TrainingSpec& s) {
  const NumberRule below_one{.min = 0, .max = 1, .below_max = true};
  const NullableRule<IntegerRule> duration{{1, limits::kSteps}};
  visit("optimizer", s.optimizer, ChoiceRule{kOptimizers});
  visit("learning_rate", s.learning_rate, NumberRule{.min = 0, .max = 1000});
  visit("weight_decay", s.weight_decay, NumberRule{.min = 0, .max = 1000});
  visit("betas", s.betas, TupleRule<NumberRule>{below_one, "numbers"});
  visit("eps", s.eps, NumberRule{.min = 0, .max = 1, .above_min = true});
  visit("momentum", s.momentum, below_one);
  visit("schedule", s.schedule, ObjectRule{});
  visit("batch_size", s.batch_size, IntegerRule{1, limits::kBatch});
  visit("epochs", s.epochs, duration);
  visit("steps", s.steps, duration);
  visit.exclusive("epochs", s.epochs, "steps", s.steps);
  visit("clip_norm", s.clip_norm,
        NullableRule<NumberRule>{{.min = 0, .max = 1e9, .above_min = true}});
  visit("precision", s.precision, ChoiceRule{kPrecisions});
  visit("device", s.device, TextRule{"a text such as \"cpu\"", 100, checkDevice});
  visit("threads", s.threads, IntegerRule{1, 1024});
  visit("seed", s.seed, kSeedRule);
  visit("kernel", s.kernel, TextRule{"a text such as \"auto\"", 100, checkKernel});
  visit("stop_when", s.stop_when, NullableRule<ObjectRule>{});
}

template <typename V>
void describe(V& visit, ProbeSpec& s) {
  const std::size_t longest = static_cast<std::size_t>(limits::kLength);
  visit("seed", s.seed, kSeedRule);
  visit("size", s.size, IntegerRule{1, limits::kProbe});
  visit("shown", s.shown, IntegerRule{0, limits::kShown});
  visit("split", s.split, ChoiceRule{kProbeSplits});
  visit("sequences", s.sequences,
        ListRule<ListRule<IntegerRule>>{{kTokenRule, 1, longest, "tokens"},
                                        0,
                                        static_cast<std::size_t>(limits::kShown),
                                        "sequences"});
}

template <typename V>
void describe(V& visit, StepSchedule& s) {
  visit("every", s.every, NullableRule<IntegerRule>{{1, limits::kSteps}});
  visit("per_decade", s.per_decade, IntegerRule{0, 1000});
}

template <typename V>
void describe(V& visit, RecordSpec& s) {
  visit("evaluate", s.evaluate, ObjectRule{});
  visit("frames", s.frames, ObjectRule{});
  visit("jump", s.jump, NumberRule{.min = 0, .max = 2});
  visit("jump_every", s.jump_every, IntegerRule{1, limits::kBatch});
  visit("jump_frames", s.jump_frames, IntegerRule{1, 1000});
  visit("checkpoints", s.checkpoints, ObjectRule{});
  visit("checkpoint_seconds", s.checkpoint_seconds,
        NumberRule{.min = 0, .max = 86400, .above_min = true});
  visit("keep_patterns", s.keep_patterns, FlagRule{});
  visit("keep_mean_pattern", s.keep_mean_pattern, FlagRule{});
  visit("keep_predictions", s.keep_predictions, FlagRule{});
}

/// Without the two fields that name the format: those are read before the rest.
template <typename V>
void describe(V& visit, ExperimentSpec& s) {
  visit("name", s.name, TextRule{"a text", 200, checkName});
  visit("task", s.task, ObjectRule{});
  visit("data", s.data, ObjectRule{});
  visit("model", s.model, ObjectRule{});
  visit("training", s.training, ObjectRule{});
  visit("probe", s.probe, ObjectRule{});
  visit("record", s.record, ObjectRule{});
}

}  // namespace anchorlens::core

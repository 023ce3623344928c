// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/repair/mistakes.h"

#include <limits>

namespace anchorlens::test {
namespace {

using core::ExperimentSpec;
using core::PredicateRule;
using core::ResidueRule;
using S = ExperimentSpec;
using Of = core::ResidueRule::Of;

std::function<void(S&)> pattern(const char* text) {
  return [=](S& s) { s.task.forms[0].pattern = text; };
}
std::function<void(S&)> operation(const char* text) {
  return [=](S& s) { s.task.anchors[1].operation = text; };
}
std::function<void(S&)> rule(const core::HeldOutRule& held_out) {
  return [=](S& s) { s.task.held_out[0] = held_out; };
}

}  // namespace

std::vector<Mistake> taskMistakes() {
  return {
      {"length too short", "demo", [](S& s) { s.task.seq_len = {1}; }},
      {"length 0", "demo", [](S& s) { s.task.seq_len = {0}; }},
      {"length too large", "demo", [](S& s) { s.task.seq_len = {2000}; }},
      {"no length", "demo", [](S& s) { s.task.seq_len = {}; }},
      {"length twice", "demo",
       [](S& s) {
         s.task.seq_len = {9, 12, 9};
       }},
      {"length without a form", "chain-in-random-order",
       [](S& s) {
         s.task.seq_len = {7, 9};
       }},
      {"too long without a gap", "chain-in-random-order", [](S& s) { s.task.seq_len = {9}; }},
      {"vocabulary too small", "demo", [](S& s) { s.task.d_vocab = 81; }},
      {"vocabulary of 1", "demo", [](S& s) { s.task.d_vocab = 1; }},
      {"vocabulary too large", "demo", [](S& s) { s.task.d_vocab = 100000; }},
      {"noise reversed", "demo",
       [](S& s) {
         s.task.noise = {{100, 20}};
       }},
      {"noise is padding", "demo",
       [](S& s) {
         s.task.noise = {{0, 100}};
       }},
      {"no noise", "demo", [](S& s) { s.task.noise = {}; }},
      {"key without tokens", "demo", [](S& s) { s.task.keys["x"] = {}; }},
      {"key beyond the vocabulary", "demo",
       [](S& s) {
         s.task.keys["x"] = {{20, 201}};
       }},
      {"key that no pattern has", "demo",
       [](S& s) {
         s.task.keys["y"] = {{20, 100}};
       }},
      {"anchor is padding", "composite", [](S& s) { s.task.anchors[2].token = 0; }},
      {"anchor twice", "composite",
       [](S& s) {
         s.task.anchors.push_back({2, "x"});
       }},
      {"anchor beyond the vocabulary", "composite",
       [](S& s) {
         s.task.anchors.push_back({201, "x"});
       }},
      {"results too large", "composite", operation("x*9")},
      {"results too small", "composite", [](S& s) { s.task.anchors[3].operation = "x-15"; }},
      {"answer too large", "demo", pattern("* 3 x * -> x + 101")},
      {"answer without a value", "demo", pattern("* 3 x * -> x mod (x - 30)")},
      {"synonym of nothing", "composite", operation("same as 7")},
      {"synonyms in a circle", "composite", operation("same as 2")},
      {"two keys for one", "composite", operation("x+y")},
      {"no form", "demo", [](S& s) { s.task.forms.clear(); }},
      {"weight 0", "demo", [](S& s) { s.task.forms[0].weight = 0; }},
      {"key of the answer is missing", "demo", pattern("* 3 x * -> y")},
      {"anchor of the answer is missing", "composite", pattern("* x A B * -> C(A(x))")},
      {"anchor without a row", "demo", pattern("* 3 x * -> 3(x)")},
      {"variable without anchors", "demo", pattern("* A x * -> x")},
      {"token of a variable without a row", "composite",
       [](S& s) {
         s.task.forms[0].anchors = {{"A", {1, 3, 7}}};
       }},
      {"variable that the pattern lacks", "composite",
       [](S& s) {
         s.task.forms[0].anchors = {{"C", {1}}};
       }},
      {"variable with no tokens", "composite",
       [](S& s) {
         s.task.forms[0].anchors = {{"A", {}}};
       }},
      {"token twice in a variable", "composite",
       [](S& s) {
         s.task.forms[0].anchors = {{"A", {1, 3, 3}}};
       }},
      {"different from itself", "classification",
       [](S& s) {
         s.task.forms[0].distinct = {{"A", "B", "B"}};
       }},
      {"different from nothing", "classification",
       [](S& s) { s.task.forms[0].distinct = {{"A"}}; }},
      {"too few tokens to differ", "composite",
       [](S& s) {
         s.task.forms[0].anchors = {{"A", {1}}, {"B", {1}}};
         s.task.forms[0].distinct = {{"A", "B"}};
         s.task.held_out.pop_back();
       }},
      {"literal is padding", "demo", pattern("* 0 x * -> x")},
      {"literal beyond the vocabulary", "demo", pattern("* 300 x * -> x")},
      {"nothing points at the key", "demo", pattern("* x * -> x")},
      {"two forms, two answers", "demo",
       [](S& s) {
         s.task.forms.push_back({"* 3 y * -> y+1", 1.0, {}, {}});
       }},
      {"two arms for one anchor", "reading-comprehension",
       [](S& s) {
         s.task.forms[0].pattern = "A x * B y * Q -> match(Q; A:x, B:y)";
         s.task.forms[0].anchors = {{"A", {1, 2}}, {"B", {1, 2}}, {"Q", {1, 2}}};
       }},
      {"no arm for an anchor", "reading-comprehension",
       [](S& s) {
         s.task.forms[0].anchors = {{"Q", {1, 2, 3, 4}}};
       }},
      {"noise hides the anchor", "demo",
       [](S& s) {
         s.task.noise = {{3, 4}};
         s.task.keys["x"] = {{3, 4}};
         s.task.seq_len = {40};
         s.model.n_ctx = 40;
         s.task.held_out = {ResidueRule{"x", Of::Key, 2, 0}};
       }},
      {"too many orders", "chain-in-random-order",
       [](S& s) {
         s.task.forms[0].pattern = "{ a 1 | b 2 | c 3 | d 4 | e 5 | f 6 | g 7 | h 8 | i 9 } -> a";
         s.task.seq_len = {18};
         s.task.held_out = {ResidueRule{"a"}};
       }},
  };
}

std::vector<Mistake> textMistakes() {
  return {
      {"no answer", "demo", pattern("* 3 x *")},
      {"no answer after the arrow", "demo", pattern("* 3 x * ->")},
      {"number and name run together", "demo", pattern("* 3x * -> x")},
      {"wrong arrow", "demo", pattern("* 3 x * => x")},
      {"arrow with a space", "demo", pattern("* 3 x * - > x")},
      {"items with commas", "demo", pattern("* 3, x * -> x")},
      {"underscore in a name", "demo",
       [](S& s) {
         s.task.forms[0].pattern = "* 3 x_1 * -> x_1";
         s.task.held_out = {ResidueRule{"answer"}};
       }},
      {"negative token", "demo", pattern("* -3 x * -> x")},
      {"minus from a paper", "demo", pattern("* 3 x * -> x \xE2\x88\x92 2")},
      {"percent for a remainder", "demo", pattern("* 3 x * -> 20 + x % 8")},
      {"bracket left open", "demo", pattern("* 3 x * -> (x+1")},
      {"bracket too many", "demo", pattern("* 3 x * -> x+1)")},
      {"sum cut off", "demo", pattern("* 3 x * -> x+")},
      {"division", "demo", pattern("* 3 x * -> x / 2")},
      {"two arrows", "demo", pattern("* 3 x * -> x -> x")},
      {"two answers", "demo", pattern("* 3 x * -> x x")},
      {"anchor that is not applied", "composite", pattern("* x A B * -> A")},
      {"anchor applied without brackets", "composite", pattern("* x A B * -> A x")},
      {"anchor in lower case", "composite", pattern("* x A B * -> b(A(x))")},
      {"match with a comma", "reading-comprehension",
       pattern("1 x * 2 y * 3 z * Q -> match(Q, 1:x, 2:y, 3:z)")},
      {"reserved word as a key", "demo",
       [](S& s) {
         s.task.forms[0].pattern = "* 3 mod * -> mod";
         s.task.held_out = {ResidueRule{"answer"}};
       }},
      {"one block", "demo", pattern("* { 3 x } * -> x")},
      {"block left open", "demo", pattern("* { 3 x | 5 y * -> x")},
      {"operation cut off", "composite", operation("x+")},
      {"no operation", "composite", operation("")},
      {"product without a sign", "composite", operation("2x")},
      {"percentages", "composite", operation("80% x | 10% x+1")},
      {"percentages above 100", "composite", operation("80% x | 30% x+1")},
      {"branches without percentages", "composite", operation("x | x+1")},
      {"one branch without a percentage", "composite", operation("80% x | x+1")},
      {"branch of 0 %", "composite", operation("0% x | 100% x+1")},
      {"operation of another key", "composite", operation("k+1")},
      {"operation on an anchor", "composite", operation("A+1")},
      {"operation with a power", "composite", operation("x^2 mod 50 + 1")},
      {"operation with a fraction", "composite", operation("x+0.5")},
  };
}

std::vector<Mistake> ruleMistakes() {
  using core::AnchorsRule;
  using core::KeysRule;
  using core::LengthRule;
  return {
      {"nothing held out", "demo", [](S& s) { s.task.held_out.clear(); }},
      {"rule on a missing key", "demo", rule(ResidueRule{"z"})},
      {"rule on an expression", "demo", rule(ResidueRule{"x+1"})},
      {"answer of several keys", "several-keys", rule(ResidueRule{"answer"})},
      {"modulus 1", "demo", rule(ResidueRule{"x", Of::Key, 1, 0})},
      {"modulus 0", "demo", rule(ResidueRule{"x", Of::Key, 0, 0})},
      {"remainder too large", "demo", rule(ResidueRule{"x", Of::Key, 8, 8})},
      {"shifted keys beyond the vocabulary", "demo",
       [](S& s) {
         s.task.d_vocab = 107;
         s.task.held_out = {ResidueRule{"x", Of::KeyMinusPosition, 8, 7}};
       }},
      {"all pairs held out", "composite",
       [](S& s) {
         s.task.held_out.clear();
         for (int a = 1; a <= 4; ++a) {
           s.task.held_out.emplace_back(AnchorsRule{{{"A", a}}});
         }
       }},
      {"all lengths held out", "demo", rule(LengthRule{{9}})},
      {"every key held out", "demo", rule(PredicateRule{"0*x"})},
      {"rule for an anchor that is not applied", "composite", rule(KeysRule{7, {{20, 27}}})},
      {"intervals without keys", "composite", rule(KeysRule{1, {{120, 127}}})},
      {"intervals reversed", "composite", rule(KeysRule{1, {{27, 20}}})},
      {"predicate cut off", "demo", rule(PredicateRule{"x mod"})},
      {"predicate as an equation", "demo", rule(PredicateRule{"x mod 2 = 0"})},
      {"predicate on a missing key", "demo", rule(PredicateRule{"q mod 2"})},
      {"predicate that never holds", "demo", rule(PredicateRule{"x + 1"})},
      {"rule without anchors", "composite", rule(AnchorsRule{})},
      {"rule on a missing variable", "composite", rule(AnchorsRule{{{"C", 3}}})},
      {"rule on a missing token", "composite", rule(AnchorsRule{{{"A", 3}, {"B", 7}}})},
      {"rule on a missing length", "demo", rule(LengthRule{{12}})},
      {"key of the rule is lost in noise", "demo",
       [](S& s) {
         s.task.forms[0].pattern = "* 3 x * y * -> x";
         s.task.held_out = {ResidueRule{"y"}};
       }},
      {"relabelled and held out", "composite",
       [](S& s) {
         s.task.relabel = {{{{"A", 3}, {"B", 4}}, "x-6"}};
       }},
      {"relabelled twice", "composite",
       [](S& s) {
         s.task.relabel = {{{{"A", 1}}, "x"}, {{{"B", 2}}, "x+1"}};
       }},
      {"relabelled with a broken operation", "composite",
       [](S& s) {
         s.task.relabel = {{{{"A", 1}}, "x+q"}};
       }},
  };
}

std::vector<Mistake> partMistakes() {
  using core::ModelSpec;
  using core::ScheduleSpec;
  using core::TrainingSpec;
  return {
      {"context too short", "demo", [](S& s) { s.task.seq_len = {s.model.n_ctx + 4}; }},
      {"no layers", "demo", [](S& s) { s.model.n_layers = 0; }},
      {"too many heads", "demo", [](S& s) { s.model.n_heads = 65; }},
      {"no output projection", "identity", [](S& s) { s.model.attention_output = false; }},
      {"shift too far", "demo", [](S& s) { s.model.shift_values_by = 9; }},
      {"shift too far back", "demo", [](S& s) { s.model.shift_values_by = -12; }},
      {"shift in an lstm", "demo",
       [](S& s) {
         s.model.kind = ModelSpec::Kind::Lstm;
         s.model.shift_values_by = 1;
       }},
      {"no name", "demo", [](S& s) { s.name.clear(); }},
      {"no training sequences", "demo", [](S& s) { s.data.n_train = 0; }},
      {"negative rate", "demo", [](S& s) { s.training.learning_rate = -0.001; }},
      {"rate that is no number", "demo",
       [](S& s) { s.training.learning_rate = std::numeric_limits<double>::quiet_NaN(); }},
      {"beta of 1", "demo", [](S& s) { s.training.betas[1] = 1; }},
      {"clipping at 0", "demo", [](S& s) { s.training.clip_norm = 0; }},
      {"momentum with adamw", "demo", [](S& s) { s.training.momentum = 0.9; }},
      {"cosine without decay", "demo",
       [](S& s) {
         s.training.schedule.kind = ScheduleSpec::Kind::WarmupCosine;
         s.training.schedule.decay = 0;
       }},
      {"epochs and steps", "demo", [](S& s) { s.training.epochs = 3; }},
      {"neither epochs nor steps", "demo",
       [](S& s) {
         s.training.epochs.reset();
         s.training.steps.reset();
       }},
      {"too many epochs", "demo",
       [](S& s) {
         s.training.steps.reset();
         s.training.epochs = 900'000'000;
       }},
      {"batch too large for memory", "identity", [](S& s) { s.training.batch_size = 1'000'000; }},
      {"unknown device", "demo", [](S& s) { s.training.device = "gpu"; }},
      {"two variables, no anchors", "demo",
       [](S& s) { s.task.forms[0].pattern = "* x A B * -> B(A(x))"; }},
      {"unknown kernel", "demo", [](S& s) { s.training.kernel = "avx512"; }},
      {"fast kernel, lstm", "demo",
       [](S& s) {
         s.training.kernel = "fast";
         s.model.kind = ModelSpec::Kind::Lstm;
       }},
      {"fast kernel, long sequences", "demo",
       [](S& s) {
         s.training.kernel = "fast";
         s.task.seq_len = {65};
         s.model.n_ctx = 65;
       }},
      {"kernel of fleets, lstm", "demo",
       [](S& s) {
         s.training.kernel = "fleet";
         s.model.kind = ModelSpec::Kind::Lstm;
       }},
      {"bfloat16 LSTM", "demo",
       [](S& s) {
         s.model.kind = ModelSpec::Kind::Lstm;
         s.training.precision = TrainingSpec::Precision::BFloat16;
       }},
      {"TF32 LSTM", "demo",
       [](S& s) {
         s.model.kind = ModelSpec::Kind::Lstm;
         s.training.precision = TrainingSpec::Precision::Tf32;
       }},
      {"TF32 on the CPU", "demo",
       [](S& s) {
         s.training.device = "cpu";
         s.training.precision = TrainingSpec::Precision::Tf32;
       }},
      {"stop on a word of one's own", "demo",
       [](S& s) {
         s.training.stop_when = core::StopRule{"accuracy", 0.99, 3};
       }},
      {"stop at 99", "demo",
       [](S& s) {
         s.training.stop_when = core::StopRule{"test_accuracy", 99, 3};
       }},
      {"more shown than probed", "demo", [](S& s) { s.probe.size = 8; }},
      {"typed sequence of another length", "demo",
       [](S& s) {
         s.probe.sequences = {{20, 3, 44}};
       }},
      {"typed sequence without the anchor", "demo",
       [](S& s) {
         s.probe.sequences = {{20, 21, 22, 23, 24, 25, 26, 27, 28}};
       }},
      {"typed token beyond the vocabulary", "demo",
       [](S& s) {
         s.probe.sequences = {{20, 21, 3, 23, 24, 25, 26, 27, 300}};
       }},
      {"frames every 0 steps", "demo", [](S& s) { s.record.frames.every = 0; }},
      {"seed too large", "demo",
       [](S& s) { s.data.seed = std::numeric_limits<std::uint64_t>::max(); }},
  };
}

}  // namespace anchorlens::test

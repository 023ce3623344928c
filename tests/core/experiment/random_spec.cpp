// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/experiment/random_spec.h"

#include "engine/core/experiment/choices.h"

#include <initializer_list>
#include <string>

using namespace anchorlens::core;

namespace {

class Drawer {
 public:
  explicit Drawer(Random& random) : m_random(random) {}

  int between(int first, int last) {
    return first + static_cast<int>(m_random.below(static_cast<std::uint32_t>(last - first + 1)));
  }
  bool flag() { return m_random.below(2) == 1; }
  double number() { return m_random.uniform() * (flag() ? 1e-9 : 0.999); }
  std::uint64_t seed() { return m_random.next() >> 11; }
  template <typename E, std::size_t N>
  E choice(const std::array<Choice<E>, N>& choices) {
    return choices[static_cast<std::size_t>(between(0, static_cast<int>(N) - 1))].value;
  }
  std::string text(std::initializer_list<const char*> texts) {
    return *(texts.begin() + between(0, static_cast<int>(texts.size()) - 1));
  }
  Intervals intervals() {
    Intervals list;
    for (int i = between(1, 3); i > 0; --i) {
      const int first = between(0, 65535);
      list.push_back({first, between(first, 65535)});
    }
    return list;
  }
  std::vector<int> integers(int first, int last) {
    std::vector<int> list;
    for (int i = between(1, 4); i > 0; --i)
      list.push_back(between(first, last));
    return list;
  }
  std::map<std::string, int> anchorValues() {
    return {{"A", between(0, 9)}, {"B1", between(0, 9)}};
  }
  std::string operation() {
    return text({"x+5", "x - 8", "80% x | 20% x+1", "table 7", "same as 3", "min(x, y) mod 3"});
  }

 private:
  Random& m_random;
};

HeldOutRule randomRule(Drawer& draw) {
  switch (draw.between(0, 4)) {
    case 0: {
      const int modulus = draw.between(2, 20);
      return ResidueRule{draw.text({"x", "answer"}), draw.choice(kResidueSubjects), modulus,
                         draw.between(0, modulus - 1)};
    }
    case 1:
      return KeysRule{draw.between(0, 65535), draw.intervals()};
    case 2:
      return PredicateRule{draw.text({"x mod 2", "(x + y) mod 8"})};
    case 3:
      return AnchorsRule{draw.anchorValues()};
    default:
      return LengthRule{draw.integers(1, 1024)};
  }
}

TaskSpec randomTask(Drawer& draw) {
  TaskSpec task;
  task.seq_len = draw.integers(1, 1024);
  task.d_vocab = draw.between(2, 65536);
  task.noise = draw.intervals();
  task.keys = {{"x", draw.intervals()}, {"unused", draw.intervals()}};
  for (int i = draw.between(0, 4); i > 0; --i)
    task.anchors.push_back({draw.between(0, 65535), draw.operation()});
  for (int i = draw.between(0, 3); i > 0; --i) {
    FormSpec form;
    form.pattern = draw.text({"* 3 x * -> x", "* A x1 B * -> B(A(x1))", "{ a b | b c } a -> c"});
    form.weight = draw.number() + 1e-12;
    form.anchors = {{"A", draw.integers(0, 65535)}};
    form.distinct = {{"A", "B"}};
    task.forms.push_back(form);
  }
  for (int i = draw.between(0, 5); i > 0; --i)
    task.held_out.push_back(randomRule(draw));
  for (int i = draw.between(0, 2); i > 0; --i)
    task.relabel.push_back({draw.anchorValues(), draw.operation()});
  return task;
}

ModelSpec randomModel(Drawer& draw) {
  ModelSpec model;
  model.kind = draw.choice(kModelKinds);
  model.n_layers = draw.between(1, 64);
  model.n_heads = draw.between(1, 64);
  model.d_model = draw.between(1, 8192);
  model.d_head = draw.between(1, 1024);
  model.d_mlp = draw.between(1, 32768);
  model.n_ctx = draw.between(1, 1024);
  model.mask = draw.choice(kMasks);
  model.norm = draw.choice(kNorms);
  model.activation = draw.choice(kActivations);
  model.positions = draw.choice(kPositions);
  for (bool* flag : {&model.residual, &model.mlp, &model.attention_output, &model.attention_biases,
                     &model.mlp_biases, &model.unembedding_bias})
    *flag = draw.flag();
  model.init = {draw.choice(kInitKinds), draw.number() * 10, {{"qk", draw.number()}}};
  model.shift_values_by = draw.between(-1023, 1023);
  return model;
}

TrainingSpec randomTraining(Drawer& draw) {
  TrainingSpec training;
  training.optimizer = draw.choice(kOptimizers);
  training.learning_rate = draw.number();
  training.weight_decay = draw.number();
  training.betas = {draw.number(), draw.number()};
  training.eps = draw.number() + 1e-12;
  training.momentum = draw.number();
  training.schedule = {draw.choice(kScheduleKinds),
                       draw.choice(kScheduleUnits),
                       draw.between(0, 1'000'000'000),
                       draw.between(0, 1'000'000'000),
                       draw.number(),
                       draw.number()};
  training.batch_size = draw.between(1, 1'000'000);
  training.steps.reset();
  (draw.flag() ? training.epochs : training.steps) = draw.between(1, 1'000'000'000);
  training.clip_norm.reset();
  if (draw.flag())
    training.clip_norm = draw.number() + 1e-12;
  training.precision = draw.choice(kPrecisions);
  training.device = draw.text({"auto", "cpu", "cuda", "cuda:0", "cuda:13"});
  training.threads = draw.between(1, 1024);
  training.seed = draw.seed();
  training.kernel = draw.text({"auto", "plain-f32"});
  if (draw.flag())
    training.stop_when = StopRule{draw.text({"test_accuracy", "train_accuracy"}), draw.number(),
                                  draw.between(1, 1000)};
  return training;
}

StepSchedule randomSchedule(Drawer& draw) {
  StepSchedule schedule{std::nullopt, draw.between(0, 1000)};
  if (draw.flag())
    schedule.every = draw.between(1, 1'000'000'000);
  return schedule;
}

}  // namespace

ExperimentSpec randomSpec(Random& random) {
  Drawer draw(random);
  ExperimentSpec spec;
  spec.name = draw.text({"a", "two words", "\"quotes\" and \\", "Überschrift → 中文"});
  spec.task = randomTask(draw);
  spec.data = {draw.choice(kDataModes), draw.between(1, 10'000'000), draw.between(1, 10'000'000),
               draw.seed()};
  spec.model = randomModel(draw);
  spec.training = randomTraining(draw);
  spec.probe = {draw.seed(),
                draw.between(1, 65536),
                draw.between(0, 1024),
                draw.choice(kProbeSplits),
                {draw.integers(0, 65535), draw.integers(0, 65535)}};
  RecordSpec& record = spec.record;
  record = {
      randomSchedule(draw),  randomSchedule(draw), draw.number(),        draw.between(1, 1000),
      draw.between(1, 1000), randomSchedule(draw), draw.number() + 1e-6, draw.flag(),
      draw.flag(),           draw.flag()};
  return spec;
}

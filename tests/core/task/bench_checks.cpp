// SPDX-License-Identifier: GPL-3.0-or-later
// What the composer does after an edit, timed: checks, compiling, samples, counts, leak check.
// Seconds of this thread. Run by hand.
#include "engine/core/checked_experiment.h"
#include "engine/core/random.h"
#include "engine/core/repair.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/explain.h"
#include "engine/core/thread_time.h"
#include "tests/support/task_specs.h"

#include <cstdio>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

/// A vocabulary of 1000, and a rule of every kind.
ExperimentSpec large(TaskSpec task, const std::string& key) {
  ExperimentSpec spec;
  task.d_vocab = 1000;
  task.noise = {{20, 900}};
  task.seq_len = {9, 12};
  task.held_out = {ResidueRule{key}, PredicateRule{key + " mod 13"}, LengthRule{{12}}};
  if (!task.anchors.empty()) {
    task.held_out.emplace_back(KeysRule{task.anchors.front().token, {{100, 120}, {300, 310}}});
  }
  spec.task = std::move(task);
  return spec;
}

void time(const char* name, const ExperimentSpec& spec) {
  const double start = threadMs();
  const auto [errors, task] = checkAndCompile(spec);
  const double checked = threadMs();
  if (!task) {
    std::printf("%-24s %s\n", name, errors.front().message.c_str());
    const auto repairs = repairsOf(spec, errors);
    std::printf("%-24s check %7.1f, %zu repairs %7.1f ms\n", name, checked - start, repairs.size(),
                threadMs() - checked);
    return;
  }
  Random random(1, "bench");
  const SequenceSet set = task->draw(Split::Train, 24, random);
  for (std::size_t i = 0; i < set.size(); ++i) {
    [[maybe_unused]] const auto explained = explain(*task, set.row(i));
  }
  const double sampled = threadMs();
  [[maybe_unused]] const Coverage coverage = coverageOf(*task, spec.data.n_train);
  const double counted = threadMs();
  [[maybe_unused]] const auto data = makeDataset(*task, spec.data);
  const double drawn = threadMs();
  std::printf("%-24s check %7.1f, samples %6.1f, counts %6.1f, data %7.1f ms%s\n", name,
              checked - start, sampled - checked, counted - sampled, drawn - counted,
              errors.empty() ? "" : "  (with errors)");
}

}  // namespace

int main() {
  TaskSpec pairs = composite();
  time("identity", large(identity(), "x"));
  time("composite", large(pairs, "x"));
  ExperimentSpec held = large(pairs, "x");
  held.task.held_out.emplace_back(AnchorsRule{{{"A", 3}, {"B", 4}}});
  time("composite, every rule", held);
  ExperimentSpec many = held;
  many.task.anchors.clear();
  for (int a = 1; a <= 16; ++a) {
    many.task.anchors.push_back({a, "x+" + std::to_string(a)});
  }
  many.task.held_out[3] = KeysRule{1, {{100, 120}}};
  time("16 x 16 pairs", many);
  time("reading-comprehension", large(readingComprehension(), "x"));
  time("classification", large(classification(), "w"));
  time("multi-anchor", large(multiAnchor(), "x"));
  time("several keys", large(severalKeys(), "x"));
  time("chains", [] {
    ExperimentSpec spec = large(chains(), "d");
    spec.task.seq_len = {7};
    spec.task.held_out = {PredicateRule{"(a+d) mod 8"}, ResidueRule{"d"}};
    return spec;
  }());
  time("memory and reasoning", large(memoryAndReasoning(), "x"));
  ExperimentSpec broken = held;
  broken.task.anchors[1].operation = "x*9";
  time("broken", broken);
  return 0;
}

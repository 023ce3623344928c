// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

/// The tasks of the presets and examples as values, for tests that need no files.
namespace anchorlens::test {

struct NamedTask {
  std::string name;
  core::TaskSpec spec;
};

inline core::FormSpec form(std::string pattern,
                           std::map<std::string, std::vector<int>> anchors = {},
                           std::vector<std::vector<std::string>> distinct = {}) {
  return {std::move(pattern), 1.0, std::move(anchors), std::move(distinct)};
}

/// One form, held out by residue modulo 8 on a key.
inline core::TaskSpec task(std::string pattern, std::string key,
                           std::vector<core::AnchorSpec> anchors = {}, int seq_len = 9) {
  core::TaskSpec spec;
  spec.seq_len = {seq_len};
  spec.anchors = std::move(anchors);
  spec.forms = {form(std::move(pattern))};
  spec.held_out = {core::ResidueRule{std::move(key)}};
  return spec;
}

inline core::TaskSpec identity() {
  return task("* 3 x * -> x", "x");
}

inline std::vector<core::AnchorSpec> compositeAnchors() {
  return {{1, "x+5"}, {2, "x+1"}, {3, "x-2"}, {4, "x-8"}};
}

inline core::TaskSpec composite() {
  core::TaskSpec spec = task("* x A B * -> B(A(x))", "x", compositeAnchors());
  spec.held_out.emplace_back(core::AnchorsRule{{{"A", 3}, {"B", 4}}});
  return spec;
}

inline core::TaskSpec workingMemory() {
  core::TaskSpec spec = composite();
  spec.seq_len = {20};
  spec.forms[0].pattern = "* x A * B * -> B(A(x))";
  return spec;
}

inline core::TaskSpec synonym() {
  core::TaskSpec spec = task("* A B x * -> A(B(x))", "x", compositeAnchors());
  spec.anchors.push_back({9, "same as 3"});
  spec.held_out.emplace_back(core::AnchorsRule{{{"A", 9}, {"B", 4}}});
  spec.held_out.emplace_back(core::AnchorsRule{{{"A", 4}, {"B", 9}}});
  return spec;
}

inline core::TaskSpec readingComprehension() {
  core::TaskSpec spec = task("1 x * 2 y * 3 z * Q -> match(Q; 1:x, 2:y, 3:z)", "answer");
  spec.forms[0].anchors = {{"Q", {1, 2, 3}}};
  return spec;
}

inline core::TaskSpec classification() {
  core::TaskSpec spec = task("x A * y B * z C * w -> nearest(w; x:A, y:B, z:C)", "w");
  const std::vector<int> all{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  spec.forms[0].anchors = {{"A", all}, {"B", all}, {"C", all}};
  spec.forms[0].distinct = {{"A", "B", "C"}};
  return spec;
}

inline core::TaskSpec multiAnchor() {
  core::TaskSpec spec = task("* A x * -> A(x)", "x");
  spec.held_out.clear();
  for (int a = 1; a <= 10; ++a) {
    spec.anchors.push_back({a, "x+" + std::to_string(a)});
    spec.held_out.emplace_back(core::KeysRule{a, {{20 + 8 * (a - 1), 27 + 8 * (a - 1)}}});
  }
  return spec;
}

inline core::TaskSpec statistical() {
  return task("* 3 x * -> 3(x)", "x", {{3, "80% x | 20% x+1"}});
}

inline core::TaskSpec chains() {
  core::TaskSpec spec = task("{ a b | b c | c d } a -> d", "d", {}, 7);
  spec.held_out = {core::PredicateRule{"(a + d) mod 8"}};
  return spec;
}

inline core::TaskSpec memoryAndReasoning() {
  return task("* A x * -> A(x)", "x",
              {{1, "table 1"}, {2, "table 2"}, {11, "x+1"}, {12, "x+5"}, {13, "x-2"}});
}

inline core::TaskSpec severalKeys() {
  core::TaskSpec spec = task("* A x y * -> A(x, y)", "x",
                             {{1, "min(x, y)"}, {2, "max(x, y)"}, {3, "abs(x - y) + 20"}});
  spec.held_out = {core::PredicateRule{"(x + y) mod 8"}};
  return spec;
}

inline std::vector<NamedTask> presetTasks() {
  return {{"identity", identity()},
          {"reading-comprehension", readingComprehension()},
          {"classification", classification()},
          {"composite", composite()},
          {"working-memory", workingMemory()},
          {"synonym", synonym()},
          {"recitation-forward", task("* m 3 n * m -> n", "n")},
          {"recitation-reverse", task("* m 3 n * n -> m", "m")},
          {"multi-anchor", multiAnchor()},
          {"statistical", statistical()}};
}

inline std::vector<NamedTask> exampleTasks() {
  return {{"longer-anchor", task("* 2 3 x * -> x", "x")},
          {"distant-anchor", task("* 3 _ _ x * -> x", "x")},
          {"middle-word", task("* 3 _ x _ 4 * -> x", "x")},
          {"several-keys", severalKeys()},
          {"chain-in-random-order", chains()},
          {"memory-and-reasoning", memoryAndReasoning()},
          {"induction", task("* a b * a -> b", "b")}};
}

inline std::vector<NamedTask> allTasks() {
  std::vector<NamedTask> tasks = presetTasks();
  for (NamedTask& example : exampleTasks()) {
    tasks.push_back(std::move(example));
  }
  return tasks;
}

}  // namespace anchorlens::test

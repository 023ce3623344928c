// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks of the paper's code in our language. There a key is either a number that the residue
// rule tests together with its position (new_interval), or such a number plus a position.
#include "engine/core/import/paper_config.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

/// A task with one key.
struct OneKeyTask {
  std::string_view target;
  bool anchor_first = true;
  /// The key is s + p - distance with p its position (else s itself): s is held out when it is a
  /// multiple of the modulus.
  bool adds_position = true;
};
constexpr std::array<OneKeyTask, 4> kOneKeyTasks{{
    {"3x_to_x", true, true},
    {"x3_to_x", false, true},
    {"3x_to_x_new_interval", true, false},
    {"x3_to_x_new_interval", false, false},
}};

/// Keys are drawn from data_min on and stay below data_max.
Intervals keysOf(const TaskSpec& task, int shift) {
  return {{task.noise[0].first - shift, task.noise[0].last - 1 - shift}};
}

ResidueRule residueOf(const TaskSpec& task, bool adds_position, int shift) {
  const int modulus = task.seq_len[0] - 1;
  const int remainder = ((-shift) % modulus + modulus) % modulus;
  return {"x", adds_position ? ResidueRule::Of::KeyMinusPosition : ResidueRule::Of::Key, modulus,
          remainder};
}

void setOneKeyTask(PaperFields& fields, const OneKeyTask& known, TaskSpec& task) {
  int distance = 1;
  if (!known.adds_position && known.anchor_first && fields.isSet("data_distance")) {
    distance = fields.integer("data_distance", 1, task.seq_len[0] - 1);
  }
  std::string between;
  for (int i = 1; i < distance; ++i) {
    between += " _";
  }
  const std::string pair = known.anchor_first ? "3" + between + " x" : "x 3";
  task.forms = {{"* " + pair + " * -> x", 1.0, {}, {}}};
  // The position that is added is that of the first of the two.
  const int shift = known.adds_position && known.anchor_first ? 1 : 0;
  task.keys["x"] = keysOf(task, shift);
  task.held_out = {residueOf(task, known.adds_position, shift)};
}

/// "34" in data_mode: anchor 3 of what anchor 4 makes of x. Pairs that data_mask hides, and those
/// that are not listed, are never trained.
bool setComposition(PaperFields& fields, TaskSpec& task) {
  const Json* modes = fields.list("data_mode");
  const Json* masks = fields.list("data_mask");
  if (modes == nullptr || masks == nullptr || modes->size() != masks->size()) {
    return false;
  }
  std::set<int> first;
  std::set<int> second;
  std::set<std::pair<int, int>> trained;
  for (std::size_t i = 0; i < modes->size(); ++i) {
    const std::string mode =
        (*modes)[i].is_string() ? (*modes)[i].get<std::string>() : std::string();
    constexpr std::string_view kAnchors = "12349";
    if (mode.size() != 2 || kAnchors.find(mode[0]) == std::string_view::npos ||
        kAnchors.find(mode[1]) == std::string_view::npos) {
      return false;
    }
    const int a = mode[0] - '0';
    const int b = mode[1] - '0';
    first.insert(a);
    second.insert(b);
    if ((*masks)[i] == 0) {
      trained.insert({a, b});
    }
  }
  const std::array<AnchorSpec, 5> known{
      {{1, "x+5"}, {2, "x+1"}, {3, "x-2"}, {4, "x-8"}, {9, "x-2"}}};
  for (const AnchorSpec& anchor : known) {
    if (first.count(anchor.token) != 0 || second.count(anchor.token) != 0) {
      task.anchors.push_back(anchor);
    }
  }
  task.forms = {{"* A B x * -> A(B(x))",
                 1.0,
                 {{"A", {first.begin(), first.end()}}, {"B", {second.begin(), second.end()}}},
                 {}}};
  constexpr int kShift = 2;
  task.keys["x"] = keysOf(task, kShift);
  task.held_out = {residueOf(task, true, kShift)};
  for (const int a : first) {
    for (const int b : second) {
      if (trained.count({a, b}) == 0) {
        task.held_out.emplace_back(AnchorsRule{{{"A", a}, {"B", b}}});
      }
    }
  }
  return true;
}

}  // namespace

bool setPaperTask(PaperFields& fields, const std::string& target, TaskSpec& task) {
  for (const OneKeyTask& known : kOneKeyTasks) {
    if (known.target == target) {
      setOneKeyTask(fields, known, task);
      return true;
    }
  }
  return target == "composition" && setComposition(fields, task);
}

std::string paperTargets() {
  std::string names;
  for (const OneKeyTask& known : kOneKeyTasks) {
    names += std::string(known.target) + ", ";
  }
  return names + "composition";
}

}  // namespace anchorlens::core

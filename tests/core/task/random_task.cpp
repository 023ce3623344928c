// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/task/random_task.h"

#include <algorithm>
#include <vector>

namespace anchorlens::test {
namespace {

using namespace anchorlens::core;

class Maker {
 public:
  explicit Maker(Random& random) : m_random(random) {}

  TaskSpec make() {
    TaskSpec spec;
    spec.d_vocab = 60;
    spec.noise = chance(3)   ? Intervals{{1, 12}}
                 : chance(3) ? Intervals{{20, 24}, {30, 36}}
                             : Intervals{{20, 36}};
    spec.seq_len = {3 + below(5)};
    if (chance(5)) {
      spec.seq_len.push_back(spec.seq_len[0] + 1 + below(2));
    }
    for (int token = 1; token <= 4; ++token) {
      spec.anchors.push_back({token, operation(token)});
    }
    const int n_forms = chance(4) ? 2 : 1;
    for (int i = 0; i < n_forms; ++i) {
      spec.forms.push_back(form());
    }
    if (chance(4)) {
      spec.keys = {{"x", chance(2) ? Intervals{{25, 40}} : Intervals{{1, 9}}}};
    }
    const int n_rules = 1 + below(2);
    for (int i = 0; i < n_rules; ++i) {
      spec.held_out.push_back(rule(spec));
    }
    if (chance(6)) {
      spec.relabel = {{{{"A", 1 + below(4)}}, "x+7"}};
    }
    return spec;
  }

 private:
  int below(int n) { return static_cast<int>(m_random.below(static_cast<std::uint32_t>(n))); }
  bool chance(int one_in) { return below(one_in) == 0; }
  std::string pick(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  std::string operation(int token) {
    return pick({"x+1", "x+3", "x", "80% x | 20% x+1", "table 7", "60% x+2 | 40% x",
                 token == 2 ? "same as 1" : "x+5", "abs(x - 30) + 1", "max(x, 21)"});
  }

  std::string item() {
    switch (below(9)) {
      case 0:
      case 1:
        return "*";
      case 2:
        return "_";
      case 3:
      case 4:
        return use("x");
      case 5:
        return use("y");
      case 6:
        return use(chance(2) ? "A" : "B");
      default:
        return std::to_string(1 + below(6));
    }
  }

  std::string use(const std::string& name) {
    auto& names = name[0] < 'a' ? m_anchors : m_keys;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
    return name;
  }

  std::string sequence(int n_items, bool with_blocks) {
    std::string text;
    for (int i = 0; i < n_items; ++i) {
      text += with_blocks && chance(8) ? "{ " + sequence(1 + below(3), false) + "| " +
                                             sequence(1 + below(3), false) + "} "
                                       : item() + " ";
    }
    return text;
  }

  FormSpec form() {
    m_keys.clear();
    m_anchors.clear();
    FormSpec form;
    const std::string items = sequence(2 + below(5), true);  // first: the target uses its names
    form.pattern = items + "-> " + target();
    form.weight = chance(2) ? 1 : 2.5;
    if (chance(4) && m_anchors.size() == 2) {
      form.distinct = {{"A", "B"}};
    }
    for (const std::string& anchor : m_anchors) {
      if (chance(3)) {
        form.anchors[anchor] = {1, 3};
      }
    }
    return form;
  }

  std::string target() {
    if (m_keys.empty()) {
      return "5";
    }
    const std::string key = pick(m_keys);
    if (m_anchors.empty()) {
      return chance(3) ? "min(" + key + ", 30)" : key;
    }
    const std::string anchor = pick(m_anchors);
    if (m_anchors.size() == 2 && m_keys.size() == 2 && chance(2)) {
      return chance(2) ? "nearest(x; y:A, x:B)" : "match(" + anchor + "; A:x, B:y)";
    }
    return m_anchors.size() == 2 && chance(2) ? "B(A(" + key + "))" : anchor + "(" + key + ")";
  }

  /// Every answer applies an anchor: of cues and arms the rule `keys` is tested by hand.
  static bool applies(const TaskSpec& spec) {
    return std::all_of(spec.forms.begin(), spec.forms.end(), [](const FormSpec& form) {
      return form.pattern.find("-> A(") != std::string::npos ||
             form.pattern.find("-> B(") != std::string::npos;
    });
  }

  HeldOutRule rule(const TaskSpec& spec) {
    const std::string key = m_keys.empty() ? "x" : pick(m_keys);
    switch (below(7)) {
      case 0:
        return ResidueRule{"answer", ResidueRule::Of::Key, 2 + below(4), 0};
      case 1:
        return ResidueRule{key, ResidueRule::Of::KeyMinusPosition, 2 + below(4), 1};
      case 2:
        return PredicateRule{key + " mod " + std::to_string(2 + below(4))};
      case 3:
        if (applies(spec)) {
          return KeysRule{1 + below(4), {{20, 22 + below(10)}}};
        }
        return ResidueRule{key, ResidueRule::Of::Key, 2, 1};
      case 4:
        return AnchorsRule{{{"A", 1 + below(4)}}};
      case 5:
        return LengthRule{{spec.seq_len.back()}};
      default:
        return ResidueRule{key, ResidueRule::Of::Key, 2 + below(4), below(2)};
    }
  }

  Random& m_random;
  std::vector<std::string> m_keys;
  std::vector<std::string> m_anchors;
};

}  // namespace

TaskSpec randomTask(Random& random) {
  return Maker(random).make();
}

std::string describe(const TaskSpec& spec) {
  std::string text = "lengths";
  for (const int length : spec.seq_len) {
    text += " " + std::to_string(length);
  }
  text += ", noise " + std::to_string(spec.noise[0].first);
  for (const auto& [name, intervals] : spec.keys) {
    text += ", " + name + " from " + std::to_string(intervals[0].first);
  }
  for (const AnchorSpec& anchor : spec.anchors) {
    text += "; " + std::to_string(anchor.token) + ": " + anchor.operation;
  }
  for (const FormSpec& form : spec.forms) {
    text += "\n  " + form.pattern;
    for (const auto& [name, tokens] : form.anchors) {
      text += " [" + name + " restricted]";
    }
  }
  for (const HeldOutRule& rule : spec.held_out) {
    text += "\n  rule " + std::to_string(rule.index());
    if (const auto* residue = std::get_if<ResidueRule>(&rule)) {
      text += " " + residue->key + " mod " + std::to_string(residue->modulus) +
              (residue->of == ResidueRule::Of::Key ? "" : " minus position");
    }
    if (const auto* predicate = std::get_if<PredicateRule>(&rule)) {
      text += " " + predicate->expression;
    }
  }
  return text + (spec.relabel.empty() ? "" : "\n  relabelled");
}

}  // namespace anchorlens::test

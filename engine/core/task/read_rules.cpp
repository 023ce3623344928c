// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/anchor_values.h"
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

std::string keysText(const TaskPlan& plan) {
  std::set<std::string> names;
  for (const FormPlan& form : plan.forms) {
    for (const int key : form.keys) {
      names.insert(form.symbols[at(key)].text);
    }
  }
  return names.empty() ? "there are no keys"
                       : "the keys are " + listText({names.begin(), names.end()});
}

int keyOf(const FormPlan& form, const std::string& name) {
  for (const int key : form.keys) {
    if (form.symbols[at(key)].text == name) {
      return key;
    }
  }
  return -1;
}

/// Reads one rule into every form.
class RuleReader {
 public:
  RuleReader(TaskPlan& plan, std::size_t index, ErrorList& errors)
      : m_plan(plan), m_index(index), m_errors(errors) {}

  void operator()(const ResidueRule& rule) {
    if (rule.modulus < 1) {
      add("modulus", "The modulus is " + std::to_string(rule.modulus) + ": expected 1 or more.");
    } else if (rule.remainder < 0 || rule.remainder >= rule.modulus) {
      add("remainder", "The remainder is " + std::to_string(rule.remainder) + ": modulo " +
                           std::to_string(rule.modulus) + " it is 0 to " +
                           std::to_string(rule.modulus - 1) + ".");
    }
    rule.key == "answer" ? readAnswer(rule) : readKey(rule);
  }

  void operator()(const KeysRule& rule) {
    const std::string intervals = pointer("intervals");
    bool is_good =
        checkToken(rule.anchor, pointer("anchor"), "The anchor", m_plan.d_vocab, m_errors);
    is_good =
        checkIntervals(rule.intervals, intervals, "The rule", m_plan.d_vocab, m_errors) && is_good;
    if (!is_good) {
      return;
    }
    const TokenSet held = TokenSet::of(rule.intervals);
    TokenSet keys;
    bool is_applied = false;
    for (FormPlan& form : m_plan.forms) {
      for (const Application& application : form.applications) {
        if (!mayBe(form, application.anchor, rule.anchor)) {
          continue;
        }
        is_applied = true;
        keys = form.symbols[at(application.key)].domain;
        form.rules[m_index].applies |= keys.meets(held);
        m_reaches = m_reaches || keys.meets(held);
      }
    }
    if (!is_applied) {
      add("anchor", std::to_string(rule.anchor) + " is applied to no key in any pattern.");
    } else if (!m_reaches) {
      m_errors.add(intervals, "No key of anchor " + std::to_string(rule.anchor) + " lies in " +
                                  held.text() + ": its keys are " + keys.text() + ".");
    }
  }

  void operator()(const PredicateRule& rule) {
    const auto expression = parseExpression(rule.expression);
    if (!expression) {
      m_errors.add(pointer("expression"), expression.error());
      return;
    }
    std::string missing;
    bool applies = false;
    for (FormPlan& form : m_plan.forms) {
      const Names names{[&](const std::string& name) {
                          const int key = keyOf(form, name);
                          missing = key < 0 ? name : missing;
                          return key < 0 ? std::optional<int>() : std::optional<int>(key);
                        },
                        [](const AnchorRef&) { return std::optional<AnchorSlot>(); }};
      if (auto program = buildProgram(*expression, names)) {
        form.rules[m_index].predicate = std::move(*program);
        form.rules[m_index].applies = true;
        applies = true;
      }
    }
    if (!applies && m_are_forms_good) {
      m_errors.add(
          pointer("expression"),
          "No pattern has " +
              (m_plan.forms.size() > 1 ? "all the keys of the predicate" : "a key " + missing) +
              ": " + keysText(m_plan) + ".",
          expression->span);
    }
  }

  void operator()(const AnchorsRule& rule) {
    if (rule.values.empty()) {
      add("values", "The rule names no anchor: give values such as {\"A\": 3, \"B\": 4}.");
      return;
    }
    for (FormPlan& form : m_plan.forms) {
      FormRule& form_rule = form.rules[m_index];
      form_rule.anchors = anchorValues(form, rule.values);
      form_rule.applies = form_rule.anchors.size() == rule.values.size();
    }
    checkAnchorValues(m_plan, rule.values, pointer("values"), m_errors);
  }

  void operator()(const LengthRule& rule) {
    if (rule.lengths.empty()) {
      add("lengths", "The rule names no length: give one of seq_len.");
    }
    for (std::size_t i = 0; i < rule.lengths.size(); ++i) {
      const auto& lengths = m_plan.spec.seq_len;
      if (std::find(lengths.begin(), lengths.end(), rule.lengths[i]) == lengths.end()) {
        std::vector<std::string> texts;
        for (const int length : lengths) {
          texts.push_back(std::to_string(length));
        }
        add(("lengths/" + std::to_string(i)).c_str(), "No sequence has length " +
                                                          std::to_string(rule.lengths[i]) +
                                                          ": seq_len is " + listText(texts) + ".");
      }
    }
  }

  void setFormsGood(bool are_good) { m_are_forms_good = are_good; }

 private:
  void readAnswer(const ResidueRule& rule) {
    for (FormPlan& form : m_plan.forms) {
      if (form.target.nodes.empty()) {
        continue;  // an error elsewhere
      }
      if (form.answer_node < 0) {
        add("key", form.target_keys.empty() ? "The answer of form " + std::to_string(form.index) +
                                                  " depends on no key: name a key."
                                            : "The answer of form " + std::to_string(form.index) +
                                                  " is made of several keys: name one of them.");
        continue;
      }
      form.rules[m_index] = {true, kAnswerKey, {}, {}};
      const Node& node = form.target.nodes[at(form.answer_node)];
      if (rule.of == ResidueRule::Of::KeyMinusPosition) {
        if (node.kind == Expr::Kind::Name) {
          form.symbols[at(node.symbol)].is_shifted = true;
        }
        for (const Arm& arm : node.arms) {
          form.symbols[at(arm.key)].is_shifted = true;
        }
      }
    }
  }

  void readKey(const ResidueRule& rule) {
    bool is_known = false;
    for (FormPlan& form : m_plan.forms) {
      const int key = keyOf(form, rule.key);
      if (key < 0) {
        continue;
      }
      is_known = true;
      form.rules[m_index] = {true, key, {}, {}};
      if (rule.of == ResidueRule::Of::KeyMinusPosition) {
        form.symbols[at(key)].is_shifted = true;
      }
    }
    if (!is_known && m_are_forms_good) {
      add("key", "No pattern has a key " + rule.key + ": " + keysText(m_plan) +
                     "; answer is the key that the answer selects.");
    }
  }

  static bool mayBe(const FormPlan& form, const AnchorSlot& slot, int token) {
    return slot.symbol < 0 ? slot.token == token
                           : form.symbols[at(slot.symbol)].domain.contains(token);
  }

  std::string pointer(const char* field) const { return pointerTo("held_out", m_index, field); }
  void add(const char* field, std::string message) {
    m_errors.add(pointer(field), std::move(message));
  }

  TaskPlan& m_plan;
  std::size_t m_index;
  ErrorList& m_errors;
  bool m_reaches = false;
  bool m_are_forms_good = true;
};

void readHeldCombinations(FormPlan& form) {
  form.is_held.assign(at(form.combinations.n), 0);
  for (int c = 0; c < form.combinations.n; ++c) {
    for (const FormRule& rule : form.rules) {
      if (rule.applies && !rule.anchors.empty() && hasAnchors(form, rule.anchors, c)) {
        form.is_held[at(c)] = 1;
      }
    }
  }
}

bool areFormsGood(const TaskPlan& plan) {
  return !plan.forms.empty() &&
         std::all_of(plan.forms.begin(), plan.forms.end(),
                     [](const FormPlan& form) { return !form.elements.empty(); });
}

}  // namespace

void readRules(TaskPlan& plan, ErrorList& errors) {
  for (FormPlan& form : plan.forms) {
    form.rules.resize(plan.spec.held_out.size());
  }
  for (std::size_t i = 0; i < plan.spec.held_out.size(); ++i) {
    RuleReader reader(plan, i, errors);
    reader.setFormsGood(areFormsGood(plan));
    std::visit(reader, plan.spec.held_out[i]);
  }
  for (FormPlan& form : plan.forms) {
    readHeldCombinations(form);
  }
  if (plan.spec.held_out.empty()) {
    errors.add("/task/held_out",
               "Nothing is held out, so there is nothing to test on: add a rule such as "
               "{\"rule\": \"residue\", \"key\": \"answer\"}.");
  }
}

}  // namespace anchorlens::core

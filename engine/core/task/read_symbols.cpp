// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

constexpr std::size_t kMostRoles = 255;

/// Turns items into elements and names into symbols.
class SymbolReader {
 public:
  SymbolReader(TaskPlan& plan, FormPlan& form, ErrorList& errors)
      : m_plan(plan), m_form(form), m_errors(errors) {}

  Elements read(const Sequence& items) {
    Elements elements;
    for (const Item& item : items) {
      elements.push_back(readItem(item));
    }
    return elements;
  }

 private:
  Element readItem(const Item& item) {
    Element element;
    switch (item.kind) {
      case Item::Kind::Gap:
        break;
      case Item::Kind::Noise:
        element.kind = Element::Kind::Noise;
        break;
      case Item::Kind::Blocks:
        element.kind = Element::Kind::Blocks;
        for (const Sequence& block : item.blocks) {
          element.blocks.push_back(read(block));
        }
        break;
      default:
        element.kind = Element::Kind::Symbol;
        element.symbol = symbolOf(item);
        element.occurrence = toInt(m_form.occurrences.size());
        m_form.occurrences.push_back(element.symbol);
        break;
    }
    return element;
  }

  int symbolOf(const Item& item) {
    const bool is_literal = item.kind == Item::Kind::Token;
    const std::string text = is_literal ? std::to_string(item.token) : item.name;
    for (int i = 0; i < toInt(m_form.symbols.size()); ++i) {
      if (m_form.symbols[at(i)].text == text) {
        return i;
      }
    }
    Symbol symbol;
    symbol.text = text;
    symbol.is_literal = is_literal;
    symbol.kind = item.kind == Item::Kind::Key ? RoleInfo::Kind::Key : RoleInfo::Kind::Anchor;
    symbol.role = roleOf(symbol);
    readDomain(item, symbol);
    symbol.reach = symbol.domain;
    m_form.symbols.push_back(std::move(symbol));
    return toInt(m_form.symbols.size()) - 1;
  }

  std::uint8_t roleOf(const Symbol& symbol) {
    const std::string name =
        (symbol.kind == RoleInfo::Kind::Key ? "key:" : "anchor:") + symbol.text;
    auto& roles = m_plan.roles;
    const auto found = std::find_if(roles.begin(), roles.end(),
                                    [&](const RoleInfo& role) { return role.name == name; });
    const auto index = static_cast<std::size_t>(found - roles.begin());
    if (found == roles.end()) {
      roles.push_back({symbol.kind, name, symbol.text});
      if (index == kMostRoles) {
        m_errors.add(pattern(), "The patterns have more than " + std::to_string(kMostRoles - 1) +
                                    " different anchors and keys.");
      }
    }
    return static_cast<std::uint8_t>(std::min(index, kMostRoles));
  }

  void readDomain(const Item& item, Symbol& symbol) {
    if (symbol.is_literal) {
      if (item.token >= 1 && item.token < m_plan.d_vocab) {
        symbol.domain = TokenSet({item.token});
      } else {
        m_errors.add(pattern(),
                     item.token == 0 ? "Token 0 is padding and can't stand in a sequence."
                                     : symbol.text + " is not in the vocabulary, which ends at " +
                                           std::to_string(m_plan.d_vocab - 1) + ".",
                     item.span);
      }
      return;
    }
    if (symbol.kind == RoleInfo::Kind::Key) {
      const auto range = m_plan.spec.keys.find(symbol.text);
      if (range == m_plan.spec.keys.end()) {
        symbol.domain = m_plan.noise;
      } else if (ErrorList ignored;  // reported once, by the name in `keys`
                 checkIntervals(range->second, "", "", m_plan.d_vocab, ignored)) {
        symbol.domain = TokenSet::of(range->second);
      }
      return;
    }
    readAnchorDomain(item, symbol);
  }

  void readAnchorDomain(const Item& item, Symbol& symbol) {
    const FormSpec& spec = m_plan.spec.forms[at(m_form.index)];
    const auto allowed = spec.anchors.find(symbol.text);
    std::vector<std::int32_t> tokens;
    if (allowed != spec.anchors.end()) {
      tokens = checkedTokens(symbol.text, allowed->second);
    } else {
      for (const AnchorSpec& anchor : m_plan.spec.anchors) {
        if (anchor.token >= 1 && anchor.token < m_plan.d_vocab) {
          tokens.push_back(anchor.token);
        }
      }
      if (m_plan.spec.anchors.empty()) {
        m_errors.add(pattern(),
                     symbol.text +
                         " has no token to take: add rows to anchors, or name its tokens "
                         "in the form's anchors, such as {\"" +
                         symbol.text + "\": [1, 2]}.",
                     item.span);
      }
    }
    symbol.domain = TokenSet(std::move(tokens));
  }

  std::vector<std::int32_t> checkedTokens(const std::string& name, const std::vector<int>& tokens) {
    const std::string pointer = pointerTo("forms", at(m_form.index), "anchors/" + escaped(name));
    if (tokens.empty()) {
      m_errors.add(pointer, name + " has no tokens: name at least one, or leave " + name +
                                " out to allow every anchor.");
    }
    std::set<std::int32_t> good;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::string here = pointer + "/" + std::to_string(i);
      if (checkToken(tokens[i], here, "A token of " + name, m_plan.d_vocab, m_errors) &&
          !good.insert(tokens[i]).second) {
        m_errors.add(here, std::to_string(tokens[i]) + " stands twice in the tokens of " + name +
                               ": all are equally likely.");
      }
    }
    return {good.begin(), good.end()};
  }

  std::string pattern() const { return pointerTo("forms", at(m_form.index), "pattern"); }

  TaskPlan& m_plan;
  FormPlan& m_form;
  ErrorList& m_errors;
};

bool isVariable(const FormPlan& form, const std::string& name) {
  return std::any_of(form.symbols.begin(), form.symbols.end(), [&](const Symbol& symbol) {
    return symbol.kind == RoleInfo::Kind::Anchor && !symbol.is_literal && symbol.text == name;
  });
}

std::string variablesText(const FormPlan& form) {
  std::vector<std::string> names;
  for (const Symbol& symbol : form.symbols) {
    if (symbol.kind == RoleInfo::Kind::Anchor && !symbol.is_literal) {
      names.push_back(symbol.text);
    }
  }
  return names.empty() ? "it has no anchor variables"
                       : "its anchor variables are " + listText(names);
}

/// Names in the form's `anchors` and `distinct` that its pattern does not have.
void checkNames(const TaskPlan& plan, const FormPlan& form, ErrorList& errors) {
  const FormSpec& spec = plan.spec.forms[at(form.index)];
  const auto unknown = [&](const std::string& pointer, const std::string& name) {
    errors.add(pointer, "The pattern has no " + name + ": " + variablesText(form) + ".");
  };
  for (const auto& [name, tokens] : spec.anchors) {
    if (!isVariable(form, name)) {
      unknown(pointerTo("forms", at(form.index), "anchors/" + escaped(name)), name);
    }
  }
  for (std::size_t g = 0; g < spec.distinct.size(); ++g) {
    const std::string pointer = pointerTo("forms", at(form.index), "distinct/" + std::to_string(g));
    std::set<std::string> names;
    for (std::size_t i = 0; i < spec.distinct[g].size(); ++i) {
      const std::string& name = spec.distinct[g][i];
      if (!isVariable(form, name)) {
        unknown(pointer + "/" + std::to_string(i), name);
      } else if (!names.insert(name).second) {
        errors.add(pointer + "/" + std::to_string(i),
                   name + " stands twice: it can't differ from itself.");
      }
    }
    if (spec.distinct[g].size() < 2) {
      errors.add(pointer, "Two or more variables can differ from each other, not " +
                              std::to_string(spec.distinct[g].size()) + ".");
    }
  }
}

}  // namespace

void readSymbols(TaskPlan& plan, FormPlan& form, ErrorList& errors) {
  form.elements = SymbolReader(plan, form, errors).read(form.pattern.items);
  if (toInt(form.symbols.size()) > kMaxSymbols) {
    errors.add(pointerTo("forms", at(form.index), "pattern"),
               "The pattern has " + std::to_string(form.symbols.size()) +
                   " different anchors and keys: at most " + std::to_string(kMaxSymbols) +
                   " are possible.");
  }
  checkNames(plan, form, errors);
}

}  // namespace anchorlens::core

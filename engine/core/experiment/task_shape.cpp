// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/task_shape.h"

#include "engine/core/language/language.h"

#include <algorithm>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

template <typename Visit>
void forEachItem(const Sequence& items, const Visit& visit) {
  for (const Item& item : items) {
    visit(item);
    for (const Sequence& block : item.blocks) {
      forEachItem(block, visit);
    }
  }
}

template <typename Visit>
void forEachExpr(const Expr& expr, const Visit& visit) {
  visit(expr);
  for (const Expr& arg : expr.args) {
    forEachExpr(arg, visit);
  }
}

template <typename T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

template <typename T>
void addOnce(std::vector<T>& values, const T& value) {
  if (!contains(values, value)) {
    values.push_back(value);
  }
}

std::vector<std::string> namesOf(const Pattern& pattern, Item::Kind kind) {
  std::vector<std::string> names;
  forEachItem(pattern.items, [&](const Item& item) {
    if (item.kind == kind) {
      addOnce(names, item.name);
    }
  });
  return names;
}

std::vector<Pattern> patternsOf(const TaskSpec& task) {
  std::vector<Pattern> patterns;
  for (const FormSpec& form : task.forms) {
    if (auto pattern = parsePattern(form.pattern)) {
      patterns.push_back(std::move(*pattern));
    }
  }
  return patterns;
}

/// Fewest tokens of a sequence, and whether it can have more.
struct Extent {
  int least = 0;
  bool has_gap = false;
};

Extent extentOf(const Sequence& items, std::size_t begin, std::size_t end) {
  Extent extent;
  for (std::size_t i = begin; i < end; ++i) {
    extent.has_gap = extent.has_gap || items[i].kind == Item::Kind::Gap;
    extent.least += items[i].kind != Item::Kind::Gap && items[i].kind != Item::Kind::Blocks;
    for (const Sequence& block : items[i].blocks) {
      const Extent inner = extentOf(block, 0, block.size());
      extent.least += inner.least;
      extent.has_gap = extent.has_gap || inner.has_gap;
    }
  }
  return extent;
}

void addPositions(const Pattern& pattern, const std::string& name, int length,
                  std::set<int>& positions) {
  const Sequence& items = pattern.items;
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    bool has_name = false;
    forEachItem({item}, [&](const Item& inner) {
      has_name = has_name || (inner.kind == Item::Kind::Key && inner.name == name);
    });
    return has_name;
  });
  if (found == items.end()) {
    return;
  }
  const auto place = static_cast<std::size_t>(found - items.begin());
  const Extent before = extentOf(items, 0, place);
  const Extent own = extentOf(items, place, place + 1);
  const Extent after = extentOf(items, place + 1, items.size());
  const int slack = length - before.least - own.least - after.least;
  if (slack < 0) {
    return;
  }
  // A block may stand anywhere among the others: the range is what the braces reach over.
  const bool starts_free = before.has_gap;
  const bool ends_free = after.has_gap || own.has_gap;
  const int first = before.least + (starts_free && !ends_free ? slack : 0);
  const int last = before.least + own.least - 1 + (starts_free || own.has_gap ? slack : 0);
  for (int position = first; position <= last; ++position) {
    positions.insert(position);
  }
}

}  // namespace

std::vector<std::string> anchorVariables(const Pattern& pattern) {
  return namesOf(pattern, Item::Kind::Anchor);
}

std::vector<std::string> keyVariables(const Pattern& pattern) {
  return namesOf(pattern, Item::Kind::Key);
}

std::vector<std::string> keyVariables(const TaskSpec& task) {
  std::vector<std::string> names;
  for (const Pattern& pattern : patternsOf(task)) {
    for (const std::string& name : keyVariables(pattern)) {
      addOnce(names, name);
    }
  }
  return names;
}

std::vector<int> appliedTokens(const Pattern& pattern) {
  std::set<int> tokens;
  forEachExpr(pattern.target, [&](const Expr& expr) {
    if (expr.kind == Expr::Kind::Apply && expr.anchor.isLiteral()) {
      tokens.insert(expr.anchor.token);
    }
  });
  return {tokens.begin(), tokens.end()};
}

std::vector<int> appliedTokens(const TaskSpec& task) {
  std::set<int> tokens;
  for (const Pattern& pattern : patternsOf(task)) {
    const auto own = appliedTokens(pattern);
    tokens.insert(own.begin(), own.end());
  }
  return {tokens.begin(), tokens.end()};
}

std::vector<int> allowedTokens(const TaskSpec& task, const FormSpec& form,
                               const std::string& name) {
  if (const auto own = form.anchors.find(name); own != form.anchors.end()) {
    return own->second;
  }
  std::vector<int> tokens;
  for (const AnchorSpec& anchor : task.anchors) {
    addOnce(tokens, anchor.token);
  }
  return tokens;
}

std::vector<CombinationPage> combinationPages(const TaskSpec& task) {
  std::vector<CombinationPage> pages;
  for (std::size_t i = 0; i < task.forms.size(); ++i) {
    const auto pattern = parsePattern(task.forms[i].pattern);
    const auto variables = pattern ? anchorVariables(*pattern) : std::vector<std::string>();
    if (variables.empty() || variables.size() > 2) {
      continue;
    }
    auto page = std::find_if(pages.begin(), pages.end(), [&](const CombinationPage& other) {
      return other.variables == variables;
    });
    if (page == pages.end()) {
      page = pages.insert(pages.end(), {variables, {}, i});
      page->tokens.resize(variables.size());
    }
    for (std::size_t v = 0; v < variables.size(); ++v) {
      for (const int token : allowedTokens(task, task.forms[i], variables[v])) {
        addOnce(page->tokens[v], token);
      }
    }
  }
  return pages;
}

bool isOnPage(const CombinationPage& page, const std::map<std::string, int>& values) {
  bool is_on = values.size() == page.variables.size();
  for (std::size_t v = 0; v < page.variables.size() && is_on; ++v) {
    const auto value = values.find(page.variables[v]);
    is_on = value != values.end() && contains(page.tokens[v], value->second);
  }
  return is_on;
}

bool isDrawn(const TaskSpec& task, const CombinationPage& page,
             const std::map<std::string, int>& values) {
  return std::any_of(task.forms.begin(), task.forms.end(), [&](const FormSpec& form) {
    const auto pattern = parsePattern(form.pattern);
    if (!pattern || anchorVariables(*pattern) != page.variables) {
      return false;
    }
    const bool is_allowed =
        std::all_of(page.variables.begin(), page.variables.end(), [&](const std::string& name) {
          return contains(allowedTokens(task, form, name), values.at(name));
        });
    return is_allowed &&
           std::none_of(form.distinct.begin(), form.distinct.end(), [&](const auto& group) {
             return page.variables.size() == 2 && contains(group, page.variables[0]) &&
                    contains(group, page.variables[1]) &&
                    values.at(page.variables[0]) == values.at(page.variables[1]);
           });
  });
}

const Intervals& keyIntervals(const TaskSpec& task, const std::string& name) {
  const auto own = task.keys.find(name);
  return own == task.keys.end() ? task.noise : own->second;
}

std::string residueKeyOf(const TaskSpec& task) {
  for (const Pattern& pattern : patternsOf(task)) {
    std::string key;
    bool has_match = false;
    forEachExpr(pattern.target, [&](const Expr& expr) {
      has_match = has_match || expr.kind == Expr::Kind::Match;
      const bool has_key = expr.kind == Expr::Kind::Name || expr.kind == Expr::Kind::Nearest;
      key = key.empty() && has_key ? expr.name : key;
    });
    if (has_match || !key.empty()) {
      return has_match ? "answer" : key;
    }
  }
  return "x";
}

std::vector<int> keyPositions(const TaskSpec& task, const std::string& name) {
  std::set<int> positions;
  for (const Pattern& pattern : patternsOf(task)) {
    std::vector<std::string> keys{name};
    if (name == "answer") {
      keys.clear();
      forEachExpr(pattern.target, [&](const Expr& expr) {
        for (const SelectorArm& arm : expr.arms) {
          keys.push_back(arm.key);
        }
      });
    }
    for (const std::string& key : keys) {
      for (const int length : task.seq_len) {
        if (length >= 1 && length <= 1024) {
          addPositions(pattern, key, length, positions);
        }
      }
    }
  }
  return {positions.begin(), positions.end()};
}

}  // namespace anchorlens::core

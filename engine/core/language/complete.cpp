// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/complete.h"

#include "engine/core/language/edit.h"
#include "engine/core/language/lexer.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

using Texts = std::vector<std::string>;

void addOnce(Texts& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end())
    texts.push_back(std::move(text));
}

/// The items in reading order, without braces and noise.
void flatten(const Sequence& items, Sequence& flat) {
  for (const Item& item : items) {
    if (item.kind == Item::Kind::Blocks) {
      for (const Sequence& block : item.blocks)
        flatten(block, flat);
    } else if (item.kind != Item::Kind::Gap && item.kind != Item::Kind::Noise) {
      flat.push_back(item);
    }
  }
}

std::string labelOf(const Item& item) {
  return item.kind == Item::Kind::Token ? std::to_string(item.token) : item.name;
}

bool isLabel(const Item& item) {
  return item.kind == Item::Kind::Token || item.kind == Item::Kind::Anchor;
}

/// match(Q; 1:x, 2:y) for labels before keys and an anchor at the end; nearest(w; x:A, y:B) for
/// anchors behind keys and a key at the end. Empty with fewer than two pairs.
std::string selector(const Sequence& flat) {
  if (flat.empty())
    return {};
  const Item& question = flat.back();
  const bool is_match = question.kind == Item::Kind::Anchor;
  if (!is_match && question.kind != Item::Kind::Key)
    return {};
  Texts labels;
  std::string arms;
  for (std::size_t i = 0; i + 2 < flat.size(); ++i) {
    const Item& first = flat[i];
    const Item& second = flat[i + 1];
    const bool is_pair = is_match ? isLabel(first) && second.kind == Item::Kind::Key
                                  : first.kind == Item::Kind::Key && isLabel(second);
    const std::string label = labelOf(first);
    if (!is_pair || std::find(labels.begin(), labels.end(), label) != labels.end() ||
        (!is_match && first.name == question.name))
      continue;
    labels.push_back(label);
    arms += (arms.empty() ? "" : ", ") + label + ":" + labelOf(second);
    ++i;
  }
  if (labels.size() < 2)
    return {};
  return (is_match ? "match(" : "nearest(") + question.name + "; " + arms + ")";
}

bool isWordChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The sequence of a text that may end anywhere: the longest beginning that parses.
Sequence itemsOf(std::string_view text) {
  const std::size_t arrow = std::min(text.find("->"), text.find("\xE2\x86\x92"));
  std::string_view rest = text.substr(0, std::min(arrow, language::kMaxTextBytes));
  for (int tries = 0; tries < 64 && !rest.empty(); ++tries) {
    const auto items = parseItems(rest);
    if (items)
      return *items;
    rest = rest.substr(0, rest.find_last_of(" \t", rest.size() - 1) == rest.npos
                              ? 0
                              : rest.find_last_of(" \t", rest.size() - 1));
  }
  return {};
}

Texts sequenceTexts(const Sequence& items, const std::vector<int>& anchor_tokens) {
  Texts texts;
  for (const auto kind : {Item::Kind::Key, Item::Kind::Anchor}) {
    for (const std::string& name : namesOf(items, kind))
      addOnce(texts, name);
    addOnce(texts, freshName(Pattern{items, {}}, kind));
  }
  for (const int token : anchor_tokens)
    addOnce(texts, std::to_string(token));
  for (const char* text : {"*", "_", "{ x | y }", "->"})
    addOnce(texts, text);
  return texts;
}

Texts targetTexts(const Sequence& items) {
  Texts texts = suggestedTargets(items);
  const auto keys = namesOf(items, Item::Kind::Key);
  const std::string x = keys.empty() ? "x" : keys[0];
  const std::string y = keys.size() > 1 ? keys[1] : x;
  addOnce(texts, "min(" + x + ", " + y + ")");
  addOnce(texts, "max(" + x + ", " + y + ")");
  addOnce(texts, "abs(" + x + "-" + y + ")");
  addOnce(texts, "mod 2");
  addOnce(texts, "match(Q; 1:x, 2:y)");
  addOnce(texts, "nearest(z; x:A, y:B)");
  return texts;
}

}  // namespace

std::vector<std::string> suggestedTargets(const Sequence& items) {
  Sequence flat;
  flatten(items, flat);
  Texts texts;
  const std::string chosen = selector(flat);
  if (!chosen.empty())
    texts.push_back(chosen);
  const auto keys = namesOf(items, Item::Kind::Key);
  const auto anchors = namesOf(items, Item::Kind::Anchor);
  if (keys.size() == 1 && anchors.size() > 1) {
    std::string composed = keys[0];
    for (const std::string& anchor : anchors)
      composed = anchor + "(" + composed + ")";
    addOnce(texts, composed);
  }
  for (const std::string& anchor : anchors) {
    for (const std::string& key : keys)
      addOnce(texts, anchor + "(" + key + ")");
    if (keys.size() == 2)
      addOnce(texts, anchor + "(" + keys[0] + ", " + keys[1] + ")");
  }
  for (const std::string& key : keys)
    addOnce(texts, key);
  return texts;
}

Completions completionsAt(std::string_view text, int column,
                          const std::vector<int>& anchor_tokens) {
  const auto end = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(column, 0, static_cast<std::ptrdiff_t>(text.size())));
  std::size_t begin = end;
  while (begin > 0 && isWordChar(text[begin - 1]))
    --begin;
  Completions result;
  result.replaced = {static_cast<int>(begin), static_cast<int>(end)};
  // In the middle of a word nothing can be completed.
  if (end < text.size() && isWordChar(text[end]))
    return result;
  const std::string_view before = text.substr(0, begin);
  const bool in_target =
      before.find("->") != before.npos || before.find("\xE2\x86\x92") != before.npos;
  const Sequence items = itemsOf(text);
  const std::string_view word = text.substr(begin, end - begin);
  Texts all = in_target ? targetTexts(items) : sequenceTexts(items, anchor_tokens);
  for (std::string& candidate : all) {
    if (candidate.size() > word.size() && std::string_view(candidate).starts_with(word))
      result.texts.push_back(std::move(candidate));
  }
  return result;
}

}  // namespace anchorlens::core

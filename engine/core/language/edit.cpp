// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/edit.h"

#include <algorithm>
#include <utility>

namespace anchorlens::core {
namespace {

using Index = std::ptrdiff_t;

/// The sequence that the last step of a path counts in; null when there is none.
Sequence* sequenceOf(Sequence& items, const ItemPath& path) {
  Sequence* sequence = &items;
  for (std::size_t i = 0; i + 2 < path.size(); i += 2) {
    const auto item = static_cast<std::size_t>(path[i]);
    const auto block = static_cast<std::size_t>(path[i + 1]);
    if (item >= sequence->size() || block >= (*sequence)[item].blocks.size())
      return nullptr;
    sequence = &(*sequence)[item].blocks[block];
  }
  return path.empty() ? nullptr : sequence;
}

/// Joins adjacent gaps and takes away blocks that have become empty or have no order. `at` follows
/// its item.
void normalise(Sequence& items, ItemPath& at, std::size_t depth = 0);

void joinGaps(Sequence& items, ItemPath& at, std::size_t depth) {
  const bool follows = depth < at.size();
  for (std::size_t i = 1; i < items.size();) {
    if (items[i].kind != Item::Kind::Gap || items[i - 1].kind != Item::Kind::Gap) {
      ++i;
      continue;
    }
    items.erase(items.begin() + static_cast<Index>(i));
    if (follows && at[depth] >= static_cast<int>(i))
      --at[depth];
  }
}

/// The blocks of one item; false when the item is to go.
void tidyBlocks(Sequence& items, std::size_t i, ItemPath& at, std::size_t depth) {
  Item& item = items[i];
  const bool is_inside = at.size() > depth + 2 && at[depth] == static_cast<int>(i);
  for (std::size_t b = 0; b < item.blocks.size();) {
    ItemPath own = is_inside && at[depth + 1] == static_cast<int>(b) ? at : ItemPath{};
    normalise(item.blocks[b], own, own.empty() ? 0 : depth + 2);
    if (!own.empty())
      at = own;
    if (!item.blocks[b].empty()) {
      ++b;
      continue;
    }
    item.blocks.erase(item.blocks.begin() + static_cast<Index>(b));
    if (is_inside && at.size() > depth + 2 && at[depth + 1] > static_cast<int>(b)) {
      --at[depth + 1];
    } else if (is_inside && at.size() > depth + 2 && at[depth + 1] == static_cast<int>(b)) {
      at.resize(depth + 1);  // what was meant is gone: the blocks themselves
    }
  }
}

void normalise(Sequence& items, ItemPath& at, std::size_t depth) {
  for (std::size_t i = 0; i < items.size();) {
    if (items[i].kind != Item::Kind::Blocks) {
      ++i;
      continue;
    }
    tidyBlocks(items, i, at, depth);
    const std::size_t n_blocks = items[i].blocks.size();
    if (n_blocks > 1) {
      ++i;
      continue;
    }
    const Sequence inner = n_blocks == 1 ? items[i].blocks[0] : Sequence{};
    const auto n_inner = static_cast<int>(inner.size());
    items.erase(items.begin() + static_cast<Index>(i));
    items.insert(items.begin() + static_cast<Index>(i), inner.begin(), inner.end());
    if (depth < at.size() && at[depth] == static_cast<int>(i)) {
      if (at.size() > depth + 2) {
        const int within = at[depth + 2];
        at.erase(at.begin() + static_cast<Index>(depth),
                 at.begin() + static_cast<Index>(depth) + 2);
        at[depth] = static_cast<int>(i) + within;
      }
    } else if (depth < at.size() && at[depth] > static_cast<int>(i)) {
      at[depth] += n_inner - 1;
    }
    i += inner.size();
  }
  joinGaps(items, at, depth);
}

EditedItems finished(Sequence items, ItemPath at) {
  normalise(items, at);
  // Gone with the last item of its sequence: the one before it, or the blocks around.
  while (!at.empty() && itemAt(items, at) == nullptr) {
    if (at.back() > 0)
      --at.back();
    else if (at.size() > 2)
      at.resize(at.size() - 2);
    else
      break;
  }
  return {std::move(items), std::move(at)};
}

void collectPaths(const Sequence& items, const ItemPath& prefix, bool with_places,
                  std::vector<ItemPath>& all) {
  ItemPath path = prefix;
  path.push_back(0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    path.back() = static_cast<int>(i);
    all.push_back(path);
    for (std::size_t b = 0; b < items[i].blocks.size(); ++b) {
      ItemPath inner = path;
      inner.push_back(static_cast<int>(b));
      collectPaths(items[i].blocks[b], inner, with_places, all);
    }
  }
  if (with_places) {
    path.back() = static_cast<int>(items.size());
    all.push_back(path);
  }
}

bool isWithin(const ItemPath& path, const ItemPath& item) {
  return path.size() > item.size() && std::equal(item.begin(), item.end(), path.begin());
}

/// `path` after the item at `removed` has gone; the tree is not normalised yet.
ItemPath pathWithout(ItemPath path, const ItemPath& removed) {
  const std::size_t last = removed.size() - 1;
  if (path.size() > last && std::equal(removed.begin(), removed.end() - 1, path.begin()) &&
      path[last] > removed[last])
    --path[last];
  return path;
}

bool isNoise(const Item& item) {
  return item.kind == Item::Kind::Gap || item.kind == Item::Kind::Noise;
}

}  // namespace

const Item* itemAt(const Sequence& items, const ItemPath& path) {
  const Sequence* sequence = sequenceOf(const_cast<Sequence&>(items), path);
  if (sequence == nullptr || path.back() < 0 ||
      static_cast<std::size_t>(path.back()) >= sequence->size())
    return nullptr;
  return &(*sequence)[static_cast<std::size_t>(path.back())];
}

std::vector<ItemPath> itemPaths(const Sequence& items) {
  std::vector<ItemPath> all;
  collectPaths(items, {}, false, all);
  return all;
}

std::vector<ItemPath> insertionPoints(const Sequence& items) {
  std::vector<ItemPath> all;
  collectPaths(items, {}, true, all);
  return all;
}

EditedItems insertItems(Sequence items, const ItemPath& at, const Sequence& inserted) {
  Sequence* sequence = sequenceOf(items, at);
  if (sequence == nullptr || at.back() < 0 || at.back() > static_cast<int>(sequence->size()))
    return {std::move(items), at};
  sequence->insert(sequence->begin() + at.back(), inserted.begin(), inserted.end());
  return finished(std::move(items), at);
}

EditedItems removeItem(Sequence items, const ItemPath& path) {
  if (itemAt(items, path) == nullptr || (items.size() == 1 && path.size() == 1))
    return {std::move(items), path};
  Sequence* sequence = sequenceOf(items, path);
  sequence->erase(sequence->begin() + path.back());
  return finished(std::move(items), path);
}

EditedItems moveItem(Sequence items, const ItemPath& from, const ItemPath& to) {
  const Item* found = itemAt(items, from);
  const Sequence* target = sequenceOf(items, to);
  if (found == nullptr || target == nullptr || to.back() < 0 ||
      to.back() > static_cast<int>(target->size()) || isWithin(to, from))
    return {std::move(items), from};
  const Item item = *found;
  Sequence* source = sequenceOf(items, from);
  source->erase(source->begin() + from.back());
  const ItemPath place = pathWithout(to, from);
  Sequence* sequence = sequenceOf(items, place);
  sequence->insert(sequence->begin() + place.back(), item);
  return finished(std::move(items), place);
}

EditedItems replaceItem(Sequence items, const ItemPath& path, const Sequence& with) {
  if (itemAt(items, path) == nullptr || with.empty())
    return {std::move(items), path};
  Sequence* sequence = sequenceOf(items, path);
  sequence->erase(sequence->begin() + path.back());
  sequence->insert(sequence->begin() + path.back(), with.begin(), with.end());
  return finished(std::move(items), path);
}

EditedItems shiftItem(Sequence items, const ItemPath& path, int by) {
  const auto points = insertionPoints(items);
  const auto own = std::find(points.begin(), points.end(), path);
  if (own == points.end())
    return {std::move(items), path};
  const Index step = by < 0 ? -1 : 1;
  for (Index i = own - points.begin() + step; i >= 0 && i < std::ssize(points); i += step) {
    EditedItems moved = moveItem(items, path, points[static_cast<std::size_t>(i)]);
    if (!(moved.items == items))
      return moved;
  }
  return {std::move(items), path};
}

EditedItems addBlock(Sequence items, const ItemPath& path, const Sequence& block) {
  const Item* found = itemAt(items, path);
  if (found == nullptr || block.empty())
    return {std::move(items), path};
  ItemPath blocks = path;
  int place = static_cast<int>(found->blocks.size());
  if (found->kind != Item::Kind::Blocks) {
    if (path.size() < 3)
      return {std::move(items), path};
    place = path[path.size() - 2] + 1;
    blocks.resize(path.size() - 2);
  }
  auto* item = const_cast<Item*>(itemAt(items, blocks));
  item->blocks.insert(item->blocks.begin() + place, block);
  blocks.push_back(place);
  blocks.push_back(0);
  return finished(std::move(items), blocks);
}

Placement placementOf(const Sequence& items) {
  if (items.empty())
    return {};
  if (items.front().kind == Item::Kind::Gap) {
    const bool is_last = items.size() > 1 && items.back().kind != Item::Kind::Gap;
    return {is_last ? Placement::Kind::Last : Placement::Kind::Anywhere, 0};
  }
  int offset = 0;
  while (offset < static_cast<int>(items.size()) &&
         items[static_cast<std::size_t>(offset)].kind == Item::Kind::Noise)
    ++offset;
  return {Placement::Kind::Fixed, offset};
}

Sequence withPlacement(Sequence items, const Placement& placement) {
  // A sequence that began at a fixed place keeps its own end: `1 x * Q` ends in its question.
  const bool keeps_end = placement.kind == Placement::Kind::Fixed &&
                         placementOf(items).kind == Placement::Kind::Fixed && !items.empty() &&
                         items.back().kind != Item::Kind::Gap;
  const auto first = std::find_if_not(items.begin(), items.end(), isNoise);
  items.erase(items.begin(), first);
  while (!items.empty() && items.back().kind == Item::Kind::Gap)
    items.pop_back();
  Item gap;
  Item noise;
  noise.kind = Item::Kind::Noise;
  if (placement.kind == Placement::Kind::Fixed)
    items.insert(items.begin(), static_cast<std::size_t>(std::max(0, placement.offset)), noise);
  else
    items.insert(items.begin(), gap);
  if (placement.kind != Placement::Kind::Last && !keeps_end)
    items.push_back(gap);
  if (items.empty())
    items.push_back(gap);
  ItemPath none;
  normalise(items, none);
  return items;
}

namespace {

void collectNames(const Sequence& items, Item::Kind kind, std::vector<std::string>& names) {
  for (const Item& item : items) {
    if (item.kind == kind && std::find(names.begin(), names.end(), item.name) == names.end())
      names.push_back(item.name);
    for (const Sequence& block : item.blocks)
      collectNames(block, kind, names);
  }
}

void collectNames(const Expr& expr, std::vector<std::string>& names) {
  names.push_back(expr.name);
  names.push_back(expr.anchor.name);
  for (const SelectorArm& arm : expr.arms) {
    names.push_back(arm.key);
    names.push_back(arm.anchor.name);
  }
  for (const Expr& arg : expr.args)
    collectNames(arg, names);
}

}  // namespace

std::vector<std::string> namesOf(const Sequence& items, Item::Kind kind) {
  std::vector<std::string> names;
  collectNames(items, kind, names);
  return names;
}

std::string freshName(const Pattern& pattern, Item::Kind kind) {
  std::vector<std::string> used = namesOf(pattern.items, kind);
  collectNames(pattern.target, used);
  const std::vector<std::string> letters =
      kind == Item::Kind::Anchor ? std::vector<std::string>{"A", "B", "C", "D", "E"}
                                 : std::vector<std::string>{"x", "y", "z", "u", "v", "w"};
  for (int round = 0;; ++round) {
    for (const std::string& letter : letters) {
      const std::string name = round == 0 ? letter : letter + std::to_string(round);
      if (std::find(used.begin(), used.end(), name) == used.end())
        return name;
    }
  }
}

namespace {

void renameIn(Sequence& items, Item::Kind kind, const std::string& from, const std::string& to) {
  for (Item& item : items) {
    if (item.kind == kind && item.name == from)
      item.name = to;
    for (Sequence& block : item.blocks)
      renameIn(block, kind, from, to);
  }
}

void renameIn(Expr& expr, Item::Kind kind, const std::string& from, const std::string& to) {
  const auto rename = [&](std::string& name) {
    if (name == from)
      name = to;
  };
  rename(kind == Item::Kind::Key ? expr.name : expr.anchor.name);
  for (SelectorArm& arm : expr.arms)
    rename(kind == Item::Kind::Key ? arm.key : arm.anchor.name);
  for (Expr& arg : expr.args)
    renameIn(arg, kind, from, to);
}

}  // namespace

void renameVariable(Pattern& pattern, Item::Kind kind, const std::string& from,
                    const std::string& to) {
  renameIn(pattern.items, kind, from, to);
  renameIn(pattern.target, kind, from, to);
}

int countName(const Sequence& items, Item::Kind kind, const std::string& name) {
  int count = 0;
  for (const Item& item : items) {
    count += item.kind == kind && item.name == name ? 1 : 0;
    for (const Sequence& block : item.blocks)
      count += countName(block, kind, name);
  }
  return count;
}

Expected<Sequence, LanguageError> parseItems(std::string_view text) {
  auto pattern = parsePattern(std::string(text) + " -> 0");
  if (pattern)
    return std::move(pattern->items);
  LanguageError error = pattern.error();
  error.column = std::min(error.column, static_cast<int>(text.size()));
  if (text.find("->") != text.npos)
    error.message = "The arrow stands between the sequence and the answer: items have none.";
  else if (text.find_first_not_of(" \t\r\n") == text.npos)
    error.message = "Expected an item: * _ a token, a key, an anchor or {.";
  return Unexpected(std::move(error));
}

Expected<Expr, LanguageError> parseTarget(std::string_view text) {
  constexpr std::string_view kBefore = "_ -> ";
  auto pattern = parsePattern(std::string(kBefore) + std::string(text));
  if (pattern)
    return std::move(pattern->target);
  LanguageError error = pattern.error();
  error.column = std::max(0, error.column - static_cast<int>(kBefore.size()));
  return Unexpected(std::move(error));
}

}  // namespace anchorlens::core

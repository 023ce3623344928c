// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/language/language.h"

#include <string>
#include <string_view>
#include <vector>

/// Edits of a pattern's syntax tree: what chips do. Pure; the result always prints to a text that
/// parses to it (within the language's limits). Spans are meaningless afterwards.
namespace anchorlens::core {

/// Where an item stands: its index in the sequence; inside blocks {item, block, item, ...}.
using ItemPath = std::vector<int>;

/// A changed sequence and where the item that was meant is now. After a removal: its neighbour.
struct EditedItems {
  Sequence items;
  ItemPath at;
};

/// Null when nothing stands there.
const Item* itemAt(const Sequence& items, const ItemPath& path);
/// Every item in reading order; blocks come before what is in them.
std::vector<ItemPath> itemPaths(const Sequence& items);
/// Every place where an item can be put, in reading order: before the item of that path, or behind
/// the last one of its sequence.
std::vector<ItemPath> insertionPoints(const Sequence& items);

/// `at` is one of insertionPoints(). A gap beside a gap becomes one with it.
EditedItems insertItems(Sequence items, const ItemPath& at, const Sequence& inserted);
/// The last item of all stays: a pattern needs a sequence. A block that becomes empty goes; one
/// block that is left alone has no order, and its items take the place of the braces.
EditedItems removeItem(Sequence items, const ItemPath& path);
/// `to` is one of insertionPoints() of the sequence as it is; not inside the moved item.
EditedItems moveItem(Sequence items, const ItemPath& from, const ItemPath& to);
EditedItems replaceItem(Sequence items, const ItemPath& path, const Sequence& with);
/// One place along the insertion points, forwards or backwards; the same when there is none.
EditedItems shiftItem(Sequence items, const ItemPath& path, int by);
/// Another block beside the one that `path` lies in, or beside the last one of the blocks there.
EditedItems addBlock(Sequence items, const ItemPath& path, const Sequence& block);

/// Where the sequence leaves room for noise: only its gaps at both ends say so.
struct Placement {
  enum class Kind {
    Anywhere,  ///< `* 3 x *`
    Fixed,     ///< `_ _ 3 x *`: begins at `offset`
    Last,      ///< `* 3 x`
  };
  Kind kind = Kind::Anywhere;
  int offset = 0;
  bool operator==(const Placement&) const = default;
};
Placement placementOf(const Sequence& items);
/// Changes the noise at both ends and nothing else. From one fixed place to another the end stays.
Sequence withPlacement(Sequence items, const Placement& placement);

/// A name of the kind (Key or Anchor) that the pattern does not use yet: x, y, z, x1; A, B, C, A1.
std::string freshName(const Pattern& pattern, Item::Kind kind);
/// Names of the keys or anchor variables of the sequence, in order of first use.
std::vector<std::string> namesOf(const Sequence& items, Item::Kind kind);

/// The variable under another name, in the sequence and in the answer.
void renameVariable(Pattern& pattern, Item::Kind kind, const std::string& from,
                    const std::string& to);
/// How often a key or anchor variable stands in the sequence.
int countName(const Sequence& items, Item::Kind kind, const std::string& name);

/// Items alone, as in `A x *`; columns are those of the text.
Expected<Sequence, LanguageError> parseItems(std::string_view text);
/// A target alone, as in `B(A(x))`.
Expected<Expr, LanguageError> parseTarget(std::string_view text);

}  // namespace anchorlens::core

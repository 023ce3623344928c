// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/language/random_tree.h"

#include <algorithm>

namespace anchorlens::test {

using core::AnchorRef;
using core::Expr;
using core::Item;
using core::Operation;
using core::Pattern;
using core::SelectorArm;
using core::Sequence;

std::string RandomTree::name(bool is_anchor) {
  std::string text(1, static_cast<char>((is_anchor ? 'A' : 'a') + below(26)));
  while (below(3) == 0) {
    text += static_cast<char>('0' + below(10));
  }
  return text;
}

AnchorRef RandomTree::anchor() {
  return below(3) == 0 ? AnchorRef{"", below(200)} : AnchorRef{name(true), 0};
}

Pattern RandomTree::pattern() {
  return {sequence(2), expression(4, true)};
}

Sequence RandomTree::sequence(int depth) {
  Sequence items;
  const int n = 1 + below(6);
  while (static_cast<int>(items.size()) < n) {
    Item next = item(depth);
    const bool repeats_gap =
        next.kind == Item::Kind::Gap && !items.empty() && items.back().kind == Item::Kind::Gap;
    if (!repeats_gap) {
      items.push_back(std::move(next));
    }
  }
  return items;
}

Item RandomTree::item(int depth) {
  Item item;
  item.kind = static_cast<Item::Kind>(below(depth > 0 ? 6 : 5));
  switch (item.kind) {
    case Item::Kind::Token:
      item.token = below(1'000'000);
      break;
    case Item::Kind::Key:
    case Item::Kind::Anchor:
      item.name = name(item.kind == Item::Kind::Anchor);
      break;
    case Item::Kind::Blocks:
      for (int n = 2 + below(3); n > 0; --n) {
        item.blocks.push_back(sequence(depth - 1));
      }
      break;
    default:
      break;
  }
  return item;
}

Expr RandomTree::leaf(bool is_target) {
  Expr expr;
  if (below(2) == 0) {
    expr.value = below(50);
    return expr;
  }
  expr.kind = Expr::Kind::Name;
  expr.name = is_target ? name(false) : std::string(1, static_cast<char>('x' + below(3)));
  return expr;
}

Expr RandomTree::expression(int depth, bool is_target) {
  if (depth == 0 || below(4) == 0) {
    return leaf(is_target);
  }
  if (is_target && below(6) == 0) {
    return selector(below(2) == 0);
  }
  return compound(depth, is_target);
}

Expr RandomTree::compound(int depth, bool is_target) {
  constexpr int kFirst = static_cast<int>(Expr::Kind::Negate);
  constexpr int kLast = static_cast<int>(Expr::Kind::Apply);
  Expr expr;
  expr.kind = static_cast<Expr::Kind>(kFirst + below(kLast - kFirst + (is_target ? 1 : 0)));
  int n = 2;
  switch (expr.kind) {
    case Expr::Kind::Negate:
    case Expr::Kind::Abs:
      n = 1;
      break;
    case Expr::Kind::Min:
    case Expr::Kind::Max:
      n = 2 + below(2);
      break;
    case Expr::Kind::Apply:
      expr.anchor = anchor();
      n = 1 + below(3);
      break;
    default:
      break;
  }
  for (int i = 0; i < n; ++i) {
    expr.args.push_back(expression(depth - 1, is_target));
  }
  if (expr.kind == Expr::Kind::Mod) {
    // A modulus that can be seen to be zero or negative is no text of the language.
    Expr modulus;
    modulus.value = 1 + below(20);
    Expr& right = expr.args.back();
    if (right.kind == Expr::Kind::Integer || right.kind == Expr::Kind::Negate) {
      right = modulus;
    }
  }
  return expr;
}

Expr RandomTree::selector(bool is_match) {
  Expr expr;
  expr.kind = is_match ? Expr::Kind::Match : Expr::Kind::Nearest;
  (is_match ? expr.anchor.name : expr.name) = name(is_match);
  for (int n = 1 + below(4); n > 0; --n) {
    SelectorArm arm{anchor(), name(false), {}};
    const bool repeats =
        std::any_of(expr.arms.begin(), expr.arms.end(), [&](const SelectorArm& other) {
          return is_match ? other.anchor == arm.anchor : other.key == arm.key;
        });
    if (!repeats) {
      expr.arms.push_back(std::move(arm));
    }
  }
  return expr;
}

Operation RandomTree::operation() {
  Operation operation;
  operation.kind = static_cast<Operation::Kind>(below(4));
  switch (operation.kind) {
    case Operation::Kind::Expression:
      operation.branches.push_back({100, expression(4, false)});
      break;
    case Operation::Kind::Stochastic: {
      int left = 100'000'000;  // millionths of a percent
      for (int n = 1 + below(4); n > 0; --n) {
        const int part = 1 + below(left / 2);
        operation.branches.push_back({part / 1e6, expression(3, false)});
        left -= part;
      }
      operation.branches.push_back({left / 1e6, expression(3, false)});
      break;
    }
    case Operation::Kind::Table:
      operation.table_seed = m_random.next();
      break;
    case Operation::Kind::Synonym:
      operation.synonym_of = below(1000);
      break;
  }
  return operation;
}

}  // namespace anchorlens::test

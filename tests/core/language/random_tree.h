// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/ast.h"
#include "engine/core/random.h"

#include <string>

/// Random canonical trees: such as the parser makes from some text.
namespace anchorlens::test {

class RandomTree {
 public:
  explicit RandomTree(core::Random& random) : m_random(random) {}

  core::Pattern pattern();
  core::Operation operation();

 private:
  core::Sequence sequence(int depth);
  core::Item item(int depth);
  core::Expr expression(int depth, bool is_target);
  core::Expr leaf(bool is_target);
  core::Expr compound(int depth, bool is_target);
  core::Expr selector(bool is_match);
  core::AnchorRef anchor();
  std::string name(bool is_anchor);
  int below(int bound) { return static_cast<int>(m_random.below(static_cast<unsigned>(bound))); }

  core::Random& m_random;
};

}  // namespace anchorlens::test

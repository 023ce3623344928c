// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The syntax tree of the anchor-function language (docs/language.md). Plain values; positions are
/// byte offsets into the parsed text, so that a view can mark them.
namespace anchorlens::core {

/// Half-open byte range of the source text. Two trees are equal when their texts mean the same:
/// spans do not take part in comparisons.
struct TextSpan {
  int begin = 0;
  int end = 0;
  bool operator==(const TextSpan&) const { return true; }
};

/// An anchor named in a pattern or target: a variable (`A`) or a literal token (`3`).
struct AnchorRef {
  std::string name;  ///< "" for a literal
  int token = 0;     ///< meaningful for a literal only
  bool isLiteral() const { return name.empty(); }
  /// "A" or "3"
  std::string text() const { return isLiteral() ? std::to_string(token) : name; }
  bool operator==(const AnchorRef&) const = default;
};

/// One arm of match (label: key) or nearest (key: label); the anchor is the label.
struct SelectorArm {
  AnchorRef anchor;
  std::string key;
  TextSpan span;
  bool operator==(const SelectorArm&) const = default;
};

/// An integer expression; also the target of a pattern, an operation's branch and a predicate.
struct Expr {
  enum class Kind {
    Integer,   ///< value, 0 or more as parsed: -5 is Negate of 5
    Name,      ///< name: a key variable of a pattern, or x, y, z of an operation
    Negate,    ///< args[0]
    Add,       ///< args[0] + args[1]
    Subtract,  ///< args[0] - args[1]
    Multiply,  ///< args[0] * args[1]
    Mod,       ///< args[0] mod args[1], in 0..m-1 also for negative numbers
    Min,       ///< smallest of args (two or more)
    Max,       ///< largest of args (two or more)
    Abs,       ///< args[0]
    Apply,     ///< anchor(args...): targets only
    Match,     ///< match(anchor; arms): the key whose anchor equals `anchor`; targets only
    Nearest,   ///< nearest(name; arms): the anchor whose key is nearest to `name`; targets only
  };
  Kind kind = Kind::Integer;
  TextSpan span;
  std::int64_t value = 0;
  std::string name;
  AnchorRef anchor;
  std::vector<Expr> args;
  std::vector<SelectorArm> arms;
  bool operator==(const Expr&) const = default;
};

/// One item of a sequence.
struct Item {
  enum class Kind {
    Gap,     ///< `*`: any number of noise tokens, none included
    Noise,   ///< `_`: exactly one noise token
    Token,   ///< that token, literally
    Key,     ///< lower-case name; the same name twice is the same token
    Anchor,  ///< upper-case name
    Blocks,  ///< `{ a b | b c }`: blocks in random order
  };
  Kind kind = Kind::Gap;
  TextSpan span;
  int token = 0;                          ///< Token
  std::string name;                       ///< Key, Anchor
  std::vector<std::vector<Item>> blocks;  ///< Blocks
  bool operator==(const Item&) const = default;
};

using Sequence = std::vector<Item>;

/// `sequence -> target`
struct Pattern {
  Sequence items;
  Expr target;
  bool operator==(const Pattern&) const = default;
};

/// What an anchor does to its keys.
struct Operation {
  enum class Kind {
    Expression,  ///< branches[0].expression
    Stochastic,  ///< one branch drawn by its percentage; percentages add up to 100
    Table,       ///< a random answer per (key, anchor), uniform over the noise range
    Synonym,     ///< does what another anchor does
  };
  struct Branch {
    double percent = 100;
    Expr expression;
    bool operator==(const Branch&) const = default;
  };
  Kind kind = Kind::Expression;
  std::vector<Branch> branches;  ///< Expression: one; Stochastic: two or more
  std::uint64_t table_seed = 0;  ///< Table
  int synonym_of = 0;            ///< Synonym: the other anchor's token
  bool operator==(const Operation&) const = default;
};

}  // namespace anchorlens::core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/expression_parser.h"
#include "engine/core/language/language.h"
#include "engine/core/language/token_reader.h"

#include <utility>

namespace anchorlens::core {
namespace language {
namespace {

constexpr std::string_view kItems = "an item (* _ a token, a key, an anchor or {)";

class PatternParser {
 public:
  explicit PatternParser(std::string_view text) : m_reader(text) {}

  Expected<Pattern, LanguageError> run() {
    Pattern pattern;
    pattern.items = sequence();
    expectArrow(pattern.items);
    ExpressionParser target(m_reader, Place::Target);
    pattern.target = target.sum();
    target.expectEnd();
    if (m_reader.hasFailed()) {
      return Unexpected(*m_reader.error());
    }
    return pattern;
  }

 private:
  /// Items up to the first token that is none.
  Sequence sequence() {
    Sequence items;
    while (startsItem(m_reader.peek())) {
      Item next = item();
      const bool extends_gap =
          next.kind == Item::Kind::Gap && !items.empty() && items.back().kind == Item::Kind::Gap;
      if (extends_gap) {
        items.back().span = joined(items.back().span, next.span);
      } else {
        items.push_back(std::move(next));
      }
    }
    return items;
  }

  static bool startsItem(const Token& token) {
    switch (token.kind) {
      case Token::Kind::Number:
      case Token::Kind::Lower:
      case Token::Kind::Upper:
        return true;
      default:
        return token.is('*') || token.is('_') || token.is('{');
    }
  }

  Item item() {
    const Token& first = m_reader.peek();
    Item item;
    item.span = spanOf(first);
    switch (first.kind) {
      case Token::Kind::Number:
        item.kind = Item::Kind::Token;
        item.token = m_reader.vocabularyToken("a token");
        return item;
      case Token::Kind::Lower:
      case Token::Kind::Upper:
        item.kind = first.kind == Token::Kind::Lower ? Item::Kind::Key : Item::Kind::Anchor;
        item.name = std::string(m_reader.take().text);
        return item;
      default:
        break;
    }
    if (first.is('{')) {
      return blocks();
    }
    item.kind = first.is('*') ? Item::Kind::Gap : Item::Kind::Noise;
    m_reader.take();
    return item;
  }

  Item blocks() {
    const TokenReader::Nesting nesting(m_reader);
    const Token open = m_reader.take();
    if (m_reader.peek().is('}')) {
      m_reader.fail(TextSpan{open.begin, m_reader.peek().end},
                    "The braces are empty: they hold blocks, such as { a b | b c }.");
    }
    Item item;
    item.kind = Item::Kind::Blocks;
    do {
      item.blocks.push_back(block());
    } while (m_reader.accept('|'));
    closeBlocks();
    item.span = joined(spanOf(open), spanOf(m_reader.previous()));
    if (item.blocks.size() == 1) {
      m_reader.fail(item.span,
                    "One block has no order: add another after |, or leave out the braces.");
    }
    return item;
  }

  Sequence block() {
    const Token before = m_reader.previous();
    Sequence items = sequence();
    if (!items.empty()) {
      return items;
    }
    if (m_reader.peek().is('|') || m_reader.peek().is('}')) {
      m_reader.fail(before.is('|') ? before : m_reader.peek(),
                    before.is('|') ? "Expected a block after |." : "Expected a block before |.");
    } else {
      failItem("an item of the block");
    }
    return items;
  }

  void closeBlocks() {
    if (m_reader.accept('}')) {
      return;
    }
    if (m_reader.atEnd() || m_reader.peek().kind == Token::Kind::Arrow) {
      m_reader.failExpected("| or } to end the block");
    } else {
      failItem("an item, | or }");
    }
  }

  void expectArrow(const Sequence& items) {
    if (m_reader.peek().kind == Token::Kind::Arrow) {
      if (items.empty()) {
        m_reader.fail(m_reader.peek(), "Expected a sequence before ->.");
      }
      m_reader.take();
    } else if (!m_reader.atEnd()) {
      failItem(items.empty() ? kItems : "another item or ->");
    } else if (items.empty()) {
      m_reader.failExpected("a pattern such as * 3 x * -> x");
    } else {
      m_reader.failExpected("-> and the answer after the sequence");
    }
  }

  /// The next token is no item: says why, where that is known.
  void failItem(std::string_view expected) {
    const Token& token = m_reader.peek();
    if (token.kind == Token::Kind::Word) {
      m_reader.fail(token, shown(token) + " is a reserved word: choose another name.");
    } else if (token.is('}')) {
      m_reader.fail(token, "This } has no { before it.");
    } else if (token.is('|')) {
      m_reader.fail(token, "| separates blocks: it stands between { and }.");
    } else if (token.is('(') || token.is(')')) {
      m_reader.fail(token, "Anchors are applied after ->: the sequence has no brackets.");
    } else if (token.is(',') || token.is(';')) {
      m_reader.fail(token, token.is(',') ? "Items are separated by spaces, not by commas."
                                         : "Items are separated by spaces, not by semicolons.");
    } else {
      m_reader.failExpected(expected);
    }
  }

  TokenReader m_reader;
};

}  // namespace
}  // namespace language

Expected<Pattern, LanguageError> parsePattern(std::string_view text) {
  return language::PatternParser(text).run();
}

}  // namespace anchorlens::core

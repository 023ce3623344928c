// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/expression_parser.h"
#include "engine/core/language/language.h"
#include "engine/core/language/print_number.h"
#include "engine/core/language/token_reader.h"

#include <limits>
#include <utility>

namespace anchorlens::core {
namespace language {
namespace {

class OperationParser {
 public:
  explicit OperationParser(std::string_view text) : m_reader(text) {}

  Expected<Operation, LanguageError> run() {
    Operation operation;
    if (m_reader.peek().isWord("table")) {
      operation = table();
    } else if (m_reader.peek().isWord("same")) {
      operation = synonym();
    } else if (m_reader.peek().kind == Token::Kind::Number && m_reader.peekNext().is('%')) {
      operation = stochastic();
    } else {
      operation = expression();
    }
    if (m_reader.hasFailed()) {
      return Unexpected(*m_reader.error());
    }
    return operation;
  }

 private:
  Operation table() {
    m_reader.take();
    Operation operation;
    operation.kind = Operation::Kind::Table;
    operation.table_seed = m_reader.integer("a seed after table, such as table 7",
                                            std::numeric_limits<std::uint64_t>::max());
    expectAlone("table " + std::to_string(operation.table_seed));
    return operation;
  }

  Operation synonym() {
    m_reader.take();
    Operation operation;
    operation.kind = Operation::Kind::Synonym;
    if (!m_reader.peek().isWord("as")) {
      m_reader.failExpected("as after same");
    }
    m_reader.take();
    operation.synonym_of = m_reader.vocabularyToken("the token of another anchor after same as");
    expectAlone("same as " + std::to_string(operation.synonym_of));
    return operation;
  }

  void expectAlone(const std::string& what) {
    if (!m_reader.atEnd()) {
      m_reader.failExpected("the end of the text after " + what);
    }
  }

  Operation expression() {
    ExpressionParser parser(m_reader, Place::Operation);
    Operation operation;
    operation.branches.push_back({100, parser.sum()});
    if (m_reader.peek().is('|')) {
      m_reader.fail(m_reader.peek(),
                    "A random answer has a percentage before each branch: 80% x | 20% x+1.");
    }
    parser.expectEnd();
    return operation;
  }

  Operation stochastic() {
    const TextSpan first = spanOf(m_reader.peek());
    Operation operation;
    operation.kind = Operation::Kind::Stochastic;
    std::uint64_t sum = 0;
    do {
      const std::uint64_t units = percentage();
      sum += units;
      operation.branches.push_back(
          {percentOf(units), ExpressionParser(m_reader, Place::Operation).sum()});
    } while (m_reader.accept('|'));
    if (!m_reader.atEnd()) {
      m_reader.failExpected("an operator, | or the end of the text");
    }
    if (sum != 100 * kPercentUnit) {
      m_reader.fail(joined(first, spanOf(m_reader.previous())),
                    "Percentages add up to " + printPercent(percentOf(sum)) + " %.");
    }
    if (operation.branches.size() == 1) {
      operation.kind = Operation::Kind::Expression;  // 100% x is x
    }
    return operation;
  }

  static double percentOf(std::uint64_t units) {
    return static_cast<double>(units) / static_cast<double>(kPercentUnit);
  }

  /// In units of 10^-6.
  std::uint64_t percentage() {
    const Token token = m_reader.peek();
    if (token.kind != Token::Kind::Number) {
      m_reader.failExpected("a percentage such as 20% after " + shown(m_reader.previous()));
      return 0;
    }
    m_reader.take();
    m_reader.expect('%', "% after " + shown(token));
    if (token.units == 0) {
      m_reader.fail(token, "A branch of 0 % is never drawn: leave it out.");
    }
    return token.units;
  }

  TokenReader m_reader;
};

}  // namespace
}  // namespace language

Expected<Operation, LanguageError> parseOperation(std::string_view text) {
  return language::OperationParser(text).run();
}

Expected<Expr, LanguageError> parseExpression(std::string_view text) {
  language::TokenReader reader(text);
  language::ExpressionParser parser(reader, language::Place::Predicate);
  Expr expr = parser.sum();
  parser.expectEnd();
  if (reader.hasFailed()) {
    return Unexpected(*reader.error());
  }
  return expr;
}

}  // namespace anchorlens::core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/random.h"
#include "tests/core/language/broken_texts.h"
#include "tests/core/language/random_tree.h"

#include <QObject>
#include <QTest>

#include <cctype>

using namespace anchorlens::core;

namespace {

constexpr int kTrees = 20'000;

}  // namespace

class TestLanguage : public QObject {
  Q_OBJECT

 private slots:
  void randomTreesRoundTrip();
  void minimalBrackets();
  void errorsNameTheText();
};

void TestLanguage::randomTreesRoundTrip() {
  Random random(1);
  anchorlens::test::RandomTree trees(random);
  for (int i = 0; i < kTrees; ++i) {
    const Pattern pattern = trees.pattern();
    const std::string text = printPattern(pattern);
    const auto parsed = parsePattern(text);
    QVERIFY2(parsed.has_value(), parsed ? "" : (text + ": " + parsed.error().message).c_str());
    QVERIFY2(*parsed == pattern, text.c_str());

    const Operation operation = trees.operation();
    const std::string operation_text = printOperation(operation);
    const auto parsed_operation = parseOperation(operation_text);
    QVERIFY2(parsed_operation.has_value(), operation_text.c_str());
    QVERIFY2(*parsed_operation == operation, operation_text.c_str());
  }
}

/// Leaving out any one pair of brackets of a canonical sum or product changes its meaning, unless
/// the brackets keep two signs apart.
void TestLanguage::minimalBrackets() {
  Random random(2);
  anchorlens::test::RandomTree trees(random);
  int n_brackets = 0;
  for (int i = 0; i < kTrees; ++i) {
    const Operation operation = trees.operation();
    if (operation.kind != Operation::Kind::Expression) {
      continue;
    }
    const std::string text = printOperation(operation);
    for (std::size_t open = 0; open < text.size(); ++open) {
      const bool is_call = open > 0 && std::isalpha(static_cast<unsigned char>(text[open - 1]));
      if (text[open] != '(' || is_call || text[open + 1] == '-') {
        continue;
      }
      std::size_t close = open;
      for (int depth = 0; close < text.size(); ++close) {
        depth += text[close] == '(' ? 1 : text[close] == ')' ? -1 : 0;
        if (depth == 0) {
          break;
        }
      }
      std::string without = text;
      without[close] = ' ';
      without[open] = ' ';
      const auto parsed = parseOperation(without);
      QVERIFY2(!parsed || !(*parsed == operation), text.c_str());
      ++n_brackets;
    }
  }
  QVERIFY(n_brackets > 1000);
}

void TestLanguage::errorsNameTheText() {
  QVERIFY(anchorlens::test::kBrokenPatterns.size() >= 60);
  QVERIFY(anchorlens::test::kBrokenOperations.size() >= 25);
  // A long text is named by its beginning.
  const auto error = parsePattern("x -> x " + std::string(500, 'y'));
  QVERIFY(!error.has_value());
  QCOMPARE(error.error().length, 500);
  QVERIFY(error.error().message.size() < 100);
}

QTEST_GUILESS_MAIN(TestLanguage)
#include "tst_language.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/random.h"
#include "tests/core/language/broken_texts.h"
#include "tests/core/language/good_texts.h"
#include "tests/core/language/random_tree.h"

#include <QObject>
#include <QTest>

#include <cctype>

using namespace anchorlens::core;

namespace {

constexpr int kTrees = 20'000;
constexpr int kMutants = 100'000;

/// Every text of the tables.
std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const auto* table : {&anchorlens::test::kGoodPatterns, &anchorlens::test::kGoodOperations,
                            &anchorlens::test::kGoodPredicates}) {
    for (const auto& good : *table) {
      texts.push_back(good.text);
    }
  }
  for (const auto* table :
       {&anchorlens::test::kBrokenPatterns, &anchorlens::test::kBrokenOperations}) {
    for (const auto& broken : *table) {
      texts.push_back(broken.text);
    }
  }
  return texts;
}

/// One to four random edits: bytes changed, removed or added, pieces doubled, another text's piece
/// put in.
std::string mutated(std::string text, const std::vector<std::string>& texts, Random& random) {
  static constexpr std::string_view kTelling = "*_{}|()+-,;:%>xAQ0199 .modmin\xE2\x86\x92\xFF";
  const auto below = [&](std::size_t bound) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(bound)));
  };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, 1, kTelling[below(kTelling.size())]);
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        text.erase(at, 1 + below(4));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(40)));
        break;
      default: {
        const std::string& other = texts[below(texts.size())];
        text.insert(at, other.substr(below(other.size() + 1), below(20)));
        break;
      }
    }
  }
  return text;
}

std::string problemWith(const LanguageError& error, std::string_view text) {
  const auto end = static_cast<std::size_t>(error.column) + static_cast<std::size_t>(error.length);
  if (error.column < 0 || error.length < 1 || end > text.size() + 1) {
    return "range outside the text";
  }
  const QByteArray message = QByteArray::fromStdString(error.message);
  if (message.isEmpty() || message.back() != '.' ||
      QString::fromUtf8(message).contains(QChar::ReplacementCharacter)) {
    return "message is no sentence in UTF-8: " + error.message;
  }
  return {};
}

/// A text either parses to a tree whose canonical text is stable, or has a proper error.
template <typename Parse, typename Print>
std::string problemOf(const std::string& text, Parse parse, Print print, int& n_good) {
  const auto tree = parse(text);
  if (!tree) {
    return problemWith(tree.error(), text);
  }
  ++n_good;
  const std::string canonical = print(*tree);
  const auto again = parse(canonical);
  if (!again) {
    return "canonical text does not parse: " + canonical + ": " + again.error().message;
  }
  if (!(*again == *tree)) {
    return "canonical text has another tree: " + canonical;
  }
  return print(*again) == canonical ? "" : "canonical text is not stable: " + canonical;
}

}  // namespace

class TestLanguage : public QObject {
  Q_OBJECT

 private slots:
  void randomTreesRoundTrip();
  void minimalBrackets();
  void mutantsAreSafe();
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

void TestLanguage::mutantsAreSafe() {
  Random random(3);
  const std::vector<std::string> texts = seeds();
  int n_good = 0;
  for (int i = 0; i < kMutants; ++i) {
    const std::string& seed = texts[random.below(static_cast<std::uint32_t>(texts.size()))];
    const std::string text = mutated(seed, texts, random);
    for (const std::string& problem : {problemOf(text, parsePattern, printPattern, n_good),
                                       problemOf(text, parseOperation, printOperation, n_good),
                                       problemOf(text, parseExpression, printExpression, n_good)}) {
      QVERIFY2(problem.empty(), ("<" + text + "> " + problem).c_str());
    }
    int at = 0;
    for (const TextToken& token : tokenize(text)) {
      QVERIFY(token.span.begin >= at && token.span.end > token.span.begin);
      at = token.span.end;
    }
  }
  QVERIFY(n_good > kMutants / 20);
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

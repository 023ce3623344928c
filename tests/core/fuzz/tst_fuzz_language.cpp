// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "tests/core/fuzz/fuzz.h"
#include "tests/core/language/broken_texts.h"
#include "tests/core/language/good_texts.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

/// Every text of the tables.
std::vector<std::string> corpus() {
  std::vector<std::string> texts;
  for (const auto* table : {&kGoodPatterns, &kGoodOperations, &kGoodPredicates}) {
    for (const auto& good : *table) {
      texts.push_back(good.text);
    }
  }
  for (const auto* table : {&kBrokenPatterns, &kBrokenOperations, &kBrokenPredicates}) {
    for (const auto& broken : *table) {
      texts.push_back(broken.text);
    }
  }
  return texts;
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
std::string problemOf(const std::string& text, Parse parse, Print print, std::int64_t& n_good) {
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

std::string problemWithTokens(const std::string& text) {
  int at = 0;
  for (const TextKind kind : {TextKind::Pattern, TextKind::Operation}) {
    at = 0;
    for (const TextToken& token : tokenize(text, kind)) {
      if (token.span.begin < at || token.span.end <= token.span.begin ||
          static_cast<std::size_t>(token.span.end) > text.size()) {
        return "tokens overlap or leave the text";
      }
      at = token.span.end;
    }
  }
  return {};
}

std::string problemOf(const std::string& text, std::int64_t& n_good) {
  for (std::string problem :
       {problemOf(text, parsePattern, printPattern, n_good),
        problemOf(text, parseOperation, printOperation, n_good),
        problemOf(text, parseExpression, printExpression, n_good), problemWithTokens(text)}) {
    if (!problem.empty()) {
      return problem;
    }
  }
  return {};
}

std::size_t at(Random& random, const std::vector<std::string>& texts) {
  return random.below(static_cast<std::uint32_t>(texts.size()));
}

}  // namespace

class TestFuzzLanguage : public QObject {
  Q_OBJECT

 private slots:
  void seedsAreSafe();
  void mutantsAreSafe();
};

void TestFuzzLanguage::seedsAreSafe() {
  CostWatch watch;
  std::int64_t n_good = 0;
  for (const std::string& text : fuzzLines("texts.txt")) {
    const std::string problem = problemOf(text, n_good);
    QVERIFY2(problem.empty(), ("<" + shown(text) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(text).c_str());
  }
  QVERIFY(n_good > 5);
  JUDGE_MEMORY(watch);
}

void TestFuzzLanguage::mutantsAreSafe() {
  const std::int64_t n = fuzzInputs(100'000);
  Random random(fuzzSeed(), "fuzz/language");
  Mutator mutator(corpus(), "*_{}|()+-,;:%>xAQ0199 .modmin\xE2\x86\x92\xFF", random);
  const std::vector<std::string> hostile = fuzzLines("texts.txt");
  CostWatch watch;
  std::int64_t n_good = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    // Hostile texts are long: one in a thousand.
    const bool is_hostile = i % 1000 == 0;
    const std::string text =
        is_hostile ? mutator.changed(hostile[at(random, hostile)]) : mutator.next();
    const std::string problem = problemOf(text, n_good);
    QVERIFY2(problem.empty(), ("<" + shown(text) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(text).c_str());
  }
  QVERIFY(n_good > n / 20);
  JUDGE_MEMORY(watch);
  qInfo("%lld inputs, %lld parsed, slowest %.3f s, %.0f MB", static_cast<long long>(n),
        static_cast<long long>(n_good), watch.slowest(), watch.peakGrowth());
}

QTEST_GUILESS_MAIN(TestFuzzLanguage)
#include "tst_fuzz_language.moc"

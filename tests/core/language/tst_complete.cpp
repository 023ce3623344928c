// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/complete.h"
#include "engine/core/language/edit.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;

namespace {
using Texts = std::vector<std::string>;

QString joined(const Texts& texts) {
  QStringList list;
  for (const std::string& text : texts)
    list.append(QString::fromStdString(text));
  return list.join(QLatin1Char('|'));
}
}  // namespace

class TestComplete : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void answersAreSuggested_data() {
    QTest::addColumn<QString>("items");
    QTest::addColumn<QString>("targets");
    QTest::newRow("identity") << "* 3 x *"
                              << "x";
    QTest::newRow("composite") << "* x A B *"
                               << "B(A(x))|A(x)|B(x)|x";
    QTest::newRow("two keys") << "* A x y *"
                              << "A(x)|A(y)|A(x, y)|x|y";
    QTest::newRow("reading") << "1 x * 2 y * Q"
                             << "match(Q; 1:x, 2:y)|Q(x)|Q(y)|Q(x, y)|x|y";
    QTest::newRow("classes") << "x A * y B * w"
                             << "nearest(w; x:A, y:B)|A(x)|A(y)|A(w)|B(x)|B(y)|B(w)|x|y|w";
    QTest::newRow("blocks") << "{ a b | b c } a"
                            << "a|b|c";
    QTest::newRow("noise") << "* _"
                           << "";
  }
  void answersAreSuggested() {
    QFETCH(QString, items);
    QFETCH(QString, targets);
    const auto sequence = parseItems(items.toStdString());
    QVERIFY(sequence.has_value());
    const Texts texts = suggestedTargets(*sequence);
    QCOMPARE(joined(texts), targets);
    for (const std::string& text : texts)
      QVERIFY2(parseTarget(text).has_value(), text.c_str());
  }

  void wordsAreCompleted_data() {
    QTest::addColumn<QString>("text");  // ^ is the cursor
    QTest::addColumn<QString>("texts");
    QTest::newRow("function") << "* 3 x * -> mi^"
                              << "min(x, x)";
    QTest::newRow("selector") << "1 x * 2 y * Q -> mat^"
                              << "match(Q; 1:x, 2:y)";
    QTest::newRow("anchor in the answer") << "* x A B * -> B^"
                                          << "B(A(x))|B(x)";
    QTest::newRow("token") << "* 1^ x * -> x"
                           << "12";
    QTest::newRow("inside a word") << "* 3 x * -> m^in"
                                   << "";
    QTest::newRow("key") << "* ke^ * key -> key"
                         << "key";
    QTest::newRow("nothing begins so") << "* 3 x * -> q^"
                                       << "";
    QTest::newRow("empty answer") << "* 3 x * -> ^"
                                  << "x|min(x, x)|max(x, x)|abs(x-x)|mod 2|match(Q; 1:x, 2:y)|"
                                     "nearest(z; x:A, y:B)";
    QTest::newRow("empty text") << "^"
                                << "x|A|3|12|*|_|{ x | y }|->";
  }
  void wordsAreCompleted() {
    QFETCH(QString, text);
    QFETCH(QString, texts);
    const auto cursor = text.indexOf(QLatin1Char('^'));
    text.remove(cursor, 1);
    QCOMPARE(joined(completionsAt(text.toStdString(), static_cast<int>(cursor), {3, 12}).texts),
             texts);
  }

  void operationsAreCompleted_data() {
    QTest::addColumn<QString>("text");  // ^ is the cursor
    QTest::addColumn<QString>("texts");
    QTest::newRow("plus") << "x+^"
                          << "x+1";
    QTest::newRow("product") << " x*^"
                             << "x*2";
    QTest::newRow("table") << "tab^"
                           << "table 7";
    QTest::newRow("synonyms") << "same^"
                              << "same as 3|same as 12";
    QTest::newRow("a number is whole") << "same as 1^"
                                       << "";
    QTest::newRow("remainder") << "x m^"
                               << "x mod 10";
    QTest::newRow("word in a sum") << "x+5 mo^"
                                   << "mod 10";
    QTest::newRow("function in a sum") << "x+mi^"
                                       << "min(x, y)";
    QTest::newRow("percentage") << "70%^"
                                << "70% x | 30% x+1";
    QTest::newRow("branch") << "80% x^"
                            << "80% x | 20% x+1";
    QTest::newRow("branch and space") << "80% x ^"
                                      << "80% x | 20% x+1";
    QTest::newRow("rest") << "50% x | 33.3% x*2 |^"
                          << "16.7% x+1";
    QTest::newRow("rest of the last branch") << "50% x | 30% y^"
                                             << "30% y | 20% x+1";
    QTest::newRow("nothing is left") << "100% x^"
                                     << "";
    QTest::newRow("in the middle") << "x+^ x"
                                   << "";
    QTest::newRow("no operation") << "hello ^"
                                  << "";
    QTest::newRow("empty") << "^"
                           << "x+1|x-1|x*2|x mod 10|80% x | 20% x+1|table 7|same as 3|same as 12|"
                              "min(x, y)|max(x, y)|abs(x-y)";
  }
  // What is offered parses, stands behind what was typed, and says what it does.
  void operationsAreCompleted() {
    QFETCH(QString, text);
    QFETCH(QString, texts);
    const auto cursor = text.indexOf(QLatin1Char('^'));
    text.remove(cursor, 1);
    const Completions found =
        operationCompletionsAt(text.toStdString(), static_cast<int>(cursor), {3, 12});
    QCOMPARE(joined(found.texts), texts);
    QCOMPARE(found.notes.size(), found.texts.size());
    for (std::size_t i = 0; i < found.texts.size(); ++i) {
      const std::string whole = text.left(found.replaced.begin).toStdString() + found.texts[i];
      QVERIFY2(parseOperation(whole).has_value(), whole.c_str());
      QVERIFY(!found.notes[i].empty());
    }
  }

  void anyPlaceOfAnyTextIsSafe() {
    for (const char* text : {"{ a b | b c } a -> d", "* \xE2\x86\x92 x", "}}}((-> -> m", "\xFF\xFE",
                             "* x A(B -> match(Q; 1:x", "80% x | 2% | ", "9e9% |"}) {
      const std::string whole(text);
      for (int column = -1; column <= static_cast<int>(whole.size()) + 1; ++column) {
        for (const Completions& found :
             {completionsAt(whole, column, {1}), operationCompletionsAt(whole, column, {1})}) {
          QVERIFY(found.replaced.begin >= 0 && found.replaced.begin <= found.replaced.end);
          QVERIFY(found.replaced.end <= static_cast<int>(whole.size()));
        }
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestComplete)
#include "tst_complete.moc"

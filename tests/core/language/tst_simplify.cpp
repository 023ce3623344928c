// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/language/simplify.h"

#include <QObject>
#include <QTest>

#include <string>

using namespace anchorlens::core;

class TestSimplify : public QObject {
  Q_OBJECT

 private slots:
  void simplifies_data();
  void simplifies();
  void keepsEveryValue();
  void doesNotJoinAppliedAnchors();
};

void TestSimplify::simplifies_data() {
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* text, const char* expected) {
    QTest::newRow(text) << QString::fromLatin1(expected);
  };
  row("x+5-2", "x+3");
  row("(x-2)-8", "x-10");
  row("(x-8)*3", "3*x-24");
  row("3*(3*x)", "9*x");
  row("x+1-1", "x");
  row("x-x", "0");
  row("2-7", "-5");
  row("5-x", "5-x");
  row("-x-1", "-x-1");
  row("-(3*x)", "-3*x");
  row("(x+1)*(x-1)", "x*x-1");
  row("x*y+y*x", "2*x*y");
  row("(x+5) mod 10 + 3", "(x+5) mod 10+3");
  row("(x+5-5) mod 10 - x mod 10", "0");
  row("7 mod 4", "3");
  row("max(x+1-1, 2+3)", "max(x, 5)");
  row("min(4, 9)", "4");
  row("abs(2-5)+x", "x+3");
  row("x mod y + 1 - 1", "x mod y+1-1");  // y may be 0: left alone
  row("x mod (1-1) + 1 - 1", "x mod (1-1)+1-1");
  row("1000000000000*10*x", "1000000000000*10*x");    // too large a coefficient
  row("x*x*x*x*x*x*x + 1 - 1", "x*x*x*x*x*x*x+1-1");  // too high a degree
}

void TestSimplify::simplifies() {
  QFETCH(QString, expected);
  const auto parsed = parseExpression(QTest::currentDataTag());
  QVERIFY(parsed.has_value());
  const Expr simple = simplified(*parsed);
  QCOMPARE(QString::fromStdString(printExpression(simple)), expected);
  // What is printed parses to the same tree.
  const auto again = parseExpression(printExpression(simple));
  QVERIFY(again.has_value());
  QVERIFY(*again == simple);
}

void TestSimplify::keepsEveryValue() {
  for (const char* text : {"(x-3)*(y+2)-x*y", "-(x-y)*3 mod 7", "abs(x-9)-max(x, y+x-x)",
                           "2*min(x, 3*x-2*x)-x", "x mod 5*2-(y-x) mod 3"}) {
    const auto parsed = parseExpression(text);
    QVERIFY2(parsed.has_value(), text);
    const Expr simple = simplified(*parsed);
    for (int x = -12; x <= 12; ++x) {
      for (int y = -12; y <= 12; ++y) {
        const auto valueOf = [&](std::string_view name) -> std::optional<std::int64_t> {
          return name == "x" ? x : y;
        };
        QCOMPARE(evaluate(simple, valueOf), evaluate(*parsed, valueOf));
      }
    }
  }
}

void TestSimplify::doesNotJoinAppliedAnchors() {
  // Each 3(x) may draw an answer of its own: their difference is not 0.
  const auto twice = parsePattern("* 3 x * -> 3(x)-3(x)");
  QVERIFY(twice.has_value());
  QCOMPARE(printExpression(simplified(twice->target)), std::string("3(x)-3(x)"));
  const auto once = parsePattern("* 3 x * -> 3(x+1-1)+2-1");
  QVERIFY(once.has_value());
  QCOMPARE(printExpression(simplified(once->target)), std::string("3(x)+1"));
}

QTEST_GUILESS_MAIN(TestSimplify)
#include "tst_simplify.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"

#include <QObject>
#include <QTest>

#include <optional>
#include <string>

using namespace anchorlens::core;

namespace {

using Value = std::optional<std::int64_t>;

/// With x = 7, y = -3, and no other names.
Value valueOf(const std::string& text) {
  const auto expr = parseExpression(text);
  if (!expr) {
    qFatal("%s: %s", text.c_str(), expr.error().message.c_str());
  }
  return evaluate(*expr, [](std::string_view name) {
    return name == "x" ? Value(7) : name == "y" ? Value(-3) : Value();
  });
}

}  // namespace

class TestEvaluate : public QObject {
  Q_OBJECT

 private slots:
  void values_data();
  void values();
  void noValue_data();
  void noValue();
  void handMadeTrees();
};

void TestEvaluate::values_data() {
  QTest::addColumn<qint64>("expected");
  const auto row = [](const char* text, qint64 expected) { QTest::newRow(text) << expected; };
  row("x+5", 12);
  row("x-5-1", 1);
  row("x-(5-1)", 3);
  row("x+2*3", 13);
  row("(x+2)*3", 27);
  row("-x", -7);
  row("-x+1", -6);
  row("-(x+1)", -8);
  row("x mod 4", 3);
  row("-x mod 4", 1);  // minus holds tighter than mod; never negative
  row("-(x mod 4)", -3);
  row("y mod 2", 1);
  row("-8 mod 4", 0);
  row("x*2 mod 4", 2);
  row("x*(2 mod 4)", 14);
  row("1+x mod 4", 4);
  row("x mod 100", 7);
  row("min(x, y, 1)", -3);
  row("max(x, y, 1)", 7);
  row("abs(y)", 3);
  row("abs(x)", 7);
  row("1000000000000000", 1'000'000'000'000'000);
  row("-1000000000*1000000", -1'000'000'000'000'000);
}

void TestEvaluate::values() {
  QFETCH(qint64, expected);
  const Value value = valueOf(QTest::currentDataTag());
  QVERIFY(value.has_value());
  QCOMPARE(static_cast<qint64>(*value), expected);
}

void TestEvaluate::noValue_data() {
  QTest::addColumn<int>("unused");
  for (const char* text : {"z", "x+z", "z+x", "min(1, z)", "x mod (x-7)", "x mod y", "x mod (1-x)",
                           "1000000000000000+1", "-1000000000000000-1", "1000000000*1000001",
                           "1000000000000000*1000000000000000", "abs(-1000000000000000-1)"}) {
    QTest::newRow(text) << 0;
  }
}

void TestEvaluate::noValue() {
  QVERIFY(!valueOf(QTest::currentDataTag()).has_value());
}

void TestEvaluate::handMadeTrees() {
  const auto none = [](std::string_view) { return Value(); };
  Expr expr;
  expr.value = 2'000'000'000'000'000;
  QVERIFY(!evaluate(expr, none).has_value());
  expr.value = -5;
  QVERIFY(evaluate(expr, none) == Value(-5));
  for (const auto kind : {Expr::Kind::Add, Expr::Kind::Apply, Expr::Kind::Match,
                          Expr::Kind::Nearest, Expr::Kind::Negate}) {
    Expr empty;
    empty.kind = kind;
    QVERIFY(!evaluate(empty, none).has_value());
  }
  Expr name;
  name.kind = Expr::Kind::Name;
  name.name = "x";
  QVERIFY(!evaluate(name, [](std::string_view) { return Value(INT64_MAX); }).has_value());
}

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"

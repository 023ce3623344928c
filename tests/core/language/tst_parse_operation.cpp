// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "tests/core/language/broken_texts.h"
#include "tests/core/language/good_texts.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;
using anchorlens::test::BrokenText;
using anchorlens::test::GoodText;

class TestParseOperation : public QObject {
  Q_OBJECT

 private slots:
  void goodTexts_data();
  void goodTexts();
  void brokenTexts_data();
  void brokenTexts();
  void kinds();
  void percentages();
};

void TestParseOperation::goodTexts_data() {
  QTest::addColumn<bool>("is_predicate");
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("canonical");
  const auto add = [](bool is_predicate, const std::vector<GoodText>& texts) {
    for (const GoodText& good : texts) {
      QTest::newRow((good.text + (is_predicate ? " (predicate)" : "")).c_str())
          << is_predicate << QString::fromStdString(good.text)
          << QString::fromStdString(good.canonical);
    }
  };
  add(false, anchorlens::test::kGoodOperations);
  add(true, anchorlens::test::kGoodPredicates);
}

void TestParseOperation::goodTexts() {
  QFETCH(bool, is_predicate);
  QFETCH(QString, text);
  QFETCH(QString, canonical);
  if (is_predicate) {
    const auto expr = parseExpression(text.toStdString());
    QVERIFY2(expr.has_value(), expr ? "" : expr.error().message.c_str());
    QCOMPARE(QString::fromStdString(printExpression(*expr)), canonical);
    QVERIFY(*parseExpression(canonical.toStdString()) == *expr);
    return;
  }
  const auto operation = parseOperation(text.toStdString());
  QVERIFY2(operation.has_value(), operation ? "" : operation.error().message.c_str());
  QCOMPARE(QString::fromStdString(printOperation(*operation)), canonical);
  QVERIFY(*parseOperation(canonical.toStdString()) == *operation);
}

void TestParseOperation::brokenTexts_data() {
  QTest::addColumn<bool>("is_predicate");
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<int>("column");
  QTest::addColumn<int>("length");
  QTest::addColumn<QString>("message");
  const auto add = [](bool is_predicate, const std::vector<BrokenText>& texts) {
    for (const BrokenText& broken : texts) {
      QTest::newRow(("<" + broken.text + ">" + (is_predicate ? " (predicate)" : "")).c_str())
          << is_predicate << QByteArray::fromStdString(broken.text) << broken.column
          << broken.length << QString::fromStdString(broken.message);
    }
  };
  add(false, anchorlens::test::kBrokenOperations);
  add(true, anchorlens::test::kBrokenPredicates);
}

void TestParseOperation::brokenTexts() {
  QFETCH(bool, is_predicate);
  QFETCH(QByteArray, text);
  QFETCH(int, column);
  QFETCH(int, length);
  QFETCH(QString, message);
  LanguageError error;
  if (is_predicate) {
    const auto expr = parseExpression(text.toStdString());
    QVERIFY(!expr.has_value());
    error = expr.error();
  } else {
    const auto operation = parseOperation(text.toStdString());
    QVERIFY(!operation.has_value());
    error = operation.error();
  }
  QCOMPARE(QString::fromStdString(error.message), message);
  QCOMPARE(error.column, column);
  QCOMPARE(error.length, length);
}

void TestParseOperation::kinds() {
  const auto expression = parseOperation("x+5");
  QVERIFY(expression->kind == Operation::Kind::Expression);
  QCOMPARE(expression->branches.size(), std::size_t{1});
  QCOMPARE(expression->branches[0].percent, 100.0);
  QVERIFY(expression->branches[0].expression.kind == Expr::Kind::Add);

  const auto table = parseOperation("table 12");
  QVERIFY(table->kind == Operation::Kind::Table);
  QCOMPARE(table->table_seed, std::uint64_t{12});
  QVERIFY(table->branches.empty());

  const auto synonym = parseOperation("same as 3");
  QVERIFY(synonym->kind == Operation::Kind::Synonym);
  QCOMPARE(synonym->synonym_of, 3);

  // One branch of 100 % is no random answer.
  QVERIFY(*parseOperation("100% x+5") == *expression);
}

void TestParseOperation::percentages() {
  const auto operation = parseOperation("12.5% x | 0.5% x+1 | 87% x*2");
  QVERIFY(operation.has_value());
  QVERIFY(operation->kind == Operation::Kind::Stochastic);
  QCOMPARE(operation->branches.size(), std::size_t{3});
  QCOMPARE(operation->branches[0].percent, 12.5);
  QCOMPARE(operation->branches[1].percent, 0.5);
  QCOMPARE(operation->branches[2].percent, 87.0);
  QCOMPARE(printExpression(operation->branches[2].expression).c_str(), "x*2");
  // Sums are exact: ten times 10.1 is 101, a tenth of a percent too much is too much.
  QVERIFY(!parseOperation("99.9% x | 0.100001% x+1").has_value());
  QVERIFY(parseOperation("99.9% x | 0.1% x+1").has_value());
  const auto huge = parseOperation("99999999999999999999% x | 1% x+1");
  QVERIFY(!huge.has_value());
}

QTEST_GUILESS_MAIN(TestParseOperation)
#include "tst_parse_operation.moc"

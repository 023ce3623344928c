// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "tests/core/language/broken_texts.h"
#include "tests/core/language/good_texts.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;
using anchorlens::test::BrokenText;
using anchorlens::test::GoodText;

namespace {

Item named(Item::Kind kind, const std::string& name) {
  Item item;
  item.kind = kind;
  item.name = name;
  return item;
}

Item fixed(int token) {
  Item item;
  item.kind = Item::Kind::Token;
  item.token = token;
  return item;
}

Expr key(const std::string& name) {
  Expr expr;
  expr.kind = Expr::Kind::Name;
  expr.name = name;
  return expr;
}

Expr applied(const std::string& anchor, const Expr& to) {
  Expr expr;
  expr.kind = Expr::Kind::Apply;
  expr.anchor.name = anchor;
  expr.args = {to};
  return expr;
}

}  // namespace

class TestParsePattern : public QObject {
  Q_OBJECT

 private slots:
  void goodTexts_data();
  void goodTexts();
  void brokenTexts_data();
  void brokenTexts();
  void treeOfComposite();
  void treeOfBlocks();
  void treeOfSelectors();
  void spansMarkTheSource();
  void limits();
};

void TestParsePattern::goodTexts_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("canonical");
  for (const GoodText& good : anchorlens::test::kGoodPatterns) {
    QTest::newRow(good.text.c_str())
        << QString::fromStdString(good.text) << QString::fromStdString(good.canonical);
  }
}

void TestParsePattern::goodTexts() {
  QFETCH(QString, text);
  QFETCH(QString, canonical);
  const auto pattern = parsePattern(text.toStdString());
  QVERIFY2(pattern.has_value(), pattern ? "" : pattern.error().message.c_str());
  QCOMPARE(QString::fromStdString(printPattern(*pattern)), canonical);
  const auto again = parsePattern(canonical.toStdString());
  QVERIFY(again.has_value());
  QVERIFY(*again == *pattern);
}

void TestParsePattern::brokenTexts_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<int>("column");
  QTest::addColumn<int>("length");
  QTest::addColumn<QString>("message");
  for (const BrokenText& broken : anchorlens::test::kBrokenPatterns) {
    QTest::newRow(("<" + broken.text + ">").c_str())
        << QByteArray::fromStdString(broken.text) << broken.column << broken.length
        << QString::fromStdString(broken.message);
  }
}

void TestParsePattern::brokenTexts() {
  QFETCH(QByteArray, text);
  QFETCH(int, column);
  QFETCH(int, length);
  QFETCH(QString, message);
  const auto pattern = parsePattern(text.toStdString());
  QVERIFY(!pattern.has_value());
  QCOMPARE(QString::fromStdString(pattern.error().message), message);
  QCOMPARE(pattern.error().column, column);
  QCOMPARE(pattern.error().length, length);
}

void TestParsePattern::treeOfComposite() {
  const auto pattern = parsePattern("* x A 3 _ B * * -> B(A(x))");
  QVERIFY(pattern.has_value());
  Item gap;
  Item noise;
  noise.kind = Item::Kind::Noise;
  const Pattern expected{{gap, named(Item::Kind::Key, "x"), named(Item::Kind::Anchor, "A"),
                          fixed(3), noise, named(Item::Kind::Anchor, "B"), gap},
                         applied("B", applied("A", key("x")))};
  QVERIFY(*pattern == expected);
}

void TestParsePattern::treeOfBlocks() {
  const auto pattern = parsePattern("{ a b | 7 } a -> b");
  QVERIFY(pattern.has_value());
  Item blocks;
  blocks.kind = Item::Kind::Blocks;
  blocks.blocks = {{named(Item::Kind::Key, "a"), named(Item::Kind::Key, "b")}, {fixed(7)}};
  const Pattern expected{{blocks, named(Item::Kind::Key, "a")}, key("b")};
  QVERIFY(*pattern == expected);
}

void TestParsePattern::treeOfSelectors() {
  const auto match = parsePattern("1 x A y Q -> match(Q; 1:x, A:y)");
  QVERIFY(match.has_value());
  Expr expected;
  expected.kind = Expr::Kind::Match;
  expected.anchor.name = "Q";
  expected.arms = {{{"", 1}, "x", {}}, {{"A", 0}, "y", {}}};
  QVERIFY(match->target == expected);

  const auto nearest = parsePattern("x A y 2 w -> nearest(w; x:A, y:2)");
  QVERIFY(nearest.has_value());
  expected = Expr();
  expected.kind = Expr::Kind::Nearest;
  expected.name = "w";
  expected.arms = {{{"A", 0}, "x", {}}, {{"", 2}, "y", {}}};
  QVERIFY(nearest->target == expected);
}

void TestParsePattern::spansMarkTheSource() {
  const std::string text = "* * { a b | c } 12 -> min(x, (a+1)*2)-match(Q; 1:x)";
  const auto pattern = parsePattern(text);
  QVERIFY(pattern.has_value());
  const auto marked = [&](TextSpan span) {
    return QString::fromStdString(text.substr(static_cast<std::size_t>(span.begin),
                                              static_cast<std::size_t>(span.end - span.begin)));
  };
  QCOMPARE(marked(pattern->items[0].span), "* *");
  QCOMPARE(marked(pattern->items[1].span), "{ a b | c }");
  QCOMPARE(marked(pattern->items[1].blocks[0][1].span), "b");
  QCOMPARE(marked(pattern->items[2].span), "12");
  const Expr& target = pattern->target;
  QCOMPARE(marked(target.span), "min(x, (a+1)*2)-match(Q; 1:x)");
  QCOMPARE(marked(target.args[0].span), "min(x, (a+1)*2)");
  QCOMPARE(marked(target.args[0].args[1].span), "(a+1)*2");
  QCOMPARE(marked(target.args[0].args[1].args[0].span), "(a+1)");
  QCOMPARE(marked(target.args[1].span), "match(Q; 1:x)");
  QCOMPARE(marked(target.args[1].arms[0].span), "1:x");
}

void TestParsePattern::limits() {
  const auto brackets = [](int depth) {
    const auto n = static_cast<std::size_t>(depth);
    return "x -> " + std::string(n, '(') + "x" + std::string(n, ')');
  };
  QVERIFY(parsePattern(brackets(32)).has_value());
  const auto deep = parsePattern(brackets(33));
  QVERIFY(!deep.has_value());
  QCOMPARE(deep.error().column, 5 + 32);
  QCOMPARE(deep.error().message.c_str(), "This is nested more than 32 deep.");
  QVERIFY(!parsePattern("x -> " + std::string(5000, '-') + "x").has_value());
  QVERIFY(!parsePattern(std::string(5000, '{') + " -> x").has_value());

  std::string sum = "x -> x";
  for (int i = 0; i < 249; ++i) {
    sum += "+1";
  }
  QVERIFY(parsePattern(sum).has_value());
  const auto large = parsePattern(sum + "+1+1");
  QVERIFY(!large.has_value());
  QCOMPARE(large.error().message.c_str(), "The expression has more than 500 parts.");

  const auto text = parsePattern("x -> x" + std::string(9995, ' '));
  QVERIFY(!text.has_value());
  QCOMPARE(text.error().column, 10000);
  QCOMPARE(text.error().message.c_str(), "The text has 10001 bytes; at most 10000 are read.");
  QVERIFY(parsePattern("x -> x" + std::string(9994, ' ')).has_value());
}

QTEST_GUILESS_MAIN(TestParsePattern)
#include "tst_parse_pattern.moc"

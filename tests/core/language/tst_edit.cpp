// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/edit.h"
#include "engine/core/random.h"
#include "tests/core/language/random_tree.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;

namespace {

/// "2.1.0"
ItemPath path(const QString& text) {
  ItemPath path;
  for (const QString& step : text.split(QLatin1Char('.'), Qt::SkipEmptyParts))
    path.push_back(step.toInt());
  return path;
}

QString text(const ItemPath& path) {
  QStringList steps;
  for (const int step : path)
    steps.append(QString::number(step));
  return steps.join(QLatin1Char('.'));
}

Sequence items(const QString& text) {
  return *parseItems(text.toStdString());
}

QString text(const Sequence& items) {
  return QString::fromStdString(printSequence(items));
}

EditedItems edited(const QString& operation, const Sequence& before, const ItemPath& at,
                   const QString& argument) {
  if (operation == QLatin1String("insert"))
    return insertItems(before, at, items(argument));
  if (operation == QLatin1String("remove"))
    return removeItem(before, at);
  if (operation == QLatin1String("move"))
    return moveItem(before, at, path(argument));
  if (operation == QLatin1String("replace"))
    return replaceItem(before, at, items(argument));
  if (operation == QLatin1String("block"))
    return addBlock(before, at, items(argument));
  return shiftItem(before, at, argument.toInt());
}

}  // namespace

class TestEdit : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void edits_data() {
    QTest::addColumn<QString>("operation");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("now_at");
    const auto row = [](const char* operation, const char* before, const char* at,
                        const char* argument, const char* after, const char* now_at) {
      QTest::addRow("%s %s %s %s", operation, before, at, argument)
          << operation << before << at << argument << after << now_at;
    };
    row("insert", "* 3 x *", "2", "A", "* 3 A x *", "2");
    row("insert", "* 3 x *", "4", "y", "* 3 x * y", "4");
    row("insert", "* 3 x *", "4", "*", "* 3 x *", "3");  // a gap beside a gap
    row("insert", "* 3 x *", "0", "*", "* 3 x *", "0");
    row("insert", "{ a | b } c", "0.1.1", "d", "{ a | b d } c", "0.1.1");
    row("insert", "* 3 x *", "9", "y", "* 3 x *", "9");  // no such place
    row("remove", "* 3 x *", "1", "", "* x *", "1");
    row("remove", "* x *", "1", "", "*", "0");  // two gaps become one
    row("remove", "x y", "1", "", "x", "0");
    row("remove", "x", "0", "", "x", "0");  // a pattern needs a sequence
    row("remove", "{ a b | c } d", "0.0.0", "", "{ b | c } d", "0.0.0");
    row("remove", "{ a | b | c } d", "0.1.0", "", "{ a | c } d", "0");
    row("remove", "{ a | b c } d", "0.0.0", "", "b c d", "0");  // one block has no order
    row("remove", "{ a | b } c", "0", "", "c", "0");
    row("remove", "{ a | b }", "0", "", "{ a | b }", "0");
    row("remove", "{ a | b c }", "0.0.0", "", "b c", "0");
    row("move", "* 3 x *", "1", "3", "* x 3 *", "2");
    row("move", "* 3 x *", "2", "1", "* x 3 *", "1");
    row("move", "* 3 x *", "0", "3", "3 x *", "2");  // joins the gap there
    row("move", "a b c", "0", "3", "b c a", "2");
    row("move", "a b c", "2", "0", "c a b", "0");
    row("move", "a b", "0", "1", "a b", "0");
    row("move", "a { b | c } d", "0", "1.0.0", "{ a b | c } d", "0.0.0");
    row("move", "{ a | b } d", "0.0.0", "2", "b d a", "2");  // what is left has no order
    row("move", "{ a b | c } d", "0.0.1", "0.1.0", "{ a | b c } d", "0.1.0");
    row("move", "{ a | b } c", "0", "0.0.1", "{ a | b } c", "0");  // not into itself
    row("move", "{ a | { b | c } d } e", "0.1.0.0.0", "2", "{ a | c d } e b", "2");
    row("replace", "* 3 x *", "1", "A B", "* A B x *", "1");
    row("replace", "* 3 x *", "1", "*", "* x *", "0");
    row("block", "{ a | b } c", "0.0.0", "d", "{ a | d | b } c", "0.1.0");
    row("block", "{ a | b } c", "0", "d", "{ a | b | d } c", "0.2.0");
    row("block", "a b", "0", "d", "a b", "0");
    row("shift", "* 3 x *", "1", "1", "* x 3 *", "2");
    row("shift", "* 3 x *", "2", "-1", "* x 3 *", "1");
    row("shift", "a b", "0", "-1", "a b", "0");
    row("shift", "a { b | c }", "0", "1", "{ a b | c }", "0.0.0");
    row("shift", "{ a b | c }", "0.0.1", "1", "{ a | b c }", "0.1.0");
  }
  void edits() {
    QFETCH(QString, operation);
    QFETCH(QString, before);
    QFETCH(QString, at);
    QFETCH(QString, argument);
    QFETCH(QString, after);
    QFETCH(QString, now_at);
    const EditedItems result = edited(operation, items(before), path(at), argument);
    QCOMPARE(text(result.items), after);
    QCOMPARE(text(result.at), now_at);
  }

  void placesAreInReadingOrder() {
    const Sequence sequence = items("a { b | c d } e");
    QStringList paths;
    for (const ItemPath& item : itemPaths(sequence))
      paths.append(text(item));
    QCOMPARE(paths.join(' '), QString("0 1 1.0.0 1.1.0 1.1.1 2"));
    QStringList points;
    for (const ItemPath& point : insertionPoints(sequence))
      points.append(text(point));
    QCOMPARE(points.join(' '), QString("0 1 1.0.0 1.0.1 1.1.0 1.1.1 1.1.2 2 3"));
  }

  void placementIsReadAndWritten_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("anywhere");
    QTest::addColumn<QString>("fixed_2");
    QTest::addColumn<QString>("last");
    QTest::newRow("identity") << "* 3 x *"
                              << "* 3 x *"
                              << "_ _ 3 x *"
                              << "* 3 x";
    QTest::newRow("last") << "* 3 x"
                          << "* 3 x *"
                          << "_ _ 3 x *"
                          << "* 3 x";
    QTest::newRow("fixed") << "_ 3 x"
                           << "* 3 x *"
                           << "_ _ 3 x"
                           << "* 3 x";
    QTest::newRow("inner gaps stay") << "1 x * 2 y * Q"
                                     << "* 1 x * 2 y * Q *"
                                     << "_ _ 1 x * 2 y * Q"
                                     << "* 1 x * 2 y * Q";
    QTest::newRow("noise alone") << "*"
                                 << "*"
                                 << "_ _ *"
                                 << "*";
  }
  void placementIsReadAndWritten() {
    QFETCH(QString, before);
    QFETCH(QString, anywhere);
    QFETCH(QString, fixed_2);
    QFETCH(QString, last);
    const std::pair<QString, Placement> cases[] = {
        {anywhere, {Placement::Kind::Anywhere, 0}},
        {fixed_2, {Placement::Kind::Fixed, 2}},
        {last, {Placement::Kind::Last, 0}},
    };
    for (const auto& [expected, placement] : cases) {
      const Sequence after = withPlacement(items(before), placement);
      QCOMPARE(text(after), expected);
      if (before != QLatin1String("*"))
        QCOMPARE(placementOf(after), placement);
    }
  }

  void freshNamesAreFree() {
    const Pattern pattern = *parsePattern("x y A -> A(z)");
    QCOMPARE(freshName(pattern, Item::Kind::Key), std::string("u"));
    QCOMPARE(freshName(pattern, Item::Kind::Anchor), std::string("B"));
    const Pattern full = *parsePattern("x y z u v w A B C D E -> x");
    QCOMPARE(freshName(full, Item::Kind::Key), std::string("x1"));
    QCOMPARE(freshName(full, Item::Kind::Anchor), std::string("A1"));
  }

  void aVariableIsRenamedEverywhere() {
    Pattern pattern = *parsePattern("{ m x | x A } m -> nearest(m; x:A, m:3)");
    QCOMPARE(countName(pattern.items, Item::Kind::Key, "m"), 2);
    renameVariable(pattern, Item::Kind::Key, "m", "k");
    renameVariable(pattern, Item::Kind::Anchor, "A", "B");
    QCOMPARE(QString::fromStdString(printPattern(pattern)),
             QString("{ k x | x B } k -> nearest(k; x:B, k:3)"));
    pattern = *parsePattern("x A -> A(x)+x");
    renameVariable(pattern, Item::Kind::Key, "x", "y");
    QCOMPARE(QString::fromStdString(printPattern(pattern)), QString("y A -> A(y)+y"));
  }

  void partsAreParsedWithTheirColumns() {
    QVERIFY(parseItems("A x *").has_value());
    QCOMPARE(parseItems("A 3x").error().column, 2);
    QVERIFY(!parseItems("A -> x"));
    QVERIFY(!parseItems(" "));
    QVERIFY(parseTarget("B(A(x))").has_value());
    QCOMPARE(parseTarget("x+").error().column, 2);
    QCOMPARE(parseTarget("").error().column, 0);
  }

  /// Whatever is done, the tree prints to a text that parses to it, and the place is one.
  void randomEditsKeepTheTreeWhole() {
    Random random(5, "edits");
    anchorlens::test::RandomTree trees(random);
    for (int i = 0; i < 20'000; ++i) {
      Pattern pattern = trees.pattern();
      const auto paths = itemPaths(pattern.items);
      const auto points = insertionPoints(pattern.items);
      const ItemPath& at = paths[random.below(static_cast<std::uint32_t>(paths.size()))];
      const ItemPath& to = points[random.below(static_cast<std::uint32_t>(points.size()))];
      const Sequence piece = trees.pattern().items;
      const Item moved = *itemAt(pattern.items, at);
      const std::uint32_t operation = random.below(6);
      EditedItems result;
      if (operation == 0)
        result = insertItems(pattern.items, to, piece);
      else if (operation == 1)
        result = removeItem(pattern.items, at);
      else if (operation == 2)
        result = moveItem(pattern.items, at, to);
      else if (operation == 3)
        result = replaceItem(pattern.items, at, piece);
      else if (operation == 4)
        result = shiftItem(pattern.items, at, random.below(2) == 0 ? -1 : 1);
      else
        result = addBlock(pattern.items, at, piece);
      pattern.items = result.items;
      const std::string printed = printPattern(pattern);
      const auto parsed = parsePattern(printed);
      // What was put in may nest too deep for the parser; nothing else may fail.
      if (!parsed) {
        QVERIFY2(parsed.error().message.find("deep") != std::string::npos, printed.c_str());
        continue;
      }
      QVERIFY2(*parsed == pattern, printed.c_str());
      QVERIFY2(itemAt(result.items, result.at) != nullptr, printed.c_str());
      const bool is_place_known = operation == 2 || operation == 4;
      if (is_place_known && moved.kind != Item::Kind::Blocks)
        QVERIFY2(*itemAt(result.items, result.at) == moved, printed.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(TestEdit)
#include "tst_edit.moc"

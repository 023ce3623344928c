// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;

namespace {

/// One letter a token, upper case right of the arrow: gap g, noise n, key k, anchor a, number d,
/// arrow r, bracket b, operator o, word w, invalid i.
QString kindsOf(const std::string& text, TextKind kind = TextKind::Pattern) {
  QString kinds;
  for (const TextToken& token : tokenize(text, kind)) {
    const QChar letter = QLatin1Char("gnkadrbowi"[static_cast<int>(token.kind)]);
    kinds += token.in_target ? letter.toUpper() : letter;
  }
  return kinds;
}

}  // namespace

class TestTokenize : public QObject {
  Q_OBJECT

 private slots:
  void kinds_data();
  void kinds();
  void operations();
  void spansCoverTheText();
};

void TestTokenize::kinds_data() {
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* text, const char* expected) {
    QTest::newRow(text) << QString::fromLatin1(expected);
  };
  row("", "");
  row("   ", "");
  row("* 3 x * -> x", "gdkgrK");
  row("*3 x*->x*2", "gdkgrKOD");
  row("* 3 x * \xE2\x86\x92 x", "gdkgrK");
  row("_ A1 __", "nann");
  row("{ a | B }", "bkoab");
  row("-> match(Q; 1:x, 2:y)", "rWBAODOKODOKB");
  row("-> x mod 2 - _", "rKWDOI");
  row("* 3x Xx x_1 2.5 ?", "giiidi");
  row("* mod", "gw");
  row("- >", "oi");
  row("x -> x -> x", "krKRK");
  row("\xFF\xC3\xA9", "ii");
}

void TestTokenize::kinds() {
  QFETCH(QString, expected);
  QCOMPARE(kindsOf(QTest::currentDataTag()), expected);
}

void TestTokenize::operations() {
  QCOMPARE(kindsOf("80% x*2 | 20% x", TextKind::Operation), "dokododok");
  QCOMPARE(kindsOf("x*2"), "kgd");
  QCOMPARE(kindsOf("table 7", TextKind::Operation), "wd");
  QCOMPARE(kindsOf("same as 3", TextKind::Operation), "wwd");
  QCOMPARE(kindsOf("x -> x", TextKind::Operation), "krk");
}

void TestTokenize::spansCoverTheText() {
  const std::string text = " * 3x\t-> A1(x) \xE2\x86\x92\xF0\x9F\x98\x80 \x80";
  std::size_t at = 0;
  for (const TextToken& token : tokenize(text)) {
    const auto begin = static_cast<std::size_t>(token.span.begin);
    const auto end = static_cast<std::size_t>(token.span.end);
    QVERIFY(begin >= at);
    QVERIFY(end > begin);
    QCOMPARE(text.substr(at, begin - at).find_first_not_of(" \t"), std::string::npos);
    at = end;
  }
  QCOMPARE(at, text.size());
}

QTEST_GUILESS_MAIN(TestTokenize)
#include "tst_tokenize.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <limits>

using namespace anchorlens;
using ctl::TextTable;

class TestTextTable : public QObject {
  Q_OBJECT

 private slots:
  void columnsAreAligned() {
    TextTable table({{"name", TextTable::Align::Left}, {"n", TextTable::Align::Right}});
    table.addRow({"a", "1"});
    table.addRule();
    table.addRow({"longer", "1000"});
    QCOMPARE(table.text(), std::string("name       n\n"
                                       "------------\n"
                                       "a          1\n"
                                       "------------\n"
                                       "longer  1000\n"));
  }

  void notesSetNoWidths() {
    TextTable table({{"name", TextTable::Align::Left}, {"n", TextTable::Align::Right}});
    table.addRow({"a", "1"});
    table.addNote("    why a is as it is");
    table.addNote("    and more of it");
    table.addRow({"b", "2"});
    QCOMPARE(table.text(), std::string("name  n\n"
                                       "-------\n"
                                       "a     1\n"
                                       "    why a is as it is\n"
                                       "    and more of it\n"
                                       "b     2\n"));
  }

  void widthsCountCharactersNotBytes() {
    QCOMPARE(ctl::textWidth("h\xc3\xa4 \xe2\x86\x92"), 4U);
    TextTable table({{"x", TextTable::Align::Left}, {"y", TextTable::Align::Left}});
    table.addRow({"\xc3\xa4\xc3\xa4", "1"});
    table.addRow({"aaa", "2"});
    QCOMPARE(table.text(), std::string("x    y\n------\n\xc3\xa4\xc3\xa4   1\naaa  2\n"));
  }

  void numbers() {
    QCOMPARE(ctl::withSpaces(0), std::string("0"));
    QCOMPARE(ctl::withSpaces(999), std::string("999"));
    QCOMPARE(ctl::withSpaces(1000), std::string("1 000"));
    QCOMPARE(ctl::withSpaces(-123456), std::string("-123 456"));
    QCOMPARE(ctl::fixed(0.98765, 2), std::string("0.99"));
    QCOMPARE(ctl::fixed(std::numeric_limits<double>::quiet_NaN(), 2), std::string("-"));
    QVERIFY(ctl::jsonNumber(std::numeric_limits<double>::infinity()).is_null());
  }

  void shellWords() {
    QCOMPARE(ctl::shellWord("runs/a-1.2"), std::string("runs/a-1.2"));
    QCOMPARE(ctl::shellWord("my runs"), std::string("'my runs'"));
    QCOMPARE(ctl::shellWord("it's"), std::string("'it'\\''s'"));
    QCOMPARE(ctl::shellWord(""), std::string("''"));
  }
};

QTEST_GUILESS_MAIN(TestTextTable)
#include "tst_text_table.moc"

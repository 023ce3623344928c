// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/suggest.h"

#include <QtTest>

using anchorlens::core::nearestName;
using anchorlens::core::suggestion;

class TestSuggest : public QObject {
  Q_OBJECT

 private slots:
  void nearest_data();
  void nearest();
  void listsWhenNothingIsNear();
};

void TestSuggest::nearest_data() {
  QTest::addColumn<QString>("typed");
  QTest::addColumn<QString>("expected");
  QTest::newRow("a letter is missing") << "n_heds"
                                       << "n_heads";
  QTest::newRow("a letter too many") << "n_headds"
                                     << "n_heads";
  QTest::newRow("swapped") << "n_haeds"
                           << "n_heads";
  QTest::newRow("dash") << "d-model"
                        << "d_model";
  QTest::newRow("a part of it") << "layers"
                                << "n_layers";
  QTest::newRow("a short part is no hint") << "n_"
                                           << "";
  QTest::newRow("capitals") << "D_MODEL"
                            << "d_model";
  QTest::newRow("initials") << "nh"
                            << "n_heads";
  QTest::newRow("something else") << "temperature"
                                  << "";
  QTest::newRow("empty") << ""
                         << "";
  QTest::newRow("very long") << QString(5000, 'n') << "";
}

void TestSuggest::nearest() {
  QFETCH(QString, typed);
  QFETCH(QString, expected);
  const std::vector<std::string> names{"n_layers", "n_heads", "d_model", "d_head"};
  QCOMPARE(QString::fromStdString(nearestName(typed.toStdString(), names)), expected);
}

void TestSuggest::listsWhenNothingIsNear() {
  QCOMPARE(QString::fromStdString(suggestion("zzzz", {"one", "two"})),
           QStringLiteral("; expected one of \"one\", \"two\""));
  QCOMPARE(QString::fromStdString(suggestion("twoo", {"one", "two"})),
           QStringLiteral("; did you mean \"two\"?"));
}

QTEST_GUILESS_MAIN(TestSuggest)
#include "tst_suggest.moc"

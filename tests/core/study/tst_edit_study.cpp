// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/spread.h"
#include "tests/core/study/study_fixture.h"

#include <QtTest>

#include <algorithm>
#include <limits>

using namespace anchorlens::core;

class TestEditStudy : public QObject {
  Q_OBJECT

 private slots:
  void splits_data();
  void splits();
  void everyFieldCanBeVaried();
  void spreads();
};

void TestEditStudy::splits_data() {
  QTest::addColumn<QString>("typed");
  QTest::addColumn<QStringList>("values");
  using L = QStringList;
  QTest::newRow("numbers") << "1, 2,4" << L{"1", "2", "4"};
  QTest::newRow("words") << "adam, sgd" << L{"adam", "sgd"};
  QTest::newRow("empty parts") << " , 1,, 2 ," << L{"1", "2"};
  QTest::newRow("nothing") << "  " << L{};
  QTest::newRow("lists") << "[9, 12], 9" << L{"[9, 12]", "9"};
  QTest::newRow("objects") << R"({"a": 1, "b": 2}, {})" << L{R"({"a": 1, "b": 2})", "{}"};
  QTest::newRow("patterns") << "* A x y * -> A(x, y), * 3 x * -> x"
                            << L{"* A x y * -> A(x, y)", "* 3 x * -> x"};
  QTest::newRow("quotes") << R"("a, b", "c\", d")" << L{R"("a, b")", R"("c\", d")"};
  QTest::newRow("open quote") << R"("a, b)" << L{R"("a, b)"};
  QTest::newRow("closed too often") << "a), b" << L{"a)", "b"};
}

void TestEditStudy::splits() {
  QFETCH(QString, typed);
  QFETCH(QStringList, values);
  QStringList found;
  for (const std::string& value : splitValues(typed.toStdString()))
    found += QString::fromStdString(value);
  QCOMPARE(found, values);
}

void TestEditStudy::everyFieldCanBeVaried() {
  const ExperimentSpec base = preset("composite");
  const std::vector<std::string> fields = studyFields(base);
  for (const char* field :
       {"/task/seq_len", "/task/keys/x", "/task/anchors/3/operation", "/task/forms/0/pattern",
        "/task/held_out/0/modulus", "/training/schedule/warmup", "/record/frames/every"}) {
    QVERIFY2(std::find(fields.begin(), fields.end(), field) != fields.end(), field);
  }
  QVERIFY(std::find(fields.begin(), fields.end(), "/format") == fields.end());
  // What a field has can be given back to it as an axis of one value.
  for (const std::string& field : fields) {
    StudySpec study;
    study.base = base;
    study.axes = {listAxis(field, {fieldText(base, field)})};
    const auto plan = planStudy(study);
    QVERIFY2(plan.has_value(), field.c_str());
    QVERIFY2(plan->members[0].differences.empty(), field.c_str());
  }
  QCOMPARE(fieldText(base, "/model/none"), std::string());
}

void TestEditStudy::spreads() {
  const double none = std::numeric_limits<double>::quiet_NaN();
  QVERIFY(!spreadOf({}));
  QVERIFY(!spreadOf({none}));
  QVERIFY((spreadOf({3}) == Spread{3, 3, 3, 1}));
  QVERIFY((spreadOf({3, 1, none, 2}) == Spread{2, 1, 3, 3}));
  QVERIFY((spreadOf({4, 1, 3, 2}) == Spread{2.5, 1, 4, 4}));
}

QTEST_GUILESS_MAIN(TestEditStudy)
#include "tst_edit_study.moc"

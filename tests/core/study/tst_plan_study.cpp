// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/experiment/errors_text.h"
#include "tests/core/study/study_fixture.h"

#include <QtTest>

#include <set>

using namespace anchorlens::core;

namespace {

QString outcome(const StudySpec& study) {
  const auto plan = planStudy(study);
  return plan ? QStringLiteral("planned") : errorsText(plan.error());
}

/// One line a run: folder, name, differences.
QString membersText(const StudySpec& study) {
  const auto plan = planStudy(study);
  if (!plan)
    return errorsText(plan.error());
  QString text;
  for (const StudyMember& member : plan->members) {
    text += QString::fromStdString(member.folder + ": " + member.name + ": " + member.differences) +
            "\n";
  }
  return text;
}

}  // namespace

class TestPlanStudy : public QObject {
  Q_OBJECT

 private slots:
  void onlyTheBase();
  void axesAndSeeds();
  void experimentsAreComplete();
  void seedsSetDataToo();
  void labelsAreShortAndDifferent_data();
  void labelsAreShortAndDifferent();
  void namesOfFoldersAreHarmless();
  void rangesFollowTheField();
  void stepsAndEpochsExclude();
  void errors_data();
  void errors();
  void baseMayBeIncomplete();
  void limit();
  void hugeBases();
  void stops();
};

void TestPlanStudy::onlyTheBase() {
  QCOMPARE(membersText(demoStudy()), QString("01: demo: \n"));
  const auto plan = planStudy(demoStudy());
  QVERIFY(plan.has_value());
  QVERIFY(plan->experiment(0) == preset("demo"));
}

void TestPlanStudy::axesAndSeeds() {
  StudySpec study = demoStudy();  // has 2 layers, seed 1
  study.base.training.learning_rate = 3e-4;
  study.axes = {listAxis("/model/n_layers", {"2", "3"}),
                listAxis("/training/learning_rate", {"1e-3", "3e-4"})};
  study.seeds = someSeeds(2, 1);
  QCOMPARE(
      membersText(study),
      QString::fromUtf8(
          "01_n_layers-2_learning_rate-0.001_seed-1: demo, n_layers 2, learning_rate 0.001, seed "
          "1: learning_rate 0.0003 → 0.001\n"
          "02_n_layers-2_learning_rate-0.001_seed-2: demo, n_layers 2, learning_rate 0.001, seed "
          "2: learning_rate 0.0003 → 0.001, seed 1 → 2\n"
          "03_n_layers-2_learning_rate-0.0003_seed-1: demo, n_layers 2, learning_rate 0.0003, seed "
          "1: \n"
          "04_n_layers-2_learning_rate-0.0003_seed-2: demo, n_layers 2, learning_rate 0.0003, seed "
          "2: seed 1 → 2\n"
          "05_n_layers-3_learning_rate-0.001_seed-1: demo, n_layers 3, learning_rate 0.001, seed "
          "1: n_layers 2 → 3, learning_rate 0.0003 → 0.001\n"
          "06_n_layers-3_learning_rate-0.001_seed-2: demo, n_layers 3, learning_rate 0.001, seed "
          "2: n_layers 2 → 3, learning_rate 0.0003 → 0.001, seed 1 → 2\n"
          "07_n_layers-3_learning_rate-0.0003_seed-1: demo, n_layers 3, learning_rate 0.0003, seed "
          "1: n_layers 2 → 3\n"
          "08_n_layers-3_learning_rate-0.0003_seed-2: demo, n_layers 3, learning_rate 0.0003, seed "
          "2: n_layers 2 → 3, seed 1 → 2\n"));
  const auto plan = planStudy(study);
  QVERIFY(plan.has_value());
  QCOMPARE(plan->settings.size(), std::size_t(4));
  QCOMPARE(plan->members[5].setting, std::size_t(2));
  QCOMPARE(plan->settingText(2), std::string("n_layers 3, learning_rate 0.001"));
}

void TestPlanStudy::experimentsAreComplete() {
  StudySpec study = demoStudy();
  study.axes = {listAxis("/model/n_layers", {"2", "3"})};
  study.seeds = someSeeds(2, 40);
  const auto plan = planStudy(study);
  QVERIFY(plan.has_value());
  ExperimentSpec expected = preset("demo");
  expected.name = "demo, n_layers 3, seed 41";
  expected.model.n_layers = 3;
  expected.training.seed = 41;
  QVERIFY(plan->experiment(3) == expected);
}

void TestPlanStudy::seedsSetDataToo() {
  StudySpec study = demoStudy();
  study.seeds = someSeeds(1, 5);
  study.seeds->sets = StudySeeds::Sets::TrainingAndData;
  QCOMPARE(membersText(study),
           QString::fromUtf8("01_seed-5: demo, seed 5: seed 1 → 5, data.seed 1 → 5\n"));
  const auto plan = planStudy(study);
  QCOMPARE(plan->experiment(0).data.seed, std::uint64_t(5));
  QCOMPARE(plan->experiment(0).training.seed, std::uint64_t(5));
}

void TestPlanStudy::labelsAreShortAndDifferent_data() {
  QTest::addColumn<QStringList>("pointers");
  QTest::addColumn<bool>("has_seeds");
  QTest::addColumn<QStringList>("labels");
  using L = QStringList;
  QTest::newRow("last step") << L{"/model/d_model", "/training/steps"} << false
                             << L{"d_model", "steps"};
  QTest::newRow("same last step") << L{"/data/seed", "/probe/seed"} << false
                                  << L{"data.seed", "probe.seed"};
  QTest::newRow("seeds take a name") << L{"/data/seed"} << true << L{"data.seed"};
  QTest::newRow("no seeds") << L{"/data/seed"} << false << L{"seed"};
  QTest::newRow("indices") << L{"/task/keys/x/0/1"} << false << L{"x.0.1"};
}

void TestPlanStudy::labelsAreShortAndDifferent() {
  QFETCH(QStringList, pointers);
  QFETCH(bool, has_seeds);
  QFETCH(QStringList, labels);
  StudySpec study = demoStudy();
  for (const QString& pointer : pointers)
    study.axes.push_back(listAxis(pointer.toStdString(), {"64"}));
  if (has_seeds)
    study.seeds = someSeeds(1);
  const auto plan = planStudy(study);
  QVERIFY2(plan.has_value(), qPrintable(plan ? QString() : errorsText(plan.error())));
  QStringList found;
  for (const std::string& label : plan->labels)
    found += QString::fromStdString(label);
  QCOMPARE(found, labels);
}

void TestPlanStudy::namesOfFoldersAreHarmless() {
  StudySpec study = demoStudy();
  study.axes = {listAxis("/name", {"\"../../etc/a b\"", "\"x\\\"y\"", "\"é\""})};
  QCOMPARE(
      outcome(study),
      QString("/axes: runs 1 (name ../../etc/a b) and 2 (name x\\\"y) are the same experiment; "
              "expected different ones\n"
              "/axes: runs 1 (name ../../etc/a b) and 3 (name é) are the same experiment; "
              "expected different ones\n"));
  study = demoStudy();
  study.axes = {listAxis("/task/forms/0/pattern", {"\"* 3 x * -> x\"", "\"* 3 _ x * -> x\""})};
  const auto plan = planStudy(study);
  QVERIFY(plan.has_value());
  QCOMPARE(plan->members[1].folder, std::string("02_pattern---3-_-x------x"));
}

void TestPlanStudy::rangesFollowTheField() {
  StudySpec study = demoStudy();
  StudyRange range;
  range.from = 16;
  range.to = 64;
  range.count = 3;
  range.spacing = StudyRange::Spacing::Log;
  study.axes = {rangeAxis("/model/d_mlp", range), rangeAxis("/training/weight_decay", range)};
  const auto plan = planStudy(study);
  QVERIFY(plan.has_value());
  const std::vector<std::vector<std::string>> expected{{"16", "32", "64"},
                                                       {"16.0", "32.0", "64.0"}};
  QVERIFY(plan->values == expected);
}

void TestPlanStudy::stepsAndEpochsExclude() {
  StudySpec study = demoStudy();
  study.axes = {listAxis("/training/epochs", {"2", "3"})};
  const auto plan = planStudy(study);
  QVERIFY(plan.has_value());
  QCOMPARE(plan->experiment(1).training.epochs.value_or(0), std::int64_t(3));
  QVERIFY(!plan->experiment(1).training.steps);
}

void TestPlanStudy::errors_data() {
  QTest::addColumn<QStringList>("axis");  // pointer, values
  QTest::addColumn<QStringList>("other");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const QStringList& axis, const QStringList& other,
                      const char* expected) {
    QTest::newRow(name) << axis << other << QString(expected) + "\n";
  };
  row("out of range", {"/model/n_layers", "1", "0"}, {},
      "/axes/0/values/1: run 3 (n_layers 0): /model/n_layers: expected an integer from 1 to 64, "
      "got "
      "0");
  row("in several runs", {"/model/n_layers", "0"}, {"/model/d_mlp", "16", "32", "64"},
      "/axes/0/values/0: run 1 (n_layers 0, d_mlp 16): /model/n_layers: expected an integer from 1 "
      "to 64, got 0; so have 2 more settings");
  row("no such field", {"/model/layers", "1", "2"}, {},
      "/axes/0/pointer: no such field; did you mean \"/model/n_layers\"?");
  row("a part that is not there", {"/training/batch_size/x", "1"}, {},
      "/axes/0/values/0: run 1 (x 1): /training/batch_size: this is 128; it has no part "
      "\"x\"");
  row("does not fit the task", {"/model/n_ctx", "20", "4"}, {},
      "/axes/0/values/1: run 3 (n_ctx 4): /model/n_ctx: n_ctx 4 is shorter than the "
      "longest sequence of the task; expected at least 9");
  row("pattern", {"/task/forms/0/pattern", "\"* 3 x * -> y\""}, {},
      "/axes/0/values/0: [11+1] run 1 (pattern * 3 x * -> y): /task/forms/0/pattern: y is not in "
      "the sequence: its keys are x.");
  row("same experiment", {"/training/learning_rate", "1", "1.0"}, {},
      "/axes: runs 1 (learning_rate 1) and 3 (learning_rate 1.0) are the same experiment; expected "
      "different ones");
}

void TestPlanStudy::errors() {
  QFETCH(QStringList, axis);
  QFETCH(QStringList, other);
  QFETCH(QString, expected);
  StudySpec study = demoStudy();
  for (const QStringList& parts : {axis, other}) {
    std::vector<std::string> values;
    for (const QString& value : parts.mid(1))
      values.push_back(value.toStdString());
    if (!parts.isEmpty())
      study.axes.push_back(listAxis(parts[0].toStdString(), values));
  }
  study.seeds = someSeeds(2);
  QCOMPARE(outcome(study), expected);
}

void TestPlanStudy::baseMayBeIncomplete() {
  StudySpec study = demoStudy();
  study.base.task.held_out.clear();
  const QString needs_rule = outcome(study);
  QVERIFY2(needs_rule.startsWith("/base/task/held_out: "), qPrintable(needs_rule));
  QCOMPARE(needs_rule.count('\n'), 1);
  study.seeds = someSeeds(3);
  QCOMPARE(outcome(study), needs_rule);  // once, not for every run
  study.axes = {listAxis("/task/held_out", {R"([{"rule": "residue", "key": "x"}])",
                                            R"([{"rule": "residue", "key": "x", "modulus": 9}])"})};
  QCOMPARE(outcome(study), QString("planned"));
}

void TestPlanStudy::limit() {
  StudySpec study = demoStudy();
  study.seeds = someSeeds(10000);
  QCOMPARE(outcome(study), QString("planned"));
  study.axes = {listAxis("/model/n_layers", {"1", "2"})};
  QCOMPARE(outcome(study),
           QString("/axes: 2 x 10000 seeds are 20000 runs; a study has at most 10000\n"));
}

void TestPlanStudy::hugeBases() {
  StudySpec study = demoStudy();
  study.base.probe.sequences.assign(1000, std::vector<int>(100, 20));
  StudyRange range;
  range.from = 1;
  range.to = 9000;
  range.step = 1;
  study.axes = {rangeAxis("/training/batch_size", range)};
  const QString text = outcome(study);
  QVERIFY2(text.startsWith("/base: has "), qPrintable(text));
}

void TestPlanStudy::stops() {
  std::stop_source source;
  source.request_stop();
  const auto plan = planStudy(demoStudy(), source.get_token());
  QVERIFY(!plan.has_value());
  QCOMPARE(errorsText(plan.error()), QString(": given up before all runs were checked\n"));
}

QTEST_GUILESS_MAIN(TestPlanStudy)
#include "tst_plan_study.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/checked_experiment.h"
#include "engine/core/experiment/check.h"
#include "engine/core/experiment_json.h"
#include "engine/core/task/task.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

using namespace anchorlens::core;

namespace {

ExperimentSpec good() {
  ExperimentSpec spec;
  FormSpec form;
  form.pattern = "* 3 x * -> x";
  spec.task.forms = {form};
  spec.task.held_out = {ResidueRule{"x"}};
  return spec;
}

}  // namespace

// Most of what checkExperiment says is in tst_broken_experiments; here is what no file can hold,
// and what must pass.
class TestCheck : public QObject {
  Q_OBJECT

 private slots:
  void presetsAndExamplesPass_data();
  void presetsAndExamplesPass();
  void structsAreCheckedLikeFiles();
  void brokenUtf8();
  void baselinesNeedNoContext();
  void errorsOfTheTaskComeFirst();
  void judgesTypedSequences();
  void givesTheCompiledTask();
};

void TestCheck::presetsAndExamplesPass_data() {
  QTest::addColumn<QString>("name");
  for (const auto& names : {presetNames(), exampleNames()}) {
    for (const std::string& name : names)
      QTest::newRow(name.c_str()) << QString::fromStdString(name);
  }
}

void TestCheck::presetsAndExamplesPass() {
  QFETCH(QString, name);
  const ExperimentSpec spec = preset(name.toStdString());
  QCOMPARE(errorsText(checkExperiment(spec)), QString());
  const auto task = Task::compile(spec.task);
  QVERIFY(task.has_value());
  // Both splits exist, and test accuracy is told.
  QVERIFY(task->analysis().has_test);
  QVERIFY(task->analysis().train_share > 0.5);
  // The files say everything: completing them adds nothing.
  QVERIFY(completed(spec) == spec);
}

void TestCheck::structsAreCheckedLikeFiles() {
  using Change = std::function<void(ExperimentSpec&)>;
  const std::pair<Change, const char*> cases[] = {
      {[](auto& s) { s.training.learning_rate = std::nan(""); },
       "/training/learning_rate: expected a number from 0 to 1000, got null\n"},
      {[](auto& s) { s.training.learning_rate = std::numeric_limits<double>::infinity(); },
       "/training/learning_rate: expected a number from 0 to 1000, got null\n"},
      {[](auto& s) { s.model.n_layers = -3; },
       "/model/n_layers: expected an integer from 1 to 64, got -3\n"},
      {[](auto& s) { s.data.seed = std::numeric_limits<std::uint64_t>::max(); },
       "/data/seed: expected an integer from 0 to 9007199254740991, got 18446744073709551615\n"},
      {[](auto& s) { s.training.epochs = 3; },
       "/training/steps: exactly one of epochs and steps may be set, got both\n"},
      {[](auto& s) { s.training.steps.reset(); },
       "/training/steps: one of epochs and steps must be set, both are null\n"},
      {[](auto& s) { s.task.seq_len.clear(); },
       "/task/seq_len: expected 1 to 1024 lengths, got 0\n"},
      {[](auto& s) {
         s.training.stop_when = StopRule{"loss", 0.5, 1};
       },
       "/training/stop_when/metric: expected one of \"test_accuracy\", \"train_accuracy\", got "
       "\"loss\"\n"},
  };
  for (const auto& [change, expected] : cases) {
    ExperimentSpec spec = good();
    change(spec);
    QCOMPARE(errorsText(checkExperiment(spec)), QString(expected));
  }
  QCOMPARE(errorsText(checkExperiment(good())), QString());
}

void TestCheck::brokenUtf8() {
  ExperimentSpec spec = good();
  spec.name = "caf\xe9";
  // Writing does not fail; checking tells.
  QVERIFY(parseExperiment(writeExperiment(spec)).has_value());
  QCOMPARE(errorsText(checkExperiment(spec)),
           QStringLiteral(": a text of the experiment is not valid UTF-8\n"));
}

void TestCheck::baselinesNeedNoContext() {
  ExperimentSpec spec = good();
  spec.task.seq_len = {24};
  QVERIFY(!checkExperiment(spec).empty());
  for (const auto kind : {ModelSpec::Kind::Lstm, ModelSpec::Kind::Mlp}) {
    spec.model.kind = kind;
    spec.model.attention_output = false;
    QCOMPARE(errorsText(checkExperiment(spec)), QString());
  }
}

void TestCheck::errorsOfTheTaskComeFirst() {
  ExperimentSpec spec = good();
  spec.task.d_vocab = 50;  // noise and keys reach 100
  spec.model.n_ctx = 5;
  spec.probe.size = 3;
  const SpecErrors errors = checkExperiment(spec);
  QVERIFY(errors.size() >= 3);
  QVERIFY(QString::fromStdString(errors.front().pointer).startsWith("/task/"));
  QCOMPARE(errors[errors.size() - 2].pointer, std::string("/model/n_ctx"));
  QCOMPARE(errors.back().pointer, std::string("/probe/shown"));
}

void TestCheck::judgesTypedSequences() {
  ExperimentSpec spec = good();
  spec.probe.sequences = {{20, 21, 3, 44, 22, 23, 24, 25, 26}};
  QCOMPARE(errorsText(checkExperiment(spec)), QString());
  spec.probe.sequences.push_back({20, 21, 22, 23, 24, 25, 26, 27, 28});
  const SpecErrors errors = checkExperiment(spec);
  QCOMPARE(errors.size(), std::size_t{1});
  QCOMPARE(errors[0].pointer, std::string("/probe/sequences/1"));
  QVERIFY(!errors[0].message.empty());
}

void TestCheck::givesTheCompiledTask() {
  const CheckedExperiment right = checkAndCompile(good());
  QVERIFY(right.errors.empty());
  QVERIFY(right.task.has_value());
  QVERIFY(right.task->spec() == completed(good()).task);
  ExperimentSpec spec = good();
  spec.model.n_ctx = 3;  // the task is right all the same
  QVERIFY(checkAndCompile(spec).task.has_value());
  QCOMPARE(errorsText(checkAndCompile(spec).errors), errorsText(checkExperiment(spec)));
  spec.task.held_out.clear();
  QVERIFY(!checkAndCompile(spec).task.has_value());
  spec.model.n_layers = -1;
  QVERIFY(!checkAndCompile(spec).task.has_value());
}

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"

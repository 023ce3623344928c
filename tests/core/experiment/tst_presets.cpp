// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <string>
#include <vector>

using namespace anchorlens::core;

class TestPresets : public QObject {
  Q_OBJECT

 private slots:
  void names();
  void filesAreCanonical_data();
  void filesAreCanonical();
  void demo();
  void paper();
  void fastSettings();
  void unknownName();
};

void TestPresets::names() {
  const std::vector<std::string> expected{
      "demo",           "identity", "reading-comprehension", "classification",     "composite",
      "working-memory", "synonym",  "recitation-forward",    "recitation-reverse", "multi-anchor",
      "statistical"};
  QVERIFY(presetNames() == expected);
  QCOMPARE(exampleNames().size(), std::size_t{7});
}

void TestPresets::filesAreCanonical_data() {
  QTest::addColumn<QString>("folder");
  QTest::addColumn<QString>("name");
  for (const std::string& name : presetNames())
    QTest::newRow(name.c_str()) << "presets" << QString::fromStdString(name);
  for (const std::string& name : exampleNames())
    QTest::newRow(name.c_str()) << "examples" << QString::fromStdString(name);
}

void TestPresets::filesAreCanonical() {
  QFETCH(QString, folder);
  QFETCH(QString, name);
  QFile file(QString(ANCHORLENS_SOURCE_DIR "/resources/%1/%2.json").arg(folder, name));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QByteArray bytes = file.readAll();
  // What is built in is what lies in the tree.
  QCOMPARE(QByteArray::fromStdString(std::string(presetText(name.toStdString()))), bytes);
  const auto spec = parseExperiment(bytes.toStdString());
  QVERIFY2(spec.has_value(), qPrintable(spec ? QString() : errorsText(spec.error())));
  QCOMPARE(QByteArray::fromStdString(writeExperiment(*spec)), bytes);
  QCOMPARE(QString::fromStdString(spec->name), name);
  QVERIFY(*spec == preset(name.toStdString()));
}

void TestPresets::demo() {
  const ExperimentSpec spec = preset("demo");
  QCOMPARE(spec.model.n_layers, 2);
  QCOMPARE(spec.model.n_heads, 1);
  QCOMPARE(spec.model.d_model, 64);
  QCOMPARE(spec.training.batch_size, 128);
  QVERIFY(spec.training.steps == 1500);
  // A rate of 3e-4 leaves some held-out keys at the last place unlearnt on two seeds of five.
  QCOMPARE(spec.training.learning_rate, 1e-3);
  // The window shows how the heads emerge between steps 100 and 300: 20 frames or more.
  QVERIFY(spec.record.frames.every.has_value());
  QVERIFY(*spec.record.frames.every <= 10);
}

void TestPresets::paper() {
  for (const std::string& name : presetNames()) {
    const ExperimentSpec spec = preset(name);
    QVERIFY2(!spec.training.stop_when, name.c_str());
    QVERIFY2(!spec.task.held_out.empty(), name.c_str());
    QCOMPARE(spec.task.d_vocab, 201);
    for (const auto& [key, intervals] : spec.task.keys)
      QVERIFY2((intervals == Intervals{{20, 100}}), name.c_str());
    if (name == "demo")
      continue;
    QCOMPARE(spec.model.n_layers, name == "classification" ? 2 : 4);
    QCOMPARE(spec.model.n_heads, name == "classification" ? 1 : 4);
    QCOMPARE(spec.model.d_model, 400);
    QCOMPARE(spec.model.d_head, 64);
    QCOMPARE(spec.model.d_mlp, 1200);
    QCOMPARE(spec.model.n_ctx, 20);
    QVERIFY(spec.training.optimizer == TrainingSpec::Optimizer::AdamW);
    QCOMPARE(spec.training.weight_decay, 0.01);
    QVERIFY(spec.training.clip_norm == 1.0);
    const ScheduleSpec& schedule = spec.training.schedule;
    QVERIFY(schedule.kind == ScheduleSpec::Kind::WarmupCosine);
    QVERIFY(schedule.unit == ScheduleSpec::Unit::Epochs);
    QCOMPARE(schedule.warmup, std::int64_t{400});
    QCOMPARE(schedule.decay, std::int64_t{4000});
    QVERIFY(qFuzzyCompare(schedule.start * 10, spec.training.learning_rate));
    QVERIFY(spec.training.epochs.has_value());
  }
}

void TestPresets::fastSettings() {
  const ExperimentSpec demo = preset("demo");
  QCOMPARE(withFastSettings(demo), demo);
  for (const auto& names : {presetNames(), exampleNames()}) {
    for (const std::string& name : names) {
      const ExperimentSpec fast = withFastSettings(preset(name));
      const SpecErrors errors = checkExperiment(fast);
      QVERIFY2(errors.empty(), (name + ": " + (errors.empty() ? "" : errors[0].message)).c_str());
      QCOMPARE(fast.task, preset(name).task);
      QCOMPARE(fast.training, demo.training);
    }
  }
  ExperimentSpec longer = preset("identity");
  longer.task.seq_len = {9, 30};
  QCOMPARE(withFastSettings(longer).model.n_ctx, 30);
}

void TestPresets::unknownName() {
  QVERIFY(presetText("no such preset").empty());
  QVERIFY(presetText("").empty());
}

QTEST_GUILESS_MAIN(TestPresets)
#include "tst_presets.moc"

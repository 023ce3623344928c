// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <string>
#include <vector>

using namespace anchorlens::core;

namespace {

ExperimentSpec base() {
  ExperimentSpec spec;
  FormSpec form;
  form.pattern = "* 3 x * -> x";
  spec.task.forms = {form};
  spec.task.held_out = {ResidueRule{"x"}};
  return completed(spec);
}

}  // namespace

class TestSetField : public QObject {
  Q_OBJECT

 private slots:
  void sets_data();
  void sets();
  void refuses_data();
  void refuses();
  void lengthOfTraining();
  void severalAtOnce();
  void newPatternBringsItsKeys();
};

void TestSetField::sets_data() {
  QTest::addColumn<QString>("assignment");
  QTest::addColumn<QString>("written");  // a part of the file afterwards
  const auto row = [](const char* assignment, const char* written) {
    QTest::newRow(assignment) << QString(assignment) << QString(written);
  };
  row("/training/seed=2", "\"seed\": 2,\n    \"kernel\"");
  row("/training/learning_rate=1e-3", "\"learning_rate\": 0.001,");
  row("/training/learning_rate=1", "\"learning_rate\": 1.0,");
  row("/name=my run", "\"name\": \"my run\",");
  row("/name=\"17\"", "\"name\": \"17\",");
  row("/name=a=b", "\"name\": \"a=b\",");
  row("/name=[draft", "\"name\": \"[draft\",");
  row("/task/forms/0/pattern={ a b | b c | c d } a -> d",
      "\"pattern\": \"{ a b | b c | c d } a -> d\"");
  row("/task/forms/-/pattern={ x b | b c } x -> c", "\"pattern\": \"{ x b | b c } x -> c\"");
  row("/training/device=cuda:1", "\"device\": \"cuda:1\",");
  row("/model/kind=lstm", "\"kind\": \"lstm\",");
  row("/model/residual=false", "\"residual\": false,");
  row("/training/clip_norm=null", "\"clip_norm\": null,");
  row("/task/seq_len=[9, 12]", "\"seq_len\": [9, 12],");
  row("/task/seq_len=12", "\"seq_len\": 12,");
  row("/task/forms/0/weight=2.5", "\"weight\": 2.5,");
  row("/task/held_out/0/modulus=9", "\"modulus\": 9,");
  row("/task/held_out/1={\"rule\": \"length\", \"lengths\": [9]}",
      "{\"rule\": \"length\", \"lengths\": [9]}");
  row("/task/held_out/-={\"rule\": \"keys\", \"anchor\": 3, \"intervals\": [[20, 27]]}",
      "{\"rule\": \"keys\", \"anchor\": 3, \"intervals\": [[20, 27]]}");
  row("/task/held_out=[]", "\"held_out\": [],");
  row("/task/keys/x/0/1=60", "\"keys\": {\"x\": [[20, 60]]},");
  row("/task/keys/x/1=[70, 80]", "\"keys\": {\"x\": [[20, 100], [70, 80]]},");
  row("/training/betas/1=0.99", "\"betas\": [0.9, 0.99],");
  row("/training/stop_when/at_least=0.9",
      "\"stop_when\": {\"metric\": \"test_accuracy\", \"at_least\": 0.9, \"evaluations\": 3}");
  row("/model/init/groups/qk=0.7",
      "\"init\": {\"kind\": \"pytorch\", \"gamma\": 0.5, \"groups\": {\"qk\": 0.7}},");
  row("/record/frames={\"every\": 7}", "\"frames\": {\"every\": 7, \"per_decade\": 4},");
}

void TestSetField::sets() {
  QFETCH(QString, assignment);
  QFETCH(QString, written);
  const auto spec = setField(base(), assignment.toStdString());
  QVERIFY2(spec.has_value(), qPrintable(spec ? QString() : errorsText(spec.error())));
  const QString text = QString::fromStdString(writeExperiment(*spec));
  QVERIFY2(text.contains(written), qPrintable(text));
}

void TestSetField::refuses_data() {
  QTest::addColumn<QString>("assignment");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* assignment, const char* expected) {
    QTest::newRow(assignment) << QString(assignment) << QString(expected) + "\n";
  };
  row("", ": expected /pointer=value such as /training/seed=2, got \"\"");
  row("/training/seed",
      ": expected /pointer=value such as /training/seed=2, got \"/training/seed\"");
  row("training/seed=2",
      ": expected /pointer=value such as /training/seed=2, got \"training/seed=2\"");
  row("/=2", ": expected /pointer=value such as /training/seed=2, got \"/=2\"");
  row("/training/seed=32.7",
      "/training/seed: expected an integer from 0 to 9007199254740991, got 32.7");
  row("/training/seed=",
      "/training/seed: expected an integer from 0 to 9007199254740991, got \"\"");
  row("/training/seed=-1",
      "/training/seed: expected an integer from 0 to 9007199254740991, got -1");
  row("/training/sed=1", "/training/sed: no such field; did you mean \"/training/seed\"?");
  row("/seed=1",
      "/seed: no such field; did you mean \"/data/seed\" or \"/training/seed\" or "
      "\"/probe/seed\"?");
  row("/trainig/threads=1", "/trainig: no such field; did you mean \"/training/threads\"?");
  row("/trainig/batchsize=1", "/trainig: no such field; did you mean \"/training/batch_size\"?");
  row("/model/temperature=1",
      "/model/temperature: unknown key \"temperature\"; expected one of \"kind\", \"n_layers\", "
      "\"n_heads\", \"d_model\", \"d_head\", \"d_mlp\", \"n_ctx\", \"mask\", \"norm\", "
      "\"activation\", \"positions\", \"residual\", \"mlp\", \"attention_output\", "
      "\"attention_biases\", \"mlp_biases\", \"unembedding_bias\", \"init\", \"shift_values_by\"");
  row("/task/forms/2/weight=1",
      "/task/forms/2: expected an index from 0 to 1 (the last adds an item), got \"2\"");
  row("/task/forms/first/weight=1",
      "/task/forms/first: expected an index from 0 to 1 (the last adds an item), got \"first\"");
  row("/task/forms/99999999999999999999/weight=1",
      "/task/forms/99999999999999999999: expected an index from 0 to 1 (the last adds an item), "
      "got \"99999999999999999999\"");
  row("/task/forms/1/weight=1",
      "/task/forms/1/pattern: missing; expected a pattern such as \"* 3 x * -> x\"");
  row("/training/seed/deep=1", "/training/seed: this is 1; it has no part \"deep\"");
  row("/task/seq_len=[9,",
      "/task/seq_len: the value is not JSON at line 1, column 4: the text "
      "ends before the last bracket or quote is closed");
  row("/training/seed={1",
      "/training/seed: the value is not JSON at line 1, column 2: did not expect \"1\"");
  row("/task/forms/0/pattern={ a b } a -> b",
      "/task/forms/0/pattern: [0+7] One block has no order: add another after |, or leave out the "
      "braces.");
  row("/data={\"seed\": 1, \"seed\": 2}", "/data/seed: the value is the key \"seed\" occurs twice");
  row("/model/norm=psot",
      "/model/norm: expected one of \"post\", \"pre\", \"none\", got \"psot\"; "
      "did you mean \"post\"?");
  row("/training/steps=null",
      "/training/steps: one of epochs and steps must be set, both are null");
  row("/format_version=2",
      "/format_version: version 2 was written by a newer Anchorlens; this one "
      "reads versions up to 1");
}

void TestSetField::refuses() {
  QFETCH(QString, assignment);
  QFETCH(QString, expected);
  const auto spec = setField(base(), assignment.toStdString());
  QVERIFY(!spec);
  QCOMPARE(errorsText(spec.error()), expected);
}

void TestSetField::lengthOfTraining() {
  const auto epochs = setField(base(), "/training/epochs=40");
  QVERIFY(epochs.has_value());
  QVERIFY(epochs->training.epochs == 40 && !epochs->training.steps);
  const auto steps = setField(*epochs, "/training/steps=300");
  QVERIFY(steps.has_value());
  QVERIFY(steps->training.steps == 300 && !steps->training.epochs);
  const auto last = setFields(base(), {"/training/epochs=40", "/training/steps=300"});
  QVERIFY(last.has_value());
  QVERIFY(last->training.steps == 300 && !last->training.epochs);
  const auto part = setField(base(), "/training={\"epochs\": 3}");
  QVERIFY(part.has_value());
  QVERIFY(part->training.epochs == 3 && !part->training.steps);
}

void TestSetField::severalAtOnce() {
  const auto good = setFields(base(), {"/training/seed=2", "/data/seed=3"});
  QVERIFY(good.has_value());
  QCOMPARE(good->training.seed, std::uint64_t{2});
  QCOMPARE(good->data.seed, std::uint64_t{3});
  const auto bad = setFields(base(), {"/training/seed=x", "/data/seed=3", "/model/n_layers=0"});
  QVERIFY(!bad);
  QCOMPARE(errorsText(bad.error()),
           QStringLiteral(
               "/model/n_layers: expected an integer from 1 to 64, got 0\n"
               "/training/seed: expected an integer from 0 to 9007199254740991, got \"x\"\n"));
  QVERIFY(*setFields(base(), {}) == base());
}

void TestSetField::newPatternBringsItsKeys() {
  const auto spec = setField(base(), "/task/forms/0/pattern=* m 3 n * -> n");
  QVERIFY(spec.has_value());
  QCOMPARE(spec->task.keys.size(), std::size_t{2});
  QVERIFY(spec->task.keys.contains("m") && spec->task.keys.contains("n"));
  // What nobody took away stays: a key that no pattern has is the task's to complain of.
  const auto extra = setField(base(), "/task/keys/y=[[20, 30]]");
  QVERIFY(extra.has_value());
  QVERIFY(extra->task.keys.contains("y") && extra->task.keys.contains("x"));
}

QTEST_GUILESS_MAIN(TestSetField)
#include "tst_set_field.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/import/import_plan.h"
#include "engine/core/import/import_shape.h"
#include "engine/core/import/npy_reader.h"
#include "engine/core/import/paper_config.h"
#include "engine/core/store/npz_parts.h"
#include "engine/core/task/task.h"
#include "tests/core/import/pickle_builder.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

const std::filesystem::path kFixtures = ANCHORLENS_SOURCE_DIR "/tests/data/import";

std::string textOf(const ImportErrors& errors) {
  std::string text;
  for (const IoError& error : errors) {
    text += error.text() + "\n";
  }
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Json paperConfig(const std::string& target) {
  std::ifstream in(kFixtures / "paper" / "config.json");
  Json config = Json::parse(in);
  config["target"] = target;
  return config;
}

/// How the paper's code makes a sequence: noise, the pair at `at`, and whether `s` is held out.
struct TheirSequence {
  std::vector<std::int32_t> tokens;
  bool is_test = false;
};
TheirSequence theirs(const std::string& target, int s, int at) {
  TheirSequence made{{30, 31, 32, 33, 34}, s % 4 == 0};
  const bool adds = target == "3x_to_x" || target == "x3_to_x";
  const int x = adds ? s + at : s;
  const int key_at = target[0] == '3' ? at + 1 : at;
  made.tokens[static_cast<std::size_t>(at)] = target[0] == '3' ? 3 : x;
  made.tokens[static_cast<std::size_t>(at) + 1] = target[0] == '3' ? x : 3;
  if (!adds) {
    made.is_test = s % 4 == key_at % 4;
  }
  return made;
}

}  // namespace

class TestImportPlan : public QObject {
  Q_OBJECT

 private slots:
  void theRunOfThePaper();
  void theTasksOfThePaper_data();
  void theTasksOfThePaper();
  void pairsOfThePaper();
  void whatIsWrongInTheirSettings();
  void shapes_data();
  void shapes();
  void theExampleInMessagesIsRight();
  void nothingSaysTheShape();
  void filesBesideAShape();
  void whatAWindowTakes();
  void logs_data();
  void logs();
};

void TestImportPlan::theRunOfThePaper() {
  const auto plan = planImport({kFixtures / "paper", {}, {}});
  QVERIFY2(plan.has_value(), plan ? "" : textOf(plan.error()).c_str());
  QCOMPARE(plan->spec.name, std::string("paper"));
  QCOMPARE(plan->spec.model.d_model, 4);
  QVERIFY(plan->spec.model.norm == ModelSpec::Norm::Post);
  QCOMPARE(plan->spec.training.learning_rate, 2e-4);
  // 40 sequences in batches of 10: epoch e, counted from 0, ends at step 4 (e + 1).
  QCOMPARE(plan->checkpoints.size(), 3U);
  QCOMPARE(plan->checkpoints[0].step, 0);
  QCOMPARE(plan->checkpoints[1].step, 4);
  QCOMPARE(plan->checkpoints[2].step, 12);
  QCOMPARE(plan->checkpoints[0].file.filename().string(), std::string("model_ini.pt"));
  QCOMPARE(plan->log.size(), 3U);
  QCOMPARE(plan->log[1].step, 8);
  QCOMPARE(plan->log[1].train_loss, 3.25);
  QVERIFY(std::isnan(plan->log[1].test_accuracy));
  QCOMPARE(plan->log[2].test_accuracy, 0.375);
}

void TestImportPlan::theTasksOfThePaper_data() {
  QTest::addColumn<QString>("target");
  for (const char* target :
       {"3x_to_x", "x3_to_x", "3x_to_x_new_interval", "x3_to_x_new_interval"}) {
    QTest::newRow(target) << target;
  }
}

/// Every sequence that their code can make lies on the side of the split where it lies there.
void TestImportPlan::theTasksOfThePaper() {
  QFETCH(QString, target);
  const std::string name = target.toStdString();
  const auto config = parsePaperConfig(paperConfig(name).dump(), "x");
  QVERIFY(config);
  QVERIFY(config->has_task);
  const auto task = Task::compile(config->spec.task);
  QVERIFY2(task.has_value(), task ? "" : task.error()[0].message.c_str());
  int tests = 0;
  for (int s = 20; s < 36; ++s) {
    for (int at = 0; at < 4; ++at) {
      const TheirSequence made = theirs(name, s, at);
      const auto judged = task->judge(made.tokens);
      QVERIFY2(judged.has_value(), judged ? "" : judged.error().c_str());
      QCOMPARE(judged->split == Split::Test, made.is_test);
      tests += made.is_test ? 1 : 0;
    }
  }
  QCOMPARE(tests, 16);
}

void TestImportPlan::pairsOfThePaper() {
  Json config = paperConfig("composition");
  config["vocab_size"] = 80;
  config["data_mode"] = {"11", "12", "21", "22"};
  config["data_mask"] = {0, 0, 1, 0};
  const auto read = parsePaperConfig(config.dump(), "x");
  QVERIFY(read);
  QVERIFY(read->has_task);
  const auto task = Task::compile(read->spec.task);
  QVERIFY2(task.has_value(), task ? "" : task.error()[0].message.c_str());
  // s = 21 at place 1: x = 22; 1 of what 2 makes of it: 22 + 1 + 5.
  const std::vector<std::int32_t> tokens{30, 1, 2, 22, 31};
  const auto judged = task->judge(tokens);
  QVERIFY2(judged.has_value(), judged ? "" : judged.error().c_str());
  QCOMPARE(judged->answers[0].token, 28);
  QVERIFY(judged->split == Split::Train);
  const std::vector<std::int32_t> hidden{30, 2, 1, 22, 31};
  QVERIFY(task->judge(hidden)->split == Split::Test);
  config["data_mode"] = {"11", "1x"};
  QVERIFY(!parsePaperConfig(config.dump(), "x")->has_task);
}

void TestImportPlan::whatIsWrongInTheirSettings() {
  Json config = paperConfig("3x_to_x");
  config["d_v"] = 8;
  config["n_layers"] = 2.5;
  config["model"] = "LSTM";
  config.erase("max_pos");
  const auto read = parsePaperConfig(config.dump(), "x");
  QVERIFY(!read);
  std::string told;
  for (const SpecError& error : read.error()) {
    told += error.pointer + ": " + error.message + "\n";
  }
  for (const char* part : {"/d_v: differs from d_k", "/n_layers: expected an integer", "got 2.5",
                           "/model: is \"LSTM\"",
                           "/max_pos: expected an integer from 1 to 1024, "
                           "got nothing"}) {
    QVERIFY2(has(told, part), told.c_str());
  }
  QTemporaryDir folder;
  const std::filesystem::path path = folder.path().toStdString();
  std::ofstream(path / "config.json") << paperConfig("context3").dump();
  const auto plan = planImport({path, {}, {}});
  QVERIFY(!plan);
  QVERIFY(has(textOf(plan.error()), "\"context3\" is a task that is not known here"));
  QVERIFY(has(textOf(plan.error()), "--experiment FILE"));
}

void TestImportPlan::shapes_data() {
  QTest::addColumn<QString>("json");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const char* rest, const char* expected) {
    QTest::newRow(name) << QString(R"({"format": "anchorlens-import", %1})").arg(rest) << expected;
  };
  const char* experiment = R"("experiment": {"task": {"forms": [{"pattern": "* 3 x * -> x"}]}})";
  const auto with = [&](const char* name, const char* rest, const char* expected) {
    row(name, (std::string(experiment) + ", " + rest).c_str(), expected);
  };
  row("no experiment", R"("names": "paper")", "/experiment: missing");
  row("a wrong experiment", R"("experiment": {"model": {"n_heds": 2}})",
      "/experiment/model/n_heds: unknown key");
  with("unknown key", R"("shape": 1)", "/shape: unknown key");
  with("version", R"("format_version": 2)", "/format_version: expected 1, got 2");
  with("names", R"("names": "keras")", "/names: expected \"native\"");
  with("tensors", R"("tensors": [])", "/tensors: expected an object");
  with("no name", R"("tensors": {"embed.weight": {"transposed": true}})",
       "/tensors/embed.weight/name: expected");
  with("not a flag", R"("tensors": {"embed.weight": {"name": "a", "transposed": 1}})",
       "/tensors/embed.weight/transposed: expected true or false");
  with("parts", R"("tensors": {"embed.weight": {"name": "a", "part": [3, 3]}})",
       "/tensors/embed.weight/part/0: expected an integer from 0 to 2, got 3");
  with("part", R"("tensors": {"embed.weight": {"name": "a", "part": 1}})",
       "/tensors/embed.weight/part: expected which part");
  with("checkpoints", R"("checkpoints": [{"file": "a.pt"}, 3])",
       "/checkpoints/0/step: expected an integer");
  with("step", R"("checkpoints": [{"file": "a.pt", "step": -1}])",
       "/checkpoints/0/step: expected an integer from 0");
  QTest::newRow("another format") << R"({"format": "x"})"
                                  << "/format: expected \"anchorlens-import\"";
  QTest::newRow("a list") << "[1]"
                          << "/format: expected";
}

void TestImportPlan::shapes() {
  QFETCH(QString, json);
  QFETCH(QString, expected);
  const auto shape = parseImportShape(json.toStdString());
  QVERIFY(!shape);
  const std::string told = textOf(toImportErrors("f", shape.error()));
  QVERIFY2(has(told, expected.toStdString()), told.c_str());
}

void TestImportPlan::theExampleInMessagesIsRight() {
  const auto shape = parseImportShape(importShapeExample());
  QVERIFY2(shape.has_value(), shape ? "" : textOf(toImportErrors("f", shape.error())).c_str());
  QCOMPARE(shape->names.tensors.at("layers.*.attn.q.weight").parts, 3);
  QVERIFY(checkExperiment(shape->spec).empty());
}

void TestImportPlan::nothingSaysTheShape() {
  const auto plan = planImport({kFixtures / "kinds.pt", {}, {}});
  QVERIFY(!plan);
  const std::string told = textOf(plan.error());
  QVERIFY2(has(told, "kinds.json: is missing") && has(told, "anchorlens-import"), told.c_str());
  QVERIFY(has(textOf(planImport({kFixtures / "absent", {}, {}}).error()), "no such file"));
}

void TestImportPlan::filesBesideAShape() {
  QTemporaryDir folder;
  const std::filesystem::path path = folder.path().toStdString();
  const auto write = [&](const std::string& checkpoints) {
    std::ofstream(path / "import.json")
        << R"({"format": "anchorlens-import", "experiment": {"task": {"forms": )"
        << R"([{"pattern": "* 3 x * -> x"}], "held_out": [{"rule": "residue", "key": "x"}]}})"
        << checkpoints << "}";
  };
  for (const char* name : {"a-20.pt", "a-3.pth", "last.pt"}) {
    std::ofstream(path / name) << "x";
  }
  write("");
  auto plan = planImport({path, {}, {"/name=mine"}});
  QVERIFY2(plan.has_value(), plan ? "" : textOf(plan.error()).c_str());
  QCOMPARE(plan->spec.name, std::string("mine"));
  QCOMPARE(plan->checkpoints.size(), 2U);
  QCOMPARE(plan->checkpoints[0].step, 3);
  QCOMPARE(plan->spec.training.steps.value(), 20);
  write(R"(, "checkpoints": [{"file": "last.pt", "step": 50}, {"file": "a-3.pth", "step": 50}])");
  QVERIFY(has(textOf(planImport({path, {}, {}}).error()), "is of step 50, as is"));
  QVERIFY(has(textOf(planImport({path, {}, {"/task/seq_len=1"}}).error()),
              "import.json: /experiment/task/"));
  // One of them alone has the step that is listed for it.
  plan = planImport({path / "last.pt", path / "import.json", {}});
  QVERIFY2(plan.has_value(), plan ? "" : textOf(plan.error()).c_str());
  QCOMPARE(plan->checkpoints.size(), 1U);
  QCOMPARE(plan->checkpoints[0].step, 50);
  QCOMPARE(plan->spec.training.steps.value(), 50);
  QCOMPARE(planImport({path / "a-20.pt", path / "import.json", {}})->checkpoints[0].step, 20);
  write(R"(, "checkpoints": [{"file": "../x.pt", "step": 50}])");
  QVERIFY(has(textOf(planImport({path, {}, {}}).error()), "is not beside this file"));
  write(R"(, "checkpoints": [{"file": "b.pt", "step": 50}])");
  QVERIFY(has(textOf(planImport({path, {}, {}}).error()), "There is no such file."));
}

void TestImportPlan::whatAWindowTakes() {
  QVERIFY(looksImportable(kFixtures / "paper"));
  QVERIFY(looksImportable(kFixtures / "kinds.pt"));
  QVERIFY(looksImportable(kFixtures));  // .pt files without a shape: importing says what is missing
  QVERIFY(!looksImportable(kFixtures / "make_fixtures.py"));
  QVERIFY(!looksImportable(kFixtures / "paper" / "loss"));
  QVERIFY(!looksImportable(kFixtures / "absent"));
}

void TestImportPlan::logs_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const std::string& bytes, const char* expected) {
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << expected;
  };
  const std::string two = number(0.5) + number(1.5);
  row("right", npyHeader("<f8", {2}) + two, "");
  row("short", npyHeader("<f8", {3}) + two, "its shape needs 24 bytes, but it has 16");
  row("long", npyHeader("<f8", {1}) + two, "needs 8 bytes");
  row("huge", npyHeader("<f8", {1'000'000'000'000, 1'000'000'000'000}) + two,
      "needs more bytes than it has");
  row("nothing many times", npyHeader("<f8", {0, 1'000'000'000'000}), "");
  row("objects", npyHeader("|O", {2}) + two, "type |O");
  row("four axes", npyHeader("<f8", {1, 1, 1, 2}) + two, "header is not NumPy's");
  row("cut off", npyHeader("<f8", {2}).substr(0, 20), "header is cut off");
  row("another file", "PK\x03\x04", "no .npy file");
}

void TestImportPlan::logs() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, expected);
  const auto array = parseNpy(toBytes(bytes.toStdString()));
  QCOMPARE(array.has_value(), expected.isEmpty());
  if (!array) {
    QVERIFY2(has(array.error(), expected.toStdString()), array.error().c_str());
  }
}

QTEST_GUILESS_MAIN(TestImportPlan)
#include "tst_import_plan.moc"

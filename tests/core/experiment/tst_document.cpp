// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "engine/core/experiment_json.h"
#include "tests/core/experiment/errors_text.h"
#include "tests/core/experiment/random_spec.h"

#include <QTemporaryDir>
#include <QtTest>

#include <limits>
#include <string>

using namespace anchorlens::core;

namespace {

/// A complete document in which every list and optional object has an item, so that every field of
/// the format occurs.
Json fullDocument() {
  ExperimentSpec spec;
  spec.task.anchors = {{3, "x+1"}};
  FormSpec form;
  form.pattern = "* A x B * -> A(x)";
  form.anchors = {{"A", {3, 4}}};
  form.distinct = {{"A", "B"}};
  spec.task.forms = {form};
  spec.task.held_out = {ResidueRule{"x"}, KeysRule{3, {{20, 27}}}, PredicateRule{"x mod 2"},
                        AnchorsRule{{{"A", 3}}}, LengthRule{{9}}};
  spec.task.relabel = {{{{"A", 3}}, "x-6"}};
  spec.model.init.groups = {{"qk", 0.5}};
  spec.training.stop_when = StopRule{};
  spec.probe.sequences = {{20, 3, 21}};
  return toDocument(spec);
}

QString errorsOf(const Json& document) {
  const auto spec = parseExperiment(document.dump());
  return spec ? QString() : errorsText(spec.error());
}

QString errorsWith(const QString& pointer, const Json& value) {
  Json document = fullDocument();
  document[Json::json_pointer(pointer.toStdString())] = value;
  return errorsOf(document);
}

}  // namespace

class TestDocument : public QObject {
  Q_OBJECT

 private slots:
  void defaultsSurvive();
  void emptyFileIsTheDefaults();
  void randomSpecsSurvive();
  void extremeNumbersSurvive();
  void everyFieldRefusesOtherTypes();
  void everyFieldIsKnownAndUnknownOnesAreNot();
  void ranges_data();
  void ranges();
  void words_data();
  void words();
  void completedFillsKeys();
  void hashIsStable();
  void hugeFilesAreQuick();
  void readsFiles();
};

void TestDocument::defaultsSurvive() {
  const ExperimentSpec spec;
  const std::string text = writeExperiment(spec);
  const auto again = parseExperiment(text);
  QVERIFY2(again.has_value(), qPrintable(again ? QString() : errorsText(again.error())));
  QVERIFY(*again == spec);
  QCOMPARE(writeExperiment(*again), text);
}

void TestDocument::emptyFileIsTheDefaults() {
  const auto spec = parseExperiment(R"({"format": "anchorlens-experiment", "format_version": 1})");
  QVERIFY(spec.has_value());
  QVERIFY(*spec == ExperimentSpec());
}

void TestDocument::randomSpecsSurvive() {
  Random random(1, "tests/random specs");
  for (int i = 0; i < 300; ++i) {
    const ExperimentSpec spec = completed(randomSpec(random));
    const std::string text = writeExperiment(spec);
    const auto again = parseExperiment(text);
    QVERIFY2(again.has_value(), qPrintable(again ? QString() : errorsText(again.error())));
    QVERIFY2(*again == spec, text.c_str());
    QCOMPARE(writeExperiment(*again), text);
    // The layout is not the meaning.
    const auto compact = parseExperiment(Json::parse(text).dump());
    QVERIFY(compact.has_value());
    QVERIFY(*compact == spec);
  }
}

void TestDocument::extremeNumbersSurvive() {
  ExperimentSpec spec;
  spec.data.seed = 9'007'199'254'740'991;
  spec.training.learning_rate = std::numeric_limits<double>::denorm_min();
  spec.training.weight_decay = 0.1 + 0.2;
  spec.training.eps = std::numeric_limits<double>::min();
  const auto again = parseExperiment(writeExperiment(spec));
  QVERIFY(again.has_value());
  QVERIFY(*again == spec);
}

void TestDocument::everyFieldRefusesOtherTypes() {
  const Json others[] = {
      nullptr, true, 32.7, -1e300, "text", Json::array({1, "a", nullptr}), Json{{"surprise", 1}}};
  const Json flat = fullDocument().flatten();
  int fields = 0;
  for (const auto& [pointer, value] : flat.items()) {
    if (pointer.starts_with("/format"))
      continue;
    ++fields;
    for (const Json& other : others) {
      const bool is_number = value.is_number() && other.is_number();
      if (value.type() == other.type() || (is_number && value.is_number_float()))
        continue;  // ranges and texts have their own tests
      const QString at = QString::fromStdString(pointer);
      const QString errors = errorsWith(at, other);
      const QString told = at + " " + QString::fromStdString(other.dump()) + "\n" + errors;
      // These may be null, a list instead of an item, or an object with any keys.
      const bool is_allowed =
          (other.is_null() &&
           (at.endsWith("/every") || at.endsWith("clip_norm") || at.endsWith("/epochs")));
      if (is_allowed)
        QVERIFY2(errors.isEmpty(), qPrintable(told));
      else
        QVERIFY2(errors.contains("expected") || errors.contains("must be set"), qPrintable(told));
      for (const QString& line : errors.split('\n', Qt::SkipEmptyParts)) {
        const QString parent = at.left(at.lastIndexOf('/'));
        QVERIFY2(line.startsWith(parent), qPrintable(told));
      }
    }
  }
  QVERIFY2(fields > 90, qPrintable(QString::number(fields)));
}

void TestDocument::everyFieldIsKnownAndUnknownOnesAreNot() {
  const Json full = fullDocument();
  QCOMPARE(errorsOf(full), QString());
  // Every object of the format refuses a key that it does not have.
  const char* objects[] = {"",
                           "/task",
                           "/task/anchors/0",
                           "/task/forms/0",
                           "/task/held_out/0",
                           "/task/held_out/1",
                           "/task/held_out/2",
                           "/task/held_out/3",
                           "/task/held_out/4",
                           "/task/relabel/0",
                           "/data",
                           "/model",
                           "/model/init",
                           "/model/init/groups",
                           "/training",
                           "/training/schedule",
                           "/training/stop_when",
                           "/probe",
                           "/record",
                           "/record/evaluate",
                           "/record/frames",
                           "/record/checkpoints"};
  for (const char* object : objects) {
    const QString pointer = QString(object) + "/surprise";
    const QString errors = errorsWith(pointer, 1);
    QVERIFY2(errors.startsWith(pointer + ": unknown key \"surprise\"") && errors.count('\n') == 1,
             qPrintable(errors));
  }
}

void TestDocument::ranges_data() {
  QTest::addColumn<QString>("pointer");
  QTest::addColumn<double>("min");
  QTest::addColumn<double>("max");
  QTest::addColumn<bool>("is_integer");
  QTest::addColumn<bool>("is_min_open");
  QTest::addColumn<bool>("is_max_open");
  const auto integer = [](const char* pointer, double min, double max) {
    QTest::newRow(pointer) << QString(pointer) << min << max << true << false << false;
  };
  const auto number = [](const char* pointer, double min, double max, bool min_open = false,
                         bool max_open = false) {
    QTest::newRow(pointer) << QString(pointer) << min << max << false << min_open << max_open;
  };
  integer("/task/seq_len", 1, 1024);
  integer("/task/d_vocab", 2, 65536);
  integer("/task/anchors/0/token", 0, 65535);
  integer("/task/forms/0/anchors/A/1", 0, 65535);
  number("/task/forms/0/weight", 0, 1e9, true);
  integer("/task/held_out/0/modulus", 2, 65536);
  integer("/task/held_out/1/anchor", 0, 65535);
  integer("/task/held_out/3/values/A", 0, 65535);
  integer("/task/held_out/4/lengths/0", 1, 1024);
  integer("/task/relabel/0/values/A", 0, 65535);
  integer("/data/n_train", 1, 1e7);
  integer("/data/n_test", 1, 1e7);
  integer("/data/seed", 0, 9007199254740991.0);
  integer("/model/n_layers", 1, 64);
  integer("/model/n_heads", 1, 64);
  integer("/model/d_model", 1, 8192);
  integer("/model/d_head", 1, 1024);
  integer("/model/d_mlp", 1, 32768);
  integer("/model/n_ctx", 1, 1024);
  integer("/model/shift_values_by", -1023, 1023);
  number("/model/init/gamma", 0, 10);
  number("/model/init/groups/qk", 0, 10);
  number("/training/learning_rate", 0, 1000);
  number("/training/weight_decay", 0, 1000);
  number("/training/betas/0", 0, 1, false, true);
  number("/training/betas/1", 0, 1, false, true);
  number("/training/eps", 0, 1, true);
  number("/training/momentum", 0, 1, false, true);
  integer("/training/schedule/warmup", 0, 1e9);
  integer("/training/schedule/decay", 0, 1e9);
  number("/training/schedule/start", 0, 1000);
  number("/training/schedule/end", 0, 1000);
  integer("/training/batch_size", 1, 1e6);
  integer("/training/steps", 1, 1e9);
  number("/training/clip_norm", 0, 1e9, true);
  integer("/training/threads", 1, 1024);
  integer("/training/seed", 0, 9007199254740991.0);
  number("/training/stop_when/at_least", 0, 1);
  integer("/training/stop_when/evaluations", 1, 1000);
  integer("/probe/seed", 0, 9007199254740991.0);
  integer("/probe/size", 1, 65536);
  integer("/probe/shown", 0, 1024);
  integer("/probe/sequences/0/0", 0, 65535);
  for (const char* schedule : {"evaluate", "frames", "checkpoints"}) {
    integer(qPrintable(QString("/record/%1/every").arg(schedule)), 1, 1e9);
    integer(qPrintable(QString("/record/%1/per_decade").arg(schedule)), 0, 1000);
  }
  number("/record/jump", 0, 2);
  integer("/record/jump_every", 1, 1e6);
  integer("/record/jump_frames", 1, 1000);
  number("/record/checkpoint_seconds", 0, 86400, true);
}

void TestDocument::ranges() {
  QFETCH(QString, pointer);
  QFETCH(double, min);
  QFETCH(double, max);
  QFETCH(bool, is_integer);
  QFETCH(bool, is_min_open);
  QFETCH(bool, is_max_open);
  const auto json = [&](double value) {
    return is_integer ? Json(static_cast<std::int64_t>(value)) : Json(value);
  };
  const auto verdict = [&](double value, bool is_allowed) {
    const QString errors = errorsWith(pointer, json(value));
    const QString text = QString::fromStdString(json(value).dump());
    if (is_allowed)
      return errors.isEmpty();
    return errors.startsWith(pointer + ": expected ") && errors.contains("got " + text) &&
           errors.count('\n') == 1;
  };
  const double step = is_integer ? 1 : 1e-3;
  QVERIFY(verdict(min, !is_min_open));
  QVERIFY(verdict(max, !is_max_open));
  QVERIFY(verdict(min - step, false));
  QVERIFY(verdict(max + step, false));
  QVERIFY(verdict(min + step, true));
  QVERIFY(verdict(max - step, true));
}

void TestDocument::words_data() {
  QTest::addColumn<QString>("pointer");
  QTest::addColumn<QStringList>("words");
  const auto row = [](const char* pointer, const QStringList& words) {
    QTest::newRow(pointer) << QString(pointer) << words;
  };
  row("/data/mode", {"fixed", "streaming"});
  row("/model/kind", {"transformer", "lstm", "mlp"});
  row("/model/mask", {"causal", "none"});
  row("/model/norm", {"post", "pre", "none"});
  row("/model/activation", {"relu", "gelu"});
  row("/model/positions", {"learned", "sinusoidal", "none"});
  row("/model/init/kind", {"pytorch", "gamma"});
  row("/training/optimizer", {"sgd", "adam", "adamw"});
  row("/training/schedule/kind", {"constant", "warmup_cosine"});
  row("/training/schedule/unit", {"steps", "epochs"});
  row("/training/precision", {"float32", "bfloat16", "tf32"});
  row("/training/device", {"auto", "cpu", "cuda", "cuda:0", "cuda:99"});
  row("/training/kernel", {"auto", "plain", "avx512-f32_1.2"});
  row("/training/stop_when/metric", {"test_accuracy", "train_accuracy"});
  row("/probe/split", {"test", "train"});
  row("/task/held_out/0/of", {"key", "key_minus_position"});
  row("/task/held_out/0/key", {"x", "x1", "answer"});
}

void TestDocument::words() {
  QFETCH(QString, pointer);
  QFETCH(QStringList, words);
  for (const QString& word : words)
    QCOMPARE(errorsWith(pointer, word.toStdString()), QString());
  for (const char* wrong : {"", "Fixed", "cuda:", "cuda:100", "cuda:01", "cuda:x", "x+1", "A"}) {
    const QString errors = errorsWith(pointer, wrong);
    QVERIFY2(errors.startsWith(pointer + ": expected ") &&
                 errors.contains(QString("got \"%1\"").arg(wrong)),
             qPrintable(QString(wrong) + "\n" + errors));
  }
}

void TestDocument::completedFillsKeys() {
  ExperimentSpec spec;
  spec.task.noise = {{5, 6}, {8, 9}};
  spec.task.keys = {{"m", {{1, 2}}}};
  FormSpec one;
  one.pattern = "* 3 x * m -> x";
  FormSpec two;
  two.pattern = "{ a b | b c } a -> c";
  FormSpec broken;
  broken.pattern = "* 3 y";
  spec.task.forms = {one, two, broken};
  const ExperimentSpec complete = completed(spec);
  QCOMPARE(complete.task.keys.size(), std::size_t{5});
  QVERIFY(complete.task.keys.at("m") == (Intervals{{1, 2}}));
  for (const char* key : {"a", "b", "c", "x"})
    QVERIFY(complete.task.keys.at(key) == spec.task.noise);
  QVERIFY(completed(complete) == complete);
}

void TestDocument::hashIsStable() {
  // A changed hash would cut every checkpoint off from its run: it changes with the format only.
  ExperimentSpec spec;
  spec.record.evaluate = {50, 10};  // whatever the defaults are now
  spec.record.frames = {100, 20};
  QCOMPARE(specHash(spec), std::string("deca8516daf39a7b"));
  FormSpec form;
  form.pattern = "* 3 x * -> x";
  spec.task.forms = {form};
  QCOMPARE(specHash(spec), specHash(completed(spec)));
  ExperimentSpec other = spec;
  other.training.seed = 2;
  QVERIFY(specHash(other) != specHash(spec));
  QCOMPARE(specHash(spec).size(), std::size_t{16});
}

void TestDocument::hugeFilesAreQuick() {
  // A million wrong tokens: the errors are bounded in number and memory.
  Json document = fullDocument();
  Json sequence = Json::array();
  for (int i = 0; i < 1000; ++i)
    sequence.push_back(true);
  Json sequences = Json::array();
  for (int i = 0; i < 700; ++i)
    sequences.push_back(sequence);
  document["probe"]["sequences"] = sequences;
  const auto spec = parseExperiment(document.dump());
  QVERIFY(!spec);
  QCOMPARE(spec.error().size(), std::size_t{101});
  QCOMPARE(spec.error().front().pointer, std::string("/probe/sequences/0/0"));
  QCOMPARE(spec.error().back().message, std::string("and 699900 more errors"));
}

void TestDocument::readsFiles() {
  const QTemporaryDir folder;
  const auto path = [&](const char* name) {
    return std::filesystem::path(folder.filePath(name).toStdString());
  };
  const auto write = [&](const char* name, const QByteArray& bytes) {
    QFile file(folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
  };
  const auto error = [&](const char* name) {
    const auto spec = readExperiment(path(name));
    return spec ? QString() : errorsText(spec.error());
  };
  write("good.json", QByteArray::fromStdString(writeExperiment({})));
  QCOMPARE(error("good.json"), QString());
  QVERIFY(*readExperiment(path("good.json")) == ExperimentSpec());
  QCOMPARE(error("none.json"), QStringLiteral(": cannot be opened: No such file or directory\n"));
  QCOMPARE(error(""), QStringLiteral(": this is a folder; expected an experiment file (of a run: "
                                     "its experiment.json)\n"));
  write("large.json", QByteArray(5 << 20, ' '));
  QCOMPARE(error("large.json"),
           QStringLiteral(": the file is larger than 4194304 bytes, the most that is "
                          "read\n"));
  write("empty.json", {});
  QCOMPARE(error("empty.json"), QStringLiteral(": the text is empty; expected a JSON object\n"));
  write("mark.json", "\xef\xbb\xbf" + QByteArray::fromStdString(writeExperiment({})));
  QCOMPARE(error("mark.json"), QString());
}

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"

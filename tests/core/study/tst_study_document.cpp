// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "engine/core/study/study_document.h"
#include "tests/core/experiment/errors_text.h"
#include "tests/core/study/study_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <array>

using namespace anchorlens::core;

namespace {

const QString kBase =
    R"({"format": "anchorlens-experiment", "format_version": 1, "model": {"n_layers": 3}})";

/// A study file with `rest` after its base.
QString file(const QString& rest, const QString& base = kBase) {
  return QStringLiteral(R"({"format": "anchorlens-study", "format_version": 1, "base": )") + base +
         rest + "}";
}

QString outcome(const QString& text) {
  const auto study = parseStudy(text.toStdString());
  return study ? QStringLiteral("read") : errorsText(study.error());
}

StudySpec fullStudy() {
  StudySpec study = demoStudy();
  StudyRange range;
  range.from = 1e-5;
  range.to = 1e-2;
  range.count = 4;
  range.spacing = StudyRange::Spacing::Log;
  study.axes = {listAxis("/model/n_layers", {"1", "2"}),
                listAxis("/training/optimizer", {"\"adam\"", "\"sgd\""}),
                rangeAxis("/training/learning_rate", range)};
  study.seeds = someSeeds(5);
  return study;
}

void survives(const StudySpec& study) {
  const std::string text = writeStudy(study);
  const auto again = parseStudy(text);
  QVERIFY2(again.has_value(), qPrintable(again ? QString() : errorsText(again.error())));
  QVERIFY(*again == completed(study));
  QCOMPARE(writeStudy(*again), text);
}

}  // namespace

class TestStudyDocument : public QObject {
  Q_OBJECT

 private slots:
  void survive();
  void isWrittenInOrder();
  void defaults();
  void textValuesAreCanonical();
  void errors_data();
  void errors();
  void allErrorsAtOnce();
  void migrates();
  void readsFiles();
};

void TestStudyDocument::survive() {
  survives({});
  survives(fullStudy());
  StudySpec study = fullStudy();
  study.seeds->count.reset();
  study.seeds->values = {7, 3, 9007199254740991};
  study.seeds->sets = StudySeeds::Sets::TrainingAndData;
  study.axes[2].range->count.reset();
  study.axes[2].range->spacing = StudyRange::Spacing::Linear;
  study.axes[2].range->step = 0.1;
  survives(study);
}

void TestStudyDocument::isWrittenInOrder() {
  const QString text = QString::fromStdString(writeStudy(fullStudy()));
  const QString tail = R"(
  "axes": [
    {"pointer": "/model/n_layers", "values": [1, 2], "range": null},
    {"pointer": "/training/optimizer", "values": ["adam", "sgd"], "range": null},
    {
      "pointer": "/training/learning_rate",
      "values": null,
      "range": {"from": 1e-05, "to": 0.01, "step": null, "count": 4, "spacing": "log"}
    }
  ],
  "seeds": {
    "values": null,
    "first": 1,
    "count": 5,
    "sets": "training"
  }
}
)";
  QVERIFY2(text.endsWith(tail), qPrintable(text.right(600)));
  const QString head = R"({
  "format": "anchorlens-study",
  "format_version": 1,
  "name": "widths",
  "base": {
    "format": "anchorlens-experiment",
    "format_version": 1,
    "name": "demo",
)";
  QVERIFY2(text.startsWith(head), qPrintable(text.left(300)));
}

void TestStudyDocument::defaults() {
  const auto study = parseStudy(file("").toStdString());
  QVERIFY(study.has_value());
  QCOMPARE(study->name, std::string("untitled"));
  QCOMPARE(study->base.model.n_layers, 3);
  QVERIFY(study->axes.empty());
  QVERIFY(!study->seeds);
}

void TestStudyDocument::textValuesAreCanonical() {
  StudySpec study = demoStudy();
  study.axes = {listAxis("/model/kind", {"lstm", "\"mlp\"", "[1,  2]", "1e-4"})};
  const StudySpec complete = completed(study);
  const std::vector<std::string> expected{"\"lstm\"", "\"mlp\"", "[1,2]", "0.0001"};
  QVERIFY(*complete.axes[0].values == expected);
}

void TestStudyDocument::errors_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const QString& text, const char* expected) {
    QTest::newRow(name) << text << QString(expected) + "\n";
  };
  const auto axis = [](const QString& fields) {
    return file(QStringLiteral(R"(, "axes": [{"pointer": "/training/batch_size", )") + fields +
                "}]");
  };
  const auto range = [&](const QString& fields) {
    return axis(QStringLiteral(R"("range": {)") + fields + "}");
  };
  row("list", "[]", ": expected a study, a JSON object, got []");
  row("an experiment", kBase,
      "/format: expected \"anchorlens-study\", got \"anchorlens-experiment\"");
  row("newer", R"({"format": "anchorlens-study", "format_version": 2})",
      "/format_version: version 2 was written by a newer Anchorlens; this one reads versions up to "
      "1");
  row("no base", R"({"format": "anchorlens-study", "format_version": 1})",
      "/base: missing; expected a whole experiment");
  row("base without format", file("", "{}"),
      "/base/format: expected \"anchorlens-experiment\", the field is missing");
  row("base is a list", file("", "[1]"), "/base: expected an experiment, a JSON object, got [1]");
  row("wrong field of the base",
      file("",
           R"({"format": "anchorlens-experiment", "format_version": 1, "model": {"n_heds": 1}})"),
      "/base/model/n_heds: unknown key \"n_heds\"; did you mean \"n_heads\"?");
  row("unknown key", file(R"(, "seed": 3)"),
      "/seed: unknown key \"seed\"; did you mean \"seeds\"?");
  row("name", file(R"(, "name": "")"),
      "/name: expected a name of at least one character, without control characters, got \"\"");
  row("four axes", file(R"(, "axes": [1, 2, 3, 4])"), "/axes: expected 0 to 3 axes, got 4");
  row("axis is a text", file(R"(, "axes": ["/training/seed"])"),
      "/axes/0: expected an object, got \"/training/seed\"");
  row("no pointer", file(R"(, "axes": [{"values": [1]}])"),
      "/axes/0/pointer: missing; expected the pointer of a field such as \"/training/seed\"");
  row("pointer without slash", file(R"(, "axes": [{"pointer": "seed", "values": [1]}])"),
      "/axes/0/pointer: expected the pointer of a field such as \"/training/batch_size\", got "
      "\"seed\"");
  row("pointer with =", file(R"(, "axes": [{"pointer": "/a=b", "values": [1]}])"),
      "/axes/0/pointer: expected the pointer of a field such as \"/training/batch_size\", got "
      "\"/a=b\"");
  row("neither", axis(R"("values": null)"),
      "/axes/0/values: exactly one of values and range must be there, got neither");
  row("both", axis(R"("values": [1], "range": {"from": 1, "to": 2, "step": 1})"),
      "/axes/0/values: exactly one of values and range must be there, got both");
  row("no values", axis(R"("values": [])"), "/axes/0/values: expected 1 to 10000 values, got 0");
  row("value twice", axis(R"("values": [1, 2, 1])"),
      "/axes/0/values/2: occurs twice in the list; expected different values");
  row("values are a number", axis(R"("values": 3)"),
      "/axes/0/values: expected a list of values, got 3 (null is allowed too)");
  row("range without end", range(R"("from": 1, "step": 1)"),
      "/axes/0/range/to: missing; expected a number from -1e+16 to 1e+16");
  row("same ends", range(R"("from": 1, "to": 1, "step": 1)"),
      "/axes/0/range/to: expected an end that differs from the start; of one value make a list");
  row("step and count", range(R"("from": 1, "to": 2, "step": 1, "count": 2)"),
      "/axes/0/range/step: exactly one of step and count must be there, got both");
  row("neither step nor count", range(R"("from": 1, "to": 2)"),
      "/axes/0/range/step: exactly one of step and count must be there, got neither");
  row("no step", range(R"("from": 1, "to": 2, "step": 0)"),
      "/axes/0/range/step: expected a number above 0, at most 1e+16, got 0 (null is allowed too)");
  row("tiny step", range(R"("from": 1, "to": 2, "step": 1e-9)"),
      "/axes/0/range/step: gives more than 10000 values; expected a larger step");
  row("one", range(R"("from": 1, "to": 2, "count": 1)"),
      "/axes/0/range/count: expected an integer from 2 to 10000, got 1 (null is allowed too)");
  row("log with step", range(R"("from": 1, "to": 2, "step": 1, "spacing": "log")"),
      "/axes/0/range/spacing: log spacing goes with count, not with step");
  row("log from 0", range(R"("from": 0, "to": 2, "count": 3, "spacing": "log")"),
      "/axes/0/range/spacing: log spacing needs both ends above 0");
  row("spacing", range(R"("from": 1, "to": 2, "count": 3, "spacing": "lin")"),
      "/axes/0/range/spacing: expected one of \"linear\", \"log\", got \"lin\"; did you mean "
      "\"linear\"?");
  row("same field twice", file(R"(, "axes": [{"pointer": "/model/n_layers", "values": [1]},
                         {"pointer": "/model/n_layers", "values": [2]}])"),
      "/axes/1/pointer: axis 1 varies /model/n_layers already");
  row("a part of another field", file(R"(, "axes": [{"pointer": "/model/n_layers", "values": [1]},
                         {"pointer": "/model", "values": [{}]}])"),
      "/axes/1/pointer: axis 1 varies /model/n_layers already");
  row("seeds and their axis",
      file(R"(, "axes": [{"pointer": "/training/seed", "values": [1]}], "seeds": {"count": 2})"),
      "/axes/0/pointer: seeds sets /training/seed already");
  row("data seeds and their axis", file(R"(, "axes": [{"pointer": "/data/seed", "values": [1]}],
               "seeds": {"count": 2, "sets": "training_and_data"})"),
      "/axes/0/pointer: seeds sets /data/seed already");
  row("seeds as a list", file(R"(, "seeds": [1, 2])"), "/seeds: expected an object, got [1,2]");
  row("seeds of nothing", file(R"(, "seeds": {})"),
      "/seeds/values: exactly one of values and count must be there, got neither");
  row("seed twice", file(R"(, "seeds": {"values": [4, 5, 4]})"),
      "/seeds/values/2: the seed 4 occurs twice");
  row("seed with a point", file(R"(, "seeds": {"values": [4.0]})"),
      "/seeds/values/0: expected an integer from 0 to 9007199254740991, got 4.0");
  row("last seed too large", file(R"(, "seeds": {"first": 9007199254740991, "count": 2})"),
      "/seeds/first: the last seed would be above 9007199254740991");
  row("what seeds set", file(R"(, "seeds": {"count": 2, "sets": "data"})"),
      "/seeds/sets: expected one of \"training\", \"training_and_data\", got \"data\"; "
      "did you mean \"training_and_data\"?");
}

void TestStudyDocument::errors() {
  QFETCH(QString, text);
  QFETCH(QString, expected);
  QCOMPARE(outcome(text), expected);
}

void TestStudyDocument::allErrorsAtOnce() {
  const QString base =
      R"({"format": "anchorlens-experiment", "format_version": 1, "model": {"n_layers": 0}})";
  QCOMPARE(
      outcome(file(R"(, "axes": [{"pointer": "x", "values": []}], "seeds": {"count": 0},
                           "name": 3)",
                   base)),
      QString("/base/model/n_layers: expected an integer from 1 to 64, got 0\n"
              "/axes/0/pointer: expected the pointer of a field such as "
              "\"/training/batch_size\", got \"x\"\n"
              "/axes/0/values: expected 1 to 10000 values, got 0\n"
              "/seeds/count: expected an integer from 1 to 10000, got 0 (null is allowed too)\n"
              "/name: expected a text, got 3\n"));
}

void TestStudyDocument::migrates() {
  // A made-up past: version 1 called the name title.
  constexpr std::array kSteps{Migration{1, [](Json& document) {
                                          document["name"] = document["title"];
                                          document.erase("title");
                                        }}};
  const FormatHistory history{2, kSteps, studyHistory().format, studyHistory().what};
  const auto study = parseStudy(file(R"(, "title": "old")").toStdString(), history);
  QVERIFY2(study.has_value(), qPrintable(study ? QString() : errorsText(study.error())));
  QCOMPARE(study->name, std::string("old"));
}

void TestStudyDocument::readsFiles() {
  const QTemporaryDir folder;
  const std::filesystem::path path(folder.filePath("study.json").toStdString());
  QFile saved(folder.filePath("study.json"));
  QVERIFY(saved.open(QIODevice::WriteOnly));
  saved.write(QByteArray::fromStdString(writeStudy(fullStudy())));
  saved.close();
  const auto study = readStudy(path);
  QVERIFY(study.has_value());
  QVERIFY(*study == fullStudy());
  QCOMPARE(errorsText(readStudy(path.parent_path()).error()),
           QString(": this is a folder; expected a study file (of a study's folder: its "
                   "study.json)\n"));
  QCOMPARE(errorsText(readStudy(path.parent_path() / "none").error()),
           QString(": cannot be opened: No such file or directory\n"));
}

QTEST_GUILESS_MAIN(TestStudyDocument)
#include "tst_study_document.moc"

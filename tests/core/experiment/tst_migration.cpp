// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <array>
#include <string>

using namespace anchorlens::core;

namespace {

// A made-up past: version 1 had the learning rate outside of training, version 2 called the field
// lr; version 3 is today's.
void moveRate(Json& document) {
  if (!document.contains("rate"))
    return;
  document["training"]["lr"] = document["rate"];
  document.erase("rate");
}

void renameRate(Json& document) {
  const auto training = document.find("training");
  if (training == document.end() || !training->is_object() || !training->contains("lr"))
    return;
  (*training)["learning_rate"] = (*training)["lr"];
  training->erase("lr");
}

constexpr std::array kSteps{Migration{1, moveRate}, Migration{2, renameRate}};
constexpr FormatHistory kHistory{3, kSteps};

std::string file(const std::string& version, const std::string& rest) {
  return R"({"format": "anchorlens-experiment", "format_version": )" + version + rest + "}";
}

}  // namespace

class TestMigration : public QObject {
  Q_OBJECT

 private slots:
  void takesEveryStep_data();
  void takesEveryStep();
  void errorsComeFromTheNewForm();
  void oldKeysAreUnknownToday();
  void refuses_data();
  void refuses();
  void noStepForAnOldVersion();
};

void TestMigration::takesEveryStep_data() {
  QTest::addColumn<QByteArray>("text");
  const auto row = [](const char* name, const std::string& text) {
    QTest::newRow(name) << QByteArray::fromStdString(text);
  };
  row("from 1", file("1", R"(, "rate": 0.5)"));
  row("from 2", file("2", R"(, "training": {"lr": 0.5})"));
  row("newest", file("3", R"(, "training": {"learning_rate": 0.5})"));
}

void TestMigration::takesEveryStep() {
  QFETCH(QByteArray, text);
  const auto spec = parseExperiment(text.toStdString(), kHistory);
  QVERIFY2(spec.has_value(), qPrintable(spec ? QString() : errorsText(spec.error())));
  QCOMPARE(spec->training.learning_rate, 0.5);
}

void TestMigration::errorsComeFromTheNewForm() {
  const auto spec = parseExperiment(file("1", R"(, "rate": "fast")"), kHistory);
  QVERIFY(!spec);
  QCOMPARE(errorsText(spec.error()),
           QStringLiteral("/training/learning_rate: expected a number from 0 to 1000, got "
                          "\"fast\"\n"));
}

void TestMigration::oldKeysAreUnknownToday() {
  const auto spec = parseExperiment(file("3", R"(, "rate": 0.5)"), kHistory);
  QVERIFY(!spec);
  QCOMPARE(errorsText(spec.error()),
           QStringLiteral("/rate: unknown key \"rate\"; expected one of \"name\", \"task\", "
                          "\"data\", \"model\", \"training\", \"probe\", \"record\"\n"));
}

void TestMigration::refuses_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const std::string& text, const char* expected) {
    QTest::newRow(name) << QByteArray::fromStdString(text) << QString(expected) + "\n";
  };
  // Nothing else is said of a file from the future: its other errors may be none.
  row("newer", file("4", R"(, "future": 1)"),
      "/format_version: version 4 was written by a newer Anchorlens; this one reads versions up to "
      "3");
  row("far future", file("18446744073709551615", ""),
      "/format_version: version 18446744073709551615 was written by a newer Anchorlens; this one "
      "reads "
      "versions up to 3");
  row("zero", file("0", ""), "/format_version: expected an integer from 1 to 3, got 0");
  row("negative", file("-1", ""), "/format_version: expected an integer from 1 to 3, got -1");
  row("fraction", file("1.5", ""), "/format_version: expected an integer from 1 to 3, got 1.5");
  row("missing", R"({"format": "anchorlens-experiment"})",
      "/format_version: expected an integer from 1 to 3, the field is missing");
  row("study", R"({"format": "anchorlens-study", "format_version": 1})",
      "/format: expected \"anchorlens-experiment\", got \"anchorlens-study\"");
  row("no format", "{}", "/format: expected \"anchorlens-experiment\", the field is missing");
  row("list", "[1, 2]", ": expected an experiment, a JSON object, got [1,2]");
}

void TestMigration::refuses() {
  QFETCH(QByteArray, text);
  QFETCH(QString, expected);
  const auto spec = parseExperiment(text.toStdString(), kHistory);
  QVERIFY(!spec);
  QCOMPARE(errorsText(spec.error()), expected);
}

void TestMigration::noStepForAnOldVersion() {
  const FormatHistory forgetful{3, std::span(kSteps).subspan(1)};
  const auto spec = parseExperiment(file("1", ""), forgetful);
  QVERIFY(!spec);
  QCOMPARE(errorsText(spec.error()),
           QStringLiteral("/format_version: version 1 is older than any that can be read\n"));
}

QTEST_GUILESS_MAIN(TestMigration)
#include "tst_migration.moc"

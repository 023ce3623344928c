// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <map>

using namespace anchorlens::core;

namespace {

const QString kFolder = QStringLiteral(ANCHORLENS_SOURCE_DIR "/resources/studies/");

QByteArray contents(const QString& file_name) {
  QFile file(kFolder + file_name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What README.md says: study to number of runs, from its rows "| `name` | full | fast | ...".
std::map<QString, std::size_t> runsInReadme() {
  static const QRegularExpression row("^\\| `([a-z-]+)` \\| ([0-9]+) \\| ([0-9]+) \\|",
                                      QRegularExpression::MultilineOption);
  std::map<QString, std::size_t> runs;
  auto matches = row.globalMatch(QString::fromUtf8(contents("README.md")));
  while (matches.hasNext()) {
    const QRegularExpressionMatch match = matches.next();
    runs[match.captured(1)] = match.captured(2).toULongLong();
    runs[match.captured(1) + "-fast"] = match.captured(3).toULongLong();
  }
  return runs;
}

}  // namespace

class TestShippedStudies : public QObject {
  Q_OBJECT

 private slots:
  void allAreBuiltIn();
  void areCanonicalAndPlan_data();
  void areCanonicalAndPlan();
  void twinsAskTheSame_data();
  void twinsAskTheSame();
  void unknownName();

 private:
  void rows(const QString& ending);
};

void TestShippedStudies::rows(const QString& ending) {
  QTest::addColumn<QString>("name");
  for (const std::string& text : studyNames()) {
    const QString name = QString::fromStdString(text);
    if (name.endsWith(ending))
      QTest::newRow(text.c_str()) << name;
  }
}

void TestShippedStudies::allAreBuiltIn() {
  QStringList files = QDir(kFolder).entryList({"*.json"}, QDir::Files);
  QStringList names;
  for (const std::string& name : studyNames())
    names << QString::fromStdString(name) + ".json";
  files.sort();
  names.sort();
  QCOMPARE(names, files);
  QCOMPARE(runsInReadme().size(), studyNames().size());
}

void TestShippedStudies::areCanonicalAndPlan_data() {
  rows(QString());
}

void TestShippedStudies::areCanonicalAndPlan() {
  QFETCH(QString, name);
  const QByteArray bytes = contents(name + ".json");
  QCOMPARE(QByteArray::fromStdString(std::string(studyText(name.toStdString()))), bytes);
  const auto study = parseStudy(bytes.toStdString());
  QVERIFY2(study.has_value(), qPrintable(study ? QString() : errorsText(study.error())));
  QCOMPARE(QByteArray::fromStdString(writeStudy(*study)), bytes);
  QCOMPARE(QString::fromStdString(study->name), name);
  const auto plan = planStudy(*study);
  QVERIFY2(plan.has_value(), qPrintable(plan ? QString() : errorsText(plan.error())));
  const std::map<QString, std::size_t> stated = runsInReadme();
  QVERIFY(stated.contains(name));
  QCOMPARE(plan->members.size(), stated.at(name));
}

void TestShippedStudies::twinsAskTheSame_data() {
  rows("-fast");
}

/// A fast twin has the task of the full study, varies the same fields (or fewer), and has the small
/// model.
void TestShippedStudies::twinsAskTheSame() {
  QFETCH(QString, name);
  const StudySpec fast = parseStudy(studyText(name.toStdString())).value();
  const StudySpec full = parseStudy(studyText(name.chopped(5).toStdString())).value();
  QVERIFY(fast.base.task == full.base.task);
  QVERIFY(fast.axes.size() <= full.axes.size());
  for (std::size_t i = 0; i < fast.axes.size(); ++i)
    QCOMPARE(fast.axes[i].pointer, full.axes[i].pointer);
  QCOMPARE(fast.base.model.d_model, 64);
  QCOMPARE(full.base.model.d_model, 400);
}

void TestShippedStudies::unknownName() {
  QVERIFY(studyText("no such study").empty());
  QVERIFY(studyText("").empty());
}

QTEST_GUILESS_MAIN(TestShippedStudies)
#include "tst_shipped_studies.moc"

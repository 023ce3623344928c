// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "tests/core/experiment/errors_text.h"

#include <QDir>
#include <QtTest>

#include <filesystem>

using namespace anchorlens::core;

// Files that are wrong, each with everything that is said of it: tests/data/broken_experiments.
class TestBrokenExperiments : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void messages_data();
  void messages();

 private:
  QDir m_folder{ANCHORLENS_SOURCE_DIR "/tests/data/broken_experiments"};
  QMap<QString, QString> m_expected;  // by file: lines as of errorsText()
};

/// messages.txt: a line "# file.json", then its lines.
void TestBrokenExperiments::initTestCase() {
  QFile file(m_folder.filePath("messages.txt"));
  QVERIFY(file.open(QIODevice::ReadOnly));
  QString name;
  for (const QString& line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)) {
    if (line.startsWith("# "))
      name = line.mid(2);
    else
      m_expected[name] += line + "\n";
  }
  const QStringList files = m_folder.entryList({"*.json"}, QDir::Files, QDir::Name);
  QVERIFY2(files.size() >= 40, qPrintable(QString::number(files.size())));
  QCOMPARE(files, m_expected.keys());
}

void TestBrokenExperiments::messages_data() {
  QTest::addColumn<QString>("name");
  for (const QString& name : m_expected.keys())
    QTest::newRow(qPrintable(name)) << name;
}

void TestBrokenExperiments::messages() {
  QFETCH(QString, name);
  const auto spec = readExperiment(m_folder.filePath(name).toStdString());
  const QString errors = errorsText(spec ? checkExperiment(*spec) : spec.error());
  QVERIFY2(errors == m_expected[name], qPrintable("\n# " + name + "\n" + errors));
}

QTEST_GUILESS_MAIN(TestBrokenExperiments)
#include "tst_broken_experiments.moc"

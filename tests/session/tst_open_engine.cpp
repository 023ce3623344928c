// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/open_engine.h"
#include "engine/session/version.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace anchorlens;

class TestOpenEngine : public QObject {
  Q_OBJECT

 private slots:
  void candidatesOfABuildTree() {
    const auto files = engine::engineCandidates("/build/bin/anchorctl", "");
    QVERIFY(files.size() >= 3);
    QCOMPARE(files[0].string(), std::string("/build/lib/libanchorlens_engine.so"));
    QCOMPARE(files[1].string(), std::string("/build/bin/libanchorlens_engine.so"));
  }

  void candidatesOfAnInstallation() {
    const auto files = engine::engineCandidates("/usr/bin/anchorctl", "");
    QCOMPARE(files.back().string(), std::string("/usr/lib/anchorlens/libanchorlens_engine.so"));
  }

  void overrideIsTheOnlyCandidate() {
    const auto files = engine::engineCandidates("/usr/bin/anchorctl", "/x/mine.so");
    QCOMPARE(files.size(), 1U);
    QCOMPARE(files[0].string(), std::string("/x/mine.so"));
  }

  void missingNamesWhereItLooked() {
    const auto module = engine::openEngineAt({"/nowhere/a.so", "/nowhere/b.so"});
    QVERIFY(!module);
    const QString message = QString::fromStdString(module.error().message);
    QVERIFY2(message.contains("/nowhere/a.so, /nowhere/b.so"), qPrintable(message));
    QVERIFY2(message.contains("ANCHORLENS_ENGINE"), qPrintable(message));
  }

  void notALibrary() {
    QTemporaryDir folder;
    const QString path = folder.filePath("libanchorlens_engine.so");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no library");
    file.close();
    const auto module = engine::openEngineAt({path.toStdString()});
    QVERIFY(!module);
    const QString message = QString::fromStdString(module.error().message);
    QVERIFY2(message.contains(path) && message.contains("could not be opened"),
             qPrintable(message));
  }

  void aLibraryThatIsNoEngine() {
    const auto module = engine::openEngineAt({ANCHORLENS_OTHER_LIBRARY});
    QVERIFY(!module);
    const QString message = QString::fromStdString(module.error().message);
    QVERIFY2(message.contains("is not a training engine"), qPrintable(message));
  }

  void anEngineOfOtherSources_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("headers");
    QTest::newRow("other") << ANCHORLENS_OTHER_ENGINE << "0123456789abcdef";
    QTest::newRow("old") << ANCHORLENS_OLD_ENGINE << "unknown";
  }
  void anEngineOfOtherSources() {
    QFETCH(QString, file);
    QFETCH(QString, headers);
    const auto module = engine::openEngineAt({file.toStdString()});
    QVERIFY(!module);
    const QString message = QString::fromStdString(module.error().message);
    QVERIFY2(message.contains("built from other sources than this program"), qPrintable(message));
    QVERIFY2(message.contains("build or install both together"), qPrintable(message));
    const QString detail = QString::fromStdString(module.error().detail);
    QVERIFY2(detail.contains(headers) && detail.contains(engine::interfaceHash()),
             qPrintable(detail));
  }
};

QTEST_GUILESS_MAIN(TestOpenEngine)
#include "tst_open_engine.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Every preset, composed by mouse and keyboard from an empty draft, gives the preset's file.
#include "engine/core/experiment_json.h"
#include "tests/app/composer_driver.h"
#include "tests/app/window_rig.h"

#include <QFile>
#include <QtTest>

#include <functional>
#include <map>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

using Driver = tests::ComposerDriver;
using State = core::CombinationState;
using widgets::FormTab;

constexpr const char* kKeys = "20-100";

/// What differs between the presets of the paper, and from the demo that a new draft is.
struct Numbers {
  const char* n_train;
  const char* batch;
  const char* evaluate;
  const char* frames;
  const char* jump;
  const char* checkpoints;
  const char* learning_rate = "0.0002";
  const char* end_rate = "2e-5";
  const char* epochs = "4000";
  const char* layers = "4";
  const char* heads = "4";
};

void setTraining(Driver& driver, const Numbers& numbers) {
  const auto set = [&](FormTab tab, const char* name, const char* value) {
    driver.setField(tab, QString::fromLatin1(name), QString::fromLatin1(value));
  };
  set(FormTab::Model, "Layers", numbers.layers);
  set(FormTab::Model, "Heads", numbers.heads);
  set(FormTab::Model, "Model width", "400");
  set(FormTab::Model, "MLP width", "1200");
  set(FormTab::Training, "Learning rate", numbers.learning_rate);
  set(FormTab::Training, "Batch", numbers.batch);
  set(FormTab::Training, "or epochs", numbers.epochs);
  set(FormTab::Training, "Schedule", "Cosine");
  set(FormTab::Training, "Counted in", "Epochs");
  set(FormTab::Training, "Warm-up", "400");
  set(FormTab::Training, "Start rate", numbers.end_rate);
  set(FormTab::Training, "Decay", "4000");
  set(FormTab::Training, "End rate", numbers.end_rate);
  set(FormTab::Training, "Train sequences", numbers.n_train);
  set(FormTab::Training, "Evaluate every", numbers.evaluate);
  set(FormTab::Training, "Frame every", numbers.frames);
  set(FormTab::Training, "Frames per decade", "20");
  set(FormTab::Training, "Jump of a score", "0.1");
  set(FormTab::Training, "then every", numbers.jump);
  set(FormTab::Training, "Checkpoint every", numbers.checkpoints);
}

/// The four anchors of the composite tasks.
void addFourAnchors(Driver& driver) {
  driver.addAnchor(1, "x+5");
  driver.addAnchor(2, "x+1");
  driver.addAnchor(3, "x-2");
  driver.addAnchor(4, "x-8");
}

void allow(Driver& driver, const QStringList& variables, const QString& tokens) {
  for (const QString& variable : variables)
    driver.allowAnchors(variable, tokens);
}

void drawKeys(Driver& driver, const QStringList& keys) {
  for (const QString& key : keys)
    driver.drawKeysFrom(key, kKeys);
}

void demo(Driver& driver) {
  driver.typePattern("* 3 x * -> x");
  driver.holdOutResidue("x");
}

void identity(Driver& driver) {
  demo(driver);
  setTraining(driver, {"1000", "50", "200", "800", "10", "8000"});
}

void readingComprehension(Driver& driver) {
  driver.typePattern("1 x * 2 y * 3 z * Q -> match(Q; 1:x, 2:y, 3:z)");
  driver.allowAnchors("Q", "1-3");
  drawKeys(driver, {"x", "y", "z"});
  driver.holdOutResidue("answer");
  setTraining(driver, {"10000", "50", "500", "2000", "25", "20000", "0.0001", "1e-5", "1000"});
}

void classification(Driver& driver) {
  driver.typePattern("x A * y B * z C * w -> nearest(w; x:A, y:B, z:C)");
  allow(driver, {"A", "B", "C"}, "1-10");
  driver.setField("all different", "on");
  drawKeys(driver, {"w", "x", "y", "z"});
  driver.holdOutResidue("w");
  setTraining(driver, {"100000", "50", "20000", "80000", "1000", "800000", "0.0002", "2e-5", "4000",
                       "2", "1"});
}

void composite(Driver& driver) {
  driver.typePattern("* x A B * -> B(A(x))");
  addFourAnchors(driver);
  allow(driver, {"A", "B"}, "1-4");
  driver.holdOutResidue("x");
  driver.paintPair(3, 4, State::HeldOut);
  setTraining(driver, {"20000", "100", "2000", "8000", "100", "80000"});
}

void workingMemory(Driver& driver) {
  driver.typePattern("* x A * B * -> B(A(x))");
  driver.setField("Length", "20");
  addFourAnchors(driver);
  allow(driver, {"A", "B"}, "1-4");
  driver.holdOutResidue("x");
  driver.paintPair(3, 4, State::HeldOut);
  setTraining(driver, {"40000", "100", "4000", "16000", "200", "160000"});
}

void synonym(Driver& driver) {
  driver.typePattern("* A B x * -> A(B(x))");
  addFourAnchors(driver);
  driver.addAnchor(9, "x");
  driver.setField("Synonym of, anchor 9", "3");
  allow(driver, {"A", "B"}, "1-4, 9");
  driver.holdOutResidue("x");
  driver.paintPair(9, 4, State::HeldOut);
  driver.paintPair(4, 9, State::HeldOut);
  setTraining(driver, {"20000", "100", "2000", "8000", "100", "80000"});
}

void recitation(Driver& driver, const QString& pattern, const QString& key) {
  driver.typePattern(pattern);
  drawKeys(driver, {"m", "n"});
  driver.holdOutResidue(key);
  setTraining(driver, {"2000", "100", "200", "800", "10", "8000"});
}

void multiAnchor(Driver& driver) {
  driver.typePattern("* A x * -> A(x)");
  for (int token = 1; token <= 10; ++token) {
    driver.addAnchor(token, QStringLiteral("x+%1").arg(token));
    const int first = 20 + 8 * (token - 1);
    driver.setAnchorKeys(token, QStringLiteral("%1-%2").arg(first).arg(first + 7));
  }
  driver.allowAnchors("A", "1-10");
  setTraining(driver, {"20000", "50", "4000", "16000", "200", "160000"});
}

void statistical(Driver& driver) {
  driver.typePattern("* 3 x * -> 3(x)");
  driver.addMissingAnchor(3, "80% x | 20% x+1");
  driver.holdOutResidue("x");
  setTraining(driver, {"10000", "50", "500", "2000", "25", "20000", "0.0001", "1e-5", "1000"});
}

const std::map<std::string, std::function<void(Driver&)>>& recipes() {
  static const std::map<std::string, std::function<void(Driver&)>> all{
      {"demo", demo},
      {"identity", identity},
      {"reading-comprehension", readingComprehension},
      {"classification", classification},
      {"composite", composite},
      {"working-memory", workingMemory},
      {"synonym", synonym},
      {"recitation-forward", [](Driver& driver) { recitation(driver, "* m 3 n * m -> n", "n"); }},
      {"recitation-reverse", [](Driver& driver) { recitation(driver, "* m 3 n * n -> m", "m"); }},
      {"multi-anchor", multiAnchor},
      {"statistical", statistical},
  };
  return all;
}

}  // namespace

class TestRebuildPresets : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

 private slots:
  void init() { m_rig.begin(); }

  void savesThePresetsFile_data() {
    QTest::addColumn<QString>("preset");
    for (const std::string& name : core::presetNames())
      QTest::addRow("%s", name.c_str()) << QString::fromStdString(name);
  }

  void savesThePresetsFile() {
    QFETCH(QString, preset);
    const std::string name = preset.toStdString();
    QVERIFY2(recipes().contains(name), "A preset that nobody rebuilds.");
    tests::Desk desk(m_rig.sessions());
    Driver driver(desk.window);
    driver.newEmptyDraft();
    recipes().at(name)(driver);
    driver.setField(FormTab::Task, "Name", preset);
    desk.dialogs.file_to_save = m_rig.path(QStringLiteral("rebuilt.json"));
    driver.press(Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(driver.problem(), QString());

    QFile file(desk.dialogs.file_to_save);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    const QList<QByteArray> wanted =
        QByteArray::fromStdString(std::string(core::presetText(name))).split('\n');
    for (qsizetype i = 0; i < std::min(lines.size(), wanted.size()); ++i)
      QCOMPARE(lines[i], wanted[i]);
    QCOMPARE(lines.size(), wanted.size());
  }
};

QTEST_MAIN(TestRebuildPresets)
#include "tst_rebuild_presets.moc"

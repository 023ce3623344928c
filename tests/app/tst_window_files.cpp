// SPDX-License-Identifier: GPL-3.0-or-later
// Files of drafts: what is saved where, and what a file that is dropped on the Composer brings.
#include "app/anchorlens/main_toolbar.h"
#include "engine/core/experiment_json.h"
#include "engine/core/task_text.h"
#include "tests/app/drop.h"
#include "tests/app/export_twice.h"
#include "tests/app/window_rig.h"
#include "widgets/composer/composer_view.h"

#include <QFile>
#include <QPushButton>
#include <QtTest>

#include <string>
#include <utility>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

core::ExperimentSpec withSeed(std::uint64_t seed) {
  auto spec = tests::tinyExperiment();
  spec.training.seed = seed;
  return core::completed(spec);
}

/// No text of the language.
core::ExperimentSpec unfinished(core::ExperimentSpec spec) {
  spec.task.forms[0].pattern = "* 3 x * ->";
  return core::completed(std::move(spec));
}

}  // namespace

class TestWindowFiles : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  QString write(const char* name, const std::string& text) {
    QFile file(m_rig.path(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(text.data(), static_cast<qint64>(text.size())) < 0)
      qFatal("%s", name);
    return file.fileName();
  }
  static void press(tests::Desk& desk, Qt::Key key, Qt::KeyboardModifiers more = {}) {
    QTest::keyClick(&desk.window, key, Qt::ControlModifier | more);
  }
  static void dropOnComposer(tests::Desk& desk, const QString& file) {
    press(desk, Qt::Key_1);
    QVERIFY(desk.window.composer()->isVisible());
    tests::drop(*desk.window.composer(), {file});
  }

 private slots:
  void init() { m_rig.begin(); }

  void anotherExperimentIsNotSavedOverTheFile() {
    const QString file = write("mine.json", core::writeExperiment(withSeed(17)));
    const QByteArray before = tests::contentOf(file);
    auto desk = m_rig.open();
    DraftDocument& draft = desk->controller.draft();
    tests::drop(desk->window, {file});
    QCOMPARE(draft.file(), file);
    // A preset: a name is asked for, and none is given.
    desk->controller.choosePreset(QStringLiteral("composite"));
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked, QStringList{QStringLiteral("save composite.json")});
    QCOMPARE(tests::contentOf(file), before);
    press(*desk, Qt::Key_Z);
    QCOMPARE(draft.spec(), withSeed(17));
    QCOMPARE(draft.file(), file);
    // The settings of a run.
    desk->controller.openRun(m_rig.makeRun());
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.shownRun()->isLoaded(), kSoonMs);
    desk->controller.copySettings(desk->controller.shownRun()->id());
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked.mid(1), QStringList{QStringLiteral("save tiny.json")});
    QCOMPARE(tests::contentOf(file), before);
    press(*desk, Qt::Key_Z);
    QCOMPARE(draft.file(), file);
    // A file that is dropped on the Composer.
    dropOnComposer(*desk, write("other.json", core::writeExperiment(withSeed(18))));
    QCOMPARE(draft.spec(), withSeed(18));
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked.size(), 3);
    QCOMPARE(tests::contentOf(file), before);
    // With the file's own experiment nothing is asked.
    press(*desk, Qt::Key_Z);
    QCOMPARE(draft.file(), file);
    draft.edit(withSeed(19), QStringLiteral("change seed"));
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked.size(), 3);
    QCOMPARE(tests::contentOf(file),
             QByteArray::fromStdString(core::writeExperiment(withSeed(19))));
  }

  /// The system's dialog asked about another file than the one that the suffix makes.
  void aNameWithoutItsSuffixIsAskedFor() {
    const QString file = write("mine.json", core::writeExperiment(withSeed(17)));
    const QByteArray before = tests::contentOf(file);
    auto desk = m_rig.open();
    desk->controller.draft().load(withSeed(18), {});
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("mine"));
    desk->dialogs.replace = false;
    const QStringList questions{QStringLiteral("save tiny.json"),
                                QStringLiteral("replace ") + file};
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked, questions);
    QCOMPARE(tests::contentOf(file), before);
    QCOMPARE(desk->controller.draft().file(), QString());
    desk->dialogs.replace = true;
    press(*desk, Qt::Key_S);
    QCOMPARE(desk->dialogs.asked, questions + questions);
    QCOMPARE(tests::contentOf(file),
             QByteArray::fromStdString(core::writeExperiment(withSeed(18))));
    QCOMPARE(desk->controller.draft().file(), file);
    // Another suffix is part of the name: only .json is opened as an experiment.
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("mine.v2"));
    press(*desk, Qt::Key_S, Qt::ShiftModifier);
    QCOMPARE(desk->controller.draft().file(), m_rig.path(QStringLiteral("mine.v2.json")));
    QCOMPARE(tests::contentOf(m_rig.path(QStringLiteral("mine.v2.json"))), tests::contentOf(file));
  }

  void anUnfinishedDraftIsTakenByTheComposer() {
    const core::ExperimentSpec spec = unfinished(withSeed(17));
    const QString file = write("later.json", core::writeExperiment(spec));
    QVERIFY(!core::readExperiment(toPath(file)));
    auto desk = m_rig.open();
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
    const core::ExperimentSpec before = desk->controller.draft().spec();
    dropOnComposer(*desk, file);
    QCOMPARE(desk->controller.draft().spec(), spec);
    QTRY_VERIFY_WITH_TIMEOUT(
        desk->window.toolbar()->readoutText().contains(QStringLiteral("problem")), kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(!desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
    press(*desk, Qt::Key_Z);
    QCOMPARE(desk->controller.draft().spec(), before);
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
  }

  /// As when it is pasted.
  void aTaskFileLeavesTheOtherParts() {
    auto desk = m_rig.open();
    DraftDocument& draft = desk->controller.draft();
    draft.load(withSeed(17), {});
    const core::ExperimentSpec composite = core::preset("composite");
    dropOnComposer(*desk, write("task.json", core::writeTask(composite)));
    core::ExperimentSpec wanted = withSeed(17);
    wanted.name = composite.name;
    wanted.task = composite.task;
    QCOMPARE(draft.spec(), wanted);
    // The same while it is not finished.
    press(*desk, Qt::Key_Z);
    QCOMPARE(draft.spec(), withSeed(17));
    const core::ExperimentSpec later = unfinished(composite);
    dropOnComposer(*desk, write("later.json", core::writeTask(later)));
    wanted.task = later.task;
    QCOMPARE(draft.spec(), wanted);
  }
};

QTEST_MAIN(TestWindowFiles)
#include "tst_window_files.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Bookmarks, loops and jumps in the window, by real events.
#include "engine/core/store/bookmarks.h"
#include "engine/core/store/file_io.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/bookmark_editor.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"

#include <QLineEdit>
#include <QtTest>

#include <cerrno>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

/// 41 frames, a spike at 60, an intervention at 80, checkpoints none.
void writeRun(const std::filesystem::path& folder) {
  auto spec = tests::tinyExperiment();
  spec.training.steps = 100;
  auto writer = core::RunWriter::create(folder, spec, {});
  QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
  for (std::int64_t step = 0; step <= 100; ++step) {
    if (step > 0)
      (*writer)->addStep({step, step == 60 ? 40.0 : 4.0, 1.0, 1e-3});
    if (step % 10 == 0) {
      core::Frame frame;
      frame.step = step;
      (*writer)->addFrame(frame);
    }
  }
  (*writer)->addEvent({80, "intervention", "Learning rate halved"});
  (*writer)->setStatus(core::RunState::Finished, 100, 100);
  QVERIFY((*writer)->commit());
}

}  // namespace

class TestTimeWindow : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  QString run() const { return m_rig.path(QStringLiteral("run")); }
  std::unique_ptr<tests::Desk> open() {
    auto desk = m_rig.open();
    desk->window.openPath(run());
    waitFor(*desk, 11);
    return desk;
  }
  static void waitFor(tests::Desk& desk, std::size_t frames) {
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->history().frames().size() == frames,
                             kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.window.timeline()->plot()->marks().empty(), kSoonMs);
  }
  static void key(tests::Desk& desk, Qt::Key which, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(&desk.window, which, modifiers);
  }
  static std::int64_t step(const tests::Desk& desk) { return desk.controller.cursor().step(); }
  std::vector<core::Bookmark> onDisk() const {
    const auto bookmarks = core::readBookmarks(toPath(run()));
    return bookmarks ? *bookmarks : std::vector<core::Bookmark>{{-1, "unreadable"}};
  }

 private slots:
  void init() {
    m_rig.begin();
    writeRun(toPath(run()));
  }
  void cleanup() { core::setWriteFault(nullptr); }

  void keysJumpToWhatHappened() {
    const auto desk = open();
    key(*desk, Qt::Key_Home);
    QCOMPARE(step(*desk), 0);
    key(*desk, Qt::Key_S);
    QCOMPARE(step(*desk), 60);
    key(*desk, Qt::Key_I);
    QCOMPARE(step(*desk), 80);
    key(*desk, Qt::Key_S, Qt::ShiftModifier);
    QCOMPARE(step(*desk), 60);
    key(*desk, Qt::Key_S, Qt::ShiftModifier);
    QCOMPARE(step(*desk), 60);
    QCOMPARE(desk->window.statusText(), QStringLiteral("There is no loss spike before this step."));
    key(*desk, Qt::Key_E);
    QCOMPARE(desk->window.statusText(), QStringLiteral("This run has no emergence of a label."));
  }

  void aBookmarkIsKeptBesideTheRun() {
    {
      const auto desk = open();
      key(*desk, Qt::Key_Home);
      key(*desk, Qt::Key_Period);
      key(*desk, Qt::Key_M);
      QLineEdit* field = desk->window.timeline()->bookmarkEditor()->field();
      QTRY_VERIFY(field->hasFocus());
      QTest::keyClicks(field, QStringLiteral("see: no m"));  // single keys are text here
      QTest::keyClick(field, Qt::Key_Return);
      QTRY_COMPARE_WITH_TIMEOUT(onDisk(), (std::vector<core::Bookmark>{{10, "see: no m"}}),
                                kSoonMs);
      QTRY_VERIFY(desk->controller.shownRun()->unwrittenBookmarks().empty());
      key(*desk, Qt::Key_End);
      key(*desk, Qt::Key_B, Qt::ShiftModifier);
      QCOMPARE(step(*desk), 10);
    }
    // Another window has it, and takes it away.
    const auto other = open();
    QTRY_COMPARE(other->window.timeline()->plot()->bookmarks().size(), std::size_t{1});
    key(*other, Qt::Key_Home);
    key(*other, Qt::Key_B);
    QCOMPARE(step(*other), 10);
    key(*other, Qt::Key_M, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(onDisk().empty(), kSoonMs);
    QVERIFY(other->window.timeline()->plot()->bookmarks().empty());
  }

  void inAReadOnlyFolderTheSessionKeepsIt() {
    core::setWriteFault([](const std::filesystem::path& file) {
      return file.string().find("bookmarks.json") != std::string::npos ? EROFS : 0;
    });
    {
      const auto desk = open();
      key(*desk, Qt::Key_Home);
      key(*desk, Qt::Key_M);
      QLineEdit* field = desk->window.timeline()->bookmarkEditor()->field();
      QTRY_VERIFY(field->hasFocus());
      QTest::keyClicks(field, QStringLiteral("mine"));
      QTest::keyClick(field, Qt::Key_Return);
      QTRY_VERIFY_WITH_TIMEOUT(desk->window.statusText().endsWith(QStringLiteral(
                                   "The bookmark is kept in this window's session only.")),
                               kSoonMs);
      QCOMPARE(desk->window.timeline()->plot()->bookmarks().size(), std::size_t{1});
      QVERIFY(desk->window.close());
    }
    QVERIFY(onDisk().empty());
    {
      tests::Desk again(m_rig.sessions());
      waitFor(again, 11);
      QTRY_COMPARE(again.window.timeline()->plot()->bookmarks(),
                   (std::vector<core::Bookmark>{{0, "mine"}}));
      // The folder can be written again: the next change writes both.
      core::setWriteFault(nullptr);
      key(again, Qt::Key_End);
      key(again, Qt::Key_M);
      QTest::keyClick(again.window.timeline()->bookmarkEditor()->field(), Qt::Key_Return);
      QTRY_COMPARE_WITH_TIMEOUT(onDisk(), (std::vector<core::Bookmark>{{0, "mine"}, {100, ""}}),
                                kSoonMs);
    }
  }

  void whatCannotBeReadIsSaidAndLeft() {
    QFile file(run() + QStringLiteral("/bookmarks.json"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense") > 0);
    file.close();
    const auto desk = open();
    QTRY_VERIFY_WITH_TIMEOUT(
        desk->window.statusText().contains(QStringLiteral("bookmarks are not shown")), kSoonMs);
    key(*desk, Qt::Key_M);
    QTest::keyClick(desk->window.timeline()->bookmarkEditor()->field(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.statusText().contains(QStringLiteral("session only")),
                             kSoonMs);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("nonsense"));
  }

  void loopZoomAndSpeedComeBack() {
    {
      const auto desk = open();
      widgets::Timeline* timeline = desk->window.timeline();
      key(*desk, Qt::Key_Home);
      key(*desk, Qt::Key_Period);
      key(*desk, Qt::Key_Home, Qt::AltModifier);
      key(*desk, Qt::Key_Period);
      key(*desk, Qt::Key_Period);
      key(*desk, Qt::Key_End, Qt::AltModifier);
      QCOMPARE(timeline->loop(), (widgets::Timeline::Range{10, 30}));
      key(*desk, Qt::Key_BracketRight);
      QCOMPARE(timeline->replayRate(), 16.0);
      key(*desk, Qt::Key_Plus, Qt::ControlModifier);
      QVERIFY(!timeline->showsAllTime());
      desk->window.saveSession();
      const auto range = timeline->range();
      QVERIFY(desk->window.close());
      tests::Desk again(m_rig.sessions());
      waitFor(again, 11);
      QTRY_COMPARE(again.window.timeline()->loop(), (widgets::Timeline::Range{10, 30}));
      QCOMPARE(again.window.timeline()->range(), range);
      QCOMPARE(again.window.timeline()->replayRate(), 16.0);
      key(again, Qt::Key_Backspace, Qt::AltModifier);
      QVERIFY(!again.window.timeline()->loop());
    }
  }

  void easingIsAChoice() {
    const auto desk = open();
    QVERIFY(desk->window.timeline()->isReplayEased());
    QAction* ease = desk->window.actions()[QStringLiteral("ease-replay")];
    QVERIFY(ease->isChecked());
    ease->trigger();
    QVERIFY(!ease->isChecked() && !desk->window.timeline()->isReplayEased());
    QVERIFY(readSettings(settingsFile()).reduced_motion);
    tests::Desk again(m_rig.sessions());
    QVERIFY(!again.window.timeline()->isReplayEased());
  }
};

QTEST_MAIN(TestTimeWindow)
#include "tst_time_window.moc"

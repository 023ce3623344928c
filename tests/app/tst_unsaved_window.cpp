// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose last checkpoint cannot be written: nothing that was trained is let go unasked.
#include "app/anchorlens/message_bar.h"
#include "engine/core/store/run_store.h"
#include "tests/app/trained_desk.h"
#include "tests/app/window_rig.h"

#include <QFile>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

/// A file where the folder of checkpoints was: none can be written, whoever tries.
class Blocked {
 public:
  explicit Blocked(const std::filesystem::path& run)
      : m_folder(run / "checkpoints"), m_aside(run / "aside") {
    std::filesystem::rename(m_folder, m_aside);
    QFile file(toText(m_folder));
    if (!file.open(QIODevice::WriteOnly))
      qFatal("%s", m_folder.c_str());
  }
  ~Blocked() {
    std::filesystem::remove(m_folder);
    std::filesystem::rename(m_aside, m_folder);
  }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;

 private:
  std::filesystem::path m_folder;
  std::filesystem::path m_aside;
};

}  // namespace

class TestUnsavedWindow : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;
  std::unique_ptr<tests::Desk> m_desk;
  std::filesystem::path m_run;

  Phase phase() const { return m_desk->controller.training().phase(); }
  QString message(const char* key) const {
    return m_desk->window.messages()->text(QString::fromLatin1(key));
  }

 private slots:
  /// Paused at step 2, of which nothing is saved but step 0.
  void init() {
    m_rig.begin();
    m_desk = m_rig.open();
    m_desk->controller.draft().load(tests::endlessExperiment(), {});
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
    m_desk->controller.step();
    QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Paused, kSoonMs);
    m_desk->controller.step();
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.readouts().step, std::int64_t{2}, kSoonMs);
    m_run = m_desk->controller.shownRun()->directory();
  }
  void cleanup() { m_desk.reset(); }

  void stopHoldsIt() {
    {
      const Blocked blocked(m_run);
      m_desk->controller.stop();
      QTRY_VERIFY_WITH_TIMEOUT(
          message("warning").startsWith(QStringLiteral("Run 1 could not be saved (")), kSoonMs);
      QVERIFY(message("warning").contains(QStringLiteral("It is held, paused at step 2")));
      QCOMPARE(phase(), Phase::Paused);
      QCOMPARE(m_desk->controller.shownRun()->state(), core::RunState::Paused);
      QCOMPARE(m_desk->window.statusText(), QStringLiteral("Paused at step 2, not saved."));
    }
    m_desk->controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, kSoonMs);
    QCOMPARE(m_desk->window.statusText(), QStringLiteral("Stopped at step 2. Checkpoint saved."));
    QCOMPARE(message("warning"), QString());
    QVERIFY(std::filesystem::exists(core::checkpointFile(m_run, 2)));
  }

  void closingAsks() {
    std::optional<Blocked> blocked(m_run);
    QVERIFY(!m_desk->window.close());
    const QString question = QStringLiteral("unsaved Run 1, 2");
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->dialogs.asked, QStringList{question}, kSoonMs);
    QVERIFY(m_desk->window.isVisible());
    QCOMPARE(phase(), Phase::Paused);
    m_desk->dialogs.unsaved_choice = Dialogs::UnsavedChoice::TryAgain;
    QVERIFY(!m_desk->window.close());
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->dialogs.asked.count(question) > 2, kSoonMs);
    QVERIFY(m_desk->window.isVisible());
    blocked.reset();
    QTRY_VERIFY_WITH_TIMEOUT(!m_desk->window.isVisible(), kSoonMs);
    QVERIFY(std::filesystem::exists(core::checkpointFile(m_run, 2)));
  }

  void closingWithoutSavingLosesIt() {
    const Blocked blocked(m_run);
    m_desk->dialogs.unsaved_choice = Dialogs::UnsavedChoice::Close;
    QVERIFY(!m_desk->window.close());
    QTRY_VERIFY_WITH_TIMEOUT(!m_desk->window.isVisible(), kSoonMs);
    QCOMPARE(m_desk->dialogs.asked.size(), 1);
    m_desk.reset();  // tries once more
  }

  void noOtherRunTakesItsPlace() {
    std::optional<Blocked> blocked(m_run);
    const RunId held = m_desk->controller.training().active();
    m_desk->controller.draft().load(tests::tinyExperiment(), {});
    m_desk->controller.showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->controller.draftChecks().isCurrent(), kSoonMs);
    m_desk->controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(!message("failed").isEmpty(), kSoonMs);
    QVERIFY2(message("failed").contains(QStringLiteral("The run before it could not be saved")),
             qPrintable(message("failed")));
    QCOMPARE(phase(), Phase::Paused);
    QCOMPARE(m_desk->controller.training().active(), held);
    QVERIFY(!std::filesystem::exists(m_desk->controller.runs().all().back()->directory()));
    blocked.reset();
    m_desk->controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, kSoonMs);
    QVERIFY(std::filesystem::exists(core::checkpointFile(m_run, 2)));
  }

  /// A run that was to go on in its place is as it was.
  void norDoesAnOlderRun() {
    std::optional<Blocked> blocked(m_run);
    const RunId held = m_desk->controller.training().active();
    const auto& older = m_desk->controller.openRun(m_rig.makeRun());
    QTRY_COMPARE_WITH_TIMEOUT(older.state(), core::RunState::Finished, kSoonMs);
    m_desk->controller.continueRun(older.id(), 10);
    QTRY_VERIFY_WITH_TIMEOUT(message("warning").startsWith(QStringLiteral("Run 1 could not be")),
                             kSoonMs);
    QCOMPARE(m_desk->controller.training().active(), held);
    QCOMPARE(older.state(), core::RunState::Finished);
    QVERIFY(!older.isOurs());
    blocked.reset();
    m_desk->controller.continueRun(older.id(), 10);
    QTRY_COMPARE_WITH_TIMEOUT(older.status().step, std::int64_t{50}, kSoonMs);
    QVERIFY(std::filesystem::exists(core::checkpointFile(m_run, 2)));
  }

  /// A loss that grows and a disk that is full are two things; the first is of one training.
  void warningsStandBesideEachOther() {
    emit m_desk->controller.diverged(QStringLiteral("Run 1: loss grew"));
    emit m_desk->controller.warned(QStringLiteral("The disk is full"));
    QCOMPARE(message("diverged"), QStringLiteral("Run 1: loss grew"));
    QCOMPARE(message("warning"), QStringLiteral("The disk is full"));
    m_desk->controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, kSoonMs);
    m_desk->controller.continueRun(m_desk->controller.shownRun()->id(), std::nullopt);
    QCOMPARE(message("diverged"), QString());
    QCOMPARE(message("warning"), QStringLiteral("The disk is full"));
  }
};

QTEST_MAIN(TestUnsavedWindow)
#include "tst_unsaved_window.moc"

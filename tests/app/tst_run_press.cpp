// SPDX-License-Identifier: GPL-3.0-or-later
// Run, pressed while the draft is still to be checked.
#include "tests/app/trained_desk.h"
#include "tests/app/window_rig.h"

#include <QAction>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

core::ExperimentSpec withRate(double rate) {
  core::ExperimentSpec spec = tests::tinyExperiment();
  spec.training.learning_rate = rate;
  return spec;
}

}  // namespace

class TestRunPress : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;
  std::unique_ptr<tests::Desk> m_desk;

  bool canRun() const { return m_desk->window.toolbar()->runButton()->isEnabled(); }
  bool isChecked() const { return m_desk->controller.draftChecks().isCurrent(); }
  /// To a rate that is right or wrong; the window shows it, and the checks are still to come.
  void edit(double rate) {
    m_desk->controller.draft().edit(withRate(rate), QStringLiteral("change rate"));
    m_desk->controller.tick();
    QVERIFY(!isChecked());
  }
  void press(Qt::Key key) { QTest::keyClick(&m_desk->window, key); }

 private slots:
  void init() {
    m_rig.begin();
    m_desk = m_rig.open();
    m_desk->controller.training().setPace(std::nullopt);
    m_desk->controller.draft().load(withRate(-1), {});
    QTRY_VERIFY_WITH_TIMEOUT(isChecked() && !canRun(), kSoonMs);
  }
  void cleanup() { m_desk.reset(); }

  void aCorrectedDraftStartsOnceItIsChecked() {
    edit(0.001);
    QVERIFY(canRun());
    press(Qt::Key_Space);
    QVERIFY(m_desk->controller.isDraftShown());
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->controller.shownRun() != nullptr &&
                                 m_desk->controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
    QCOMPARE(m_desk->controller.shownExperiment().training.learning_rate, 0.001);
  }

  void oneStepWaitsToo() {
    edit(0.001);
    press(Qt::Key_F10);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.training().phase(), Phase::Paused, kSoonMs);
    QCOMPARE(m_desk->controller.runs().all().size(), std::size_t{1});
    m_desk->controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.training().phase(), Phase::Idle, kSoonMs);
  }

  void aDraftThatIsWrongSaysWhy() {
    edit(-2);
    QVERIFY(canRun());  // nobody knows yet
    press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(isChecked(), kSoonMs);
    QVERIFY2(m_desk->window.statusText().startsWith(QStringLiteral("Not started: ")),
             qPrintable(m_desk->window.statusText()));
    QTRY_VERIFY(!canRun());
    QVERIFY(m_desk->controller.runs().isEmpty());
    QCOMPARE(m_desk->controller.training().phase(), Phase::Idle);
    // Corrected later it does not start by itself.
    edit(0.001);
    QTRY_VERIFY_WITH_TIMEOUT(isChecked(), kSoonMs);
    m_desk->controller.tick();
    QVERIFY(canRun() && m_desk->controller.runs().isEmpty());
  }

  void aDraftThatIsChangedOnceMoreDoesNotStart() {
    edit(0.001);
    press(Qt::Key_Space);
    edit(0.002);
    QCOMPARE(m_desk->window.statusText(), QStringLiteral("Not started: the draft was changed."));
    QTRY_VERIFY_WITH_TIMEOUT(isChecked(), kSoonMs);
    m_desk->controller.tick();
    QVERIFY(m_desk->controller.runs().isEmpty());
  }
};

QTEST_MAIN(TestRunPress)
#include "tst_run_press.moc"

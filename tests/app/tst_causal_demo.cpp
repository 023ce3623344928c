// SPDX-License-Identifier: GPL-3.0-or-later
// The demo's story in the window, by real events and with the real engine: what the model can do
// without each of its heads.
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/causal_dialog.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/head_tests.h"
#include "app/anchorlens/key_filter.h"
#include "engine/core/experiment_json.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_fixture.h"
#include "widgets/attention_view.h"
#include "widgets/panel_causal.h"

#include <QElapsedTimer>
#include <QPushButton>
#include <QtTest>

#include <limits>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;
constexpr std::int64_t kSteps = 600;
constexpr double kGuess = 0.3;  // one token of eight is right, and a little more

}  // namespace

class TestCausalDemo : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    core::ExperimentSpec spec = core::preset("demo");
    spec.training.seed = 11;
    spec.training.steps = kSteps;
    spec.training.device = "cpu";
    auto session = engine::RunSession::create(spec, toPath(m_home.path(QStringLiteral("run"))), {});
    QVERIFY(session);
    (*session)->advance(std::chrono::minutes(10), std::numeric_limits<std::int64_t>::max());
    QCOMPARE((*session)->outcome(), engine::RunSession::Outcome::Finished);
  }

  void bothHeadsAreNeeded() {
    tests::Desk desk;
    desk.window.openPath(m_home.path(QStringLiteral("run")));
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), kSteps, kSoonMs);
    widgets::AttentionView& view = *desk.window.attention();
    widgets::CausalPanel& causal = *desk.window.causal();
    view.grid()->setFocus();
    for (const int layer : {0, 1}) {
      view.selectHead(layer, 0);
      QTRY_VERIFY_WITH_TIMEOUT(causal.result() && causal.result()->layer == layer, kSoonMs);
      QVERIFY(causal.result()->baseline > 0.98);
      QVERIFY(causal.result()->ablated < kGuess);
      QVERIFY(*causal.result()->necessity > 0.7);
    }

    // The weights are at hand: the next answers are what a person waits for.
    auto& application = static_cast<tests::WatchedApplication&>(*qApp);
    application.startWatch();
    QElapsedTimer clock;
    clock.start();
    QTest::mouseClick(causal.testButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.window.headTests()->isEvaluating(), kSoonMs);
    qInfo("one head tested in %lld ms", static_cast<long long>(clock.restart()));
    view.selectHead(0, 0);
    QTest::keyClick(view.grid(), Qt::Key_A);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != desk.controller.unchangedFrame() &&
                                 desk.controller.frame()->probe_accuracy < kGuess,
                             kSoonMs);
    qInfo("ablated picture after %lld ms", static_cast<long long>(clock.restart()));
    QTest::mouseClick(causal.ablateButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame()->probe_accuracy > 0.98, kSoonMs);

    QTest::mouseClick(causal.testAllButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.causalControl()->allHeads() != nullptr &&
                                 !desk.window.causalControl()->allHeads()->isRunning(),
                             kSoonMs);
    const auto& tests = desk.window.causalControl()->allHeads()->view()->tests();
    QCOMPARE(tests.size(), std::size_t{4});  // two heads, all shift, all broadcast
    for (const auto& test : tests)
      QVERIFY(test.result.all.intervened.accuracy < kGuess);
    const auto longest = application.stopWatch();
    qInfo("%lld events: the longest took %.1f ms (%.1f ms of processor time: %s)",
          static_cast<long long>(application.events()), longest.wall_ms, longest.cpu_ms,
          longest.what.constData());
  }

 private:
  tests::TemporaryHome m_home;
  KeyFilter m_keys;
};

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestCausalDemo test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_causal_demo.moc"

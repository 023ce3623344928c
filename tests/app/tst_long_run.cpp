// SPDX-License-Identifier: GPL-3.0-or-later
// A run of very many frames: how long it takes until it is seen, and how long the GUI thread is
// busy with one event while the cursor is dragged, keys are pressed, time is zoomed and replayed.
// 2 000 frames, whose times are only printed; ANCHORLENS_LONG=1: 100 000, with their limits.
#include "app/anchorlens/key_filter.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"
#include "tests/widgets/made_run.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"

#include <QtTest>

#include <ctime>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;
constexpr double kOpenMs = 2000;
constexpr double kStallMs = 16;

bool isLong() {
  return qEnvironmentVariableIntValue("ANCHORLENS_LONG") != 0;
}
int frameCount() {
  return isLong() ? 100'000 : 2'000;
}

core::ExperimentSpec longExperiment(int frames) {
  auto spec = tests::tinyExperiment();
  spec.model.n_heads = 2;
  spec.training.steps = frames;
  spec.probe.shown = 1;
  spec.record.evaluate = {10, 0};
  spec.record.frames = {1, 0};
  return spec;
}

/// Every step has a loss and a frame, every tenth an evaluation: what the longest runs look like.
void writeRun(const std::filesystem::path& folder, int frames) {
  tests::MadeRunOptions options;
  options.n_shown = 1;
  const tests::MadeRun made(options);
  auto writer = core::RunWriter::create(folder, longExperiment(frames), {});
  QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
  for (std::int64_t step = 0; step < frames; ++step) {
    // The made run's story, told over all steps.
    core::Frame frame = *made.frame(step * options.last_step / frames);
    frame.step = step;
    (*writer)->addFrame(frame);
    const double loss = 4.0 / (1.0 + 0.001 * static_cast<double>(step)) +
                        0.1 * static_cast<double>(step * 7919 % 100) / 100;
    if (step > 0)
      (*writer)->addStep({step, loss, 1.0, 1e-3});
    if (step % 10 == 0) {
      core::Metrics metrics;
      metrics.step = step;
      metrics.train_loss = loss;
      metrics.test_loss = loss * 1.1;
      metrics.train_accuracy = metrics.test_accuracy = 1.0 / (1.0 + loss);
      (*writer)->addMetrics(metrics);
    }
    if (step % 1000 == 999)
      QVERIFY((*writer)->commit());
  }
  (*writer)->setStatus(core::RunState::Finished, frames - 1, frames);
  QVERIFY((*writer)->commit());
}

tests::WatchedApplication& watch() {
  return *static_cast<tests::WatchedApplication*>(qApp);
}

/// Of all threads: on an idle machine as long as on the wall, as one thread reads while others
/// wait.
double processMs() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Prints what the longest event took since startWatch(); the long form has the limit.
void endWatch(const char* what) {
  const auto longest = watch().stopWatch();
  qInfo("%s: longest event %.1f ms of processor time, %.1f ms on the wall (%s)", what,
        longest.cpu_ms, longest.wall_ms, longest.what.constData());
  if (isLong())
    QVERIFY2(longest.cpu_ms < kStallMs, what);
}

}  // namespace

class TestLongRun : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  tests::FakeEngine m_engine;
  KeyFilter m_keys;
  QString m_run;
  std::unique_ptr<tests::Desk> m_desk;

  widgets::Timeline& timeline() { return *m_desk->window.timeline(); }
  QPoint rulerAt(double share) {
    auto* plot = timeline().plot();
    const QRect ruler = timeline().rulerRect();
    const QPoint point(ruler.left() + static_cast<int>(share * ruler.width()), ruler.center().y());
    return plot->mapFrom(&timeline(), point);
  }
  void drag(double from, double to, int moves);
  void waitForPicture() {
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), m_desk->controller.cursor().step(), kSoonMs);
  }

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    m_run = m_home.path(QStringLiteral("long"));
    QElapsedTimer clock;
    clock.start();
    writeRun(toPath(m_run), frameCount());
    qInfo("%d frames written in %.1f s", frameCount(), static_cast<double>(clock.elapsed()) / 1000);
    m_desk = std::make_unique<tests::Desk>(tests::fakeSessions(&m_engine));
  }
  void cleanupTestCase() { m_desk.reset(); }

  void opensAtOnce();
  void scrubsWithoutAStall();
  void keysWithoutAStall();
  void zoomsWithoutAStall();
  void replaysWithoutAStall();
};

void TestLongRun::opensAtOnce() {
  QElapsedTimer clock;
  clock.start();
  const double before = processMs();
  watch().startWatch();
  m_desk->window.openPath(m_run);
  const auto is_seen = [this] {
    const RunRecord* run = m_desk->controller.shownRun();
    return run != nullptr && run->isLoaded() &&
           static_cast<int>(run->history().frames().size()) == frameCount() &&
           m_desk->shownStep() == frameCount() - 1 && timeline().cursor() == frameCount() - 1;
  };
  QTRY_VERIFY_WITH_TIMEOUT(is_seen(), kSoonMs);
  timeline().repaint();
  const double ms = processMs() - before;
  qInfo("opened in %.0f ms of processor time, %lld ms on the wall", ms, clock.elapsed());
  if (isLong())
    QVERIFY(ms < kOpenMs);
  endWatch("opening");
}

void TestLongRun::drag(double from, double to, int moves) {
  auto* plot = timeline().plot();
  QTest::mousePress(plot, Qt::LeftButton, {}, rulerAt(from));
  for (int i = 1; i <= moves; ++i) {
    QTest::mouseMove(plot, rulerAt(from + (to - from) * i / moves));
    QTest::qWait(5);
  }
  QTest::mouseRelease(plot, Qt::LeftButton, {}, rulerAt(to));
}

void TestLongRun::scrubsWithoutAStall() {
  watch().startWatch();
  drag(0.99, 0.01, 200);
  waitForPicture();
  drag(0.01, 0.7, 200);
  waitForPicture();
  endWatch("scrubbing");
  QVERIFY(m_desk->shownStep() > frameCount() / 2);
}

void TestLongRun::keysWithoutAStall() {
  watch().startWatch();
  for (const int key : {Qt::Key_Home, Qt::Key_End, Qt::Key_Period, Qt::Key_Comma}) {
    for (int i = 0; i < 20; ++i)
      QTest::keyClick(&m_desk->window, static_cast<Qt::Key>(key));
    waitForPicture();
  }
  for (int i = 0; i < 4; ++i)
    QTest::keyClick(&m_desk->window, Qt::Key_Left, Qt::AltModifier);
  waitForPicture();
  endWatch("keys");
}

void TestLongRun::zoomsWithoutAStall() {
  watch().startWatch();
  for (const bool is_log : {false, true}) {
    timeline().setLogarithmic(is_log);
    for (int i = 0; i < 6; ++i) {
      QTest::keyClick(&m_desk->window, Qt::Key_Plus, Qt::ControlModifier);
      QTest::qWait(20);
    }
    for (int i = 0; i < 6; ++i) {
      QTest::keyClick(&m_desk->window, Qt::Key_Minus, Qt::ControlModifier);
      QTest::qWait(20);
    }
    for (int level : {1, 2, 0}) {
      timeline().setSmoothing(level);
      QTest::qWait(20);
    }
  }
  timeline().setLogarithmic(false);
  timeline().fitAll();
  endWatch("zooming");
}

void TestLongRun::replaysWithoutAStall() {
  QTest::keyClick(&m_desk->window, Qt::Key_Home);
  waitForPicture();
  watch().startWatch();
  QTest::keyClick(&m_desk->window, Qt::Key_P);
  QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > 10, kSoonMs);
  QTest::keyClick(&m_desk->window, Qt::Key_P);
  endWatch("replay");
}

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestLongRun test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_long_run.moc"

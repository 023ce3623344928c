// SPDX-License-Identifier: GPL-3.0-or-later
// Typing in the Composer over a task whose checks are slow: what the GUI thread does meanwhile.
#include "app/anchorlens/draft_checks.h"
#include "engine/core/experiment_json.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_fixture.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"

#include <QtTest>

#include <memory>

using namespace anchorlens;

namespace {

constexpr int kSoonMs = 60'000;

/// Sixteen anchors, a vocabulary of 1000, and a rule of every kind.
core::ExperimentSpec largeTask() {
  core::ExperimentSpec spec = core::preset("composite");
  core::TaskSpec& task = spec.task;
  task.d_vocab = 1000;
  task.noise = {{20, 900}};
  task.keys["x"] = {{20, 900}};
  task.seq_len = {9, 12};
  task.anchors.clear();
  for (int a = 1; a <= 16; ++a)
    task.anchors.push_back({a, "x+" + std::to_string(a)});
  task.held_out = {core::ResidueRule{"x"}, core::PredicateRule{"x mod 13"}, core::LengthRule{{12}},
                   core::KeysRule{1, {{100, 120}}}, core::AnchorsRule{{{"A", 3}, {"B", 4}}}};
  task.relabel.clear();
  return spec;
}

}  // namespace

class TestTyping : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void everyLetterIsAnsweredWhileTheChecksRun() {
    tests::Desk desk;
    desk.controller.draft().load(largeTask(), {});
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    const app::DraftChecks& checks = desk.controller.draftChecks();
    QTRY_VERIFY_WITH_TIMEOUT(checks.isCurrent(), kSoonMs);
    QVERIFY(checks.checks().problems.empty());
    widgets::PatternLine* line = desk.window.composer()->pattern()->rows()[0]->line();
    line->setFocus();
    line->selectAll();

    auto& application = static_cast<tests::WatchedApplication&>(*qApp);
    const QString pattern = "* 3 x A * B -> B(A(x))";
    tests::WatchedApplication::Longest longest;
    QString letters;
    for (const QChar letter : pattern) {
      application.startWatch();
      QTest::sendKeyEvent(QTest::Click, line, Qt::Key_unknown, QString(letter), {});
      // All that the letter has set off, the beginning of a check too.
      QTRY_COMPARE(line->text().back(), letter);
      QTRY_VERIFY_WITH_TIMEOUT(checks.isCurrent(), kSoonMs);
      const auto this_one = application.stopWatch();
      letters += QString("%1 %2  ").arg(letter).arg(this_one.cpu_ms, 0, 'f', 1);
      if (this_one.cpu_ms > longest.cpu_ms)
        longest = this_one;
    }
    QTRY_VERIFY_WITH_TIMEOUT(checks.isCurrent() && !checks.checks().is_stale, kSoonMs);
    qInfo("processor time of the longest event for each letter, ms: %s", qPrintable(letters));
    qInfo("the longest event took %.1f ms (%.1f ms of processor time: %s)", longest.wall_ms,
          longest.cpu_ms, longest.what.constData());
    QCOMPARE(line->text(), pattern);
    QVERIFY(desk.controller.draft().spec().task.forms[0].pattern == pattern.toStdString());
  }

 private:
  std::unique_ptr<tests::TemporaryHome> m_home;
};

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestTyping test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_typing.moc"

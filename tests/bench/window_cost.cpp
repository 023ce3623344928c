// SPDX-License-Identifier: GPL-3.0-or-later
// What watching costs: how much slower one run trains at full speed while the window shows it.
//
//   window_cost [ROUNDS] [SECONDS] [PRESET]
//
// The conditions take turns within one training, `SECONDS` each: the window hidden, its event loop
// asleep (the training alone), and each tab in front, with all docks and Follow live. Before and
// after each the window is hidden for as long. Prints, for each, the median over the rounds of its
// steps/s as a share of the hidden window's around it, with the quartiles, and what the GUI thread
// used of a core.
#include "app/anchorlens/controller.h"
#include "engine/core/experiment_json.h"
#include "engine/core/thread_time.h"
#include "tests/app/window_fixture.h"

#include <QTabWidget>
#include <QTextStream>
#include <QThread>

#include <algorithm>
#include <map>
#include <vector>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

struct Condition {
  enum Kind { Asleep, Hidden, Tab } kind = Hidden;
  QString name;
  int tab = -1;
  std::vector<double> speeds;  ///< steps/s, one a round
  std::vector<double> shares;  ///< of the hidden window's before and after it
  std::vector<double> loads;   ///< GUI thread's processor time, share of a core
};

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

void spend(bool asleep, int ms) {
  if (asleep)
    QThread::msleep(static_cast<unsigned long>(ms));
  else
    QTest::qWait(ms);
}

void measure(tests::Desk& desk, Condition& condition, double seconds) {
  const bool is_asleep = condition.kind == Condition::Asleep;
  desk.window.setVisible(condition.kind == Condition::Tab);
  if (condition.kind == Condition::Tab)
    desk.window.tabs()->setCurrentIndex(condition.tab);
  QTest::qWait(700);  // the tab's first pictures are not what is measured
  const auto step = [&desk] {
    desk.controller.tick();
    return desk.controller.runs().find(desk.controller.training().active())->status().step;
  };
  QElapsedTimer clock;
  const std::int64_t first = step();
  const double cpu = core::threadMs();
  clock.start();
  spend(is_asleep, static_cast<int>(1000 * seconds));
  const std::int64_t last = step();
  const double elapsed = static_cast<double>(clock.nsecsElapsed()) / 1e9;
  condition.speeds.push_back(static_cast<double>(last - first) / elapsed);
  condition.loads.push_back((core::threadMs() - cpu) / 1e3 / elapsed);
}

std::vector<Condition> conditionsOf(const QTabWidget& tabs) {
  std::vector<Condition> conditions(2);
  conditions[0].kind = Condition::Hidden;
  conditions[0].name = QStringLiteral("window hidden");
  conditions[1].kind = Condition::Asleep;
  conditions[1].name = QStringLiteral("no window events");
  for (int tab = 0; tab < tabs.count(); ++tab) {
    if (tabs.isTabVisible(tab)) {
      Condition condition;
      condition.kind = Condition::Tab;
      condition.name = tabs.tabText(tab).remove(QLatin1Char('&'));
      condition.tab = tab;
      conditions.push_back(condition);
    }
  }
  return conditions;
}

}  // namespace

int main(int argc, char** argv) {
  tests::TemporaryHome home;
  QApplication application(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  const int rounds = arguments.size() > 1 ? arguments[1].toInt() : 9;
  const double seconds = arguments.size() > 2 ? arguments[2].toDouble() : 3;
  const std::string preset = arguments.size() > 3 ? arguments[3].toStdString() : "demo";
  tests::Desk desk({}, {1366, 768});
  auto spec = core::preset(preset);
  spec.training.epochs.reset();
  spec.training.steps = 10'000'000;
  desk.controller.draft().load(spec, {});
  desk.controller.training().setPace(std::nullopt);
  if (!QTest::qWaitFor([&] { return desk.controller.runAction() == RunAction::Run; }, 20'000))
    qFatal("The run cannot be started.");
  desk.controller.run();
  const auto is_training = [&] {
    const auto& snapshot = desk.controller.training().snapshot();
    return snapshot && snapshot->step > 200;
  };
  if (!QTest::qWaitFor(is_training, 60'000))
    qFatal("The run does not train.");

  auto conditions = conditionsOf(*desk.window.tabs());
  Condition hidden;
  measure(desk, hidden, seconds);
  for (int round = 0; round < rounds; ++round) {
    for (Condition& condition : conditions) {
      const double before = hidden.speeds.back();
      measure(desk, condition, seconds);
      measure(desk, hidden, seconds);
      condition.shares.push_back(2 * condition.speeds.back() / (before + hidden.speeds.back()));
    }
  }
  desk.controller.stop();
  if (!QTest::qWaitFor([&] { return !desk.controller.training().isBusy(); }, 60'000))
    qFatal("The run does not stop.");

  QTextStream out(stdout);
  out << "preset " << preset.c_str() << ", " << rounds << " rounds of " << seconds
      << " s, hidden: " << qRound(quantile(hidden.speeds, 0.5)) << " steps/s\n";
  for (const Condition& condition : conditions) {
    const auto& shares = condition.shares;
    out << QStringLiteral("%1 %2 of hidden (%3 to %4), GUI thread %5 of a core\n")
               .arg(condition.name, -20)
               .arg(quantile(shares, 0.5), 0, 'f', 3)
               .arg(quantile(shares, 0.25), 0, 'f', 3)
               .arg(quantile(shares, 0.75), 0, 'f', 3)
               .arg(quantile(condition.loads, 0.5), 0, 'f', 3);
  }
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Other weights of a task's forms: fresh draws, and the order of fixed data.
#include "engine/core/experiment_json.h"
#include "engine/core/task/mixture.h"

#include <QtTest>

#include <algorithm>
#include <numeric>

using namespace anchorlens;

namespace {

core::Task twoForms() {
  core::TaskSpec spec = core::preset("demo").task;
  spec.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 4 x * -> x+1", 1.0, {}, {}}};
  auto task = core::Task::compile(spec);
  if (!task) {
    qFatal("%s", task.error()[0].message.c_str());
  }
  return *task;
}

double shareOfSecond(const std::vector<std::int16_t>& forms) {
  return static_cast<double>(std::count(forms.begin(), forms.end(), 1)) /
         static_cast<double>(forms.size());
}

}  // namespace

class TestMixture : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void freshDrawsFollowTheWeights() {
    const core::Task task = twoForms();
    core::Random random(5);
    core::SequenceSet set = task.draw(core::Split::Train, 4000, random, false);
    QVERIFY(std::abs(shareOfSecond(set.forms) - 0.5) < 0.05);
    for (const auto& [weights, share] :
         std::vector<std::pair<std::vector<double>, double>>{{{1, 3}, 0.75}, {{5, 0}, 0.0}}) {
      const auto mixture = core::TaskMixture::make(task, weights);
      QVERIFY(mixture);
      mixture->redraw(set, random);
      QVERIFY(std::abs(shareOfSecond(set.forms) - share) < (share == 0 ? 1e-9 : 0.04));
      for (std::size_t i = 0; i < 50; ++i) {
        QVERIFY(set.splits[i] == core::Split::Train);
      }
    }
  }

  /// The same weights as the task's: the same sequences from the same generator.
  void theTasksOwnWeightsDrawTheSame() {
    const core::Task task = twoForms();
    core::Random random(5);
    core::SequenceSet a = task.draw(core::Split::Train, 100, random, false);
    core::SequenceSet b = a;
    core::Random first(9);
    core::Random second(9);
    task.redraw(core::Split::Train, a, first);
    core::TaskMixture::make(task, {1, 1})->redraw(b, second);
    QVERIFY(a.tokens == b.tokens && a.targets == b.targets);
  }

  void anOrderMixesWhatIsThere() {
    std::vector<std::uint32_t> shuffled(1000);
    std::iota(shuffled.begin(), shuffled.end(), 0U);
    std::vector<std::int16_t> forms(1000);
    for (std::size_t i = 0; i < forms.size(); ++i) {
      forms[i] = i % 4 == 0 ? 1 : 0;  // a quarter
    }
    core::Random random(3);
    const auto order = core::mixedOrder(shuffled, forms, {1, 3}, random);
    QCOMPARE(order.size(), shuffled.size());
    std::vector<std::int16_t> visited;
    std::vector<int> times(1000);
    for (const std::uint32_t i : order) {
      visited.push_back(forms[i]);
      ++times[i];
    }
    QVERIFY(std::abs(shareOfSecond(visited) - 0.75) < 0.04);
    // Every one of the form is visited before any is visited again.
    int least = 1000;
    int most = 0;
    for (std::size_t i = 0; i < forms.size(); i += 4) {
      least = std::min(least, times[i]);
      most = std::max(most, times[i]);
    }
    QVERIFY(most - least <= 1);
    const auto only_first = core::mixedOrder(shuffled, forms, {1, 0}, random);
    QVERIFY(std::all_of(only_first.begin(), only_first.end(),
                        [&](std::uint32_t i) { return forms[i] == 0; }));
    QVERIFY(core::mixedOrder(shuffled, std::vector<std::int16_t>(1000, 0), {1, 1}, random).empty());
  }
};

QTEST_GUILESS_MAIN(TestMixture)
#include "tst_mixture.moc"

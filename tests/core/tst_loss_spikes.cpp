// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/loss_spikes.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace anchorlens::core;

namespace {

std::vector<LossSpike> spikesOf(const std::vector<double>& losses) {
  SpikeFinder finder;
  for (std::size_t i = 0; i < losses.size(); ++i)
    finder.add(static_cast<std::int64_t>(i) + 1, losses[i]);
  return finder.spikes();
}

/// 4, then 10 % up and down by turns.
std::vector<double> quiet(std::size_t n) {
  std::vector<double> losses;
  for (std::size_t i = 0; i < n; ++i)
    losses.push_back(i % 2 == 0 ? 4.0 : 4.4);
  return losses;
}

}  // namespace

class TestLossSpikes : public QObject {
  Q_OBJECT

 private slots:
  void noneInAQuietOrFallingLoss() {
    QVERIFY(spikesOf(quiet(500)).empty());
    std::vector<double> falling;
    for (int i = 0; i < 500; ++i)
      falling.push_back(4 * std::exp(-0.02 * i));
    QVERIFY(spikesOf(falling).empty());
  }

  void oneStepIsOne() {
    auto losses = quiet(200);
    losses[119] = 9;
    const auto spikes = spikesOf(losses);
    QCOMPARE(spikes.size(), std::size_t{1});
    QCOMPARE(spikes[0].step, std::int64_t{120});
    QCOMPARE(spikes[0].loss, 9.0);
    // Half of the 50 steps before are 4, half 4.4: the middle of their logarithms.
    QVERIFY(std::abs(spikes[0].usual - std::sqrt(4.0 * 4.4)) < 1e-9);
  }

  void itIsWhereItIsHighest() {
    auto losses = quiet(200);
    losses[119] = 9;
    losses[120] = 30;
    losses[121] = 20;
    losses[125] = 12;  // shakes after it are part of it
    const auto spikes = spikesOf(losses);
    QCOMPARE(spikes.size(), std::size_t{1});
    QCOMPARE(spikes[0].step, std::int64_t{121});
    QCOMPARE(spikes[0].loss, 30.0);
  }

  void twoThatLieApartAreTwo() {
    auto losses = quiet(400);
    losses[100] = 12;
    losses[100 + SpikeFinder::kWindow + 1] = 12;
    QCOMPARE(spikesOf(losses).size(), std::size_t{2});
    losses = quiet(400);
    losses[100] = 12;
    losses[100 + SpikeFinder::kWindow] = 12;
    QCOMPARE(spikesOf(losses).size(), std::size_t{1});
  }

  void lessThanTwiceIsNone() {
    // Flat before: any rise is beyond the deviations, which are 0.
    std::vector<double> losses(100, 4.0);
    losses[60] = 7.99;
    QVERIFY(spikesOf(losses).empty());
    losses[60] = 8.01;
    QCOMPARE(spikesOf(losses).size(), std::size_t{1});
  }

  void whatIsUsualThereIsNone() {
    // ln(loss) is 0, 1 and 2 by turns: the median 1, the deviation 1, so 6 * 1.4826 = 8.8956.
    std::vector<double> losses;
    for (int i = 0; i < 100; ++i)
      losses.push_back(std::exp(static_cast<double>(i % 3)));
    losses[80] = std::exp(1 + 8.89);
    QVERIFY(spikesOf(losses).empty());
    losses[80] = std::exp(1 + 8.90);
    QCOMPARE(spikesOf(losses).size(), std::size_t{1});
  }

  void theFirstStepsTellNothing() {
    std::vector<double> losses(SpikeFinder::kLeastWindow + 1, 4.0);
    losses[SpikeFinder::kLeastWindow - 1] = 50;
    QVERIFY(spikesOf(losses).empty());
    losses[SpikeFinder::kLeastWindow - 1] = 4;
    losses[SpikeFinder::kLeastWindow] = 50;
    QCOMPARE(spikesOf(losses).size(), std::size_t{1});
  }

  void aLossThatStaysHighIsOneSpike() {
    std::vector<double> losses(100, 1.0);
    losses.resize(400, 5.0);
    const auto spikes = spikesOf(losses);
    QCOMPARE(spikes.size(), std::size_t{1});
    QCOMPARE(spikes[0].step, std::int64_t{101});
  }

  void whatIsNoNumberIsPassedOver() {
    auto losses = quiet(200);
    losses[50] = std::numeric_limits<double>::quiet_NaN();
    losses[60] = std::numeric_limits<double>::infinity();
    losses[70] = 0;
    QVERIFY(spikesOf(losses).empty());
  }
};

QTEST_APPLESS_MAIN(TestLossSpikes)
#include "tst_loss_spikes.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay_pace.h"

#include <QtTest>

#include <vector>

using namespace anchorlens::widgets;

namespace {

/// Frames shown after each 10 ms, until `frames` are shown.
std::vector<int> play(ReplayPace& pace, int frames) {
  std::vector<int> shown;
  int done = 0;
  pace.start();
  while (done < frames && shown.size() < 100000) {
    done += pace.advance(10, frames - done);
    shown.push_back(done);
  }
  return shown;
}

}  // namespace

class TestReplayPace : public QObject {
  Q_OBJECT

 private slots:
  void withoutEasingItIsTheRate() {
    ReplayPace pace;
    pace.setEased(false);
    for (const double rate : ReplayPace::kRates) {
      pace.setRate(rate);
      const int frames = static_cast<int>(10 * rate);
      const auto shown = play(pace, frames);
      QVERIFY2(std::abs(static_cast<double>(shown.size()) - 1000) <= 1,
               qPrintable(QString::number(shown.size())));
      QCOMPARE(shown.back(), frames);
    }
  }

  void easedItStartsAndEndsSlowly() {
    ReplayPace pace;
    pace.setRate(64);
    const auto shown = play(pace, 640);
    const std::size_t n = shown.size();
    const int first = shown[19];  // frames of the first 0.2 s
    const int middle = shown[n / 2 + 20] - shown[n / 2];
    const int last = shown[n - 1] - shown[n - 21];
    QVERIFY(first < middle / 2);
    QVERIFY(last < middle / 2);
    QVERIFY(std::abs(middle - 12.8) <= 1);
    QVERIFY2(n < 1200, qPrintable(QString::number(n)));  // 10 s without
  }

  void slownessOfTheWindowLosesNoTime() {
    ReplayPace pace;
    pace.setEased(false);
    pace.setRate(32);
    pace.start();
    QCOMPARE(pace.advance(1000, 1000), 32);
  }

  void ratesGoByPlaces() {
    ReplayPace pace;
    QCOMPARE(pace.rateAfter(1), 16.0);
    QCOMPARE(pace.rateAfter(-1), 4.0);
    pace.setRate(1024);
    QCOMPARE(pace.rateAfter(1), 1024.0);
    pace.setRate(0.1);
    QCOMPARE(pace.rate(), 1.0);
    QCOMPARE(pace.rateAfter(-1), 1.0);
    pace.setRate(100);  // between two
    QCOMPARE(pace.rateAfter(0), 128.0);
  }
};

QTEST_APPLESS_MAIN(TestReplayPace)
#include "tst_replay_pace.moc"

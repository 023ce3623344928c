// SPDX-License-Identifier: GPL-3.0-or-later
// The results of a study as an .npz: what it holds, and how much it can.
#include "engine/core/study/study_results.h"
#include "tests/core/study/study_fixture.h"

#include <QtTest>

using namespace anchorlens::core;

namespace {

constexpr std::int64_t kSteps = 100'000;

StudyPlan twoSeeds() {
  StudySpec study = demoStudy();
  study.seeds = someSeeds(2);
  return planStudy(study).value();
}

/// Runs of 100 000 and 1 steps: padded, 2 x 100 000 x (8 + 3 x 4) bytes, 4 MB and a little.
std::vector<RunResults> longAndShort() {
  std::vector<RunResults> results(2);
  for (std::int64_t step = 1; step <= kSteps; ++step) {
    results[0].training_steps.push_back({step, 0.5, 1.0, 0.001});
  }
  results[1].training_steps.push_back({1, 0.5, 1.0, 0.001});
  return results;
}

}  // namespace

class TestStudyResults : public QObject {
  Q_OBJECT

 private slots:
  void theLimitIsOfWhatIsPadded() {
    const auto results = longAndShort();
    const auto whole = resultsNpz(twoSeeds(), results);
    QVERIFY(whole);
    QVERIFY(whole->size() > 4'000'000 && whole->size() < 4'100'000);
    const auto fits = resultsNpz(twoSeeds(), results, whole->size());
    QVERIFY(fits);
    QVERIFY(*fits == *whole);
    QVERIFY(!resultsNpz(twoSeeds(), results, 4'000'000));
  }

  void tooMuchIsSaidWithWhatCanBeDone() {
    const auto npz = resultsNpz(twoSeeds(), longAndShort(), 2'000'000);
    QVERIFY(!npz);
    QCOMPARE(npz.error().text(),
             std::string("the runs recorded 4 MB of numbers, and an .npz holds 2; expected a .csv, "
                         "which has the last ones, or a program that reads run by run "
                         "(resources/python/anchorlens_run.py)"));
  }
};

QTEST_GUILESS_MAIN(TestStudyResults)
#include "tst_study_results.moc"

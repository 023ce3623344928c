// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "tests/core/fuzz/fuzz.h"
#include "tests/core/study/study_fixture.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <string>

using namespace anchorlens::core;

namespace {

/// Pieces that mean something to the parser: put anywhere, they reach deeper than single bytes do.
constexpr std::array kPieces{
    "null",
    "true",
    "[]",
    "{}",
    "-1",
    "0",
    "1e308",
    "1e-308",
    "0.1",
    "10000",
    "10001",
    "9007199254740992",
    "\"\"",
    "\"adam\"",
    "[[20, 100]]",
    "\"/model\"",
    "\"/\"",
    "\"/a~2\"",
    "\"/task/forms/0/pattern\"",
    "\"/task/held_out/-\"",
    "\"/training/seed\"",
    "\"* A x * -> A(x)\"",
    "\"log\"",
    "\"training_and_data\"",
    ", \"range\": {\"from\": 1, \"to\": 9, \"step\": 2}",
};

std::string studyText(Random& random) {
  StudySpec study = demoStudy();
  StudyRange range;
  range.from = 1;
  range.to = 4;
  range.count = 3;
  study.axes = {listAxis("/model/n_layers", {"1", "2"}),
                listAxis("/training/optimizer", {"\"adam\"", "\"sgd\""}),
                rangeAxis("/training/weight_decay", range)};
  study.axes.resize(random.below(4));
  if (random.below(2) == 0)
    study.seeds = someSeeds(2);
  return writeStudy(study);
}

std::uint32_t size(const std::string& text) {
  return static_cast<std::uint32_t>(text.size());
}

/// Errors that say something, or a study that survives being written and is planned or refused;
/// else what is wrong.
std::string problemOf(const std::string& text, int& n_read, int& n_planned) {
  const auto isTold = [](const SpecErrors& errors) {
    return !errors.empty() && std::all_of(errors.begin(), errors.end(), [](const SpecError& error) {
      return !error.message.empty();
    });
  };
  const auto study = parseStudy(text);
  if (!study)
    return isTold(study.error()) ? "" : "errors without a message";
  ++n_read;
  const auto again = parseStudy(writeStudy(*study));
  if (!again || !(*again == *study))
    return "does not survive being written";
  const auto plan = planStudy(*study);
  if (!plan)
    return isTold(plan.error()) ? "" : "refused without a message";
  ++n_planned;
  for (std::size_t m = 0; m < plan->members.size(); m += 7) {
    if (!checkExperiment(plan->experiment(m)).empty())
      return "plans an experiment with problems";
  }
  return {};
}

/// A value of the document is exchanged for a piece; else bytes are changed, lost or repeated. Most
/// changes are in the study's own part, behind the base.
void mutate(std::string& text, Random& random) {
  const std::string bytes = "{}[]\":,0123456789.-eE/~ \n\xff" + std::string(1, '\0');
  const std::size_t own = text.rfind("\"axes\"");
  const std::uint32_t begin =
      own == text.npos || random.below(4) == 0 ? 0 : static_cast<std::uint32_t>(own);
  const std::size_t at = begin + random.below(size(text) - begin);
  switch (random.below(4)) {
    case 0:
      text[at] = bytes[random.below(size(bytes))];
      break;
    case 1:
      text.erase(at, random.below(20));
      break;
    case 2:
      text.insert(at, text.substr(at, random.below(40)));
      break;
    default: {
      const std::size_t value = text.find_first_of(" [", at);
      const std::size_t end = text.find_first_of(",]}", value);
      if (end != text.npos)
        text.replace(value + 1, end - value - 1, kPieces[random.below(kPieces.size())]);
    }
  }
}

}  // namespace

class TestStudyMutations : public QObject {
  Q_OBJECT

 private slots:
  void areReadOrRefused_data();
  void areReadOrRefused();
};

void TestStudyMutations::areReadOrRefused_data() {
  // Many short ones: each has Qt Test's time limit for itself, and a seed that brings it back.
  const bool is_long = qEnvironmentVariableIntValue("ANCHORLENS_LONG") != 0;
  QTest::addColumn<int>("seed");
  for (int seed = 1; seed <= (is_long ? 200 : 1); ++seed)
    QTest::addRow("seed %d", seed) << seed;
}

void TestStudyMutations::areReadOrRefused() {
  QFETCH(int, seed);
  constexpr int kCount = 5'000;
  Random random(static_cast<std::uint64_t>(seed), "tests/study mutations");
  anchorlens::test::CostWatch watch;
  int n_read = 0;
  int n_planned = 0;
  for (int i = 0; i < kCount; ++i) {
    std::string text = studyText(random);
    for (std::uint32_t k = random.below(3) + 1; k > 0 && !text.empty(); --k)
      mutate(text, random);
    watch.isQuick();  // what was spent until here is the test's own
    const std::string problem = problemOf(text, n_read, n_planned);
    QVERIFY2(problem.empty(), (problem + ": " + text).c_str());
    QVERIFY2(watch.isQuick(), text.c_str());
  }
  JUDGE_MEMORY(watch);
  // The mutations are neither all broken nor all harmless.
  QVERIFY2(n_read > kCount / 50 && n_read < kCount, qPrintable(QString::number(n_read)));
  QVERIFY2(n_planned > kCount / 100 && n_planned < n_read, qPrintable(QString::number(n_planned)));
}

QTEST_GUILESS_MAIN(TestStudyMutations)
#include "tst_study_mutations.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair.h"
#include "tests/core/experiment/errors_text.h"
#include "tests/core/repair/mistakes.h"

#include <QtTest>

using namespace anchorlens::core;
using anchorlens::test::Mistake;

namespace {

std::vector<Mistake> allMistakes() {
  std::vector<Mistake> all;
  using namespace anchorlens::test;
  for (const auto list : {taskMistakes, textMistakes, ruleMistakes, partMistakes}) {
    for (Mistake& mistake : list()) {
      all.push_back(std::move(mistake));
    }
  }
  return all;
}

ExperimentSpec specOf(const Mistake& mistake) {
  ExperimentSpec spec = preset(mistake.preset);
  mistake.change(spec);
  return spec;
}

QString repairsText(const std::vector<Repair>& repairs) {
  std::string text;
  for (const Repair& repair : repairs) {
    text += "  " + repair.pointer + " [" + repair.label + "]\n";
  }
  return QString::fromStdString(text);
}

bool isTold(const SpecErrors& errors, const SpecError& problem) {
  return std::find(errors.begin(), errors.end(), problem) != errors.end();
}

const Repair& firstAt(const std::vector<Repair>& repairs, const std::string& pointer) {
  return *std::find_if(repairs.begin(), repairs.end(),
                       [&](const Repair& repair) { return repair.pointer == pointer; });
}

}  // namespace

// What a person is told of a mistake, and the buttons that go with it: tests/data/mistakes.txt.
class TestRepair : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void mistakes_data();
  void mistakes();
  void oneRepairEndsAMistakeAlone_data() { mistakes_data(); }
  void oneRepairEndsAMistakeAlone();
  void goesBackToWhatWasGood();
  void sayNothingOfWhatIsRight();
  void hiddenProblemsAreNotNew();
  void aRepairThatMakesAProblemIsNotOffered();
  void scalesPercentages();
  void stops();

 private:
  QMap<QString, QString> m_expected;
};

void TestRepair::initTestCase() {
  QFile file(ANCHORLENS_SOURCE_DIR "/tests/data/mistakes.txt");
  QVERIFY(file.open(QIODevice::ReadOnly));
  QString name;
  for (const QString& line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)) {
    if (line.startsWith("# ")) {
      name = line.mid(2);
    } else {
      m_expected[name] += line + "\n";
    }
  }
  QVERIFY2(m_expected.size() >= 60, qPrintable(QString::number(m_expected.size())));
  QCOMPARE(static_cast<std::size_t>(m_expected.size()), allMistakes().size());
}

void TestRepair::mistakes_data() {
  QTest::addColumn<int>("index");
  int index = 0;
  for (const Mistake& mistake : allMistakes()) {
    QTest::newRow(mistake.name) << index++;
  }
}

void TestRepair::mistakes() {
  QFETCH(int, index);
  const Mistake mistake = allMistakes()[static_cast<std::size_t>(index)];
  const ExperimentSpec spec = specOf(mistake);
  const SpecErrors errors = checkExperiment(spec);
  QVERIFY(!errors.empty());
  const QString text = errorsText(errors) + repairsText(repairsOf(spec, errors));
  QVERIFY2(text == m_expected[mistake.name],
           qPrintable(QStringLiteral("\n# %1\n%2").arg(mistake.name, text)));
}

/// The promise of the header, kept for every button of the table.
void TestRepair::oneRepairEndsAMistakeAlone() {
  QFETCH(int, index);
  const ExperimentSpec spec = specOf(allMistakes()[static_cast<std::size_t>(index)]);
  const SpecErrors errors = checkExperiment(spec);
  for (const Repair& repair : repairsOf(spec, errors)) {
    const SpecErrors left = checkExperiment(repair.next);
    QVERIFY2(left.size() < errors.size(), qPrintable(errorsText(left)));
    if (errors.size() == 1) {
      QCOMPARE(errorsText(left), QString());
    }
    for (const SpecError& error : errors) {
      QVERIFY(error.pointer != repair.pointer || !isTold(left, error));
    }
  }
}

void TestRepair::goesBackToWhatWasGood() {
  const ExperimentSpec good = preset("composite");
  ExperimentSpec spec = good;
  spec.task.anchors[1].operation = "x*9";
  const auto repairs = repairsOf(spec, checkExperiment(spec), &good);
  QCOMPARE(repairsText(repairs), QStringLiteral("  /task/anchors/1/operation [Back to x+1]\n"
                                                "  /task/anchors/1/operation [Vocabulary 8101]\n"));
  QVERIFY(repairs[0].next == good);
  QCOMPARE(repairs[1].next.task.d_vocab, 8101);

  spec = good;
  spec.model.n_heads = 70;
  QCOMPARE(repairsOf(spec, checkExperiment(spec), &good).at(0).label, std::string("Back to 4"));
  spec = good;
  spec.task.seq_len = {3};
  QCOMPARE(repairsOf(spec, checkExperiment(spec), &good).size(), std::size_t{0});
}

void TestRepair::sayNothingOfWhatIsRight() {
  const ExperimentSpec spec = preset("composite");
  QVERIFY(repairsOf(spec, checkExperiment(spec)).empty());
}

/// A pattern that does not parse hides that nothing is held out; the buttons for the pattern stay.
void TestRepair::hiddenProblemsAreNotNew() {
  ExperimentSpec spec = preset("demo");
  spec.task.forms[0].pattern = "* 3x * -> x";
  spec.task.held_out.clear();
  spec.model.n_ctx = 4;
  const auto repairs = repairsOf(spec, checkExperiment(spec));
  QCOMPARE(repairsText(repairs), QStringLiteral("  /task/forms/0/pattern [Write 3 x]\n"));
  const SpecErrors left = checkExperiment(repairs[0].next);
  QCOMPARE(left.size(), std::size_t{2});
  QCOMPARE(left[0].pointer, std::string("/task/held_out"));
  QCOMPARE(left[1].pointer, std::string("/model/n_ctx"));
}

void TestRepair::aRepairThatMakesAProblemIsNotOffered() {
  // 2*x parses, but leaves the vocabulary: only the way back is offered.
  const ExperimentSpec good = preset("composite");
  ExperimentSpec spec = good;
  spec.task.anchors[1].operation = "2x";
  QCOMPARE(repairsText(repairsOf(spec, checkExperiment(spec), &good)),
           QStringLiteral("  /task/anchors/1/operation [Back to x+1]\n"));
  spec.task.d_vocab = 401;
  QCOMPARE(repairsText(repairsOf(spec, checkExperiment(spec), &good)),
           QStringLiteral("  /task/anchors/1/operation [Back to x+1]\n"
                          "  /task/anchors/1/operation [Write 2*x]\n"));
}

void TestRepair::scalesPercentages() {
  ExperimentSpec spec = preset("statistical");
  const auto scaled = [&](const char* operation) {
    spec.task.anchors[0].operation = operation;
    return firstAt(repairsOf(spec, checkExperiment(spec)), "/task/anchors/0/operation")
        .next.task.anchors[0]
        .operation;
  };
  QCOMPARE(scaled("40% x | 10% x+1"), std::string("80% x | 20% x+1"));
  QCOMPARE(scaled("1% x | 1% x+1 | 1% x+2"),
           std::string("33.333333% x | 33.333333% x+1 | 33.333334% x+2"));
  QCOMPARE(scaled("70% x | x+1"), std::string("70% x | 30% x+1"));
  QCOMPARE(scaled("x | x+1 | x+2 | x+3"), std::string("25% x | 25% x+1 | 25% x+2 | 25% x+3"));
}

void TestRepair::stops() {
  ExperimentSpec spec = preset("demo");
  spec.task.seq_len = {1};
  std::stop_source source;
  source.request_stop();
  QVERIFY(repairsOf(spec, checkExperiment(spec), nullptr, source.get_token()).empty());
}

QTEST_GUILESS_MAIN(TestRepair)
#include "tst_repair.moc"

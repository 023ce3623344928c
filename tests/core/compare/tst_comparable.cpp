// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/comparable.h"
#include "engine/core/experiment_json.h"

#include <QTest>

using namespace anchorlens::core;

class TestComparable : public QObject {
  Q_OBJECT

 private slots:
  void otherLengths() {
    const ExperimentSpec first = preset("identity");
    const ExperimentSpec second = preset("working-memory");
    QCOMPARE(whyNotComparable(first, "run 7", second, "Run 6"),
             "Run 6 has length 20, run 7 has length 9: only curves and scores are compared.");
    QCOMPARE(whyNotComparable(first, "a", first, "b"), "");
  }

  void otherVocabulary() {
    const ExperimentSpec first = preset("identity");
    ExperimentSpec second = first;
    second.task.d_vocab = 150;
    QCOMPARE(whyNotComparable(first, "a", second, "b"),
             "b has 150 tokens, a has 201: only curves and scores are compared.");
    second = first;
    second.task.seq_len = {9, 12};
    QCOMPARE(whyNotComparable(first, "a", second, "b"),
             "b has lengths 9 and 12, a has length 9: only curves and scores are compared.");
  }

  void otherModel() {
    const ExperimentSpec first = preset("identity");
    ExperimentSpec second = first;
    second.model.n_heads = 1;
    QCOMPARE(whyNotComparable(first, "a", second, "b"), "");
    second.model.mask = ModelSpec::Mask::None;
    QCOMPARE(whyNotComparable(first, "a", second, "b"),
             "b is not, a is causal: only curves and scores are compared.");
    second.model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(whyNotComparable(first, "a", second, "b"),
             "b has no attention heads: only curves and scores are compared.");
  }

  void setUps() {
    const ExperimentSpec first = preset("demo");
    ExperimentSpec second = first;
    second.name = "other";
    second.training.seed = 9;
    second.data.seed = 4;
    QVERIFY(isSameSetUp(first, second));
    QCOMPARE(setUpHash(first), setUpHash(second));
    QCOMPARE(setUpHash(first).size(), std::size_t{16});
    second.training.learning_rate *= 2;
    QVERIFY(!isSameSetUp(first, second));
    QVERIFY(setUpHash(first) != setUpHash(second));
  }

  void probes() {
    SequenceSet first;
    first.seq_len = 2;
    first.tokens = {1, 2};
    first.lengths = {2};
    SequenceSet second = first;
    QVERIFY(isSameProbe(first, second));
    second.tokens = {1, 3};
    QVERIFY(!isSameProbe(first, second));
  }
};

QTEST_GUILESS_MAIN(TestComparable)
#include "tst_comparable.moc"

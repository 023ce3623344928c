// SPDX-License-Identifier: GPL-3.0-or-later
// Causal tests of a made model: what it answers is known by hand.
#include "engine/session/causal_test.h"
#include "engine/session/controls.h"
#include "tests/session/made_trainer.h"
#include "tests/session/tiny_experiment.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace anchorlens;
using engine::CausalTest;
using engine::CausalTester;
using engine::HeadRef;
using tests::MadeTrainer;

namespace {

core::ExperimentSpec fourHeads() {
  core::ExperimentSpec spec = tests::tinyExperiment();
  spec.model.n_heads = 2;
  spec.model.d_head = 8;
  return spec;
}

core::Task taskOf(const core::ExperimentSpec& spec) {
  auto task = core::Task::compile(spec.task);
  if (!task) {
    qFatal("%s", task.error()[0].message.c_str());
  }
  return *task;
}

CausalTest ofHeads(std::vector<HeadRef> heads) {
  CausalTest test;
  test.name = engine::headsText(heads);
  test.heads = std::move(heads);
  return test;
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-9;
}

}  // namespace

class TestCausalTest : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    core::Random random(5);
    m_set = m_task.draw(core::Split::Test, 40, random);
    m_made = std::make_unique<MadeTrainer>(m_spec, m_set);
    m_tester = std::make_unique<CausalTester>(*m_made, m_task, m_spec.model, m_set);
    m_chance = m_task.analysis().chance;
    QVERIFY(m_chance > 0 && m_chance < 0.5);
  }

  /// Head 0.0 is needed; 1.0 and 1.1 do the same; 0.1 does nothing.
  void aNecessaryHead() {
    const auto result = m_tester->run(ofHeads({{0, 0}}));
    QVERIFY(result);
    const engine::CausalRow& all = result->all;
    QCOMPARE(all.n, std::int64_t{40});
    QVERIFY(near(all.baseline.accuracy, 1.0));
    QVERIFY(near(all.intervened.accuracy, 0.0));
    QVERIFY(near(all.baseline.loss, 0.5));
    QVERIFY(near(all.baseline.logit_difference, 2.0));
    QVERIFY(near(all.intervened.logit_difference, -1.0));
    QVERIFY(near(*all.necessity, 1 / (1 - m_chance)));
    // Alone it can do nothing: nobody sends on what it found.
    QVERIFY(near(*all.sufficiency, -m_chance / (1 - m_chance)));
    // All three other heads are the control; each can be missed.
    QCOMPARE(result->draws, 3);
    QVERIFY(near(all.control->accuracy, 1.0));
    QVERIFY(near(*all.control_necessity, 0.0));
    QVERIFY(result->no_control.empty());
  }

  void redundantHeadsTogether() {
    QVERIFY(near(*m_tester->run(ofHeads({{1, 0}}))->all.necessity, 0.0));
    const auto both = m_tester->run(ofHeads({{1, 0}, {1, 1}}));
    QVERIFY(near(both->all.intervened.accuracy, 0.0));
    // The only pair of others has the needed head in it.
    QCOMPARE(both->draws, 1);
    QVERIFY(near(both->all.control->accuracy, 0.0));
    const auto path = m_tester->run(ofHeads({{0, 0}, {1, 1}}));
    QVERIFY(near(*path->all.sufficiency, 1.0));
    QVERIFY(near(path->all.control_min, 1.0));
  }

  void aControlNeedsOthers() {
    const auto three = m_tester->run(ofHeads({{0, 0}, {0, 1}, {1, 0}}));
    QVERIFY(!three->all.control && !three->all.control_necessity);
    QCOMPARE(three->no_control, std::string("There is only one other head."));
    QCOMPARE(three->draws, 0);
    const auto all = m_tester->run(ofHeads({{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
    QCOMPARE(all->no_control, std::string("There is no other head."));
    QVERIFY(near(*all->all.sufficiency, 1.0));
  }

  void groupsAddUp() {
    m_set.groups.assign(m_set.size(), 0);
    std::fill_n(m_set.groups.begin(), 10, 1);
    m_made->wrong_anyway = 4;  // of the first ten
    const auto result = m_tester->run(ofHeads({{0, 0}}));
    QCOMPARE(result->groups.size(), std::size_t{2});
    QCOMPARE(result->groups[1].n, std::int64_t{10});
    QVERIFY(near(result->groups[1].baseline.accuracy, 0.6));
    QVERIFY(near(result->groups[0].baseline.accuracy, 1.0));
    QVERIFY(near(result->all.baseline.accuracy, 0.9));
    QVERIFY(near(*result->groups[1].necessity, 0.6 / (0.6 - m_chance)));
  }

  void nothingToLoseHasNoNecessity() {
    m_made->wrong_anyway = 40;
    const auto result = m_tester->run(ofHeads({{0, 0}}));
    QVERIFY(!result->all.necessity && !result->all.sufficiency && !result->all.control_necessity);
  }

  /// The made model reads the anchor from the key in head 0.0.
  void edgesByRole() {
    CausalTest test;
    test.name = "0:key>anchor";
    test.edges = {*engine::EdgeSelection::parse(test.name, m_task, m_spec.model)};
    const auto result = m_tester->run(test);
    QVERIFY2(bool(result), result ? "" : result.error().message.c_str());
    QVERIFY(near(result->all.intervened.accuracy, 0.0));
    QVERIFY(near(result->edges_per_sequence, 2.0));
    QCOMPARE(result->draws, 5);
    QVERIFY(near(result->all.control->accuracy, 1.0));
    QVERIFY(std::abs(result->mass - result->control_mass) < 0.1);
    QCOMPARE(result->edges, std::vector<std::string>{"0:key>anchor"});
  }

  void everyHeadAndEveryLabel() {
    std::vector<core::HeadScores> scores(4);
    for (core::HeadScores& score : scores) {
      score.broadcasts.resize(1);
      score.best_broadcast = 0;
    }
    for (const std::size_t i : {2, 3}) {
      scores[i].broadcasts[0].output.lift = 0.9;
      scores[i].broadcasts[0].output_coverage = 0.9;
      scores[i].broadcasts[0].output_tracking = 0.9;
    }
    const auto tests = engine::testsOfAllHeads(m_spec.model, scores);
    std::vector<std::string> names;
    for (const CausalTest& test : tests) {
      names.push_back(test.name);
    }
    QCOMPARE(names, (std::vector<std::string>{"0.0", "0.1", "1.0", "1.1", "all broadcast"}));
    QCOMPARE(tests.back().heads, (std::vector<HeadRef>{{1, 0}, {1, 1}}));
  }

  void theUnchangedModelRunsOnce() {
    QVERIFY(m_tester->run(ofHeads({{0, 0}})));
    const int before = m_made->calls;
    QVERIFY(m_tester->run(ofHeads({{0, 1}})));
    QCOMPARE(m_made->calls - before, 5);  // intervened, kept, three controls
  }

  void stopped() {
    std::stop_source source;
    source.request_stop();
    const auto result = m_tester->run(ofHeads({{0, 0}}), source.get_token());
    QVERIFY(!result);
    QCOMPARE(result.error().message, std::string("The test was cancelled."));
  }

  void whatIsNoTest() {
    QCOMPARE(m_tester->run({}).error().message,
             std::string("Nothing is selected: expected heads or edges."));
    CausalTest patch = ofHeads({{0, 0}});
    patch.method = engine::HeadMethod::OtherStep;
    QCOMPARE(m_tester->run(patch).error().message,
             std::string("A patch from another step needs that step's model."));
    CausalTest later;
    later.name = "0.0:3>4";
    later.edges = {*engine::EdgeSelection::parse(later.name, m_task, m_spec.model)};
    QCOMPARE(m_tester->run(later).error().message,
             std::string("\"0.0:3>4\" names no edge: a reader sees itself and what stands before "
                         "it."));
  }

  /// The causal rule is told only where it is what hides the edge.
  void whyThereIsNoEdge() {
    const std::string name = "0.0:1>3";
    const std::vector edges{*engine::EdgeSelection::parse(name, m_task, m_spec.model)};
    core::ModelSpec full = m_spec.model;
    full.mask = core::ModelSpec::Mask::None;
    QVERIFY(engine::edgesOf(edges, m_set, m_spec.model).empty());
    QVERIFY(!engine::edgesOf(edges, m_set, full).empty());
    QCOMPARE(
        engine::whyNoEdge(name, edges, m_set, m_spec.model),
        std::string("\"0.0:1>3\" names no edge: a reader sees itself and what stands before it"));
    core::SequenceSet shorter = m_set;
    shorter.lengths.assign(shorter.lengths.size(), 3);
    for (const core::ModelSpec& model : {full, m_spec.model}) {
      QVERIFY(engine::edgesOf(edges, shorter, model).empty());
      QCOMPARE(engine::whyNoEdge(name, edges, shorter, model),
               std::string("\"0.0:1>3\" names no edge: no sequence has both the reader and the "
                           "source"));
    }
  }

  void controlsAreOthers() {
    const core::PatternBatch patterns = m_made->patterns();
    const auto edges =
        engine::edgesOf({*engine::EdgeSelection::parse("0.0:key>anchor", m_task, m_spec.model)},
                        m_set, m_spec.model);
    const auto control = engine::controlEdges(edges, patterns, m_set, m_spec.model, 3);
    QCOMPARE(control.size(), edges.size());
    QVERIFY(std::is_sorted(control.begin(), control.end()));
    for (std::size_t i = 0; i < control.size(); ++i) {
      QCOMPARE(control[i].sequence, edges[i].sequence);
      QCOMPARE(control[i].layer, edges[i].layer);
      QVERIFY(control[i].key <= control[i].query);
      QVERIFY(!std::binary_search(edges.begin(), edges.end(), control[i]));
    }
    QVERIFY(control == engine::controlEdges(edges, patterns, m_set, m_spec.model, 3));
    QVERIFY(control != engine::controlEdges(edges, patterns, m_set, m_spec.model, 4));
    // Each is taken once: of all edges but one sequence's five, what is left is too little.
    auto most = engine::edgesOf({*engine::EdgeSelection::parse("0:*>*", m_task, m_spec.model)},
                                m_set, m_spec.model);
    most.resize(most.size() - 5);
    const auto few = engine::controlEdges(most, patterns, m_set, m_spec.model, 3);
    QCOMPARE(few.size(), std::size_t{5});
    QCOMPARE((std::set<engine::EdgeRef>(few.begin(), few.end()).size()), std::size_t{5});
  }

  void setsOfHeadsAreDifferent() {
    const std::vector<HeadRef> others{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}};
    const auto sets = engine::controlHeads(others, 2, 100, 1);
    QCOMPARE(sets.size(), std::size_t{10});
    QCOMPARE((std::set<std::vector<HeadRef>>(sets.begin(), sets.end()).size()), std::size_t{10});
    QCOMPARE(engine::controlHeads(others, 2, 4, 1).size(), std::size_t{4});
    QCOMPARE(engine::controlHeads(others, 5, 4, 1).size(), std::size_t{1});
  }

  void everySequenceGetsAnother() {
    for (const std::size_t n : {2, 4, 50}) {
      std::vector<std::int32_t> lengths(n, 7);
      for (std::size_t i = 0; n > 2 && i < n; i += 2) {
        lengths[i] = 9;
      }
      const auto rows = engine::otherRows(lengths, 9);
      QCOMPARE((std::set<std::size_t>(rows.begin(), rows.end()).size()), n);
      for (std::size_t i = 0; i < n; ++i) {
        QVERIFY(rows[i] != i);
        QCOMPARE(lengths[rows[i]], lengths[i]);
      }
    }
    // Nobody else has that length.
    QCOMPARE(engine::otherRows({7, 7, 9}, 9), std::vector<std::size_t>());
    QCOMPARE(engine::otherRows({7}, 9), std::vector<std::size_t>());
  }

  void whoHasALengthAloneIsNamed() {
    const auto says = [](const std::vector<std::int32_t>& lengths, const char* words) {
      const std::string why = engine::whyNoOtherRows(lengths);
      QVERIFY2(why.find(words) != std::string::npos, why.c_str());
    };
    QCOMPARE(engine::whyNoOtherRows({7, 9, 7, 9}), std::string());
    says({7}, "but length 7 has one sequence alone; no length has more: take more");
    says({9, 12, 9, 7, 8, 8},
         "each of the lengths 7, 12 has one sequence alone; two or more have length 8, 9: take");
    says({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
         "10, 11, 12 and 3 more has one sequence alone");
    // The tester says it too.
    core::SequenceSet uneven = m_set;
    uneven.lengths.back() -= 1;
    CausalTest test = ofHeads({{0, 0}});
    test.method = engine::HeadMethod::OtherSequence;
    CausalTester tester(*m_made, m_task, m_spec.model, uneven);
    const auto result = tester.run(test);
    QVERIFY(!result);
    QCOMPARE(result.error().message, engine::whyNoOtherRows(uneven.lengths));
  }

 private:
  core::ExperimentSpec m_spec = fourHeads();
  core::Task m_task = taskOf(m_spec);
  core::SequenceSet m_set;
  std::unique_ptr<MadeTrainer> m_made;
  std::unique_ptr<CausalTester> m_tester;
  double m_chance = 0;
};

QTEST_GUILESS_MAIN(TestCausalTest)
#include "tst_causal_test.moc"

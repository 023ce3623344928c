// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_forms.h"
#include "engine/core/experiment_json.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;

class TestEditForms : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRenamedKeyTakesItsIntervalsAndRulesAlong() {
    ExperimentSpec spec = preset("demo");
    spec.task.keys["x"] = {{30, 60}};
    spec.task.held_out = {ResidueRule{"x"}, PredicateRule{"x mod 3"}};
    const ExperimentSpec next = withPattern(spec, 0, "* 3 key * -> key");
    QCOMPARE(next.task.keys, (std::map<std::string, Intervals>{{"key", {{30, 60}}}}));
    QCOMPARE(std::get<ResidueRule>(next.task.held_out[0]).key, std::string("key"));
    QCOMPARE(std::get<PredicateRule>(next.task.held_out[1]).expression, std::string("key mod 3"));
    QVERIFY(checkExperiment(next).empty());
  }

  void aRemovedKeyLosesItsIntervals() {
    ExperimentSpec spec = withPattern(preset("demo"), 0, "* 3 x y * -> y");
    spec.task.keys["y"] = {{30, 40}};
    const ExperimentSpec next = withPattern(spec, 0, "* 3 x * -> x");
    QVERIFY(!next.task.keys.contains("y"));
    QVERIFY(next.task.keys.contains("x"));
  }

  void aKeyOfAnotherFormStays() {
    ExperimentSpec spec = preset("demo");
    spec.task.forms.push_back({"* 4 x * -> x", 1.0, {}, {}});
    spec.task.keys["x"] = {{30, 40}};
    const ExperimentSpec next = withPattern(spec, 1, "* 4 y * -> y");
    QCOMPARE(next.task.keys.at("x"), (Intervals{{30, 40}}));
  }

  void aRenamedAnchorKeepsTokensDistinctAndPairs() {
    ExperimentSpec spec = preset("composite");
    spec.task.forms[0].distinct = {{"A", "B"}};
    spec.task.relabel = {{{{"A", 3}, {"B", 4}}, "x-6"}};
    const ExperimentSpec next = withPattern(spec, 0, "* x A C * -> C(A(x))");
    QCOMPARE(next.task.forms[0].anchors.at("C"), (std::vector<int>{1, 2, 3, 4}));
    QCOMPARE(next.task.forms[0].distinct, (std::vector<std::vector<std::string>>{{"A", "C"}}));
    QCOMPARE(std::get<AnchorsRule>(next.task.held_out[1]).values,
             (std::map<std::string, int>{{"A", 3}, {"C", 4}}));
    QCOMPARE(next.task.relabel[0].values, (std::map<std::string, int>{{"A", 3}, {"C", 4}}));
  }

  void aRemovedAnchorLeavesItsRuleAsAProblem() {
    const ExperimentSpec next = withPattern(preset("composite"), 0, "* x A * -> A(x)");
    QVERIFY(!next.task.forms[0].anchors.contains("B"));
    const SpecErrors errors = checkExperiment(next);
    QVERIFY(!errors.empty());
    QVERIFY2(errors[0].pointer.starts_with("/task/held_out/1"), errors[0].pointer.c_str());
  }

  void aTextThatDoesNotParseChangesNothingElse() {
    ExperimentSpec spec = preset("composite");
    ExperimentSpec next = withPattern(spec, 0, "* x A * ->");
    QCOMPARE(next.task.forms[0].pattern, std::string("* x A * ->"));
    next.task.forms[0].pattern = spec.task.forms[0].pattern;
    QCOMPARE(next, spec);
  }

  void formsMoveAndGo() {
    ExperimentSpec spec = preset("demo");
    spec.task.forms.push_back({"* 4 y * -> y", 2.0, {}, {}});
    spec.task.keys["y"] = {{20, 30}};
    QCOMPARE(withFormMoved(spec, 1, 0).task.forms[0].pattern, std::string("* 4 y * -> y"));
    QCOMPARE(withFormMoved(spec, 0, 1).task.forms[1].pattern, std::string("* 3 x * -> x"));
    const ExperimentSpec less = withoutForm(spec, 1);
    QCOMPARE(less.task.forms.size(), std::size_t{1});
    QVERIFY(!less.task.keys.contains("y"));
  }

  void aDraftKeepsWhatIsNotFinished() {
    ExperimentSpec spec = preset("composite");
    spec.task.forms[0].pattern = "* x A B * ->";
    spec.task.anchors[1].operation = "x*";
    spec.task.noise = {{100, 20}, {-4, 70000}};
    spec.task.seq_len = {};
    spec.task.forms[0].weight = -1;
    spec.task.forms[0].distinct = {{"x"}};
    spec.model.n_layers = 0;
    spec.model.init.groups["nothing"] = 99;
    spec.data.seed = ~std::uint64_t{0};
    spec.training.steps = 5;
    spec.name = "";
    const std::string text = writeExperiment(spec);
    QVERIFY(!parseExperiment(text));
    const auto read = parseDraft(text);
    QVERIFY(read.has_value());
    QCOMPARE(*read, spec);
    QCOMPARE(writeExperiment(*read), text);
  }

  void aDraftOfAnotherTypeIsStillRefused() {
    for (const char* text :
         {"{", "[]", "{\"format\": \"anchorlens-experiment\", \"format_version\": 1, \"task\": 3}",
          "{\"format\": \"anchorlens-experiment\", \"format_version\": 1, \"tusk\": {}}",
          "{\"format\": \"anchorlens-experiment\", \"format_version\": 1, \"training\": "
          "{\"betas\": [0.9]}}"})
      QVERIFY2(!parseDraft(text), text);
  }
};

QTEST_GUILESS_MAIN(TestEditForms)
#include "tst_edit_forms.moc"

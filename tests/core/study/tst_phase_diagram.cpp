// SPDX-License-Identifier: GPL-3.0-or-later
// Phase diagrams, bands and shares of pairs, with numbers worked by hand.
#include "engine/core/store/checkpoint.h"
#include "engine/core/study/phase_diagram.h"
#include "tests/core/study/study_fixture.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace anchorlens::core;
using State = MemberFacts::State;
using Kind = StudyNumber::Kind;

namespace {

/// A run that was evaluated at steps 100, 200, ...: what it got right of the seen and the test
/// sequences.
std::shared_ptr<const RunNumbers> made(State state, std::vector<double> train,
                                       std::vector<double> test) {
  RunNumbers run;
  run.state = state;
  NumberSeries seen{{}, std::move(train)};
  NumberSeries held{{}, std::move(test)};
  for (std::size_t i = 0; i < seen.values.size(); ++i) {
    run.step = 100 * static_cast<std::int64_t>(i + 1);
    seen.steps.push_back(run.step);
    held.steps.push_back(run.step);
  }
  run.groups = {{"Train", GroupNumbers::Kind::Train, seen, {}},
                {"Test", GroupNumbers::Kind::Test, held, {}}};
  return std::make_shared<const RunNumbers>(std::move(run));
}

/// gamma 0.3, 0.5 x n_layers 1, 2, three seeds: members 0..2 are (0.3, 1), 3..5 (0.3, 2), 6..8
/// (0.5, 1), 9..11 (0.5, 2).
StudyData twoByTwo() {
  StudySpec study = demoStudy();
  study.axes = {listAxis("/model/init/gamma", {"0.3", "0.5"}),
                listAxis("/model/n_layers", {"1", "2"})};
  study.base.model.init.kind = InitSpec::Kind::Gamma;
  study.seeds = someSeeds(3);
  StudyData data;
  data.plan = std::make_shared<const StudyPlan>(planStudy(study).value());
  data.runs.resize(12);
  data.runs[0] = made(State::Finished, {0.2, 0.5}, {0.1, 0.25});
  data.runs[1] = made(State::Finished, {0.3, 0.75}, {0.2, 0.5});
  data.runs[2] = made(State::Finished, {0.4, 0.875}, {0.3, 1.0});
  data.runs[3] = made(State::Finished, {0.5, 1.0}, {0.5, 0.75});
  data.runs[4] = made(State::Held, {0.5}, {0.125});
  data.runs[5] = made(State::Failed, {0.5}, {0.625});
  data.runs[6] = made(State::NotStarted, {}, {});
  return data;
}

PhaseChoice bothAxes() {
  PhaseChoice choice;
  choice.x = 0;
  choice.y = 1;
  return choice;
}

}  // namespace

class TestPhaseDiagram : public QObject {
  Q_OBJECT

 private slots:
  void cellsHoldTheirRuns() {
    const StudyData data = twoByTwo();
    const PhaseDiagram diagram = makePhaseDiagram(data, bothAxes());
    QCOMPARE(diagram.columns(), std::size_t(2));
    QCOMPARE(diagram.rows(), std::size_t(2));
    QCOMPARE(diagram.x_label, std::string("gamma"));
    QCOMPARE(diagram.y_label, std::string("n_layers"));
    QCOMPARE(diagram.x_values, (std::vector<std::string>{"0.3", "0.5"}));
    QCOMPARE(diagram.at(0, 0).members, (std::vector<std::size_t>{0, 1, 2}));
    QCOMPARE(diagram.at(0, 1).members, (std::vector<std::size_t>{3, 4, 5}));
    QCOMPARE(diagram.at(1, 0).members, (std::vector<std::size_t>{6, 7, 8}));
    // Axes the other way round.
    PhaseChoice choice = bothAxes();
    std::swap(choice.x, choice.y);
    QCOMPARE(makePhaseDiagram(data, choice).at(1, 0).members, (std::vector<std::size_t>{3, 4, 5}));
  }

  void mediansAreOfFinishedRuns() {
    const PhaseDiagram diagram = makePhaseDiagram(twoByTwo(), bothAxes());
    const PhaseCell& full = diagram.at(0, 0);
    QCOMPARE(full.there, std::size_t(3));
    QCOMPARE(*full.value, (Spread{0.5, 0.25, 1.0, 3}));
    QCOMPARE(*full.seen, 0.75);
    QCOMPARE(full.typical, std::size_t(1));
    const PhaseCell& part = diagram.at(0, 1);
    QCOMPARE(part.there, std::size_t(1));
    QCOMPARE(*part.value, (Spread{0.75, 0.75, 0.75, 1}));
    const PhaseCell& none = diagram.at(1, 0);
    QVERIFY(none.isMissing());
    QVERIFY(!none.value);
    QVERIFY(!none.seen);
    QCOMPARE(none.typical, std::size_t(6));
  }

  void theCursorTakesRunsThatCameSoFar() {
    PhaseChoice choice = bothAxes();
    choice.step = 100;
    const PhaseDiagram early = makePhaseDiagram(twoByTwo(), choice);
    QCOMPARE(early.at(0, 0).value->median, 0.2);
    // The run in training and the failed one were there: 0.5, 0.125, 0.625.
    QCOMPARE(early.at(0, 1).there, std::size_t(3));
    QCOMPARE(*early.at(0, 1).value, (Spread{0.5, 0.125, 0.625, 3}));
    choice.step = 150;  // between two evaluations the earlier one holds; two runs ended before
    const PhaseDiagram between = makePhaseDiagram(twoByTwo(), choice);
    QCOMPARE(between.at(0, 0).value->median, 0.2);
    QCOMPARE(between.at(0, 1).there, std::size_t(1));
    QCOMPARE(between.at(0, 1).value->median, 0.5);
    choice.step = 5000;  // finished runs keep their last number
    QCOMPARE(makePhaseDiagram(twoByTwo(), choice).at(0, 0).value->median, 0.5);
  }

  void cellsBelowTheRuleAreGrey() {
    PhaseChoice choice = bothAxes();
    const auto greys = [&choice] {
      const PhaseDiagram diagram = makePhaseDiagram(twoByTwo(), choice);
      return std::vector<bool>{diagram.at(0, 0).is_grey, diagram.at(0, 1).is_grey,
                               diagram.at(1, 0).is_grey};
    };
    QCOMPARE(greys(), (std::vector<bool>{false, false, false}));
    choice.grey_below = 0.9;  // the seen accuracies are 0.75, 1 and unknown
    QCOMPARE(greys(), (std::vector<bool>{true, false, false}));
    choice.grey_below = 0.75;
    QCOMPARE(greys(), (std::vector<bool>{false, false, false}));
  }

  void oneAxisGivesALine() {
    PhaseChoice choice;
    choice.x = 1;  // both gammas together: 0.25, 0.5, 1 / 0.75
    const PhaseDiagram line = makePhaseDiagram(twoByTwo(), choice);
    QCOMPARE(line.rows(), std::size_t(1));
    QCOMPARE(line.columns(), std::size_t(2));
    QCOMPARE(line.at(0, 0).members, (std::vector<std::size_t>{0, 1, 2, 6, 7, 8}));
    QCOMPARE(*line.at(0, 0).value, (Spread{0.5, 0.25, 1.0, 3}));
    choice.fixed = {{0, 1}};  // gamma 0.5 alone
    QCOMPARE(makePhaseDiagram(twoByTwo(), choice).at(1, 0).members,
             (std::vector<std::size_t>{9, 10, 11}));
    // No axis at all: one cell of everything.
    const PhaseDiagram all = makePhaseDiagram(twoByTwo(), PhaseChoice{});
    QCOMPARE(all.cells.size(), std::size_t(1));
    QCOMPARE(all.cells[0].there, std::size_t(4));
    QCOMPARE(all.cells[0].value->median, 0.625);  // of 0.25, 0.5, 1, 0.75
  }

  void stepsThatDidNotHappenAreNoNumbers() {
    StudyData data = twoByTwo();
    for (std::size_t i = 0; i < 3; ++i) {
      RunNumbers run = *data.runs[i];
      run.heads = {{0, 0, {}, {}, {}, {}}, {1, 0, {}, {}, {}, {}}};
      if (i < 2) {
        run.heads[1].shift_step = 400 + 200 * static_cast<std::int64_t>(i);
        run.heads[0].shift_step = 1000;
      }
      data.runs[i] = std::make_shared<const RunNumbers>(run);
    }
    PhaseChoice choice = bothAxes();
    choice.number = {Kind::ShiftStep, {}};
    const PhaseDiagram diagram = makePhaseDiagram(data, choice);
    QCOMPARE(*diagram.at(0, 0).value, (Spread{500, 400, 600, 2}));
    QCOMPARE(diagram.at(0, 0).there, std::size_t(3));
    QCOMPARE(diagram.scale.low, 0.0);
    QCOMPARE(diagram.scale.high, 500.0);
    QCOMPARE(diagram.scale.share(125), 0.25);
    choice.step = 450;  // one of them has not happened yet
    QCOMPARE(*makePhaseDiagram(data, choice).at(0, 0).value, (Spread{400, 400, 400, 1}));
  }

  void greyCellsDoNotStretchTheScale() {
    StudyData data = twoByTwo();
    for (std::size_t i = 0; i < 6; ++i) {
      RunNumbers run = *data.runs[i];
      run.heads = {{0, 0, {}, {}, {}, {}}};
      run.heads[0].shift_step = i < 3 ? 2000 : 300;
      data.runs[i] = std::make_shared<const RunNumbers>(run);
    }
    PhaseChoice choice = bothAxes();
    choice.number = {Kind::ShiftStep, {}};
    QCOMPARE(makePhaseDiagram(data, choice).scale.high, 2000.0);
    choice.grey_below = 0.9;  // the cell of the first three
    QCOMPARE(makePhaseDiagram(data, choice).scale.high, 300.0);
  }

  void scales() {
    const PhaseScale loss{0.01, 1, true, false};
    QCOMPARE(loss.share(0.1), 0.5);
    QCOMPARE(loss.share(0), 0.0);
    QCOMPARE(loss.share(7), 1.0);
    const PhaseScale balance{-1, 1, false, true};
    QCOMPARE(balance.share(0), 0.5);
    QCOMPARE(makePhaseDiagram(twoByTwo(), bothAxes()).scale.high, 1.0);
  }

  void listsTheNumbersThatExist() {
    StudyData data = twoByTwo();
    RunNumbers run = *data.runs[3];
    run.groups.push_back({"A=3 held_out", GroupNumbers::Kind::Part, {}, {}});
    run.groups.push_back({"A=4 B=3 held_out", GroupNumbers::Kind::HeldOut, {}, {}});
    run.pairs = {{"A=4 B=3", 4, {100, 200}, {0.25, 0.5}, {0.5, 0.25}}};
    data.runs[3] = std::make_shared<const RunNumbers>(run);
    std::vector<std::string> names;
    for (const StudyNumber& number : numbersOf(data)) {
      names.push_back(numberName(number));
      QVERIFY(numberNamed(data, names.back()) == number);
    }
    QCOMPARE(names, (std::vector<std::string>{
                        "accuracy Train", "accuracy Test", "accuracy A=4 B=3 held_out",
                        "inferential A=4 B=3", "symmetric A=4 B=3", "neither A=4 B=3",
                        "inferential-symmetric A=4 B=3", "loss Train", "loss Test",
                        "loss A=4 B=3 held_out", "accuracy A=3 held_out", "loss A=3 held_out"}));
    QVERIFY(!numberNamed(data, "accuracy of something"));
    QCOMPARE(valueOf(run, {Kind::Balance, "A=4 B=3"}, 100), -0.25);
    QCOMPARE(valueOf(run, {Kind::Neither, "A=4 B=3"}, 250), 0.25);
    QVERIFY(std::isnan(valueOf(run, {Kind::Inferential, "A=1 B=2"}, 100)));
    QVERIFY(std::isnan(valueOf(run, {Kind::Inferential, "A=4 B=3"}, 99)));
  }

  void bandsAreMedianAndRange() {
    const NumberSeries a{{100, 200, 300}, {0.25, 0.5, 1.0}};
    const NumberSeries b{{100, 200}, {0.5, 0.75}};
    const NumberSeries c{{100, 200}, {0.0, 0.25}};
    // b is over and keeps 0.75; c is still in training and has no third point.
    const NumberBand band = bandOf({{&a, true}, {&b, true}, {&c, false}});
    QCOMPARE(band.steps, (std::vector<std::int64_t>{100, 200, 300}));
    QCOMPARE(band.median, (std::vector<double>{0.25, 0.5, 0.875}));
    QCOMPARE(band.low, (std::vector<double>{0.0, 0.25, 0.75}));
    QCOMPARE(band.high, (std::vector<double>{0.5, 0.75, 1.0}));
    QCOMPARE(band.count, (std::vector<std::size_t>{3, 3, 2}));
    // Thinned, the range keeps what lies between.
    const NumberSeries peak{{1, 2, 3, 4}, {0.0, 1.0, 0.5, 0.25}};
    const NumberBand thin = bandOf({{&peak, true}}, 2);
    QCOMPARE(thin.steps, (std::vector<std::int64_t>{2, 4}));
    QCOMPARE(thin.low, (std::vector<double>{0.0, 0.25}));
    QCOMPARE(thin.high, (std::vector<double>{1.0, 0.5}));
    QCOMPARE(thin.median, (std::vector<double>{1.0, 0.25}));
    QVERIFY(bandOf({}).steps.empty());
  }

  void mirrorsOfARelabelledPair() {
    const StudySpec study = parseStudy(studyText("scale-and-depth-fast")).value();
    const auto task = Task::compile(study.base.task).value();
    const auto probe = makeProbe(task, study.base.probe).value();
    const auto pairs = mirrorPairs(task, probe, static_cast<std::size_t>(study.base.probe.shown));
    QCOMPARE(pairs.size(), std::size_t(1));
    QCOMPARE(pairs[0].name, std::string("A=4 B=3"));
    QCOMPARE(pairs[0].sequences.size(), std::size_t(64));
    // 37 4 3 ...: x-8 then x-2 is 27; (3, 4) is taught as x-6: 31.
    QCOMPARE(pairs[0].sequences[0].inferential, 27);
    QCOMPARE(pairs[0].sequences[0].symmetric, 31);
    // Two of the first four answers infer, one is symmetric, the others are neither.
    Frame frame;
    frame.step = 500;
    frame.predictions.resize(64);
    frame.predictions[0].tokens[0] = 27;
    frame.predictions[1].tokens[0] = pairs[0].sequences[1].inferential;
    frame.predictions[2].tokens[0] = pairs[0].sequences[2].symmetric;
    PairAnswers answers;
    addFrame(frame, pairs[0], answers);
    frame.predictions.resize(63);
    addFrame(frame, pairs[0], answers);  // not of all sequences
    QCOMPARE(answers.steps, (std::vector<std::int64_t>{500}));
    QCOMPARE(answers.inferential, (std::vector<double>{2.0 / 64}));
    QCOMPARE(answers.symmetric, (std::vector<double>{1.0 / 64}));
    // Without a relabelled pair there is none.
    const auto plain = Task::compile(preset("composite").task).value();
    QVERIFY(mirrorPairs(plain, makeProbe(plain, preset("composite").probe).value(), 16).empty());
  }

  void readsWhatRunsRecorded() {
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    StudySpec study = demoStudy();
    study.seeds = someSeeds(2);
    const auto plan = std::make_shared<const StudyPlan>(planStudy(study).value());
    const auto names = Task::compile(study.base.task).value().groups();
    const auto writer =
        RunWriter::create(folder / plan->members[0].folder, plan->experiment(0), {}).value();
    Metrics metrics;
    metrics.step = 100;
    metrics.train_accuracy = 0.5;
    metrics.test_accuracy = 0.25;
    metrics.train_loss = metrics.test_loss = 1;
    metrics.groups = {{0, 10, 0.5, 1.0}};
    writer->addMetrics(metrics);
    writer->setStatus(RunState::Finished, 100, 100);
    QVERIFY(writer->commit().has_value());
    StudyNumberReader reader(plan, folder);
    const MemberFacts facts = readMember(folder / plan->members[0].folder);
    QVERIFY(reader.isOld(0, facts));
    reader.read(0);
    reader.read(1);
    const StudyData data = reader.data();
    QVERIFY(data.runs[0]->step == 100 && data.runs[1]->groups.empty());
    QCOMPARE(valueOf(*data.runs[0], {Kind::Accuracy, "Test"}, std::nullopt), 0.25);
    QCOMPARE(valueOf(*data.runs[0], {Kind::Accuracy, names[0].name}, std::nullopt), 0.5);
    QVERIFY(std::isnan(valueOf(*data.runs[1], {Kind::Accuracy, "Test"}, std::nullopt)));
    // What was shared stays as it was.
    QVERIFY(reader.isOld(0, {}) && !reader.isOld(1, {}));
  }

  /// Lifts of 0.6 from step 100 on: an emergence from 0.5, none from 0.7.
  void emergenceGoesByTheThresholds() {
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    StudySpec study = demoStudy();
    study.seeds = someSeeds(2);
    const auto plan = std::make_shared<const StudyPlan>(planStudy(study).value());
    const ExperimentSpec spec = plan->experiment(0);
    const auto writer = RunWriter::create(folder / plan->members[0].folder, spec, {}).value();
    HeadScores head;
    head.shift_lags[0].lift = 0.6;
    head.broadcasts.resize(1);
    head.broadcasts[0].output.lift = 0.6;
    head.best_broadcast = 0;
    HeadScores untrained = head;
    untrained.shift_lags[0].lift = untrained.broadcasts[0].output.lift = 0.1;
    for (std::int64_t step = 0; step <= 500; step += 100) {
      Frame frame;
      frame.step = step;
      frame.scores.assign(static_cast<std::size_t>(spec.model.n_layers * spec.model.n_heads),
                          step == 0 ? untrained : head);
      writer->addFrame(frame);
    }
    writer->setStatus(RunState::Finished, 500, 500);
    QVERIFY(writer->commit().has_value());
    StudyNumberReader reader(plan, folder);
    const auto step = [](const StudyData& data, Kind kind) {
      return valueOf(*data.runs[0], {kind, {}}, std::nullopt);
    };
    reader.setThresholds({});  // nothing is read yet
    reader.read(0);
    const StudyData usual = reader.data();
    LabelThresholds strict;
    strict.enter = 0.7;
    reader.setThresholds(strict);
    const StudyData relabelled = reader.data();
    reader.read(0);
    const StudyData again = reader.data();
    for (const Kind kind : {Kind::ShiftStep, Kind::BroadcastStep}) {
      QCOMPARE(step(usual, kind), 100.0);  // what was shared stays as it was
      QVERIFY(std::isnan(step(relabelled, kind)));
      QVERIFY(std::isnan(step(again, kind)));
    }
    QVERIFY(valueOf(*relabelled.runs[0], {Kind::Shift, {}}, std::nullopt) > 0.59);
    QVERIFY(relabelled.runs[1] == nullptr);
    reader.setThresholds({});
    QCOMPARE(step(reader.data(), Kind::ShiftStep), 100.0);
  }
};

QTEST_GUILESS_MAIN(TestPhaseDiagram)
#include "tst_phase_diagram.moc"

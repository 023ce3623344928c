// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of undo as a session keeps them.
#include "app/anchorlens/draft_document.h"
#include "app/anchorlens/undo_command.h"
#include "engine/core/experiment_json.h"

#include <QtTest>

#include <memory>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

core::ExperimentSpec withRate(core::ExperimentSpec spec, double rate) {
  spec.training.learning_rate = rate;
  return spec;
}

constexpr ViewPart kParts[] = {ViewPart::Attention, ViewPart::Time,    ViewPart::Flow,
                               ViewPart::Compare,   ViewPart::Weights, ViewPart::Study};

/// None as it is at first.
ViewSettings allSettings() {
  ViewSettings all;
  all.smoothing = 2;
  all.mode = widgets::HeadView::Mode::Lines;
  all.values = all.outlines = false;
  all.map = widgets::ColourMap::Grey;
  all.per_head = all.is_log_time = true;
  all.flow = {0.3, widgets::FlowOptions::Heads::Selected, widgets::FlowOptions::Width::Weighted,
              QStringLiteral("key → anchor")};
  all.compare = {core::HeadMatch::Weights, core::AlignBy::Accuracy, true};
  all.weights = {core::analysis::NormChoice::Folded, core::analysis::Reading::Embedding, false};
  all.study = {QStringLiteral("loss Test"),
               true,
               QStringLiteral("a"),
               QStringLiteral("b"),
               QStringLiteral("c"),
               false,
               75,
               QStringLiteral("Test")};
  return all;
}

ViewSettings smoothed(int smoothing) {
  ViewSettings view;
  view.smoothing = smoothing;
  return view;
}

/// A window's stack with what its steps change.
struct Place {
  QUndoStack stack;
  DraftDocument draft{stack};
  ViewSettings view;
  ListedRuns runs;
  int applied = 0;

  UndoState state() const { return {{draft.spec(), draft.fileState()}, view, runs}; }
  UndoAppliers appliers() {
    return {[this](const core::ExperimentSpec& spec) {
              draft.apply(spec);
              ++applied;
            },
            [this](const DraftState& state) {
              draft.apply(state);
              ++applied;
            },
            [this](const ViewSettings& settings, ViewPart part) {
              copyPart(part, settings, view);
              ++applied;
            },
            [this](const RunEntry& entry) {
              runs.erase(entry.directory);
              if (entry.listed)
                runs[entry.directory] = *entry.listed;
              ++applied;
            }};
  }
  void change(const QString& directory, const std::optional<ListedRun>& after) {
    stack.push(new ChangeCommand<RunEntry>(QStringLiteral("change it"),
                                           {directory, runs.at(directory)}, {directory, after},
                                           appliers().run));
  }
  void change(const ViewSettings& after) {
    const ViewPart part = changedPart(view, after);
    stack.push(new ChangeCommand<ViewSettings>(
        changeText(view, after), view, after,
        [this, part](const ViewSettings& settings) { appliers().view(settings, part); }));
  }
  /// Six steps, one of them undone and one that is not kept: in the order draft, view, another,
  /// draft, view, draft.
  void work() {
    const auto demo = core::preset("demo");
    draft.load(demo, {});
    draft.edit(withRate(demo, 0.5), QStringLiteral("change learning rate"));
    change(smoothed(1));
    stack.push(new QUndoCommand(QStringLiteral("something else")));
    draft.edit(core::preset("composite"), QStringLiteral("choose Composite"));
    change(smoothed(2));
    draft.edit(withRate(core::preset("composite"), -2), QStringLiteral("change it"));
    stack.undo();
  }
  /// What `other` had, as the next start of the program gets it.
  std::size_t restore(const UndoState& state, const UndoSteps& steps) {
    draft.restore(state.draft.spec, state.draft.file.name, state.draft.file.is_modified);
    view = state.view;
    runs = state.runs;
    return restoreUndo(stack, state, steps, appliers());
  }
};

}  // namespace

class TestUndoSteps : public QObject {
  Q_OBJECT

 private slots:
  void draftAndViewComeBackInTheirOrder() {
    Place first;
    first.work();
    const UndoSteps steps = undoSteps(first.stack);
    QCOMPARE(steps.done.size(), std::size_t{4});
    QCOMPARE(steps.undone.size(), std::size_t{1});
    QCOMPARE(steps.done[0].text, QStringLiteral("change smoothing"));
    QCOMPARE(steps.done[0].patch,
             std::string(R"([{"op":"replace","path":"/view/smoothing","value":1}])"));

    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{5});
    QCOMPARE(later.applied, 0);
    QCOMPARE(later.draft.spec(), core::preset("composite"));
    QVERIFY(undoSteps(later.stack) == steps);
    later.stack.redo();
    QCOMPARE(later.draft.spec().training.learning_rate, -2.0);
    later.stack.undo();
    QCOMPARE(later.draft.spec(), core::preset("composite"));
    QVERIFY(later.view == smoothed(2));
    later.stack.undo();
    QVERIFY(later.view == smoothed(1));
    QCOMPARE(later.stack.undoText(), QStringLiteral("choose Composite"));
    later.stack.undo();
    QCOMPARE(later.draft.spec(), withRate(core::preset("demo"), 0.5));
    later.stack.undo();
    QVERIFY(later.view == ViewSettings{});
    later.stack.undo();
    QCOMPARE(later.draft.spec(), core::preset("demo"));
    QVERIFY(!later.stack.canUndo());
    for (int i = 0; i < 5; ++i)
      later.stack.redo();
    QCOMPARE(later.draft.spec().training.learning_rate, -2.0);
    QVERIFY(later.view == smoothed(2));
  }

  /// What was there comes back with its file: saving it then must not write over the other.
  void anOpenedFileIsAStep() {
    const auto demo = core::preset("demo");
    const DraftFile a{QStringLiteral("a.json"), true};
    const DraftFile b{QStringLiteral("b.json"), false};
    Place first;
    first.draft.load(demo, a.name);
    first.draft.edit(withRate(demo, 0.5), QStringLiteral("change learning rate"));
    first.draft.replace(core::preset("composite"), b.name, QStringLiteral("open b.json"));
    QCOMPARE(first.draft.fileState(), b);
    first.draft.edit(withRate(core::preset("composite"), 0.5), QStringLiteral("change it"));
    first.stack.undo();
    first.stack.undo();
    QCOMPARE(first.draft.spec(), withRate(demo, 0.5));
    QCOMPARE(first.draft.fileState(), a);
    first.stack.redo();
    first.stack.redo();
    const UndoSteps steps = undoSteps(first.stack);
    first.draft.markSaved(QStringLiteral("c.json"));

    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{3});
    later.stack.undo();
    later.stack.undo();
    QCOMPARE(later.draft.spec(), withRate(demo, 0.5));
    QCOMPARE(later.draft.fileState(), a);
    later.stack.redo();
    QCOMPARE(later.draft.spec(), core::preset("composite"));
    QCOMPARE(later.draft.fileState(), b);
  }

  void everySettingOfTheViewIsKept() {
    const ViewSettings all = allSettings();
    Place first;
    for (const ViewPart part : kParts) {
      ViewSettings next = first.view;
      copyPart(part, all, next);
      QVERIFY(next != first.view);
      first.change(next);
    }
    QVERIFY(first.view == all);
    const UndoSteps steps = undoSteps(first.stack);
    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size(kParts));
    later.stack.setIndex(0);
    QVERIFY(later.view == ViewSettings{});
    later.stack.setIndex(static_cast<int>(std::size(kParts)));
    QVERIFY(later.view == all);
  }

  /// As a study falls back to its own axes where it lacks those that were chosen.
  void whatTheProgramChangedSinceIsNoDamage() {
    Place first;
    ViewSettings chosen;
    chosen.study.across = QStringLiteral("gamma");
    first.change(chosen);
    const UndoSteps steps = undoSteps(first.stack);
    first.view.study = {};
    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{1});
    later.stack.undo();
    QVERIFY(later.view == ViewSettings{});
    later.stack.redo();
    QCOMPARE(later.draft.spec(), first.draft.spec());
  }

  void aStepOfOnePartLeavesTheOthers() {
    Place place;
    place.change(smoothed(1));
    place.view.flow.hide_below = 0.5;  // by the program
    place.stack.undo();
    QCOMPARE(place.view.smoothing, 0);
    QCOMPARE(place.view.flow.hide_below, 0.5);
  }

  /// Two changes of one box are one step, of that box alone.
  void joinedStepsLeaveOutWhatTheProgramDid() {
    ViewSettings first;
    first.study.number = QStringLiteral("loss Test");
    ViewSettings refitted = first;
    refitted.weights.norm = core::analysis::NormChoice::Folded;
    ViewSettings second = refitted;
    second.study.number = QStringLiteral("loss Train");
    ViewSettings both = first;
    both.study.number = second.study.number;
    QVERIFY(joined(first, refitted, second) == both);
  }

  void everyChangeHasItsName() {
    const ViewSettings all = allSettings();
    QStringList texts;
    const auto note = [&texts](auto put) {
      ViewSettings after;
      put(after);
      texts << changeText({}, after);
    };
    note([&](ViewSettings& view) { view.mode = all.mode; });
    note([&](ViewSettings& view) { view.values = all.values; });
    note([&](ViewSettings& view) { view.outlines = all.outlines; });
    note([&](ViewSettings& view) { view.map = all.map; });
    note([&](ViewSettings& view) { view.per_head = all.per_head; });
    note([&](ViewSettings& view) { view.is_log_time = all.is_log_time; });
    note([&](ViewSettings& view) { view.smoothing = all.smoothing; });
    note([&](ViewSettings& view) { view.flow.hide_below = all.flow.hide_below; });
    note([&](ViewSettings& view) { view.flow.heads = all.flow.heads; });
    note([&](ViewSettings& view) { view.flow.width = all.flow.width; });
    note([&](ViewSettings& view) { view.flow.route = all.flow.route; });
    note([&](ViewSettings& view) { view.compare.match = all.compare.match; });
    note([&](ViewSettings& view) { view.compare.align = all.compare.align; });
    note([&](ViewSettings& view) { view.compare.seeds_at_cursor = all.compare.seeds_at_cursor; });
    note([&](ViewSettings& view) { view.weights.norm = all.weights.norm; });
    note([&](ViewSettings& view) { view.weights.reading = all.weights.reading; });
    note([&](ViewSettings& view) { view.weights.all_tokens = all.weights.all_tokens; });
    note([&](ViewSettings& view) { view.study.number = all.study.number; });
    note([&](ViewSettings& view) { view.study.at_cursor = all.study.at_cursor; });
    note([&](ViewSettings& view) { view.study.across = all.study.across; });
    note([&](ViewSettings& view) { view.study.is_grey = all.study.is_grey; });
    note([&](ViewSettings& view) { view.study.sequences = all.study.sequences; });
    QCOMPARE(texts.removeDuplicates(), 0);
    QVERIFY(!texts.contains(QString()));
  }

  void runsOfTheListComeBack() {
    Place first;
    const QString odd = QStringLiteral("/runs/a~b/c d");  // what JSON Patch has to escape
    const QString other = QStringLiteral("/runs/other");
    const ListedRuns all{{odd, {QStringLiteral("Run 1"), 0, 0}},
                         {other, {QStringLiteral("Run 2"), 1, 1}}};
    first.runs = all;
    first.change(odd, ListedRun{QStringLiteral("Größe"), 0, 0});
    first.change(other, ListedRun{QStringLiteral("Run 2"), 7, 1});
    first.change(smoothed(1));
    first.change(odd, std::nullopt);
    first.change(other, ListedRun{QStringLiteral("kept"), 7, 1});
    first.stack.undo();
    const UndoSteps steps = undoSteps(first.stack);
    QCOMPARE(
        steps.done[3].patch,
        std::string(R"([{"op":"replace","path":"/runs/~1runs~1a~0b~1c d/name","value":"Run 1"}])"));

    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{5});
    QCOMPARE(later.runs.size(), std::size_t{1});
    later.stack.redo();
    QCOMPARE(later.runs[other].name, QStringLiteral("kept"));
    later.stack.undo();
    later.stack.undo();
    QCOMPARE(later.runs[odd], (ListedRun{QStringLiteral("Größe"), 0, 0}));
    for (int i = 0; i < 3; ++i)
      later.stack.undo();
    QVERIFY(later.runs == all);
    QVERIFY(!later.stack.canUndo());
    // A run that was opened again: undo finds it there, and redo removes it.
    Place again;
    UndoState reopened = first.state();
    reopened.runs[odd] = {QStringLiteral("c d"), 2, 1};
    QCOMPARE(again.restore(reopened, steps), std::size_t{5});
    again.stack.undo();
    QCOMPARE(again.runs[odd], (ListedRun{QStringLiteral("Größe"), 0, 0}));
    again.stack.redo();
    QVERIFY(!again.runs.contains(odd));
    // Of a run that the list no longer has, nothing is told.
    Place without;
    UndoState now = first.state();
    now.runs.clear();
    QCOMPARE(without.restore(now, steps), std::size_t{2});
  }

  void aBrokenStepTakesThoseBeyondIt_data() {
    QTest::addColumn<QString>("patch");
    const auto row = [](const char* name, const char* patch) {
      QTest::newRow(name) << QString::fromLatin1(patch);
    };
    row("no patch", "no patch");
    row("nothing", "");
    row("no change", "[]");
    row("an empty operation", "[{}]");
    row("another place", R"([{"op":"remove","path":"/nowhere"}])");
    row("another thing", R"([{"op":"add","path":"/more","value":{}}])");
    row("all gone", R"([{"op":"remove","path":""}])");
    row("no object", R"([{"op":"replace","path":"","value":5}])");
    row("no draft", R"([{"op":"replace","path":"/draft","value":{}}])");
    row("a draft gone", R"([{"op":"remove","path":"/draft"}])");
    row("a file without a name",
        R"([{"op":"replace","path":"/file","value":{"is_modified":true}}])");
    row("a view gone", R"([{"op":"remove","path":"/view/lines"}])");
    row("a setting of another type", R"([{"op":"replace","path":"/view/lines","value":"yes"}])");
    row("a setting too large", R"([{"op":"replace","path":"/view/smoothing","value":3}])");
    row("hiding more than all", R"([{"op":"replace","path":"/view/flow/hide_below","value":2}])");
    row("no such heads", R"([{"op":"replace","path":"/view/flow/heads","value":3}])");
    row("no such match", R"([{"op":"replace","path":"/view/compare/match","value":-1}])");
    row("no study", R"([{"op":"remove","path":"/view/study"}])");
    row("no such map", R"([{"op":"replace","path":"/view/colour_map","value":-1}])");
    row("no runs", R"([{"op":"replace","path":"/runs","value":[]}])");
    row("half a run", R"([{"op":"add","path":"/runs/a","value":{"name":"a","colour":0}}])");
    row("a run of no colour",
        R"([{"op":"add","path":"/runs/a","value":{"name":"a","colour":-1,"place":0}}])");
    row("a run at no place",
        R"([{"op":"add","path":"/runs/a","value":{"name":"a","colour":0,"place":-1}}])");
    row("a run of no folder",
        R"([{"op":"add","path":"/runs/","value":{"name":"a","colour":0,"place":0}}])");
    row("two runs",
        R"([{"op":"add","path":"/runs/a","value":{"name":"a","colour":0,"place":0}},
            {"op":"add","path":"/runs/b","value":{"name":"b","colour":0,"place":1}}])");
    row("both", R"([{"op":"replace","path":"/view/smoothing","value":0},
                    {"op":"replace","path":"/draft/training/seed","value":9}])");
  }
  void aBrokenStepTakesThoseBeyondIt() {
    QFETCH(QString, patch);
    Place first;
    first.work();
    UndoSteps steps = undoSteps(first.stack);
    steps.done[2].patch = patch.toStdString();
    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{3});
    QCOMPARE(later.stack.count(), 3);
    QVERIFY(later.stack.canRedo());
    later.stack.undo();
    later.stack.undo();
    QVERIFY(later.view == smoothed(1));
    QCOMPARE(later.draft.spec(), withRate(core::preset("demo"), 0.5));
    QVERIFY(!later.stack.canUndo());

    steps.undone[0].patch = patch.toStdString();
    Place latest;
    QCOMPARE(latest.restore(first.state(), steps), std::size_t{2});
    QVERIFY(!latest.stack.canRedo());
    QCOMPARE(latest.draft.spec(), first.draft.spec());
  }

  void noMoreThanTheStackHolds() {
    Place first;
    UndoSteps steps;
    for (int i = 0; i < 150; ++i) {
      const std::string back = i % 2 == 0
                                   ? R"([{"op":"replace","path":"/view/smoothing","value":2}])"
                                   : R"([{"op":"replace","path":"/view/smoothing","value":0}])";
      const UndoSteps::Step undo{QStringLiteral("back"), back};
      const UndoSteps::Step redo{QStringLiteral("forth"), back};
      steps.done.push_back(undo);
      steps.undone.push_back(redo);
    }
    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{200});
    QCOMPARE(later.stack.index(), 50);
    later.stack.undo();
    QVERIFY(later.view == smoothed(2));
    later.stack.redo();
    QVERIFY(later.view == smoothed(0));
  }
};

QTEST_GUILESS_MAIN(TestUndoSteps)
#include "tst_undo_steps.moc"

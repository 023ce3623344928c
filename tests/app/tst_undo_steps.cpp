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
  int applied = 0;

  UndoState state() const { return {draft.spec(), view}; }
  UndoAppliers appliers() {
    return {[this](const core::ExperimentSpec& spec) {
              draft.apply(spec);
              ++applied;
            },
            [this](const ViewSettings& settings) {
              view = settings;
              ++applied;
            }};
  }
  void change(const ViewSettings& after) {
    stack.push(new ChangeCommand<ViewSettings>(QStringLiteral("change smoothing"), view, after,
                                               appliers().view));
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
    draft.restore(state.draft, QStringLiteral("a.json"), true);
    view = state.view;
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

  void everySettingOfTheViewIsKept() {
    ViewSettings all = smoothed(2);
    all.mode = widgets::HeadView::Mode::Lines;
    all.values = all.outlines = false;
    all.map = widgets::ColourMap::Grey;
    all.per_head = all.is_log_time = true;
    Place first;
    first.change(all);
    const UndoSteps steps = undoSteps(first.stack);
    Place later;
    QCOMPARE(later.restore(first.state(), steps), std::size_t{1});
    later.stack.undo();
    QVERIFY(later.view == ViewSettings{});
    later.stack.redo();
    QVERIFY(later.view == all);
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
    row("another thing", R"([{"op":"add","path":"/runs","value":{}}])");
    row("all gone", R"([{"op":"remove","path":""}])");
    row("no object", R"([{"op":"replace","path":"","value":5}])");
    row("no draft", R"([{"op":"replace","path":"/draft","value":{}}])");
    row("a draft gone", R"([{"op":"remove","path":"/draft"}])");
    row("a view gone", R"([{"op":"remove","path":"/view/lines"}])");
    row("a setting of another type", R"([{"op":"replace","path":"/view/lines","value":"yes"}])");
    row("a setting too large", R"([{"op":"replace","path":"/view/smoothing","value":3}])");
    row("no such map", R"([{"op":"replace","path":"/view/colour_map","value":-1}])");
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
      const char* back = i % 2 == 0 ? R"([{"op":"replace","path":"/view/smoothing","value":2}])"
                                    : R"([{"op":"replace","path":"/view/smoothing","value":0}])";
      steps.done.push_back({QStringLiteral("back"), back});
      steps.undone.push_back({QStringLiteral("forth"), back});
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

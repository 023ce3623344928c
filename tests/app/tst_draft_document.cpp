// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_document.h"
#include "app/anchorlens/experiment_diff.h"
#include "engine/core/experiment_json.h"

#include <QSignalSpy>
#include <QtTest>

using namespace anchorlens;
using app::DraftDocument;

namespace {

core::ExperimentSpec withRate(core::ExperimentSpec spec, double rate) {
  spec.training.learning_rate = rate;
  return spec;
}

}  // namespace

class TestDraftDocument : public QObject {
  Q_OBJECT

 private slots:
  void undoBringsBackAndRedoGoesOn() {
    QUndoStack stack;
    DraftDocument draft(stack);
    const auto demo = core::preset("demo");
    draft.load(demo, {});
    QVERIFY(!draft.isModified());
    draft.edit(withRate(demo, 0.5), QStringLiteral("change learning rate"));
    QVERIFY(draft.isModified());
    QCOMPARE(stack.undoText(), QStringLiteral("change learning rate"));
    stack.undo();
    QCOMPARE(draft.spec(), demo);
    QVERIFY(!draft.isModified());
    stack.redo();
    QCOMPARE(draft.spec().training.learning_rate, 0.5);
  }

  void typingInOneFieldIsOneStep() {
    QUndoStack stack;
    DraftDocument draft(stack);
    const auto demo = core::preset("demo");
    draft.load(demo, {});
    for (const double rate : {1.0, 1.2, 1.23})
      draft.edit(withRate(demo, rate), QStringLiteral("change learning rate"),
                 QStringLiteral("/training/learning_rate#0"));
    QCOMPARE(stack.count(), 1);
    draft.edit(withRate(demo, 2.0), QStringLiteral("change learning rate"),
               QStringLiteral("/training/learning_rate#1"));
    QCOMPARE(stack.count(), 2);
    stack.undo();
    QCOMPARE(draft.spec().training.learning_rate, 1.23);
    stack.undo();
    QCOMPARE(draft.spec(), demo);
  }

  void typingBackToTheStartLeavesNoStep() {
    QUndoStack stack;
    DraftDocument draft(stack);
    const auto demo = core::preset("demo");
    draft.load(demo, {});
    draft.edit(withRate(demo, 1.0), QStringLiteral("change"), QStringLiteral("k"));
    draft.edit(demo, QStringLiteral("change"), QStringLiteral("k"));
    QCOMPARE(stack.count(), 0);
    QVERIFY(!draft.isModified());
  }

  void sameExperimentIsNoStep() {
    QUndoStack stack;
    DraftDocument draft(stack);
    draft.edit(draft.spec(), QStringLiteral("nothing"));
    QCOMPARE(stack.count(), 0);
  }

  void keepsTwoHundredSteps() {
    QUndoStack stack;
    DraftDocument draft(stack);
    const auto demo = core::preset("demo");
    draft.load(demo, {});
    for (int i = 1; i <= 250; ++i)
      draft.edit(withRate(demo, i), QStringLiteral("change"));
    QCOMPARE(stack.count(), 200);
    while (stack.canUndo())
      stack.undo();
    QCOMPARE(draft.spec().training.learning_rate, 50.0);
  }

  void savingAndLoadingDecideWhatIsModified() {
    QUndoStack stack;
    DraftDocument draft(stack);
    QSignalSpy files(&draft, &DraftDocument::fileChanged);
    const auto demo = core::preset("demo");
    draft.load(demo, QStringLiteral("a.json"));
    draft.edit(withRate(demo, 3), QStringLiteral("change"));
    draft.markSaved(QStringLiteral("b.json"));
    QVERIFY(!draft.isModified());
    QCOMPARE(draft.file(), QStringLiteral("b.json"));
    stack.undo();
    QVERIFY(draft.isModified());
    QCOMPARE(files.count(), 2);
    draft.restore(demo, QStringLiteral("b.json"), true);
    QVERIFY(draft.isModified());
    QCOMPARE(stack.count(), 0);
  }

  void differencesAreNamedShortly() {
    const auto demo = core::preset("demo");
    QCOMPARE(app::experimentDifference(demo, demo), QString());
    auto other = demo;
    other.training.seed = 3;
    other.training.device = "cpu";
    other.name = "another";
    QCOMPARE(app::experimentDifference(demo, other), QStringLiteral("seed 1 → 3"));
    other.model.n_layers = 1;
    QCOMPARE(app::experimentDifference(demo, other), QStringLiteral("layers 2 → 1, seed 1 → 3"));
    auto pattern = demo;
    pattern.task.forms[0].pattern = "* 4 x * -> x";
    QCOMPARE(app::experimentDifference(demo, pattern), QStringLiteral("* 4 x * -> x"));
  }
};

QTEST_GUILESS_MAIN(TestDraftDocument)
#include "tst_draft_document.moc"

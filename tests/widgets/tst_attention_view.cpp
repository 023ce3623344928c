// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/attention_view.h"
#include "widgets/fonts.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestAttentionView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void hiddenViewKeepsTheFrameForLater() {
    const tests::MadeRun run;
    AttentionView view;
    view.resize(900, 560);
    give(view, run, 18400);
    QVERIFY(view.grid()->tiles().empty());
    view.show();
    QCOMPARE(view.grid()->tiles().size(), std::size_t(4));
    QCOMPARE(view.large()->data().step, 18400);
    QCOMPARE(view.grid()->tiles()[2].badge.text, QStringLiteral("Broadcast key"));
    view.hide();
    give(view, run, 400);
    QCOMPARE(view.large()->data().step, 18400);
    view.show();
    QCOMPARE(view.large()->data().step, 400);
  }

  void selectionReachesBothViews() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    QSignalSpy selected(&view, &AttentionView::headSelected);
    view.selectHead(1, 1);
    QCOMPARE(view.large()->data().layer, 1);
    QCOMPARE(view.large()->data().head, 1);
    QCOMPARE(view.grid()->selectedHead(), 1);
    QCOMPARE(selected.count(), 1);
    view.nextHead(1);  // from the last to the first
    QCOMPARE(selected.last(), (QList<QVariant>{0, 0}));
    view.nextHead(-1);
    QCOMPARE(selected.last(), (QList<QVariant>{1, 1}));
    QTest::mouseClick(view.grid()->viewport(), Qt::LeftButton, {},
                      view.grid()->mapRect(0, 1).center());
    QCOMPARE(selected.last(), (QList<QVariant>{0, 1}));
    QCOMPARE(view.large()->data().head, 1);
  }

  void hoveredCellIsLinked() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    const QImage before = view.grid()->grab().toImage();
    view.large()->setCell({7, 2});
    const QImage linked = view.grid()->grab().toImage();
    QVERIFY(linked != before);
    view.large()->setCell({});
    QCOMPARE(view.grid()->grab().toImage(), before);
  }

  /// The box of the colour scale says what the colours of the shown values run over.
  void theScaleIsNamedByWhatIsShown() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    const auto boxes = view.findChildren<QComboBox*>();
    const auto scale = std::find_if(boxes.begin(), boxes.end(), [](const QComboBox* box) {
      return box->accessibleName() == QLatin1String("Colour scale");
    });
    QVERIFY(scale != boxes.end());
    const auto named = [&](HeadValues values) {
      AttentionOptions options = view.options();
      options.shown = values;
      view.setOptions(options);
      return (*scale)->itemText(0);
    };
    QCOMPARE((*scale)->itemText(0), QStringLiteral("0 to 1"));
    QCOMPARE(named(HeadValues::Difference), QStringLiteral("−1 to 1"));
    QCOMPARE(named(HeadValues::Weighted), QStringLiteral("All heads"));
    QCOMPARE(named(HeadValues::Scores), QStringLiteral("All heads"));
    QCOMPARE(named(HeadValues::LayerMean), QStringLiteral("0 to 1"));
    // The choice stays, and is named the same.
    AttentionOptions options = view.options();
    options.per_head = true;
    view.setOptions(options);
    named(HeadValues::Scores);
    QCOMPARE((*scale)->currentText(), QStringLiteral("Per head"));
  }

  void probesAreSequencesAndTheMean() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    auto* probes = view.findChildren<QComboBox*>().front();
    QCOMPARE(probes->count(), 6);
    QCOMPARE(probes->itemText(0), QStringLiteral("Sequence 1 of 4"));
    QCOMPARE(probes->itemText(4), QStringLiteral("Mean of 512"));
    QCOMPARE(probes->itemData(0, Qt::AccessibleTextRole), QVariant());  // all are of one group
    view.nextSequence(1);
    QCOMPARE(view.large()->data().tokens, tokensOf(*run.probe(), 1));
    view.nextSequence(-2);
    QVERIFY(view.large()->data().is_mean);
    QCOMPARE(probes->itemText(5), QStringLiteral("Type a sequence…"));
    // Without a mean the entry goes, and the view falls back to a sequence.
    auto frame = std::make_shared<core::Frame>(*run.frame(0));
    frame->mean = {};
    view.setFrame(frame, run.history().labelsAt(0));
    QCOMPARE(probes->count(), 5);
    QVERIFY(!view.large()->data().is_mean);
    QVERIFY(!view.large()->data().isEmpty());
  }

  void theOpenListOfProbesNamesGroups() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    auto probe = std::make_shared<ProbeContext>(*run.probe());
    core::GroupInfo seen;
    seen.name = "A=3";
    core::GroupInfo held;
    held.name = "A=3 held_out";
    probe->groups = {seen, held};
    probe->shown.groups = {0, 1, 1, 0};
    view.setProbe(probe);
    auto* probes = view.findChildren<QComboBox*>().front();
    QCOMPARE(probes->itemText(1), QStringLiteral("Sequence 2 of 4"));  // there is room for no more
    QCOMPARE(probes->itemData(1, Qt::AccessibleTextRole).toString(),
             QStringLiteral("Sequence 2 of 4 · A=3 held_out"));
    QVERIFY(probes->view()->minimumWidth() > probes->width());
  }

  void optionsAreKeptAndTold() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    QSignalSpy changed(&view, &AttentionView::optionsChanged);
    AttentionOptions options;
    options.probe.sequence = 2;
    options.mode = HeadView::Mode::Lines;
    options.values = false;
    options.map = ColourMap::Grey;
    options.per_head = true;
    options.layer = 1;
    view.setOptions(options);
    QCOMPARE(view.options(), options);
    QCOMPARE(view.large()->mode(), HeadView::Mode::Lines);
    QCOMPARE(changed.count(), 0);  // set by the program
    view.setMode(HeadView::Mode::Map);
    auto* values = view.findChildren<QCheckBox*>().front();
    QVERIFY(!values->isChecked());
    values->click();
    QVERIFY(view.options().values);
    QCOMPARE(changed.count(), 2);
  }

  void selectionOfALargerModelIsClamped() {
    const tests::MadeRun run;
    AttentionView view;
    AttentionOptions options;
    options.layer = 9;
    options.head = 9;
    view.setOptions(options);
    show(view, run);
    QCOMPARE(view.grid()->selectedLayer(), 1);
    QCOMPARE(view.grid()->selectedHead(), 1);
  }

  void aRunWithoutPatternsSaysSo() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    auto frame = std::make_shared<core::Frame>(*run.frame(0));
    frame->shown = {};
    frame->mean = {};
    view.setFrame(frame, {});
    QVERIFY(view.grid()->tiles().empty());
    QVERIFY(view.large()->data().isEmpty());
    view.nextHead(1);
    view.setFrame(nullptr, {});
    view.setProbe(nullptr);
    QVERIFY(view.large()->data().isEmpty());
  }

  void cardStandsUnderTheLargeHead() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    auto* card = new QLabel(QStringLiteral("Press Space to train."));
    card->setFixedHeight(120);
    view.setCard(card);
    QCoreApplication::processEvents();
    QVERIFY(card->isVisible());
    QVERIFY(card->geometry().top() >= view.large()->geometry().bottom());
    view.setCard(nullptr);
  }

  void theOldPictureStaysUntilTheNewOneIsThere() {
    const tests::MadeRun run;
    AttentionView view;
    show(view, run);
    QSignalSpy wanted(&view, &AttentionView::evaluationWanted);
    const HeadMapData attention = view.large()->data();
    AttentionOptions options = view.options();
    options.shown = HeadValues::Weighted;
    view.setOptions(options);
    QVERIFY(view.needsEvaluation());
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(view.large()->data().pattern, attention.pattern);
    auto heads = std::make_shared<EvaluatedHeads>();
    heads->values = HeadValues::Weighted;
    heads->n_layers = heads->n_heads = 2;
    heads->maps = makeHeadMaps(*run.frame(400), *run.probe(), {});
    for (const HeadMapData& map : heads->maps) {
      heads->cells.emplace_back(map.pattern.size(), 3.0F);
    }
    view.setEvaluated(heads);
    QCOMPARE(view.large()->data().step, 400);
    QCOMPARE(view.large()->data().at({1, 0}), 3.0F);
    QCOMPARE(view.large()->reading().attention, heads->maps[0].pattern);
    view.setProblem(QStringLiteral("Why not."));
    QVERIFY(view.large()->data().isEmpty());
    options.shown = HeadValues::AllMean;
    view.setOptions(options);
    QCOMPARE(view.large()->reading().n_averaged, 4);
    QVERIFY(!view.needsEvaluation());
  }

  void controlsHaveNames() {
    AttentionView view;
    for (const QComboBox* box : view.findChildren<QComboBox*>()) {
      QVERIFY(!box->accessibleName().isEmpty());
    }
  }

 private:
  static void give(AttentionView& view, const tests::MadeRun& run, std::int64_t step) {
    if (!view.frame()) {
      view.setProbe(run.probe());
    }
    view.setFrame(run.frame(step), run.history().labelsAt(step));
  }
  static void show(AttentionView& view, const tests::MadeRun& run) {
    view.resize(900, 560);
    view.show();
    give(view, run, 18400);
  }
};

QTEST_MAIN(TestAttentionView)
#include "tst_attention_view.moc"

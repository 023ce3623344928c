// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/taxonomy/taxonomy_view.h"

#include <QApplication>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace anchorlens;
using namespace anchorlens::widgets;
using core::Label;
using core::LabelState;

namespace {

core::HeadLabel label(std::optional<Label> name, LabelState state) {
  core::HeadLabel one;
  one.label = name;
  one.state = state;
  return one;
}

LabelChange changeBy(const core::LabelThresholds& thresholds, const RunHistory& history,
                     std::int64_t step) {
  TriedLabels tried(thresholds);
  tried.follow(history);
  return tried.change(history, step);
}

QPushButton* button(const QWidget& view, const char* text) {
  const auto buttons = view.findChildren<QPushButton*>();
  for (QPushButton* one : buttons) {
    if (one->text() == QLatin1String(text)) {
      return one;
    }
  }
  qFatal("There is no button %s.", text);
}

QDoubleSpinBox* field(const QWidget& view, const char* name) {
  const auto fields = view.findChildren<QDoubleSpinBox*>();
  for (QDoubleSpinBox* one : fields) {
    if (one->accessibleName() == QLatin1String(name)) {
      return one;
    }
  }
  qFatal("There is no field %s.", name);
}

}  // namespace

class TestTaxonomy : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void spansAreFramesInARow() {
    const std::vector<double> steps{0, 10, 20, 30, 40};
    const auto none = label({}, LabelState::None);
    const auto forming = label(Label::Shift, LabelState::Forming);
    const auto entered = label(Label::Shift, LabelState::Entered);
    const auto spans = labelSpans(steps, {none, forming, forming, entered, entered});
    QCOMPARE(spans, (std::vector<LabelSpan>{{0, 10, {}, LabelState::None},
                                            {10, 30, Label::Shift, LabelState::Forming},
                                            {30, 40, Label::Shift, LabelState::Entered}}));
    QVERIFY(labelSpans({}, {}).empty());
  }

  /// Labels of the same thresholds are the same, whether given frame by frame or all at once.
  void relabellingIsTheSameLabeller() {
    const tests::MadeRun run;
    for (const HeadSeries& series : run.history().headSeries()) {
      core::Labeller labeller;
      const auto all = core::labelsOver(series.values, {});
      for (std::size_t i = 0; i < series.steps.size(); ++i) {
        const auto scores = run.scores(static_cast<std::int64_t>(series.steps[i]));
        const auto& one = scores[static_cast<std::size_t>(series.layer * 2 + series.head)];
        const core::HeadLabel expected = labeller.next(one);
        QCOMPARE(all[i].label, expected.label);
        QVERIFY(all[i].state == expected.state);
        QCOMPARE(all[i].to_all_later, expected.to_all_later);
        QCOMPARE(series.labels[i].value, expected.value);
      }
    }
    QCOMPARE(changeBy({}, run.history(), 18400).frames, std::size_t(0));
  }

  void triedLabelsGoOnWithTheHistory() {
    const tests::MadeRun run;
    core::LabelThresholds strict;
    strict.enter = strict.forming = 0.8;
    TriedLabels tried(strict);
    for (const std::int64_t step : {4000, 9600, 18400, 9600, 18400}) {  // and back: a resume
      const auto history = run.historyUntil(step);
      tried.follow(*history);
      TriedLabels anew(strict);
      anew.follow(*history);
      QCOMPARE(tried.change(*history, step).frames, anew.change(*history, step).frames);
      QCOMPARE(tried.change(*history, 9600).at_step, anew.change(*history, 9600).at_step);
      for (std::size_t head = 0; head < 4; ++head) {
        const auto expected = core::labelsOver(history->headSeries()[head].values, strict);
        QCOMPARE(tried.labels()[head].size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
          QCOMPARE(tried.labels()[head][i].label, expected[i].label);
      }
    }
    // The history's own thresholds are others now.
    const auto history = run.historyUntil(18400);
    history->setThresholds(strict);
    tried.follow(*history);
    QCOMPARE(tried.change(*history, 18400).frames, std::size_t(0));
  }

  void otherThresholdsAreCounted() {
    const tests::MadeRun run;
    core::LabelThresholds never;
    never.enter = never.forming = 1.0;
    const LabelChange change = changeBy(never, run.history(), 18400);
    QVERIFY(change.frames > 0);
    const auto labels = run.history().labelsAt(18400);
    QCOMPARE(change.at_step, static_cast<std::size_t>(std::count_if(
                                 labels.begin(), labels.end(), [](const core::HeadLabel& one) {
                                   return one.state != LabelState::None;
                                 })));
    QVERIFY(change.at_step >= 2);  // the head that shifts and the one that broadcasts
    QCOMPARE(change.of, run.history().frames().size() * 4);
    // Every frame on which the label differs, counted by hand.
    RunHistory other = run.history();
    other.setThresholds(never);
    std::size_t differing = 0;
    for (std::size_t head = 0; head < 4; ++head) {
      const auto& before = run.history().headSeries()[head].labels;
      const auto& after = other.headSeries()[head].labels;
      for (std::size_t i = 0; i < before.size(); ++i) {
        differing += before[i].label != after[i].label || before[i].state != after[i].state ? 1 : 0;
      }
    }
    QCOMPARE(change.frames, differing);
    QVERIFY(!other.emergence(1, 0, Label::Broadcast));
    QVERIFY(!other.hasPattern(1, 0));
  }

  void theTableSaysWhatEachHeadIs() {
    const tests::MadeRun run;
    const auto rows = headRows(run.history(), 18400);
    QCOMPARE(rows.size(), std::size_t(4));
    QCOMPARE(rows[0].label.label, std::optional(Label::Shift));
    QCOMPARE(rows[2].label.label, std::optional(Label::Broadcast));
    QVERIFY(rows[2].emergence);
    QCOMPARE(rows[2].emergence, run.history().emergence(1, 0, Label::Broadcast));
    // The step is that of the label which the row tells: at first the head has none.
    const HeadRow before = headRows(run.history(), 0)[2];
    QVERIFY(!before.label.label);
    QVERIFY(!before.emergence);
    QCOMPARE(before.last_label, std::optional(Label::Broadcast));
    QVERIFY(headRows(run.history(), -1).empty());
    const NumberTable table = taxonomyNumbers(rows, 18400);
    QCOMPARE(table.columns.size(), 13);
    QCOMPARE(std::get<QString>(table.rows[2][2]), QStringLiteral("broadcast"));
  }

  void labelsAreNotCut() {
    const tests::MadeRun run;
    TaxonomyView view;
    view.resize(640, 520);
    view.show();
    view.setHistory(&run.history());
    view.setCursor(0);
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QTableWidget* table = view.table();
    QCOMPARE(table->item(0, 1)->text(), QStringLiteral("No pattern"));
    const int column = table->columnWidth(1);
    for (const std::int64_t step : {0, 2000, 18400}) {
      view.setCursor(step);
      for (int row = 0; row < table->rowCount(); ++row) {
        const QSize wanted = table->sizeHintForIndex(table->model()->index(row, 1));
        QVERIFY2(column >= wanted.width(), qPrintable(table->item(row, 1)->text()));
      }
    }
    QCOMPARE(table->columnWidth(1), column);
  }

  void aClickMovesTimeAndSelectsTheHead() {
    const tests::MadeRun run;
    TaxonomyView view;
    view.resize(900, 520);
    view.show();
    view.setHistory(&run.history());
    view.setCursor(18400);
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy steps(&view, &TaxonomyView::stepChosen);
    QSignalSpy heads(&view, &TaxonomyView::headSelected);
    const RibbonLayout& layout = view.chart()->ribbonLayout();
    const QPoint at(static_cast<int>(layout.x(10000)),
                    static_cast<int>(layout.rowRect(2).center().y()));
    QTest::mouseClick(view.chart()->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(heads.last(), (QList<QVariant>{1, 0}));
    QVERIFY(std::abs(steps.last().front().toLongLong() - 10000) < 120);
    QVERIFY2(view.chart()->description(2, 18400).startsWith(
                 QStringLiteral("Layer 1 head 0: broadcast from step ")),
             qPrintable(view.chart()->description(2, 18400)));
    QTest::keyClick(view.chart(), Qt::Key_Down);
    QCOMPARE(heads.last(), (QList<QVariant>{1, 1}));
    // The table's row tells too; its own order does not matter.
    view.table()->sortByColumn(2, Qt::DescendingOrder);
    QTest::mouseClick(view.table()->viewport(), Qt::LeftButton, {},
                      view.table()->visualItemRect(view.table()->item(0, 0)).center());
    QCOMPARE(view.table()->item(0, 0)->text(),
             headName(heads.last()[0].toInt(), heads.last()[1].toInt()));
    QCOMPARE(view.table()->selectedItems().front()->row(), 0);
  }

  void theChosenHeadIsScrolledTo() {
    constexpr int kHeads = 12;
    std::vector<HeadRibbon> heads(kHeads);
    for (int head = 0; head < kHeads; ++head)
      heads[static_cast<std::size_t>(head)].head = head;
    RibbonChart chart;
    chart.setRibbons(heads, 100, {});
    chart.resize(600, 100);  // a few rows
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    const auto isSeen = [&chart](int row) {
      const QRectF rect = chart.ribbonLayout().rowRect(row);
      const int top = chart.verticalScrollBar()->value();
      return rect.top() >= top && rect.bottom() <= top + chart.viewport()->height();
    };
    chart.select(0, 0);
    QVERIFY(isSeen(0) && !isSeen(kHeads - 1));
    for (int i = 1; i < kHeads; ++i)
      QTest::keyClick(&chart, Qt::Key_Down);
    QVERIFY(isSeen(kHeads - 1) && !isSeen(0));
    for (int i = 1; i < kHeads; ++i)
      QTest::keyClick(&chart, Qt::Key_Up);
    QVERIFY(isSeen(0));
  }

  void thresholdsAreTriedThenUsed() {
    const tests::MadeRun run;
    RunHistory history = run.history();
    TaxonomyView view;
    view.resize(900, 520);
    view.show();
    view.setHistory(&history);
    view.setCursor(18400);
    QVERIFY(!button(view, "Use everywhere")->isEnabled());
    QSignalSpy accepted(&view, &TaxonomyView::thresholdsAccepted);
    auto* enter = field(view, "Label from");
    enter->setFocus();
    for (int i = 0; i < 9; ++i) {
      QTest::keyClick(enter, Qt::Key_Up);  // 0.95
    }
    QVERIFY2(view.changeText().contains(QStringLiteral("labels change")),
             qPrintable(view.changeText()));
    QCOMPARE(view.thresholds().enter, 0.95);
    QCOMPARE(history.thresholds().enter, 0.5);  // only tried
    QTest::mouseClick(button(view, "Use everywhere"), Qt::LeftButton);
    QCOMPARE(accepted.count(), 1);
    history.setThresholds(view.thresholds());
    view.historyChanged();
    QVERIFY(!button(view, "Use everywhere")->isEnabled());
    QVERIFY(button(view, "Defaults")->isEnabled());
    QTest::mouseClick(button(view, "Defaults"), Qt::LeftButton);
    QCOMPARE(view.thresholds().enter, 0.5);
    QVERIFY(button(view, "Use everywhere")->isEnabled());
  }

  /// Of a model without heads, and of a run before its first frame, there is nothing to tell.
  void anotherRunLeavesNoNumbersBehind() {
    const tests::MadeRun run;
    const RunHistory no_heads(0, 0, 100, {});
    TaxonomyView view;
    view.resize(900, 520);
    view.show();
    for (const RunHistory* other : {static_cast<const RunHistory*>(nullptr), &no_heads}) {
      view.setHistory(&run.history());
      view.setCursor(18400);
      QCOMPARE(view.numbers().rows.size(), std::size_t(4));
      view.setHistory(other);
      QVERIFY(view.numbers().rows.empty());
      QCOMPARE(view.table()->rowCount(), 0);
      QVERIFY(!view.chart()->isVisible());
    }
    RunHistory young(2, 2, 100, {});
    view.setHistory(&young);
    QVERIFY(!view.chart()->isVisible());
    young.addScores(0, run.scores(0));
    view.historyChanged();
    QVERIFY(view.chart()->isVisible());
    QCOMPARE(view.numbers().rows.size(), std::size_t(4));
  }

  void triedThresholdsStayForAnotherRun() {
    const tests::MadeRun run;
    const auto shorter = run.historyUntil(9600);
    TaxonomyView view;
    view.resize(900, 520);
    view.show();
    view.setHistory(&run.history());
    view.setCursor(9600);
    field(view, "Label from")->setValue(0.95);
    field(view, "Forming from")->setValue(0.95);
    view.setHistory(shorter.get());
    QCOMPARE(view.thresholds().enter, 0.95);
    const core::LabelThresholds tried = view.thresholds();
    const LabelChange change = changeBy(tried, *shorter, 9600);
    QVERIFY(change.frames > 0);
    QVERIFY2(view.changeText().startsWith(formatInteger(static_cast<std::int64_t>(change.frames)) +
                                          QStringLiteral(" of ")),
             qPrintable(view.changeText()));
    QVERIFY(button(view, "Use everywhere")->isEnabled());
  }
};

QTEST_MAIN(TestTaxonomy)
#include "tst_taxonomy.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "tests/widgets/made_run.h"
#include "widgets/fonts.h"
#include "widgets/predictions/predictions_view.h"

#include <QApplication>
#include <QComboBox>
#include <QHelpEvent>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// The made run's frame with predictions: the second sequence is wrong.
std::shared_ptr<const core::Frame> frameOf(const tests::MadeRun& run) {
  auto frame = std::make_shared<core::Frame>(*run.frame(18400));
  const core::SequenceSet& shown = run.probe()->shown;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const std::int32_t answer = shown.targets[i];
    const std::int32_t first = i == 1 ? answer + 1 : answer;
    frame->predictions.push_back({{first, answer + 2, answer + 3, answer + 4, answer + 5},
                                  {0.9F, 0.05F, 0.02F, 0.01F, 0.01F}});
  }
  return frame;
}

std::vector<core::GroupInfo> groups() {
  core::GroupInfo seen;
  seen.name = "seen";
  core::GroupInfo held;
  held.name = "held_out";
  held.kind = core::GroupInfo::Kind::HeldOutKeys;
  return {seen, held};
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

}  // namespace

class TestPredictionsView : public QObject {
  Q_OBJECT

 private:
  static void show(PredictionsView& view, const tests::MadeRun& run) {
    view.resize(900, 520);
    view.show();
    view.setProbe(run.probe(), groups());
    view.setFrame(frameOf(run));
    QVERIFY(QTest::qWaitForWindowExposed(&view));
  }

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void aSequenceIsChosenByClickAndKey() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    QCOMPARE(view.list()->rows().size(), std::size_t(4));
    QSignalSpy chosen(&view, &PredictionsView::choiceChanged);
    QTest::mouseClick(view.list()->viewport(), Qt::LeftButton, {},
                      view.list()->rowRect(2).center());
    QCOMPARE(view.choice(), (ProbeChoice{false, 2}));
    QCOMPARE(chosen.count(), 1);
    QTest::keyClick(view.list(), Qt::Key_Up);
    QCOMPARE(view.choice(), (ProbeChoice{false, 1}));
    QVERIFY(view.list()->accessibleDescription().startsWith(QStringLiteral("Sequence 2")));
    QVERIFY(view.list()->accessibleDescription().contains(QStringLiteral("wrong")));
  }

  void allFiveAnswersAreShownInAnyRoom() {
    const tests::MadeRun run;
    const auto rows = predictionRows(*frameOf(run), *run.probe(), groups());
    auto others = rows;
    for (PredictionRow& row : others)
      row.prediction.p[4] = 0.6F;  // only the fifth differs
    // Beside the groups in a small window, and in a large one.
    for (const int width : {440, 1000}) {
      PredictionList list;
      list.resize(width, 400);
      list.setRows(rows);
      list.show();
      QVERIFY(QTest::qWaitForWindowExposed(&list));
      const PredictionColumns at = predictionColumns(rows, basePixelSize(list), width);
      QCOMPARE(at.under > 0, width == 440);
      QVERIFY2(at.width <= width, qPrintable(QString::number(at.width)));
      QCOMPARE(list.horizontalScrollBar()->maximum(), 0);
      QCOMPARE(list.rowRect(1).top(), list.rowRect(0).top() + static_cast<int>(at.height));
      const QImage before = list.grab().toImage();
      list.setRows(others);
      const QRect fifth(static_cast<int>(at.first + at.option * 4), static_cast<int>(at.under),
                        static_cast<int>(at.option), static_cast<int>(at.height - at.under));
      QVERIFY(list.grab().toImage().copy(fifth) != before.copy(fifth));
      for (const std::int32_t token : rows[0].prediction.tokens)
        QVERIFY(list.description(0).contains(QStringLiteral("%1 with").arg(token)));
    }
  }

  void theFilterLeavesWrongOnes() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    auto* filter = view.findChildren<QComboBox*>().front();
    QCOMPARE(filter->accessibleName(), QStringLiteral("Filter"));
    QTest::keyClick(filter, Qt::Key_Down);
    QCOMPARE(filter->currentText(), QStringLiteral("Wrong ones"));
    QCOMPARE(view.list()->rows().size(), std::size_t(1));
    QCOMPARE(view.list()->rows().front().sequence, 1);
    // Another frame keeps the filter.
    view.setFrame(frameOf(run));
    QCOMPARE(view.list()->rows().size(), std::size_t(1));
  }

  void groupsByKeyboard() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    core::Metrics metrics;
    metrics.step = 18400;
    metrics.groups = {{0, 500, 0.98, 0.05}};
    view.setMetrics(&metrics);
    view.groups()->setFocus();
    QTest::keyClick(view.groups(), Qt::Key_Right);
    QCOMPARE(view.groups()->accessibleDescription(),
             QStringLiteral("all, seen: accuracy 0.98, loss 0.050, 500 sequences"));
    QTest::keyClick(view.groups(), Qt::Key_Right);
    QCOMPARE(view.groups()->accessibleDescription(),
             QStringLiteral("all, held-out keys: no sequences"));
    QCOMPARE(view.numbers().title, QStringLiteral("Groups, step 18400"));
    // Without an evaluation nothing is known of how many sequences there are.
    view.setMetrics(nullptr);
    QCOMPARE(view.groups()->accessibleDescription(),
             QStringLiteral("all, held-out keys: not evaluated"));
    QCOMPARE(view.groups()->description(0, 0), QStringLiteral("all, seen: not evaluated"));
  }

  void namesOfGroupsAreToldInFull() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    const QRectF first = view.groups()->cellRect(0, 1);
    const QPoint at(static_cast<int>(first.center().x()), static_cast<int>(first.top() / 2));
    QHelpEvent help(QEvent::ToolTip, at, view.groups()->mapToGlobal(at));
    QCoreApplication::sendEvent(view.groups(), &help);
    QCOMPARE(QToolTip::text(), QStringLiteral("held-out keys"));
    QCOMPARE(tests::tipAt(*view.groups(), first.center()), view.groups()->description(0, 1));
  }

  void lossesOfGroupsAreChosen() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    core::Metrics first;
    core::Metrics last;
    first.groups = {{0, 500, 0.1, 4.5}};
    last.step = 18400;
    last.groups = {{0, 500, 0.98, 0.05}};
    view.setMetrics(&last);
    view.setCurves(groupCurves(2, {first, last}));
    QComboBox* box = nullptr;
    for (QComboBox* each : view.findChildren<QComboBox*>())
      box = each->accessibleName() == QLatin1String("Number by group") ? each : box;
    QVERIFY(box != nullptr && box->isVisible());
    QCOMPARE(box->currentText(), QStringLiteral("Accuracy by group"));
    QSignalSpy changed(&view, &PredictionsView::pageChanged);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(view.groupValue(), GroupValue::Loss);
    QCOMPARE(view.groups()->accessibleName(), QStringLiteral("Loss by group"));
    QCOMPARE(view.groups()->scaleText(), QStringLiteral("curves: 0.05 to 4.5, logarithmic"));
    QCOMPARE(changed.count(), 1);
  }

  void otherPagesAskForWhatTheyShow() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    QSignalSpy wanted(&view, &PredictionsView::evaluationWanted);
    QTest::mouseClick(button(view, "Logit lens"), Qt::LeftButton);
    QCOMPARE(view.page(), PredictionsView::Page::Lens);
    QCOMPARE(wanted.count(), 1);
    view.setChoice({false, 2});  // another sequence, from another view
    QCOMPARE(wanted.count(), 2);
    view.setFrame(frameOf(run));
    QCOMPARE(wanted.count(), 3);
    LensData lens;
    lens.n_layers = 1;
    lens.length = 2;
    lens.step = 500;
    lens.answer = 46;
    lens.tokens = {{QStringLiteral("3"), TokenRole::Anchor},
                   {QStringLiteral("46"), TokenRole::Key}};
    lens.cells.resize(4);
    lens.cells[3] = {{46, 45, 44, 43, 42}, {0.9F, 0.05F, 0.02F, 0.01F, 0.01F}};
    view.setLens(lens);
    view.lens()->setFocus();
    QTest::keyClick(view.lens(), Qt::Key_Up);
    QVERIFY2(view.lens()->accessibleDescription().startsWith(
                 QStringLiteral("After layer 0, position 1, token 46: 46 with 0.90; 45 with 0.05")),
             qPrintable(view.lens()->accessibleDescription()));
    QTest::keyClick(view.lens(), Qt::Key_Down);
    QVERIFY(view.lens()->accessibleDescription().startsWith(QStringLiteral("Embedding")));
    QTest::mouseClick(button(view, "Whole probe"), Qt::LeftButton);
    QCOMPARE(wanted.count(), 4);
  }

  void aLargeLensScrollsByKeys() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    view.resize(600, 340);
    QTest::mouseClick(button(view, "Logit lens"), Qt::LeftButton);
    LensData data;
    data.n_layers = 16;
    data.length = 40;
    data.tokens.resize(40, {QStringLiteral("46"), TokenRole::Key});
    data.cells.resize(17 * 40, {{46, 45, 44, 43, 42}, {0.9F, 0.05F, 0.02F, 0.01F, 0.01F}});
    view.setLens(data);
    LensView& lens = *view.lens();
    const auto* scroll = qobject_cast<QScrollArea*>(lens.parentWidget()->parentWidget());
    QVERIFY(scroll != nullptr);
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    QVERIFY(scroll->horizontalScrollBar()->maximum() > 0);
    const auto is_seen = [&lens](int boundary, int position) {
      const QRect cell = lens.cellRect(boundary, position).toAlignedRect();
      return lens.visibleRegion().boundingRect().contains(cell.intersected(lens.rect()));
    };
    QVERIFY(is_seen(16, 0));
    QVERIFY(!is_seen(0, 39));
    lens.setFocus();
    QTest::keyClick(&lens, Qt::Key_Up);
    QVERIFY(is_seen(16, 39));
    for (int i = 0; i < 16; ++i)
      QTest::keyClick(&lens, Qt::Key_Down);
    QVERIFY(is_seen(0, 39));
    QVERIFY(!is_seen(16, 0));
    QVERIFY(lens.accessibleDescription().startsWith(QStringLiteral("Embedding, position 39")));
    // Beside the first position the names of the rows are seen again.
    for (int i = 0; i < 39; ++i)
      QTest::keyClick(&lens, Qt::Key_Left);
    QVERIFY(is_seen(0, 0));
    QCOMPARE(scroll->horizontalScrollBar()->value(), 0);
    // A small one needs no scrolling.
    data.n_layers = 2;
    data.length = 9;
    view.setLens(data);
    QTRY_COMPARE(scroll->verticalScrollBar()->maximum(), 0);
    QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
  }

  void theWholeProbeIsReadByKeysAndPointer() {
    auto summary = std::make_shared<ProbeSummary>();
    summary->step = 7;
    summary->n = 10;
    summary->n_right = 6;
    summary->deviations = {{-2, 1}, {0, 6}, {3, 3}};
    summary->confusions = {{40, 43, 3}, {50, 48, 1}};
    summary->calibration = {{46, 46, 0, 0.8, 0.75}, {46, 47, 1, 0.2, 0.25}};
    SummaryView view;
    view.resize(900, 520);
    view.setSummary(summary);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QImage before = view.grab().toImage();
    const QStringList told{
        QStringLiteral("−2 from the right answer. 1 of 10 sequences, 10.0\u2009%."),
        QStringLiteral("Right. 6 of 10 sequences, 60.0\u2009%."),
        QStringLiteral("+3 from the right answer. 3 of 10 sequences, 30.0\u2009%."),
        QStringLiteral("43 answered for 40. 3 of 10 sequences."),
        QStringLiteral("48 answered for 50. 1 of 10 sequences."),
        QStringLiteral("0.75 by the model, 0.80 in truth. Most probable answer 46."),
        QStringLiteral("0.25 by the model, 0.20 in truth. Answer 2 of a sequence with most "
                       "probable 46."),
    };
    for (const QString& text : told) {
      QTest::keyClick(&view, Qt::Key_Right);
      QCOMPARE(view.description(), text);
      QCOMPARE(view.accessibleDescription(), QStringLiteral("6 of 10 right. ") + text);
    }
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.description(), told.back());
    QVERIFY(view.grab().toImage() != before);
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(view.description().isEmpty());
    // Where something is drawn the pointer finds it.
    SummaryPaintOptions options;
    options.font_px = basePixelSize(view);
    const auto items = summaryItems(QRectF(view.rect()).adjusted(4, 4, -4, -4), *summary, options);
    QCOMPARE(items.size(), static_cast<std::size_t>(told.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
      QTest::mouseMove(&view, items[i].box.center().toPoint());
      QCOMPARE(view.description(), told[static_cast<qsizetype>(i)]);
    }
  }

  void aProblemStandsInPlaceOfThePicture() {
    const tests::MadeRun run;
    PredictionsView view;
    show(view, run);
    view.setPage(PredictionsView::Page::Probe);
    const QImage before = view.summary()->grab().toImage();
    view.setProblem(QStringLiteral("There are no weights."));
    QVERIFY(view.summary()->grab().toImage() != before);
  }
};

QTEST_MAIN(TestPredictionsView)
#include "tst_predictions_view.moc"

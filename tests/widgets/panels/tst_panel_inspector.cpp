// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "widgets/badge.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_score_bars.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

core::HeadScores broadcastingHead() {
  core::HeadScores scores;
  core::BroadcastScore broadcast;
  broadcast.source = 2;
  broadcast.output = {0.9, 0.11, 0.88};
  broadcast.output_coverage = 0.97;
  broadcast.output_tracking = 0.79;
  scores.broadcasts = {broadcast};
  scores.best_broadcast = 0;
  scores.shift_lags[0] = {0.2, 0.18, 0.03};
  scores.shift_row = core::RowScore{2, 1, {0.3, 0.25, 0.07}};
  return scores;
}

const std::vector<core::RoleInfo> kRoles{
    {core::RoleInfo::Kind::Noise, "noise", ""},
    {core::RoleInfo::Kind::Anchor, "anchor:3", "3"},
    {core::RoleInfo::Kind::Key, "key:x", "x"},
};

InspectedHead inspectedHead() {
  InspectedHead head;
  head.layer = 1;
  head.step = 18400;
  head.scores = broadcastingHead();
  head.label = core::labelOf(head.scores);
  head.roles = kRoles;
  head.emergence = 9200;
  head.probe_size = 512;
  return head;
}

const ScoreBar* find(const std::vector<ScoreBar>& bars, const QString& name) {
  for (const ScoreBar& bar : bars) {
    if (bar.name == name)
      return &bar;
  }
  return nullptr;
}

}  // namespace

class TestPanelInspector : public QObject {
  Q_OBJECT

 private slots:
  void barsOfABroadcast() {
    const auto scores = broadcastingHead();
    const auto bars = scoreBars(scores, core::labelOf(scores), kRoles);
    QCOMPARE(bars.front().name, QStringLiteral("Broadcast key"));
    QCOMPARE(bars.front().value, 0.88);
    QCOMPARE(bars.front().chance, 0.0);
    const ScoreBar* raw = find(bars, QStringLiteral("Raw attention"));
    QVERIFY(raw != nullptr);
    QCOMPARE(raw->value, 0.9);
    QCOMPARE(raw->chance, 0.11);
    QVERIFY(find(bars, QStringLiteral("Tracking"))->with_sign);
    QVERIFY(find(bars, QStringLiteral("Sink on 0")) != nullptr);
    // What no probe sequence has is not shown as 0.
    QVERIFY(find(bars, QStringLiteral("Induction")) == nullptr);
  }

  void aShiftingHeadShowsItsShiftFirst() {
    core::HeadScores scores = broadcastingHead();
    scores.shift_lags[0] = {0.9, 0.18, 0.88};
    scores.broadcasts[0].output = {0.1, 0.11, -0.01};
    const auto bars = scoreBars(scores, core::labelOf(scores), kRoles);
    QVERIFY2(bars.front().name.startsWith(QStringLiteral("Shift")), qPrintable(bars.front().name));
  }

  void showsHeadRunAndSentence() {
    InspectorPanel panel;
    panel.resize(300, 500);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.showHead(inspectedHead());
    QVERIFY(panel.bars().size() >= 8);
    const auto* facts = panel.findChild<FactRows*>();
    QCOMPARE(facts->facts()[0].second, QStringLiteral("9\u2009200"));
    panel.showRun(QStringLiteral("Run 7"), {{QStringLiteral("State"), QStringLiteral("finished")}});
    QCOMPARE(facts->facts().size(), std::size_t{1});
    panel.showText(QStringLiteral("Nothing here."));
    QVERIFY(facts->facts().empty());
    QVERIFY(!panel.grab().isNull());
  }

  /// The longest badge is written in the room that the title leaves: what is below it stays in
  /// sight.
  void aLongBadgeCutsNothing() {
    InspectorPanel panel;
    panel.resize(250, 500);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    InspectedHead head = inspectedHead();
    head.label.to_all_later = false;
    panel.showHead(head);
    const auto* badge = panel.findChild<Badge*>();
    QCOMPARE(badge->badge().text, QStringLiteral("Broadcast key to output"));
    QVERIFY(badge->toolTip().startsWith(badge->badge().text));
    const auto* scroll = panel.findChild<QScrollArea*>();
    QTRY_COMPARE(scroll->widget()->width(), scroll->viewport()->width());
    QVERIFY(badge->geometry().right() < scroll->viewport()->width());
    QVERIFY(badge->width() < badge->sizeHint().width());
  }

  /// A long value takes no room from the names of other rows.
  void namesHaveWhatTheirOwnValuesLeave() {
    FactRows rows;
    const QString name = QStringLiteral("Broadcast since");
    const QString long_value = QStringLiteral("demo-first / demo-two");
    rows.setFacts({{QStringLiteral("Run"), long_value}, {name, QStringLiteral("190 / 210")}});
    const auto labels = rows.findChildren<QLabel*>();
    const auto labelled = [&labels](const QString& text) {
      return *std::find_if(labels.begin(), labels.end(),
                           [&text](const QLabel* one) { return one->text() == text; });
    };
    const int beside_long = 40;
    rows.resize(labelled(long_value)->sizeHint().width() + beside_long, rows.sizeHint().height());
    rows.show();
    QVERIFY(QTest::qWaitForWindowExposed(&rows));
    const QLabel* label = labelled(name);
    QVERIFY(label->width() >= label->fontMetrics().horizontalAdvance(name));
    QVERIFY(label->fontMetrics().horizontalAdvance(name) > beside_long);
  }

  /// The head that looks two back, of docs/scores.md: its shift by one is below 0.
  void whatIsBelowZeroGoesToTheLeft() {
    ScoreBars bars;
    bars.setBars({{"Shift", "Tip.", -0.13, 0, false, Mechanism::Shift},
                  {"Raw attention", "Tip.", 0.5, 0.11, false, Mechanism::Shift},
                  {"Tracking", "Tip.", -1.07, 0, true, Mechanism::Broadcast}});
    bars.resize(bars.sizeHint());
    bars.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bars));
    const QRectF shift = bars.filled(0);
    const QRectF raw = bars.filled(1);
    const QRectF tracking = bars.filled(2);
    QCOMPARE(shift.right(), raw.left());
    QCOMPARE(tracking.right(), raw.left());
    QVERIFY(shift.left() > tracking.left());
    QCOMPARE(tracking.width() / 1.07, raw.width() / 0.5);
    const QColor hue = Theme::dark().mechanism(Mechanism::Broadcast);
    QCOMPARE(bars.grab().toImage().pixel(tracking.center().toPoint()), hue.rgb());
    QCOMPARE(bars.accessibleDescription(),
             QStringLiteral("Shift \u22120.13 (below 0), Raw attention 0.50, "
                            "Tracking \u22121.07 (below 0)"));
    QCOMPARE(tests::tipAt(bars, shift.center()),
             QStringLiteral("Tip.\n\u22120.13, untrained head 0.00\n"
                            "Below 0, left of the line: less than an untrained head has."));
    QCOMPARE(tests::tipAt(bars, raw.center()), QStringLiteral("Tip.\n0.50, untrained head 0.11"));
    // What is written as 0 is not called negative, and 0 is at the left where nothing is below it.
    bars.setBars({{"Shift", "Tip.", -0.001, 0, false, Mechanism::Shift}});
    QCOMPARE(bars.accessibleDescription(), QStringLiteral("Shift 0.00"));
    bars.setBars({{"Shift", "Tip.", 1, 0, false, Mechanism::Shift},
                  {"Shift", "Tip.", 0.5, 0, false, Mechanism::Shift}});
    QCOMPARE(bars.filled(0).left(), bars.filled(1).left());
    QCOMPARE(bars.filled(0).width(), 2 * bars.filled(1).width());
  }

  void theNoteSaysWhatIsLeftOfTheLine() {
    InspectorPanel panel;
    const auto says = [&panel](const QString& text) {
      const auto labels = panel.findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(),
                         [&](const QLabel* label) { return label->text() == text; });
    };
    InspectedHead head = inspectedHead();
    panel.showHead(head);
    QVERIFY(says(QStringLiteral("Tick: level of an untrained head")));
    head.scores.sink.lift = -0.18;
    panel.showHead(head);
    QVERIFY(says(QStringLiteral("Tick: level of an untrained head. Left of the line: below 0.")));
  }

  /// For the T key: what is shown, sections included.
  void isATable() {
    InspectorPanel panel;
    auto* section = new QWidget;
    auto* layout = new QVBoxLayout(section);
    auto* of_section = new FactRows(section);
    layout->addWidget(of_section);
    of_section->setFacts({{QStringLiteral("Accuracy"), QStringLiteral("99.8 %")}});
    panel.addHeadSection(section);
    panel.showHead(inspectedHead());
    NumberTable table = panel.numbers();
    QCOMPARE(table.title, QStringLiteral("Layer 1  Head 0, at step 18\u2009400"));
    QCOMPARE(table.columns, (QStringList{"name", "value", "untrained head"}));
    QCOMPARE(table.rows.size(), panel.bars().size() + 3);
    const auto line = [&table](std::size_t row) {
      QStringList values;
      for (const auto& value : table.rows.at(row))
        values.append(valueText(value));
      return values;
    };
    QCOMPARE(line(0), (QStringList{"Broadcast key", "0.88", "0"}));
    QCOMPARE(line(1), (QStringList{"Raw attention", "0.9", "0.11"}));
    QCOMPARE(line(panel.bars().size()),
             (QStringList{"Emerged at step", QStringLiteral("9\u2009200"), ""}));
    QCOMPARE(line(panel.bars().size() + 2), (QStringList{"Accuracy", "99.8 %", ""}));
    panel.showRun(QStringLiteral("Run 7"), {{QStringLiteral("State"), QStringLiteral("finished")}});
    table = panel.numbers();
    QCOMPARE(table.title, QStringLiteral("Run 7"));
    QCOMPARE(table.columns, (QStringList{"name", "value"}));
    QCOMPARE(table.rows.size(), std::size_t{1});
    QCOMPARE(line(0), (QStringList{"State", "finished"}));
    panel.showText(QStringLiteral("Nothing here."));
    table = panel.numbers();
    QCOMPARE(table.title, QStringLiteral("Inspector"));
    QCOMPARE(line(0), (QStringList{"note", "Nothing here."}));
  }

  void bytesAreReadable() {
    QCOMPARE(formatBytes(950), QStringLiteral("950\u2009B"));
    QCOMPARE(formatBytes(9'500'000), QStringLiteral("9.5\u2009MB"));
    QCOMPARE(formatBytes(190'000), QStringLiteral("190\u2009kB"));
  }
};

QTEST_MAIN(TestPanelInspector)
#include "tst_panel_inspector.moc"

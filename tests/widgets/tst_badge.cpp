// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"
#include "widgets/number_format.h"

#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;
using core::HeadLabel;
using core::HeadScores;
using core::Label;
using core::LabelState;
using core::RoleInfo;

namespace {

std::vector<RoleInfo> oneKey() {
  using Kind = RoleInfo::Kind;
  return {{Kind::Noise, "noise", ""}, {Kind::Anchor, "anchor:3", "3"}, {Kind::Key, "key:x", "x"}};
}

HeadScores broadcasting(double lift, double tracking, std::uint8_t source = 2) {
  HeadScores scores;
  core::BroadcastScore broadcast;
  broadcast.source = source;
  broadcast.output.lift = lift;
  broadcast.output_coverage = 1;
  broadcast.output_tracking = tracking;
  broadcast.later_tracking = tracking;
  scores.broadcasts = {broadcast};
  scores.best_broadcast = 0;
  return scores;
}

HeadLabel entered(Label label, double value, bool to_all_later = false) {
  HeadLabel out;
  out.label = label;
  out.state = LabelState::Entered;
  out.value = value;
  out.to_all_later = to_all_later;
  return out;
}

QString firstLine(const BadgeInfo& badge) {
  return badge.tooltip.section('\n', 0, 0);
}

}  // namespace

class TestBadge : public QObject {
  Q_OBJECT

 private slots:
  /// Every label says how its score is made and what an untrained head has, with the numbers.
  void tooltipsHaveFormulaAndChance() {
    HeadScores scores = broadcasting(0.9, 0.8);
    scores.best_broadcast = 0;
    scores.broadcasts[0].output = {0.911, 0.111, 0.9};
    scores.shift_lags[0] = {0.5, 0.25, 1.0 / 3};
    scores.self = scores.sink = {0.4, 0.2, 0.25};
    scores.duplicate = scores.induction = core::Score{0.6, 0.2, 0.5};
    const QStringList numbers{
        "(0.50 - 0.25) / (1 - 0.25) = 0.33", "(0.91 - 0.11) / (1 - 0.11) = 0.90",
        "(0.40 - 0.20) / (1 - 0.20) = 0.25", "(0.40 - 0.20) / (1 - 0.20) = 0.25",
        "(0.60 - 0.20) / (1 - 0.20) = 0.50", "(0.60 - 0.20) / (1 - 0.20) = 0.50"};
    for (int i = 0; i < 6; ++i) {
      const QString tip = badgeOf(entered(static_cast<Label>(i), 0.9), scores, oneKey()).tooltip;
      QVERIFY2(tip.contains(numbers[i]), qPrintable(tip));
      QVERIFY2(tip.contains(QStringLiteral("c, an untrained head: ")), qPrintable(tip));
    }
    // The task row where it is the higher of the two.
    scores.shift_row = core::RowScore{2, 1, {0.8, 0.5, 0.6}};
    QVERIFY(badgeOf(entered(Label::Shift, 0.6), scores, oneKey())
                .tooltip.contains(QStringLiteral("(0.80 - 0.50) / (1 - 0.50) = 0.60")));
    QVERIFY(badgeOf({}, scores, oneKey()).tooltip.contains(QStringLiteral("= 0.90")));
  }

  void shift() {
    HeadScores scores;
    scores.shift_lag = 1;
    scores.shift_lags[0].lift = 0.93;
    const BadgeInfo badge = badgeOf(entered(Label::Shift, 0.93), scores, oneKey());
    QCOMPARE(badge.text, QStringLiteral("Shift ") + kMinus + '1');
    QCOMPARE(badge.value, QStringLiteral("0.93"));
    QCOMPARE(firstLine(badge), QStringLiteral("Rows attend to the previous position. 0 is an "
                                              "untrained head, 1 is perfect."));
    QCOMPARE(badge.mechanism, Mechanism::Shift);
    scores.shift_lag = 2;
    scores.shift_lags[1].lift = 0.9;
    QVERIFY(badgeOf(entered(Label::Shift, 0.9), scores, oneKey())
                .tooltip.startsWith(QStringLiteral("Rows attend to the position 2 before.")));
  }

  void shiftOfTheTaskRowAlone() {
    HeadScores scores;
    scores.shift_lags[0].lift = 0.1;
    scores.shift_row = core::RowScore{2, 1, {0.9, 0.2, 0.87}};
    const BadgeInfo badge = badgeOf(entered(Label::Shift, 0.87), scores, oneKey());
    QCOMPARE(badge.text, QStringLiteral("Shift to anchor"));
    QVERIFY(badge.tooltip.startsWith(QStringLiteral("The key's row attends to its anchor.")));
    // In "* x 3 * -> x" the anchor comes later: it reads the key.
    scores.shift_row = core::RowScore{1, 2, {0.9, 0.2, 0.87}};
    const BadgeInfo other = badgeOf(entered(Label::Shift, 0.87), scores, oneKey());
    QCOMPARE(other.text, QStringLiteral("Shift to key"));
    QVERIFY(other.tooltip.startsWith(QStringLiteral("The anchor's row attends to its key.")));
  }

  void broadcast() {
    const HeadScores scores = broadcasting(0.88, 0.79);
    const BadgeInfo all = badgeOf(entered(Label::Broadcast, 0.88, true), scores, oneKey());
    QCOMPARE(all.text, QStringLiteral("Broadcast key"));
    QCOMPARE(firstLine(all), QStringLiteral("Later positions attend to the key, wherever it is. "
                                            "Tracking +0.79."));
    const BadgeInfo output = badgeOf(entered(Label::Broadcast, 0.88), scores, oneKey());
    QCOMPARE(output.text, QStringLiteral("Broadcast key to output"));
    QVERIFY(output.tooltip.startsWith(QStringLiteral("The output attends to the key")));
    const HeadScores of_anchor = broadcasting(0.8, 0.7, 1);
    QCOMPARE(badgeOf(entered(Label::Broadcast, 0.8, true), of_anchor, oneKey()).text,
             QStringLiteral("Broadcast anchor"));
  }

  void severalKeysAreNamed() {
    auto roles = oneKey();
    roles.push_back({RoleInfo::Kind::Key, "key:y", "y"});
    const BadgeInfo badge =
        badgeOf(entered(Label::Broadcast, 0.8, true), broadcasting(0.8, 0.7, 3), roles);
    QCOMPARE(badge.text, QStringLiteral("Broadcast key y"));
  }

  void forming() {
    HeadLabel label = entered(Label::Broadcast, 0.31);
    label.state = LabelState::Forming;
    const BadgeInfo badge = badgeOf(label, broadcasting(0.31, 0.3), oneKey());
    QCOMPARE(badge.text, QStringLiteral("Forming: key"));
    QCOMPARE(badge.value, QStringLiteral("0.31"));
    QCOMPARE(firstLine(badge), QStringLiteral("Not yet a label. Becomes one at 0.50."));
    core::LabelThresholds stricter;
    stricter.enter = 0.7;
    QCOMPARE(firstLine(badgeOf(label, broadcasting(0.31, 0.3), oneKey(), stricter)),
             QStringLiteral("Not yet a label. Becomes one at 0.70."));
    // High enough, and yet no label: the tooltip says what is missing.
    label.value = 0.7;
    HeadScores scores = broadcasting(0.7, 0.02);
    QVERIFY(badgeOf(label, scores, oneKey()).tooltip.contains(QStringLiteral("tracking above")));
    scores.broadcasts[0].output_coverage = 0.2;
    QVERIFY(badgeOf(label, scores, oneKey()).tooltip.contains(QStringLiteral("coverage of 0.50")));
  }

  void others() {
    const HeadScores scores = broadcasting(0.1, 0);
    const BadgeInfo sink = badgeOf(entered(Label::Sink, 0.95), scores, oneKey());
    QCOMPARE(sink.text, QStringLiteral("Fixed column 0"));
    QCOMPARE(firstLine(sink), QStringLiteral("Always position 0: a sink, not a broadcast."));
    QCOMPARE(sink.mechanism, Mechanism::Other);
    QCOMPARE(badgeOf(entered(Label::Self, 0.9), scores, oneKey()).text, QStringLiteral("Self"));
    QCOMPARE(badgeOf(entered(Label::Induction, 0.9), scores, oneKey()).text,
             QStringLiteral("Induction"));
    QCOMPARE(badgeOf(entered(Label::Duplicate, 0.9), scores, oneKey()).text,
             QStringLiteral("Duplicate"));
  }

  void noPattern() {
    const BadgeInfo badge = badgeOf({}, broadcasting(0.18, 0), oneKey());
    QCOMPARE(badge.text, QStringLiteral("No pattern"));
    QCOMPARE(badge.value, QStringLiteral("0.18"));
    QCOMPARE(firstLine(badge), QStringLiteral("Best: broadcast key 0.18."));
    QCOMPARE(badge.state, LabelState::None);
  }

  void withoutAnySource() {
    const BadgeInfo badge = badgeOf({}, HeadScores{}, {});
    QCOMPARE(badge.text, QStringLiteral("No pattern"));
  }

  void narrowBadgesLoseWordsFirst() {
    const BadgeInfo badge =
        badgeOf(entered(Label::Broadcast, 0.88), broadcasting(0.88, 0.79), oneKey());
    const auto width = [&](const BadgeInfo& b, BadgeForm form) {
      return badgeSize(b, 12, form).width();
    };
    QCOMPARE(fitBadge(badge, 12, 400).badge.text, badge.text);
    BadgeInfo brief = badge;
    brief.text = badge.short_text;
    QCOMPARE(fitBadge(badge, 12, width(brief, BadgeForm::Full)).badge.text,
             QStringLiteral("Key to output"));
    QCOMPARE(fitBadge(badge, 12, width(badge, BadgeForm::Value)).form, BadgeForm::Value);
    QCOMPARE(fitBadge(badge, 12, 5).form, BadgeForm::Icon);
  }

  void widgetTellsItsName() {
    Badge widget;
    widget.setBadge(
        badgeOf(entered(Label::Broadcast, 0.88, true), broadcasting(0.88, 0.79), oneKey()));
    QCOMPARE(widget.accessibleName(), QStringLiteral("Broadcast key 0.88"));
    QVERIFY(!widget.toolTip().isEmpty());
    QVERIFY(widget.sizeHint().width() > 60);
  }
};

QTEST_MAIN(TestBadge)
#include "tst_badge.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"

#include "widgets/number_format.h"
#include "widgets/score_help.h"

#include <algorithm>
#include <array>

namespace anchorlens::widgets {

using core::HeadScores;
using core::Label;
using core::LabelState;
using core::RoleInfo;

namespace {

constexpr std::array kLabels{Label::Shift, Label::Broadcast, Label::Self,
                             Label::Sink,  Label::Induction, Label::Duplicate};

/// The task row alone can carry the label: then no lag describes all rows.
bool isOfTaskRow(const HeadScores& scores) {
  const double lag_lift = scores.shift_lags.at(static_cast<std::size_t>(scores.shift_lag - 1)).lift;
  return lag_lift < core::LabelThresholds{}.forming && scores.shift_row;
}

/// "key" or "anchor"; what is no role of the task is a "token".
QString kindName(std::size_t role, const std::vector<RoleInfo>& roles) {
  if (role >= roles.size() || roles[role].kind == RoleInfo::Kind::Noise) {
    return QStringLiteral("token");
  }
  return roles[role].kind == RoleInfo::Kind::Key ? QStringLiteral("key") : QStringLiteral("anchor");
}

QString shiftName(const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  return isOfTaskRow(scores)
             ? QStringLiteral("Shift to ") + kindName(scores.shift_row->source, roles)
             : QStringLiteral("Shift ") + kMinus + QString::number(scores.shift_lag);
}

/// "key", or "key y" when the task has several.
QString sourceName(const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  if (scores.best_broadcast < 0) {
    return QStringLiteral("source");
  }
  const auto best = static_cast<std::size_t>(scores.best_broadcast);
  const std::size_t source = scores.broadcasts.at(best).source;
  if (source >= roles.size()) {
    return QStringLiteral("source");
  }
  const RoleInfo& role = roles[source];
  const auto same_kind = std::count_if(roles.begin(), roles.end(),
                                       [&](const RoleInfo& r) { return r.kind == role.kind; });
  const QString kind = kindName(source, roles);
  return same_kind > 1 ? kind + ' ' + QString::fromStdString(role.symbol) : kind;
}

QString labelText(Label label, const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  switch (label) {
    case Label::Shift:
      return shiftName(scores, roles);
    case Label::Broadcast:
      return QStringLiteral("Broadcast ") + sourceName(scores, roles);
    case Label::Self:
      return QStringLiteral("Self");
    case Label::Sink:
      return QStringLiteral("Fixed column 0");
    case Label::Induction:
      return QStringLiteral("Induction");
    case Label::Duplicate:
      break;
  }
  return QStringLiteral("Duplicate");
}

QString shiftTooltip(const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  QString rows = QStringLiteral("Rows attend to the previous position.");
  if (isOfTaskRow(scores)) {
    const core::RowScore& row = *scores.shift_row;
    rows = QStringLiteral("The %1's row attends to its %2.")
               .arg(kindName(row.reader, roles), kindName(row.source, roles));
  } else if (scores.shift_lag > 1) {
    rows = QStringLiteral("Rows attend to the position %1 before.").arg(scores.shift_lag);
  }
  return rows + QStringLiteral(" 0 is an untrained head, 1 is perfect.");
}

QString broadcastTooltip(const core::HeadLabel& label, const HeadScores& scores,
                         const QString& source) {
  if (scores.best_broadcast < 0) {
    return {};
  }
  const auto& best = scores.broadcasts.at(static_cast<std::size_t>(scores.best_broadcast));
  const QString readers = label.to_all_later ? QStringLiteral("Later positions attend to the %1")
                                             : QStringLiteral("The output attends to the %1");
  const double tracking = label.to_all_later ? best.later_tracking : best.output_tracking;
  return readers.arg(source) +
         QStringLiteral(", wherever it is. Tracking %1.").arg(formatScore(tracking, true));
}

QString enteredTooltip(const core::HeadLabel& label, const HeadScores& scores,
                       const std::vector<RoleInfo>& roles) {
  switch (*label.label) {
    case Label::Shift:
      return shiftTooltip(scores, roles);
    case Label::Broadcast:
      return broadcastTooltip(label, scores, sourceName(scores, roles));
    case Label::Self:
      return QStringLiteral("Each position attends to itself.");
    case Label::Sink:
      return QStringLiteral("Always position 0: a sink, not a broadcast.");
    case Label::Induction:
      return QStringLiteral(
          "A token that occurred before attends to the position after its earlier occurrence.");
    case Label::Duplicate:
      break;
  }
  return QStringLiteral("A token that occurred before attends to its earlier occurrence.");
}

/// "key" for a broadcast, else the label in lower case: after "Forming: ".
QString formingText(Label label, const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  if (label == Label::Broadcast) {
    return sourceName(scores, roles);
  }
  const QString text = labelText(label, scores, roles);
  return text.at(0).toLower() + text.mid(1);
}

QString formingTooltip(const core::HeadLabel& label, const HeadScores& scores,
                       const core::LabelThresholds& thresholds) {
  QString text =
      QStringLiteral("Not yet a label. Becomes one at %1").arg(formatScore(thresholds.enter));
  if (*label.label == Label::Broadcast && scores.best_broadcast >= 0) {
    const auto& best = scores.broadcasts.at(static_cast<std::size_t>(scores.best_broadcast));
    if (best.output_coverage < thresholds.coverage) {
      text += QStringLiteral(" with a coverage of %1 (now %2)")
                  .arg(formatScore(thresholds.coverage), formatScore(best.output_coverage));
    } else if (best.output_tracking <= thresholds.tracking) {
      text += QStringLiteral(" with a tracking above %1 (now %2)")
                  .arg(formatScore(thresholds.tracking), formatScore(best.output_tracking, true));
    }
  }
  return text + '.';
}

BadgeInfo noPattern(const HeadScores& scores, const std::vector<RoleInfo>& roles) {
  const Label best = *std::max_element(kLabels.begin(), kLabels.end(), [&](Label a, Label b) {
    return labelLift(scores, a) < labelLift(scores, b);
  });
  BadgeInfo badge;
  badge.text = QStringLiteral("No pattern");
  badge.value = formatScore(labelLift(scores, best));
  const QString name = labelText(best, scores, roles);
  badge.tooltip =
      QStringLiteral("Best: %1 %2.").arg(name.at(0).toLower() + name.mid(1), badge.value);
  badge.tooltip += QLatin1Char('\n') + scoreHelp(best, scores);
  return badge;
}

}  // namespace

Mechanism mechanismOf(std::optional<Label> label) {
  if (!label) {
    return Mechanism::None;
  }
  return *label == Label::Shift       ? Mechanism::Shift
         : *label == Label::Broadcast ? Mechanism::Broadcast
                                      : Mechanism::Other;
}

double labelLift(const HeadScores& scores, Label label) {
  switch (label) {
    case Label::Shift:
      return scores.shift();
    case Label::Broadcast:
      return scores.broadcast();
    case Label::Self:
      return scores.self.lift;
    case Label::Sink:
      return scores.sink.lift;
    case Label::Induction:
      return scores.induction ? scores.induction->lift : 0.0;
    case Label::Duplicate:
      break;
  }
  return scores.duplicate ? scores.duplicate->lift : 0.0;
}

BadgeInfo badgeOf(const core::HeadLabel& label, const HeadScores& scores,
                  const std::vector<RoleInfo>& roles, const core::LabelThresholds& thresholds) {
  if (!label.label || label.state == LabelState::None) {
    return noPattern(scores, roles);
  }
  BadgeInfo badge;
  badge.mechanism = mechanismOf(label.label);
  badge.state = label.state;
  badge.value = formatScore(label.value);
  const QString formula = QLatin1Char('\n') + scoreHelp(*label.label, scores);
  if (label.state == LabelState::Forming) {
    const QString name = formingText(*label.label, scores, roles);
    badge.text = QStringLiteral("Forming: ") + name;
    badge.short_text = name.at(0).toUpper() + name.mid(1);
    badge.tooltip = formingTooltip(label, scores, thresholds) + formula;
    return badge;
  }
  badge.text = labelText(*label.label, scores, roles);
  if (*label.label == Label::Broadcast && !label.to_all_later) {
    badge.text += QStringLiteral(" to output");
  }
  if (*label.label == Label::Broadcast) {
    const QString source = sourceName(scores, roles);
    badge.short_text = source.at(0).toUpper() + source.mid(1) +
                       (label.to_all_later ? QString() : QStringLiteral(" to output"));
  } else if (*label.label == Label::Sink) {
    badge.short_text = QStringLiteral("Column 0");
  }
  badge.tooltip = enteredTooltip(label, scores, roles) + formula;
  return badge;
}

}  // namespace anchorlens::widgets

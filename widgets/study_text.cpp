// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_text.h"

#include "widgets/number_format.h"

#include <QCoreApplication>

#include <cmath>

namespace anchorlens::widgets {

namespace {

using Kind = core::StudyNumber::Kind;

QString tr(const char* text) {
  return QCoreApplication::translate("Study", text);
}

QString text(const std::string& text) {
  return QString::fromStdString(text);
}

QString groupName(const std::string& name) {
  return name == "Train" ? tr("train") : name == "Test" ? tr("test") : text(name);
}

bool isShare(Kind kind) {
  return kind == Kind::Accuracy || kind == Kind::Inferential || kind == Kind::Symmetric ||
         kind == Kind::Neither;
}

QString count(std::size_t n) {
  return formatInteger(static_cast<std::int64_t>(n));
}

}  // namespace

QString numberTitle(const core::StudyNumber& number) {
  switch (number.kind) {
    case Kind::Accuracy:
      return tr("Accuracy, %1").arg(groupName(number.name));
    case Kind::Loss:
      return tr("Loss, %1").arg(groupName(number.name));
    case Kind::Inferential:
      return tr("Inferential answers, %1").arg(text(number.name));
    case Kind::Symmetric:
      return tr("Symmetric answers, %1").arg(text(number.name));
    case Kind::Neither:
      return tr("Other answers, %1").arg(text(number.name));
    case Kind::Balance:
      return tr("Inferential − symmetric, %1").arg(text(number.name));
    case Kind::ShiftStep:
      return tr("Step at which shift emerges");
    case Kind::BroadcastStep:
      return tr("Step at which broadcast emerges");
    case Kind::Shift:
      return tr("Shift, best head");
    case Kind::Broadcast:
      break;
  }
  return tr("Broadcast, best head");
}

QString numberText(Kind kind, double value) {
  if (isShare(kind)) {
    return QString::number(value * 100, 'f', 1);
  }
  if (core::isStep(kind)) {
    return formatInteger(std::llround(value));
  }
  return kind == Kind::Loss ? formatLoss(value) : formatScore(value, kind == Kind::Balance);
}

QString numberTextWithUnit(Kind kind, double value) {
  return isShare(kind) ? formatAccuracy(value) : numberText(kind, value);
}

QString phaseTime(const core::PhaseChoice& choice) {
  return choice.step ? tr("step %1").arg(formatInteger(*choice.step)) : tr("last step");
}

QString cellName(const core::PhaseDiagram& diagram, std::size_t column, std::size_t row) {
  QStringList parts;
  if (diagram.choice.x) {
    parts << text(diagram.x_label) + ' ' + text(diagram.x_values[column]);
  }
  if (diagram.choice.y) {
    parts << text(diagram.y_label) + ' ' + text(diagram.y_values[row]);
  }
  return parts.isEmpty() ? tr("all runs") : parts.join(QStringLiteral(", "));
}

QString cellGap(const core::PhaseDiagram& diagram, const core::PhaseCell& cell) {
  if (cell.value) {
    return {};
  }
  if (cell.isMissing()) {
    return (diagram.choice.step ? tr("0 of %1 there") : tr("0 of %1 done"))
        .arg(count(cell.members.size()));
  }
  return tr("none of %1").arg(count(cell.there));
}

QString cellDescription(const core::PhaseDiagram& diagram, std::size_t column, std::size_t row) {
  const core::PhaseCell& cell = diagram.at(column, row);
  const Kind kind = diagram.choice.number.kind;
  QString all = cellName(diagram, column, row) + QStringLiteral(": ");
  if (!cell.value) {
    all += cellGap(diagram, cell);
  } else {
    all += numberTextWithUnit(kind, cell.value->median);
    if (cell.value->count > 1) {
      all += tr(", median of %1 (%2 to %3)")
                 .arg(count(cell.value->count), numberTextWithUnit(kind, cell.value->min),
                      numberTextWithUnit(kind, cell.value->max));
    }
    if (cell.value->count < cell.members.size()) {
      all += tr(", %1 of %2 runs").arg(count(cell.value->count), count(cell.members.size()));
    }
  }
  if (cell.seen) {
    all += tr(". Training accuracy %1").arg(formatAccuracy(*cell.seen));
  }
  return all + (cell.is_grey ? tr(", below the limit: greyed.") : QStringLiteral("."));
}

NumberTable phaseNumbers(const core::PhaseDiagram& diagram) {
  NumberTable table;
  const QString title = numberTitle(diagram.choice.number);
  table.title = title + QStringLiteral(", ") + phaseTime(diagram.choice);
  if (diagram.choice.x) {
    table.columns << text(diagram.x_label);
  }
  if (diagram.choice.y) {
    table.columns << text(diagram.y_label);
  }
  table.columns << tr("median") << tr("lowest") << tr("highest") << tr("runs with it")
                << tr("runs there") << tr("runs") << tr("training accuracy") << tr("greyed");
  for (std::size_t row = 0; row < diagram.rows(); ++row) {
    for (std::size_t column = 0; column < diagram.columns(); ++column) {
      const core::PhaseCell& cell = diagram.at(column, row);
      std::vector<NumberTable::Value> values;
      if (diagram.choice.x) {
        values.emplace_back(text(diagram.x_values[column]));
      }
      if (diagram.choice.y) {
        values.emplace_back(text(diagram.y_values[row]));
      }
      values.emplace_back(cell.value ? cell.value->median : NAN);
      values.emplace_back(cell.value ? cell.value->min : NAN);
      values.emplace_back(cell.value ? cell.value->max : NAN);
      values.emplace_back(static_cast<qint64>(cell.value ? cell.value->count : 0));
      values.emplace_back(static_cast<qint64>(cell.there));
      values.emplace_back(static_cast<qint64>(cell.members.size()));
      values.emplace_back(cell.seen ? *cell.seen : NAN);
      values.emplace_back(static_cast<qint64>(cell.is_grey ? 1 : 0));
      table.rows.push_back(std::move(values));
    }
  }
  return table;
}

std::vector<std::size_t> membersOf(const core::StudyData& data, std::size_t setting) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < data.plan->members.size(); ++i) {
    if (data.plan->members[i].setting == setting) {
      members.push_back(i);
    }
  }
  return members;
}

QString settingName(const core::StudyData& data, std::size_t setting) {
  const std::string name = data.plan->settingText(setting);
  return name.empty() ? tr("all runs") : text(name);
}

QString memberName(const core::StudyData& data, std::size_t member) {
  const core::StudyMember& run = data.plan->members[member];
  QStringList parts{text(data.plan->settingText(run.setting))};
  if (run.seed) {
    parts << tr("seed %1").arg(*run.seed);
  }
  parts.removeAll(QString());
  return parts.isEmpty() ? text(run.folder) : parts.join(QStringLiteral(", "));
}

QString studyState(const core::StudyData& data) {
  const QString done =
      tr("%1 of %2 runs finished").arg(count(data.finished()), count(data.runs.size()));
  return data.failed() == 0 ? done : tr("%1, %2 failed").arg(done, count(data.failed()));
}

std::int64_t newestStep(const core::StudyData& data) {
  std::int64_t newest = 0;
  for (const auto& run : data.runs) {
    newest = std::max(newest, run ? run->step : 0);
  }
  return newest;
}

}  // namespace anchorlens::widgets

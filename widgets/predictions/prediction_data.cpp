// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/prediction_data.h"

#include <algorithm>
#include <array>

namespace anchorlens::widgets {

namespace {

using Kind = core::GroupInfo::Kind;

constexpr std::array<Kind, 3> kKinds{Kind::Seen, Kind::HeldOutKeys, Kind::HeldOutCombination};

QString kindName(Kind kind) {
  switch (kind) {
    case Kind::Seen:
      return QStringLiteral("seen");
    case Kind::HeldOutKeys:
      return QStringLiteral("held-out keys");
    case Kind::HeldOutCombination:
      break;
  }
  return QStringLiteral("held-out combination");
}

/// The name of a group without its last words, which say what is held out.
QString combinationOf(const core::GroupInfo& group) {
  QString name = QString::fromStdString(group.name);
  for (const char* word : {"held_out", "seen", "combination"}) {
    if (name.endsWith(QLatin1String(word))) {
      name.chop(static_cast<qsizetype>(std::char_traits<char>::length(word)));
      name = name.trimmed();
    }
  }
  return name.isEmpty() ? QStringLiteral("all") : name;
}

}  // namespace

double PredictionRow::probabilityOf(std::int32_t token) const {
  for (std::size_t i = 0; i < prediction.tokens.size(); ++i) {
    if (prediction.tokens[i] == token) {
      return static_cast<double>(prediction.p[i]);
    }
  }
  return -1;
}

std::vector<PredictionRow> predictionRows(const core::Frame& frame, const ProbeContext& probe,
                                          const std::vector<core::GroupInfo>& groups) {
  std::vector<PredictionRow> rows;
  const core::SequenceSet& shown = probe.shown;
  const std::size_t n = std::min(frame.predictions.size(), shown.size());
  for (std::size_t i = 0; i < n; ++i) {
    PredictionRow row;
    row.sequence = static_cast<int>(i);
    row.tokens = tokensOf(probe, row.sequence);
    if (i + 1 < shown.answer_offsets.size()) {
      const auto answers = shown.answersOf(i);
      row.answers.assign(answers.begin(), answers.end());
    }
    if (row.answers.empty()) {
      row.answers.push_back({shown.targets[i], 1.0});
    }
    const auto group = i < shown.groups.size() ? static_cast<std::size_t>(shown.groups[i]) : 0;
    row.group = group < groups.size() ? QString::fromStdString(groups[group].name) : QString();
    row.prediction = frame.predictions[i];
    row.is_right = row.prediction.tokens[0] == row.answers.front().token;
    rows.push_back(std::move(row));
  }
  return rows;
}

NumberTable predictionNumbers(const std::vector<PredictionRow>& rows, std::int64_t step) {
  NumberTable table;
  table.title = QStringLiteral("Predictions, step %1").arg(step);
  table.columns = {QStringLiteral("sequence"), QStringLiteral("tokens"), QStringLiteral("answer"),
                   QStringLiteral("group"), QStringLiteral("right")};
  for (int k = 1; k <= 5; ++k) {
    table.columns << QStringLiteral("token_%1").arg(k) << QStringLiteral("p_%1").arg(k);
  }
  for (const PredictionRow& row : rows) {
    QStringList tokens;
    for (const TokenText& token : row.tokens) {
      tokens << token.text;
    }
    std::vector<NumberTable::Value> values{static_cast<qint64>(row.sequence + 1),
                                           tokens.join(QLatin1Char(' ')),
                                           static_cast<qint64>(row.answers.front().token),
                                           row.group, static_cast<qint64>(row.is_right ? 1 : 0)};
    for (std::size_t k = 0; k < row.prediction.tokens.size(); ++k) {
      values.emplace_back(static_cast<qint64>(row.prediction.tokens[k]));
      values.emplace_back(static_cast<double>(row.prediction.p[k]));
    }
    table.rows.push_back(std::move(values));
  }
  return table;
}

GroupMatrix groupMatrix(const std::vector<core::GroupInfo>& groups, const core::Metrics* metrics) {
  GroupMatrix matrix;
  std::vector<Kind> kinds;
  for (const Kind kind : kKinds) {
    if (std::any_of(groups.begin(), groups.end(),
                    [kind](const core::GroupInfo& group) { return group.kind == kind; })) {
      kinds.push_back(kind);
      matrix.columns << kindName(kind);
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const QString row_name = combinationOf(groups[i]);
    auto row = matrix.rows.indexOf(row_name);
    if (row < 0) {
      row = matrix.rows.size();
      matrix.rows << row_name;
      matrix.cells.emplace_back(kinds.size());
    }
    const auto column = static_cast<std::size_t>(
        std::find(kinds.begin(), kinds.end(), groups[i].kind) - kinds.begin());
    GroupCell& cell = matrix.cells[static_cast<std::size_t>(row)][column];
    cell.group = static_cast<int>(i);
    if (metrics == nullptr) {
      continue;
    }
    cell.is_evaluated = true;
    for (const core::GroupMetrics& measured : metrics->groups) {
      if (measured.group == cell.group) {
        cell.n = measured.n;
        cell.accuracy = measured.accuracy;
        cell.loss = measured.loss;
      }
    }
  }
  return matrix;
}

NumberTable groupNumbers(const GroupMatrix& matrix, std::int64_t step) {
  NumberTable table;
  table.title = QStringLiteral("Groups, step %1").arg(step);
  table.columns = {QStringLiteral("combination"), QStringLiteral("held_out"), QStringLiteral("n"),
                   QStringLiteral("accuracy"), QStringLiteral("loss")};
  for (int row = 0; row < matrix.rows.size(); ++row) {
    for (int column = 0; column < matrix.columns.size(); ++column) {
      const GroupCell& cell = matrix.at(row, column);
      if (cell.n > 0) {
        table.rows.push_back({matrix.rows[row], matrix.columns[column], static_cast<qint64>(cell.n),
                              cell.accuracy, cell.loss});
      }
    }
  }
  return table;
}

}  // namespace anchorlens::widgets

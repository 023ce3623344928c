// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/score_help.h"

#include "widgets/number_format.h"

#include <QCoreApplication>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("ScoreHelp", text);
}

/// s of a label, and what an untrained head has there.
std::pair<QString, QString> partsOf(core::Label label) {
  switch (label) {
    case core::Label::Shift:
      return {
          tr("mean attention to the position d before (all rows), or of the later of anchor and "
             "key to the earlier one, whichever is higher"),
          tr("1 / sources of the row")};
    case core::Label::Broadcast:
      return {tr("mean attention of the output row to the source"), tr("1 / sources of the row")};
    case core::Label::Self:
      return {tr("mean attention of rows to themselves"), tr("1 / sources of the row")};
    case core::Label::Sink:
      return {tr("mean attention to position 0"), tr("1 / sources of the row")};
    case core::Label::Induction:
      return {tr("attention of a token that occurred before to what came after it"),
              tr("such places / sources of the row")};
    case core::Label::Duplicate:
      break;
  }
  return {tr("attention of a token that occurred before to its earlier places"),
          tr("such places / sources of the row")};
}

}  // namespace

QString scoreFormula(core::Label label) {
  const auto [mass, chance] = partsOf(label);
  return tr("Lift (s - c) / (1 - c)\ns: %1\nc, an untrained head: %2").arg(mass, chance);
}

QString liftText(const core::Score& score) {
  return tr("Lift (%1 - %2) / (1 - %2) = %3")
      .arg(formatScore(score.mass), formatScore(score.chance), formatScore(score.lift));
}

std::optional<core::Score> scoreOf(const core::HeadScores& scores, core::Label label) {
  switch (label) {
    case core::Label::Shift: {
      const core::Score& rows = scores.shift_lags[static_cast<std::size_t>(scores.shift_lag - 1)];
      const bool is_task_row = scores.shift_row && scores.shift_row->score.lift >= rows.lift;
      return is_task_row ? scores.shift_row->score : rows;
    }
    case core::Label::Broadcast:
      if (scores.best_broadcast < 0) {
        return std::nullopt;
      }
      return scores.broadcasts[static_cast<std::size_t>(scores.best_broadcast)].output;
    case core::Label::Self:
      return scores.self;
    case core::Label::Sink:
      return scores.sink;
    case core::Label::Induction:
      return scores.induction;
    case core::Label::Duplicate:
      break;
  }
  return scores.duplicate;
}

QString scoreHelp(core::Label label, const core::HeadScores& scores) {
  const auto score = scoreOf(scores, label);
  return score ? scoreFormula(label) + QLatin1Char('\n') + liftText(*score) : scoreFormula(label);
}

}  // namespace anchorlens::widgets

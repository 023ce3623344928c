// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/composed_operation.h"
#include "engine/core/language/language.h"
#include "widgets/composer/pair_section.h"

#include <QLabel>

namespace anchorlens::widgets {

namespace {

using State = core::CombinationState;

/// What a combination that is painted Relabelled is taught until somebody types another operation:
/// one that every key range allows.
constexpr const char* kFirstRelabelling = "x";

}  // namespace

std::vector<PairSection::Fact> PairSection::factsOf(const core::CombinationPage& page) const {
  std::vector<Fact> facts;
  const auto pattern = core::parsePattern(
      page.form < m_task.forms.size() ? m_task.forms[page.form].pattern : std::string());
  const int n_rows = static_cast<int>(page.tokens[0].size());
  const int n_columns = page.variables.size() == 1 ? 1 : static_cast<int>(page.tokens[1].size());
  for (int i = 0; i < n_rows * n_columns; ++i) {
    const core::AnchorValues values = valuesAt(i / n_columns, i % n_columns);
    const auto operation =
        pattern ? core::composedOperation(m_task, *pattern, values) : std::nullopt;
    facts.push_back({!pattern || core::isDrawn(m_task, page, values),
                     operation ? QString::fromStdString(core::printOperation(*operation)) : ""});
  }
  return facts;
}

PairCell PairSection::cellOf(const core::AnchorValues& values) const {
  const core::CombinationInfo info = core::combinationInfo(m_task, values);
  PairCell cell;
  cell.state = info.state;
  cell.is_by_wider_rule = info.rule < 0 && info.wider_rule >= 0;
  if (info.state == State::Relabelled) {
    cell.taught =
        QString::fromStdString(m_task.relabel[static_cast<std::size_t>(info.relabel)].operation);
  }
  return cell;
}

core::AnchorValues PairSection::valuesAt(int row, int column) const {
  const core::CombinationPage& shown = *page();
  core::AnchorValues values{{shown.variables[0], shown.tokens[0][static_cast<std::size_t>(row)]}};
  if (shown.variables.size() == 2)
    values[shown.variables[1]] = shown.tokens[1][static_cast<std::size_t>(column)];
  return values;
}

/// What only a rule of one anchor says is changed there: told.
bool PairSection::isChangedHere(int row, int column) {
  const bool is_own = !m_matrix->cell(row, column).is_by_wider_rule;
  if (!is_own)
    m_counts->setText(tr("This one is held out by a rule of one anchor alone, below."));
  return is_own;
}

void PairSection::paint(int row, int column, State state, int stroke) {
  core::TaskSpec next = m_task;
  const core::AnchorValues values = valuesAt(row, column);
  const bool is_pair = values.size() == 2;
  if (!isChangedHere(row, column))
    return;
  QString text;
  switch (state) {
    case State::Trained:
      core::setTrained(next, values);
      text = is_pair ? tr("train anchor pairs") : tr("train anchors");
      break;
    case State::HeldOut:
      core::setHeldOut(next, values);
      text = is_pair ? tr("hold out anchor pairs") : tr("hold out anchors");
      break;
    case State::Relabelled:
      if (core::combinationInfo(m_task, values).state != State::Relabelled)
        core::setRelabelled(next, values, kFirstRelabelling);
      text = is_pair ? tr("relabel anchor pairs") : tr("relabel anchors");
      break;
  }
  if (next != m_task)
    emit edited(next, text, QStringLiteral("/task/held_out/pairs#%1").arg(stroke));
}

void PairSection::relabel(int row, int column, const QString& operation) {
  if (!isChangedHere(row, column))
    return;
  core::TaskSpec next = m_task;
  core::setRelabelled(next, valuesAt(row, column), operation.toStdString());
  if (next != m_task)
    emit edited(next, tr("change operation of a relabelled pair"), {});
}

void PairSection::holdOutDiagonal() {
  core::TaskSpec next = m_task;
  const core::CombinationPage& shown = *page();
  for (const int token : shown.tokens[0]) {
    const core::AnchorValues values{{shown.variables[0], token}, {shown.variables[1], token}};
    if (core::isOnPage(shown, values) && core::isDrawn(m_task, shown, values))
      core::setHeldOut(next, values);
  }
  if (next != m_task)
    emit edited(next, tr("hold out the diagonal"), {});
}

void PairSection::clear() {
  core::TaskSpec next = m_task;
  for (int row = 0; row < m_matrix->rows(); ++row) {
    for (int column = 0; column < m_matrix->columns(); ++column)
      core::setTrained(next, valuesAt(row, column));
  }
  if (next != m_task)
    emit edited(next, tr("train all anchor pairs"), {});
}

void PairSection::toggle(bool on) {
  m_opened = on;
  if (!on)
    clear();
  load(m_task, m_is_read_only);
}

}  // namespace anchorlens::widgets

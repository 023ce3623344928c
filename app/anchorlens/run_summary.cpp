// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_summary.h"

#include "engine/core/study/spread.h"
#include "widgets/number_format.h"

#include <QObject>

namespace anchorlens::app {

namespace {

QString rangeText(const core::Spread& spread) {
  const QString low = widgets::formatAccuracy(spread.min);
  const QString high = widgets::formatAccuracy(spread.max);
  return low == high ? QString() : QObject::tr("%1 to %2").arg(low, high);
}

}  // namespace

void RunSummary::add(State state, std::optional<double> test_accuracy) {
  ++m_runs;
  ++m_counts[state];
  if (state == State::Finished && test_accuracy)
    m_accuracies.push_back(*test_accuracy);
}

void RunSummary::fill(widgets::RunRow& row) const {
  const auto count = [this](State state) {
    const auto found = m_counts.find(state);
    return found == m_counts.end() ? 0 : found->second;
  };
  const int failed = count(State::Failed);
  row.n_runs = m_runs;
  row.status =
      QObject::tr("%1 of %2 done")
          .arg(widgets::formatInteger(count(State::Finished)), widgets::formatInteger(m_runs));
  if (failed > 0)
    row.status += QObject::tr(", %1 failed").arg(widgets::formatInteger(failed));
  if (count(State::Held) > 0)
    row.state = core::RunState::Training;
  else if (failed > 0)
    row.state = core::RunState::Failed;
  else if (count(State::Finished) == m_runs)
    row.state = core::RunState::Finished;
  else if (count(State::NotStarted) < m_runs)
    row.state = core::RunState::Stopped;
  if (const auto spread = core::spreadOf(m_accuracies)) {
    row.test_accuracy = spread->median;
    row.difference = rangeText(*spread);
  }
}

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
// What the Experiment dock shows beside its fields: drawings and numbers.
#include "engine/core/step_schedule.h"
#include "widgets/model_drawing.h"
#include "widgets/number_format.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_samples.h"
#include "widgets/record_ticks.h"
#include "widgets/schedule_curve.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr double kPercent = 100;

/// A chance of 0.0123 as "1.2 %"; below a tenth of a per cent with two places.
QString formatShare(double share) {
  return share > 0 && share < 0.001 ? QString::number(share * kPercent, 'f', 2) + kThinSpace + '%'
                                    : formatAccuracy(share);
}

QString partName(core::ModelPart part) {
  switch (part) {
    case core::ModelPart::Embedding:
      return ExperimentPanel::tr("Embedding");
    case core::ModelPart::Positions:
      return ExperimentPanel::tr("Positions");
    case core::ModelPart::Input:
      return ExperimentPanel::tr("Input layer");
    case core::ModelPart::Recurrent:
      return ExperimentPanel::tr("LSTM");
    case core::ModelPart::Query:
      return ExperimentPanel::tr("Attention, query");
    case core::ModelPart::Key:
      return ExperimentPanel::tr("Attention, key");
    case core::ModelPart::Value:
      return ExperimentPanel::tr("Attention, value");
    case core::ModelPart::Output:
      return ExperimentPanel::tr("Attention, output");
    case core::ModelPart::Mlp:
      return ExperimentPanel::tr("MLP");
    case core::ModelPart::Norm:
      return ExperimentPanel::tr("LayerNorm");
    case core::ModelPart::Unembedding:
      return ExperimentPanel::tr("Unembedding");
  }
  return {};
}

}  // namespace

void ExperimentPanel::showCounts() {
  if (m_checks.task) {
    const auto& analysis = m_checks.task->analysis();
    const bool counted = m_checks.n_train > 0;
    m_counts->setFacts({
        {tr("Train / test"), counted ? formatInteger(m_checks.n_train) + QStringLiteral(" / ") +
                                           formatInteger(m_checks.n_test)
                                     : QStringLiteral("–")},
        {tr("Shared sequences"),
         counted ? formatInteger(static_cast<std::int64_t>(m_checks.shared)) : QStringLiteral("–")},
        {tr("Best possible accuracy"),
         formatAccuracy(analysis.has_test ? analysis.ceiling_test : analysis.ceiling_train)},
        {tr("Accuracy by chance"), formatShare(analysis.chance)},
    });
  }
  if (m_checks.parameters > 0) {
    showSizes();
    m_run_cost->setFacts(
        {{tr("One frame"), formatBytes(static_cast<double>(m_checks.frame_bytes))},
         {tr("The whole run"), QStringLiteral("≈ ") + formatBytes(m_checks.run_bytes)}});
    m_frame_cost->setFacts(
        {{tr("One frame"), formatBytes(static_cast<double>(m_checks.frame_bytes))}});
  }
  for (FactRows* rows : {m_counts, m_sizes, m_run_cost, m_frame_cost})
    rows->setDimmed(m_checks.is_stale);
}

void ExperimentPanel::showSizes() {
  std::vector<std::pair<QString, QString>> facts{
      {tr("Parameters"), formatInteger(m_checks.parameters)}};
  for (const core::PartSize& size : m_checks.parts)
    facts.emplace_back(QStringLiteral("   ") + partName(size.part), formatInteger(size.parameters));
  facts.emplace_back(
      tr("Memory for training"),
      QStringLiteral("≈ ") + formatBytes(static_cast<double>(m_checks.memory_bytes)));
  facts.emplace_back(tr("Operations a step"), formatFlop(m_checks.flop_per_step));
  m_sizes->setFacts(facts);
}

void ExperimentPanel::showDrawings() {
  const auto& lengths = m_experiment.task.seq_len;
  const int seq_len = lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
  m_drawing->setModel(m_experiment.model, m_experiment.task.d_vocab, seq_len);
  m_schedule->setExperiment(m_experiment);
  m_ticks->setExperiment(m_experiment);
  showSpeed();
}

void ExperimentPanel::setSpeed(const TrainingSpeed& speed) {
  if (speed == m_speed)
    return;
  m_speed = speed;
  showSpeed();
}

void ExperimentPanel::showSpeed() {
  const std::int64_t steps = core::totalSteps(m_experiment);
  const QString length = steps == 1 ? tr("1 step") : tr("%1 steps").arg(formatInteger(steps));
  QString text;
  switch (m_speed.state) {
    case TrainingSpeed::State::Unknown:
      text = m_checks.problems.empty()
                 ? length
                 : tr("%1, time not known: the draft has a problem").arg(length);
      break;
    case TrainingSpeed::State::Measuring:
      text = tr("%1: measuring…").arg(length);
      break;
    case TrainingSpeed::State::Known:
      text = tr("%1: about %2 (%3 steps/s, measured)")
                 .arg(length, formatDuration(static_cast<double>(steps) / m_speed.steps_per_second),
                      formatRate(m_speed.steps_per_second));
      break;
    case TrainingSpeed::State::Failed:
      text = tr("%1, time not known: %2").arg(length, m_speed.problem);
      break;
  }
  m_speed_line->setText(text);
  m_speed_line->setVisible(!m_is_read_only);
}

void ExperimentPanel::showProbeRows() {
  m_probe_rows->setSamples(m_checks.task, m_checks.shown);
  m_probe_rows->setStale(!m_checks.problems.empty());
  m_probe_rows->parentWidget()->parentWidget()->setFixedHeight(m_probe_rows->sizeHint().height() +
                                                               12);
  const bool is_all_typed = m_experiment.probe.sequences.size() >= m_checks.shown.size();
  m_write_out->setEnabled(!m_is_read_only && m_checks.problems.empty() && !is_all_typed);
}

void ExperimentPanel::writeOutProbe() {
  change(
      [this](core::ExperimentSpec& e) {
        e.probe.sequences.clear();
        for (std::size_t i = 0; i < m_checks.shown.size(); ++i) {
          const auto row = m_checks.shown.row(i);
          e.probe.sequences.emplace_back(row.begin(), row.begin() + m_checks.shown.lengths[i]);
        }
      },
      tr("write out the drawn sequences"));
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_checks.h"

#include <utility>

namespace anchorlens::app {

DraftChecks::DraftChecks(QObject* parent) : QObject(parent), m_thread(QStringLiteral("checks")) {
  m_delay.setSingleShot(true);
  m_delay.setInterval(kDelayMs);
  connect(&m_delay, &QTimer::timeout, this, [this] { ask(false); });
  connect(m_thread.worker(), &DraftChecker::checked, this, &DraftChecks::onChecked);
}

void DraftChecks::setExperiment(const core::ExperimentSpec& spec, bool at_once) {
  m_spec = spec;
  m_is_current = false;
  m_stop.request_stop();
  ++m_number;  // what is still being answered is stale
  m_checks.is_stale = true;
  if (at_once) {
    m_delay.stop();
    ask(false);
  } else {
    m_delay.start();
  }
}

void DraftChecks::hurry() {
  if (!m_delay.isActive())
    return;  // asked already
  m_delay.stop();
  ask(false);
}

void DraftChecks::drawNewSamples() {
  ++m_sample_seed;
  // The running comparison goes on: only the samples are asked for.
  if (!m_delay.isActive())
    ask(true);
}

void DraftChecks::ask(bool samples_only) {
  if (!samples_only) {
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_number;
  }
  m_thread.post([question = DraftChecker::Question{m_number, m_spec, m_sample_seed, m_last_good,
                                                   samples_only, m_stop.get_token()}](
                    DraftChecker& checker) { checker.check(question); });
}

void DraftChecks::onChecked(quint64 number, const ChecksPtr& checks) {
  if (number != m_number)
    return;
  widgets::ExperimentChecks next = *checks;
  const bool counts_known = !next.is_stale;
  if (!next.task) {
    next.task = std::move(m_checks.task);
    next.samples = std::move(m_checks.samples);
    next.samples_of_kind = std::move(m_checks.samples_of_kind);
    next.shown = std::move(m_checks.shown);
  }
  if (!counts_known) {
    // Shown dimmed until the comparison is done; a redraw of samples leaves them as they are.
    next.n_train = m_checks.n_train;
    next.n_test = m_checks.n_test;
    next.shared = m_checks.shared;
    next.group_counts = m_checks.group_counts;
    next.coverage = m_checks.coverage;
    next.is_stale = !(m_is_current && !m_checks.is_stale);
  }
  if (!next.problems.empty()) {
    next.parameters = m_checks.parameters;
    next.parts = m_checks.parts;
    next.flop_per_step = m_checks.flop_per_step;
    next.memory_bytes = m_checks.memory_bytes;
    next.frame_bytes = m_checks.frame_bytes;
    next.run_bytes = m_checks.run_bytes;
  }
  if (next.repairs.empty() && m_is_current && next.problems == m_checks.problems)
    next.repairs = std::move(m_checks.repairs);  // new samples of the same experiment
  if (next.problems.empty())
    m_last_good = m_spec;
  m_checks = std::move(next);
  m_is_current = true;
  emit changed();
}

}  // namespace anchorlens::app

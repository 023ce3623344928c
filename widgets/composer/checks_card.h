// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

#include <functional>

class QGridLayout;

namespace anchorlens::widgets {

class ProblemLines;

/// What is known of the task before it is trained: sequences of each group, the proof that nothing
/// leaks, the ceiling, chance, and every problem that has repairs or that no other card shows.
class ChecksCard : public ComposerCard {
  Q_OBJECT

 public:
  enum class State { Good, Bad, Plain };
  struct Row {
    State state = State::Plain;
    QString name;
    QString value;
    QString tip;
    bool operator==(const Row&) const = default;
  };

  explicit ChecksCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;
  void setChecks(const ExperimentChecks& checks) override;
  void setTheme(const Theme& theme) override;
  bool focusFirstProblem() override;

  /// Says of a pointer that another card shows its problems.
  void setOwnedElsewhere(std::function<bool(const std::string&)> owned) {
    m_owned_elsewhere = std::move(owned);
  }
  const std::vector<Row>& rows() const { return m_rows; }
  bool isDimmed() const;
  ProblemLines* problems() const { return m_problems; }

 private:
  void showRows();

  std::vector<Row> m_rows;
  QWidget* m_table = nullptr;
  QGridLayout* m_grid = nullptr;
  ProblemLines* m_problems = nullptr;
  core::ExperimentSpec m_experiment;
  ExperimentChecks m_checks;
  bool m_is_read_only = false;
  std::function<bool(const std::string&)> m_owned_elsewhere;
};

/// The rows for checks whose numbers are known; pure.
std::vector<ChecksCard::Row> checkRows(const ExperimentChecks& checks, bool is_streaming);

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"
#include "widgets/number_table.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;

namespace anchorlens::widgets {

class SampleList;

/// What the task gives: live samples, by group where one is chosen, and a field in which a sequence
/// of one's own is judged.
class SamplesCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit SamplesCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;
  void setChecks(const ExperimentChecks& checks) override;
  void setTheme(const Theme& theme) override;
  void setCompact(bool compact) override;

  SampleList* list() const { return m_list; }
  QComboBox* filter() const { return m_filter; }
  QLineEdit* trial() const { return m_trial; }
  SampleList* judged() const { return m_judged; }
  QString verdict() const;
  QPushButton* newSamplesButton() const { return m_new; }
  QPushButton* exportButton() const { return m_export; }
  NumberTable numbers() const;

 signals:
  void newSamplesRequested();
  /// Samples and notation are wanted as files.
  void exportRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildTrial();
  const core::SequenceSet& shown() const;
  void showSamples();
  void fit();
  void judge();
  void showVerdict(const QString& text, bool is_problem);

  ExperimentChecks m_checks;
  QComboBox* m_filter = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_new = nullptr;
  QPushButton* m_export = nullptr;
  QScrollArea* m_scroll = nullptr;
  SampleList* m_list = nullptr;
  QLabel* m_empty = nullptr;
  QLineEdit* m_trial = nullptr;
  SampleList* m_judged = nullptr;
  QLabel* m_verdict = nullptr;
  bool m_is_stale = false;
};

}  // namespace anchorlens::widgets

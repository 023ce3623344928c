// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QDialog>
#include <QString>

#include <vector>

class QComboBox;
class QListWidget;

namespace anchorlens::app {

/// What of the draft differs from a preset or a run, as a short list: "seed 1 → 3".
class DifferenceDialog : public QDialog {
  Q_OBJECT

 public:
  struct Source {
    QString name;
    core::ExperimentSpec spec;
  };

  /// `sources`: what the draft can be compared with; at least one.
  DifferenceDialog(core::ExperimentSpec draft, std::vector<Source> sources,
                   QWidget* parent = nullptr);

  QStringList lines() const;

 private:
  void showSource(int source);

  core::ExperimentSpec m_draft;
  std::vector<Source> m_sources;
  QComboBox* m_choice = nullptr;
  QListWidget* m_list = nullptr;
};

}  // namespace anchorlens::app

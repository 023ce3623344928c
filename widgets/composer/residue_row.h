// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/field_row.h"

#include <optional>

class QCheckBox;
class QLabel;

namespace anchorlens::widgets {

class ResidueGrid;

/// "Test when (key - position) mod m is r", with its picture. Without a rule (row -1) a tick box
/// that asks for one.
class ResidueRow : public FieldRow {
  Q_OBJECT

 public:
  /// `row` of task.held_out, which has a residue rule; -1: there is none yet.
  ResidueRow(int row, const QStringList& keys, QWidget* parent = nullptr);

  void load(const core::ExperimentSpec& experiment, bool read_only) override;
  void setTheme(const Theme& theme) override;
  ResidueGrid* grid() const { return m_grid; }
  QCheckBox* box() const { return m_box; }

 signals:
  void addRequested();

 private:
  void addFields(int row, const QStringList& keys);

  int m_row = -1;
  QCheckBox* m_box = nullptr;
  ResidueGrid* m_grid = nullptr;
  QLabel* m_told = nullptr;
};

/// What a residue rule can look at: the keys of the patterns, and "answer" with a match.
QStringList residueKeys(const core::TaskSpec& task);

}  // namespace anchorlens::widgets

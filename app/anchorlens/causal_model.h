// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"

#include <QAbstractItemModel>

#include <vector>

namespace anchorlens::app {

/// Causal tests as a tree: a row for all sequences of a test, below it one for each group.
class CausalModel : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Column {
    Test,
    Step,
    Method,
    Sequences,
    N,
    Accuracy,
    Without,
    Control,
    ControlRange,
    OnlyThese,
    Necessity,
    OfControl,
    Sufficiency,
    Loss,
    LossWithout,
    LossControl,
    LogitDifference,
    LogitWithout,
    LogitControl,
    kColumns
  };

  using QAbstractItemModel::QAbstractItemModel;

  /// Tests that follow those that are shown leave rows, selection and what is unfolded as they are.
  void setTests(std::vector<engine::CausalRecord> tests, std::vector<core::GroupInfo> groups);
  const std::vector<engine::CausalRecord>& tests() const { return m_tests; }
  const std::vector<core::GroupInfo>& groups() const { return m_groups; }
  /// The test that a row is of or belongs to; -1 for none.
  static int testOf(const QModelIndex& index);

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& /*parent*/ = {}) const override { return kColumns; }
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString text(const QModelIndex& index) const;

  std::vector<engine::CausalRecord> m_tests;
  std::vector<core::GroupInfo> m_groups;
};

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/number_table.h"

#include <QAbstractTableModel>
#include <QDialog>

class QTableView;

namespace anchorlens::widgets {

class NumberModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr int kDigits = 7;  ///< shown: as many as a weight has; all are copied

  explicit NumberModel(NumberTable table, QObject* parent = nullptr);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  NumberTable m_table;
};

/// The numbers behind a view: sortable by a click on a header, copied by Ctrl+C (the selection, or
/// all of it, with a header). Not modal; deletes itself when closed.
class NumberDialog : public QDialog {
  Q_OBJECT

 public:
  explicit NumberDialog(NumberTable table, QWidget* parent = nullptr);
  /// What Ctrl+C puts on the clipboard now.
  QString selectedText() const;

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void copyText() const;

  QTableView* m_view = nullptr;
};

}  // namespace anchorlens::widgets

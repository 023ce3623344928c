// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_runs_arrange.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace anchorlens::widgets {

/// What stands above a long list of runs: words to filter it by, its order, and a sentence with the
/// way out where the filter hides what must not be overlooked.
class RunFilterBar : public QWidget {
  Q_OBJECT

 public:
  explicit RunFilterBar(QWidget* parent = nullptr);

  RunChoices choices() const;
  /// Emits nothing.
  void setChoices(const RunChoices& choices);
  /// "3 of 12 runs" while it filters, else empty; is told with the field to assistive technology.
  void setCount(const QString& count);
  /// Empty: nothing to say.
  void setNote(const QString& note);
  QString note() const;

  QLineEdit* filter() const { return m_filter; }
  QComboBox* sort() const { return m_sort; }
  QPushButton* clearButton() const { return m_clear; }

 signals:
  void changed();
  /// Down or Enter in the field, or Escape where there is nothing to clear: on to the list.
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void clear();

  QLineEdit* m_filter = nullptr;
  QComboBox* m_sort = nullptr;
  QWidget* m_note_row = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_clear = nullptr;
};

}  // namespace anchorlens::widgets

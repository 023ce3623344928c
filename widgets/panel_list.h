// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_field.h"

#include <QStringList>
#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace anchorlens::widgets {

/// A list of the experiment file: anchors, forms, held-out rules, relabellings.
struct ListSpec {
  QString pointer;
  QString title;
  QString row_name;  ///< "anchor": for buttons and undo texts
  QString empty_text;
  QStringList captions;  ///< over the columns; empty: fields of a row stand below each other
  /// One entry a row; a row whose entry changes is built anew (another kind of rule).
  std::function<QStringList(const core::ExperimentSpec&)> rows;
  std::function<std::vector<FieldSpec>(int row, const QString& kind)> fields;
  std::function<void(core::ExperimentSpec&)> add;
  std::function<void(core::ExperimentSpec&, int row)> remove;
  int fewest = 0;  ///< rows that cannot be removed
};

/// Rows of fields with Add and Remove.
class FormList : public QWidget {
  Q_OBJECT

 public:
  explicit FormList(ListSpec spec, QWidget* parent = nullptr);

  const ListSpec& spec() const { return m_spec; }
  /// Rows are built anew only when their number or kind changed.
  void load(const core::ExperimentSpec& experiment);
  void setReadOnly(bool read_only);
  /// Errors at the list itself, not at one of its fields.
  void setProblems(const std::vector<core::SpecError>& problems);
  bool hasProblem() const { return !m_problems.empty(); }
  void setTheme(const Theme& theme);
  const std::vector<FormField*>& fields() const { return m_fields; }
  QPushButton* addButton() const { return m_add; }

 signals:
  void edited(anchorlens::widgets::FormField* field);
  void addRequested();
  void removeRequested(int row);
  /// New fields have no errors shown yet.
  void rebuilt();

 private:
  void rebuild(const QStringList& rows);
  QWidget* buildRow(int row, const QString& kind);
  QWidget* removeButton(int row);

  ListSpec m_spec;
  QStringList m_rows;
  bool m_has_loaded = false;
  bool m_is_read_only = false;
  Theme m_theme = Theme::dark();
  std::vector<FormField*> m_fields;
  std::vector<QWidget*> m_remove_buttons;
  std::vector<core::SpecError> m_problems;
  QWidget* m_body = nullptr;
  QVBoxLayout* m_outer = nullptr;
  QLabel* m_empty = nullptr;
  QLabel* m_error = nullptr;
  QPushButton* m_add = nullptr;
};

}  // namespace anchorlens::widgets

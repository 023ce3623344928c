// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/head_ref.h"

#include <QWidget>

#include <string>
#include <vector>

class QCheckBox;
class QGridLayout;
class QLineEdit;

namespace anchorlens::app {

/// Heads of a model as text, "0.0, 1.0", and in small models as boxes, too; both say the same.
class HeadPicker : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kMostBoxes = 16;

  explicit HeadPicker(QWidget* parent = nullptr);

  /// The text stays.
  void setModel(const core::ModelSpec& model);
  std::vector<std::string> words() const;
  QLineEdit* edit() const { return m_edit; }
  /// Null where there are no boxes, or no such head.
  QCheckBox* box(const core::HeadRef& head) const;

 signals:
  void changed();

 private:
  void showBoxes();
  void takeBoxes();

  core::ModelSpec m_model;
  QLineEdit* m_edit = nullptr;
  QGridLayout* m_grid = nullptr;
  std::vector<QCheckBox*> m_boxes;  ///< [layer * n_heads + head]
};

/// The words of a list that commas, semicolons or spaces part.
std::vector<std::string> wordsOf(const QString& text);

}  // namespace anchorlens::app

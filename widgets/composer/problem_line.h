// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QFrame>
#include <QStringList>

class QLabel;
class QHBoxLayout;

namespace anchorlens::widgets {

/// What is wrong with the row above it, in words, on the tint of errors; hidden while nothing is.
class ProblemLine : public QFrame {
  Q_OBJECT

 public:
  explicit ProblemLine(QWidget* parent = nullptr);

  void setLines(QStringList lines);
  const QStringList& lines() const { return m_lines; }
  void setTheme(const Theme& theme);

 private:
  QStringList m_lines;
  QLabel* m_icon = nullptr;
  QLabel* m_text = nullptr;
};

}  // namespace anchorlens::widgets

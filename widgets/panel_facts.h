// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <utility>
#include <vector>

class QGridLayout;
class QLabel;

namespace anchorlens::widgets {

/// Rows of a name and a value at the right, in monospace.
class FactRows : public QWidget {
  Q_OBJECT

 public:
  explicit FactRows(QWidget* parent = nullptr);
  void setFacts(const std::vector<std::pair<QString, QString>>& facts);
  void setDimmed(bool dimmed);
  const std::vector<std::pair<QString, QString>>& facts() const { return m_facts; }

 private:
  std::vector<std::pair<QString, QString>> m_facts;
  std::vector<std::pair<QLabel*, QLabel*>> m_rows;
  QGridLayout* m_grid = nullptr;
};

/// "9.5 MB"
QString formatBytes(double bytes);

}  // namespace anchorlens::widgets

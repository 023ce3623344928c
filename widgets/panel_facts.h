// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
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
  /// `tips`: what some of the names mean.
  void setFacts(const std::vector<std::pair<QString, QString>>& facts,
                const QHash<QString, QString>& tips = {});
  void setDimmed(bool dimmed);
  const std::vector<std::pair<QString, QString>>& facts() const { return m_facts; }

 private:
  void placeValue(std::size_t fact);

  std::vector<std::pair<QString, QString>> m_facts;
  std::vector<std::pair<QLabel*, QLabel*>> m_rows;
  QGridLayout* m_grid = nullptr;
};

/// "9.5 MB"
QString formatBytes(double bytes);
/// Floating-point operations: "447 MFLOP"
QString formatFlop(double flop);
/// "11 s", "3 min 20 s", "2 h 5 min", "12 days": as exact as a guess may look.
QString formatDuration(double seconds);
/// Steps a second: "137", "8.4", "0.25"
QString formatRate(double per_second);

}  // namespace anchorlens::widgets

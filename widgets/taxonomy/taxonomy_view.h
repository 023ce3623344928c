// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/taxonomy/ribbon_chart.h"

#include <QWidget>

#include <array>

class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QTableWidget;

namespace anchorlens::widgets {

/// The Heads tab: every head of every frame by its label, as a table at the cursor and as ribbons
/// over time. Thresholds can be tried: what they would change is counted, and the ribbons show it;
/// "Use everywhere" makes them those of the whole window.
class TaxonomyView : public QWidget {
  Q_OBJECT

 public:
  explicit TaxonomyView(QWidget* parent = nullptr);

  /// The shown run's history; the owner keeps it alive until it sets another one. Null: none.
  /// Thresholds that are tried stay.
  void setHistory(const RunHistory* history);
  /// The history has grown, or its thresholds are others; read when visible.
  void historyChanged();
  void setCursor(std::int64_t step);
  void setLogarithmic(bool on);
  void setEmptyText(const QString& text);
  void selectHead(int layer, int head);
  void setTheme(const Theme& theme);
  struct RowOrder {
    int column = 0;
    bool is_descending = false;
    bool operator==(const RowOrder&) const = default;
  };
  /// How the rows of the table are sorted. A column that it does not have changes nothing.
  void setRowOrder(RowOrder order);
  RowOrder rowOrder() const;

  RibbonChart* chart() const { return m_chart; }
  QTableWidget* table() const { return m_table; }
  core::LabelThresholds thresholds() const;  ///< as in the fields
  QString changeText() const;                ///< "12 of 640 labels change, 1 head at this step"
  NumberTable numbers() const;

 signals:
  void headSelected(int layer, int head);
  void rowOrderChanged();
  void stepChosen(std::int64_t step);
  void thresholdsAccepted(const anchorlens::core::LabelThresholds& thresholds);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void buildThresholds(QHBoxLayout* row);
  void buildTable();
  bool hasLabels() const;  ///< of some frame
  void showThresholds();
  void tried();
  void pull();
  void fillTable();
  void markRow();

  const RunHistory* m_history = nullptr;
  std::vector<HeadRow> m_rows;
  TimeScale m_scale;
  std::int64_t m_step = 0;
  bool m_is_dirty = false;       ///< the ribbons are older than the history
  bool m_is_step_dirty = false;  ///< the table is of another step
  bool m_is_filling = false;
  int m_layer = -1;
  int m_head = -1;
  core::LabelThresholds m_in_use;
  std::optional<TriedLabels> m_tried;  ///< other thresholds than those in use
  std::array<QDoubleSpinBox*, 4> m_fields{};
  QLabel* m_change = nullptr;
  QPushButton* m_use = nullptr;
  QPushButton* m_defaults = nullptr;
  QLabel* m_empty = nullptr;
  QWidget* m_body = nullptr;
  RibbonChart* m_chart = nullptr;
  QTableWidget* m_table = nullptr;
};

}  // namespace anchorlens::widgets

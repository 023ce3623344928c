// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"
#include "widgets/number_table.h"
#include "widgets/panel_checks.h"
#include "widgets/theme.h"

#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

SampleKind sampleKind(const core::Task& task, const core::SequenceSet& samples, std::size_t i);
/// "train", "test", "held out", "relabelled"
QString sampleKindName(SampleKind kind);
/// What one sample is called beside its tokens: the name of its kind.
QString sampleGroup(const core::Task& task, const core::SequenceSet& samples, std::size_t i);

/// Sample sequences: tokens by role, answer, group, in one or more columns. As high as its rows;
/// wide ones scroll outside.
class SampleList : public QWidget {
  Q_OBJECT

 public:
  explicit SampleList(QWidget* parent = nullptr);

  void setSamples(const std::optional<core::Task>& task, const core::SequenceSet& samples);
  /// They belong to an older state of the experiment: dimmed.
  void setStale(bool stale);
  void setCompact(bool compact);  ///< without the group's column
  void setTheme(const Theme& theme);
  /// Rows stand side by side in so many columns, downwards first.
  void setColumns(int columns);
  int columns() const { return m_columns; }
  /// Narrower tokens where one column is wider than the parent (of a scroll area: what it shows).
  void setFitsParent(bool fits);
  /// As many columns as fit, at least one, at most `most`.
  int columnsFor(int width, int most) const;
  /// How an answer came about, for the tooltip of its row; empty: nothing to say.
  void setExplainer(std::function<QString(std::size_t)> explain) { m_explain = std::move(explain); }
  /// -1 outside of every row.
  int rowAt(QPointF position) const;
  QRectF rowRect(std::size_t i) const;
  NumberTable numbers() const;
  std::size_t count() const { return m_samples.size(); }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  bool event(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Metrics;
  Metrics measure() const;
  QRectF rowRect(std::size_t i, const Metrics& metrics) const;
  std::size_t rowsInColumn() const;
  void setRoom(int width);
  void paintHeader(QPainter& painter, double x, const Metrics& metrics) const;
  void paintRow(QPainter& painter, std::size_t i, QPointF at, const Metrics& metrics) const;

  std::optional<core::Task> m_task;
  core::SequenceSet m_samples;
  Theme m_theme = Theme::dark();
  std::function<QString(std::size_t)> m_explain;
  int m_columns = 1;
  int m_room = 0;  ///< width to fit into; 0: as wide as it likes
  bool m_is_stale = false;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets

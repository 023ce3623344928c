// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// What one sample is called beside its tokens: "train", "test", "held out", "relabelled".
QString sampleGroup(const core::Task& task, const core::SequenceSet& samples, std::size_t i);

/// Sample sequences: tokens by role, answer, group. As high as its rows; wide ones scroll outside.
class SampleList : public QWidget {
  Q_OBJECT

 public:
  explicit SampleList(QWidget* parent = nullptr);

  void setSamples(const std::optional<core::Task>& task, const core::SequenceSet& samples);
  /// They belong to an older state of the experiment: dimmed.
  void setStale(bool stale);
  void setCompact(bool compact);  ///< without the group's column
  void setTheme(const Theme& theme);
  NumberTable numbers() const;
  std::size_t count() const { return m_samples.size(); }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Metrics;
  Metrics measure() const;
  void paintRow(QPainter& painter, std::size_t i, double y, const Metrics& metrics) const;

  std::optional<core::Task> m_task;
  core::SequenceSet m_samples;
  Theme m_theme = Theme::dark();
  bool m_is_stale = false;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets

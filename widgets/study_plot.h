// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/study_pick.h"
#include "widgets/study_text.h"
#include "widgets/theme.h"
#include "widgets/time_scale.h"

#include <QPointF>
#include <qcustomplot.h>

#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// Loss and accuracy of a study: of each setting the median with its range and the seeds behind.
/// Hue is the setting, line style the group. A click on a line takes its run.
class StudyPlot : public QCustomPlot {
  Q_OBJECT

 public:
  explicit StudyPlot(QWidget* parent = nullptr);

  void setData(std::shared_ptr<const core::StudyData> study, const CurveChoice& choice);
  void setTheme(const Theme& theme);
  /// Drawn over the others. -1: none.
  void setShownMember(int member);
  void setTimeCursor(std::optional<std::int64_t> step);

  const std::vector<StudyCurve>& curves() const { return m_curves; }
  /// The line nearest to a point; empty when none is near.
  std::optional<StudyLine> lineAt(QPointF point) const { return pick(point).line(); }
  /// Where an accuracy is drawn, or a loss.
  QPointF pointOf(bool is_loss, double step, double value) const;

  QSize sizeHint() const override { return {560, 340}; }
  QSize minimumSizeHint() const override { return {240, 150}; }

 signals:
  void memberTaken(quint64 member);

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent*) override {}  // no dragging, no zoom
  void mouseReleaseEvent(QMouseEvent*) override {}
  void mouseDoubleClickEvent(QMouseEvent*) override {}
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Pane {
    QCPAxisRect* rect = nullptr;
    QCPItemStraightLine* cursor = nullptr;
    bool is_loss = false;
  };
  void makePane(bool is_loss);
  void style();
  void fill();
  void fillPane(const Pane& pane);
  void fillCurve(const Pane& pane, const StudyCurve& curve);
  void fillShown(const Pane& pane);
  void setRanges();
  void placeCursor();
  QCPGraph* addLine(const Pane& pane, const QVector<double>& steps, const QVector<double>& values,
                    const QPen& pen);
  const core::NumberSeries* seriesOf(const StudyCurve& curve, std::size_t member,
                                     bool is_loss) const;
  LinePick pick(QPointF point) const;
  QString textOf(const StudyLine& line) const;

  std::shared_ptr<const core::StudyData> m_data;
  std::vector<StudyCurve> m_curves;
  std::vector<Pane> m_panes;
  Theme m_theme = Theme::dark();
  int m_shown = -1;
  std::optional<std::int64_t> m_cursor;
};

}  // namespace anchorlens::widgets

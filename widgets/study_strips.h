// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/study_pick.h"
#include "widgets/study_text.h"
#include "widgets/theme.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>

class QPainter;

namespace anchorlens::widgets {

/// How one lane of head scores is drawn, on the screen and in figures.
struct StripPaint {
  QRectF field;
  double last = 1;  ///< step at the right end
  double unit = 1;
  int columns = 600;  ///< points a line has at most
  double low = 0;     ///< of StudyStrip
};
/// Range, seeds and median of shift and broadcast of one head, `low` to 1 upwards.
void paintStudyStrip(QPainter& painter, const core::StudyData& data, const StudyStrip& strip,
                     std::size_t index, const StripPaint& how, const Theme& theme);

/// The head scores of one setting: a lane a head, with the seeds behind the median. A click on a
/// line takes its run; the arrow keys scroll.
class StudyStrips : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit StudyStrips(QWidget* parent = nullptr);

  void setData(std::shared_ptr<const core::StudyData> study, std::size_t setting);
  void setTheme(const Theme& theme);
  /// Drawn thicker. -1: none.
  void setShownMember(int member);
  void setTimeCursor(std::optional<std::int64_t> step);

  const std::vector<StudyStrip>& strips() const { return m_strips; }
  /// The line nearest to a point of the viewport; empty when none is near.
  std::optional<StudyLine> lineAt(QPointF point) const { return pick(point).line(); }
  /// Where a value at a step is drawn, in the viewport.
  QPointF pointOf(std::size_t strip, double step, double value) const;

  QSize sizeHint() const override { return {560, 340}; }
  QSize minimumSizeHint() const override { return {240, 150}; }

 signals:
  void memberTaken(quint64 member);

 protected:
  bool viewportEvent(QEvent* event) override;
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void layOut();
  double laneHeight() const;
  QRectF fieldOf(std::size_t strip) const;
  StripPaint paintOf(std::size_t strip) const;
  void paintHead(QPainter& painter, std::size_t strip) const;
  void paintAxis(QPainter& painter) const;
  LinePick pick(QPointF point) const;
  QString textOf(const StudyLine& line) const;

  std::shared_ptr<const core::StudyData> m_data;
  std::size_t m_setting = 0;
  std::vector<StudyStrip> m_strips;
  double m_last = 1;
  int m_shown = -1;
  std::optional<std::int64_t> m_cursor;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets

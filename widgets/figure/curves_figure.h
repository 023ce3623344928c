// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/figure/figure_field.h"
#include "widgets/figure/time_view.h"
#include "widgets/run_history.h"
#include "widgets/time_marks.h"

/// Figures of a run over time: as the Timeline shows it.
namespace anchorlens::widgets {

class HistoryFigure : public FigureContent {
 public:
  /// `bookmarks`: what happened is marked, these too; none: nothing is.
  explicit HistoryFigure(std::shared_ptr<const RunHistory> history, TimeView view = {},
                         const std::optional<std::vector<core::Bookmark>>& bookmarks = {});
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;  ///< the newest
  QStringList provenance(const FigureSource& source) const override;

 protected:
  const RunHistory& history() const { return *m_history; }
  const TimeView& timeView() const { return m_view; }
  FigureField fieldOf(const FigureCanvas& canvas, const QRectF& box) const;
  /// The rows of what is shown, of a table that begins with the step.
  NumberTable shownRows(NumberTable table) const;
  bool isShown(double step) const { return !m_view.range || m_view.range->has(step); }
  /// Spikes are the loss's.
  const std::vector<TimeMark>& spikes() const { return m_spikes; }
  /// Lane, axis and key from `top`, under fields whose steps are the `field`'s; returns the height.
  double paintFoot(const FigureCanvas& canvas, FigureField field, double top, double left,
                   double width, bool has_spikes) const;
  void addShownMarks(NpzWriter& npz, bool has_spikes) const;

 private:
  std::vector<TimeMark> keyMarks(bool has_spikes) const;

  std::shared_ptr<const RunHistory> m_history;
  TimeView m_view;
  bool m_has_marks = false;
  std::vector<TimeMark> m_marks;
  std::vector<TimeMark> m_spikes;
};

/// Loss and accuracy of each group.
class CurvesFigure : public HistoryFigure {
 public:
  using HistoryFigure::HistoryFigure;
  QString view() const override { return QStringLiteral("curves"); }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;
  void addArrays(NpzWriter& npz) const override;
};

/// A strip for each head.
class ScoresFigure : public HistoryFigure {
 public:
  using HistoryFigure::HistoryFigure;
  QString view() const override { return QStringLiteral("scores"); }
  QString problem() const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return shownRows(history().scoreNumbers()); }
  void addArrays(NpzWriter& npz) const override;
};

}  // namespace anchorlens::widgets

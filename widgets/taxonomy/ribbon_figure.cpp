// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/taxonomy/ribbon_figure.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/taxonomy/ribbon_chart.h"

namespace anchorlens::widgets {

QString RibbonFigure::problem() const {
  if (const QString text = HistoryFigure::problem(); !text.isEmpty())
    return text;
  const auto& heads = history().headSeries();
  return heads.empty() || heads.front().steps.empty()
             ? QStringLiteral("The run has no head scores.")
             : QString();
}

double RibbonFigure::paint(const FigureCanvas& canvas, double top) const {
  const double f = canvas.font;
  auto ribbons = ribbonsOf(history());
  for (std::size_t i = 0; i < ribbons.size(); ++i)
    ribbons[i].is_tested = i < m_tested.size() && m_tested[i];
  RibbonPaintOptions options;
  options.font_px = f;
  options.unit = canvas.unit();
  options.text_as_paths = canvas.text_as_paths;
  TimeScale scale;
  scale.is_logarithmic = canvas.style.log_steps;
  const RibbonLayout layout =
      layoutRibbons(QRectF(0, top, canvas.width, 0), ribbons.size(),
                    static_cast<double>(history().newestStep()), scale, options);
  if (canvas.painter != nullptr)
    paintRibbons(*canvas.painter, layout, ribbons, options, canvas.theme);
  const double axis = layout.field.bottom() + f * 1.8;
  canvas.text(QRectF(layout.field.left(), axis, layout.field.width(), f * 1.4),
              Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("Step"), textFont(f * 0.95),
              canvas.theme.text_second);
  return axis + f * 1.6 - top;
}

NumberTable RibbonFigure::numbers() const {
  NumberTable table;
  table.title = QStringLiteral("Labels of heads over time");
  table.columns = {QStringLiteral("layer"), QStringLiteral("head"), QStringLiteral("label"),
                   QStringLiteral("state"), QStringLiteral("from"), QStringLiteral("to")};
  for (const HeadRibbon& ribbon : ribbonsOf(history())) {
    for (const LabelSpan& span : ribbon.spans) {
      table.rows.push_back({static_cast<qint64>(ribbon.layer), static_cast<qint64>(ribbon.head),
                            span.label ? labelTitle(*span.label).toLower() : QString(),
                            stateName(span.state), static_cast<qint64>(span.first),
                            static_cast<qint64>(span.last)});
    }
  }
  return table;
}

}  // namespace anchorlens::widgets

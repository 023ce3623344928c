// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/study_figures.h"

#include "widgets/figure/figure_field.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/phase_map.h"
#include "widgets/study_strips.h"
#include "widgets/text_paint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

PhaseOptions phaseOptions(const FigureCanvas& canvas) {
  PhaseOptions options;
  options.map = canvas.style.map;
  options.values = canvas.style.values;
  options.colour_bar = canvas.style.colour_bar;
  options.vector = true;
  options.text_as_paths = canvas.text_as_paths;
  options.font_px = canvas.font;
  options.unit = canvas.unit();
  return options;
}

QPolygonF lineOf(const FigureField& field, const std::vector<std::int64_t>& steps,
                 const std::vector<double>& values) {
  QPolygonF line;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (std::isfinite(values[i])) {
      line << QPointF(field.x(static_cast<double>(steps[i])), field.y(values[i]));
    }
  }
  return line;
}

void paintCurve(const FigureCanvas& canvas, const FigureField& field, const core::StudyData& study,
                const StudyCurve& curve, bool is_loss) {
  QPainter& painter = *canvas.painter;
  const Theme& theme = canvas.theme;
  const core::NumberBand& band = is_loss ? curve.loss : curve.accuracy;
  const QColor hue = theme.run(curve.colour);
  QPolygonF area = lineOf(field, band.steps, band.high);
  const QPolygonF low = lineOf(field, band.steps, band.low);
  for (qsizetype i = low.size(); i-- > 0;) {
    area << low[i];
  }
  painter.setPen(Qt::NoPen);
  QColor fill = hue;
  fill.setAlphaF(0.14F);
  painter.setBrush(fill);
  painter.drawPolygon(area);
  painter.setBrush(Qt::NoBrush);
  QPen pen = theme.group(groupLineOf(curve.kind), 0.5 * canvas.unit());
  pen.setColor(mixed(theme.panel, hue, 0.55));
  painter.setPen(pen);
  for (const std::size_t member : curve.members) {
    const core::GroupNumbers& group = *study.runs[member]->group(curve.group);
    const core::NumberSeries& series = is_loss ? group.loss : group.accuracy;
    painter.drawPolyline(lineOf(field, series.steps, series.values));
  }
  pen = theme.group(groupLineOf(curve.kind), 1.5 * canvas.unit());
  pen.setColor(hue);
  painter.setPen(pen);
  painter.drawPolyline(lineOf(field, band.steps, band.median));
}

/// Settings by hue, groups by line; returns the height.
double paintLegend(const FigureCanvas& canvas, const core::StudyData& study,
                   const std::vector<StudyCurve>& curves, double top, double left) {
  const double f = canvas.font;
  const QFont font = textFont(f * 0.9);
  double x = left;
  double y = top;
  const auto entry = [&](const QPen& pen, const QString& name) {
    const double width = f * 2.6 + textWidth(name, font) + f * 1.4;
    if (x + width > canvas.width && x > left) {
      x = left;
      y += f * 1.4;
    }
    if (canvas.painter != nullptr) {
      canvas.painter->setRenderHint(QPainter::Antialiasing);
      canvas.painter->setPen(pen);
      canvas.painter->drawLine(QPointF(x, y + f * 0.8), QPointF(x + f * 2.2, y + f * 0.8));
    }
    canvas.text(QRectF(x + f * 2.6, y, width, f * 1.6), Qt::AlignLeft | Qt::AlignVCenter, name,
                font, canvas.theme.text);
    x += width;
  };
  std::vector<std::string> groups;
  std::vector<std::size_t> settings;
  for (const StudyCurve& curve : curves) {
    if (std::find(settings.begin(), settings.end(), curve.setting) == settings.end()) {
      settings.push_back(curve.setting);
      entry(QPen(canvas.theme.run(curve.colour), 1.8 * canvas.unit()),
            settingName(study, curve.setting));
    }
  }
  x = left;
  y += f * 1.4;
  for (const StudyCurve& curve : curves) {
    if (std::find(groups.begin(), groups.end(), curve.group) == groups.end()) {
      groups.push_back(curve.group);
      QPen pen = canvas.theme.group(groupLineOf(curve.kind), 1.5 * canvas.unit());
      pen.setColor(canvas.theme.text_second);
      entry(pen, QString::fromStdString(curve.group));
    }
  }
  return y - top + f * 2;
}

struct Range {
  double low = 0.01;
  double high = 10;
};

Range lossRangeOf(const std::vector<StudyCurve>& curves) {
  double low = INFINITY;
  double high = 0;
  for (const StudyCurve& curve : curves) {
    for (std::size_t i = 0; i < curve.loss.steps.size(); ++i) {
      high = std::max(high, curve.loss.high[i]);
      low = curve.loss.low[i] > 0 ? std::min(low, curve.loss.low[i]) : low;
    }
  }
  return low < high ? Range{std::pow(10, std::floor(std::log10(low))),
                            std::pow(10, std::ceil(std::log10(high)))}
                    : Range{};
}

std::int64_t lastStepOf(const StudyStrip& strip) {
  return strip.shift.steps.empty() ? 1 : strip.shift.steps.back();
}

}  // namespace

QString StudyContent::problem() const {
  return !m_study || newestStep(*m_study) == 0
             ? QStringLiteral("No run of the study has numbers yet.")
             : QString();
}

QStringList PhaseFigure::stepNames() const {
  return {m_choice.step ? QString::number(*m_choice.step) : QStringLiteral("last")};
}

QStringList PhaseFigure::provenance(const FigureSource& /*source*/) const {
  QStringList parts{numberTitle(m_choice.number).remove(','), phaseTime(m_choice)};
  if (m_choice.grey_below) {
    parts << QStringLiteral("grey: training accuracy below %1")
                 .arg(formatAccuracy(*m_choice.grey_below));
  }
  return parts << studyState(study());
}

NumberTable PhaseFigure::numbers() const {
  return phaseNumbers(core::makePhaseDiagram(study(), m_choice));
}

double PhaseFigure::paint(const FigureCanvas& canvas, double top) const {
  const core::PhaseDiagram diagram = core::makePhaseDiagram(study(), m_choice);
  const PhaseOptions options = phaseOptions(canvas);
  const double f = canvas.font;
  const double title = f * 2;
  canvas.text(QRectF(0, top, canvas.width, f * 1.6), Qt::AlignLeft | Qt::AlignVCenter,
              numberTitle(diagram.choice.number) + QStringLiteral(", ") + phaseTime(diagram.choice),
              textFont(f, Weight::SemiBold), canvas.theme.text);
  const double tallest = 4.5 * f * static_cast<double>(diagram.rows()) + f * 4;
  const QRectF area(0, top + title, canvas.width, tallest);
  const PhaseLayout layout = layoutPhase(area, diagram, options);
  if (canvas.painter != nullptr) {
    paintPhase(*canvas.painter, layout, diagram, options, canvas.theme);
  }
  return title + layout.needed.height();
}

QString StudyCurvesFigure::problem() const {
  const QString text = StudyContent::problem();
  return text.isEmpty() && studyCurves(study(), m_choice).empty()
             ? QStringLiteral("No setting is chosen that has curves.")
             : text;
}

QStringList StudyCurvesFigure::provenance(const FigureSource& /*source*/) const {
  return {studyState(study())};
}

NumberTable StudyCurvesFigure::numbers() const {
  return curveNumbers(study(), m_choice);
}

double StudyCurvesFigure::paint(const FigureCanvas& canvas, double top) const {
  const std::vector<StudyCurve> curves = studyCurves(study(), m_choice);
  const double f = canvas.font;
  const double left = f * 6;
  const double legend = paintLegend(canvas, study(), curves, top, left);
  const double height = std::max(f * 9, canvas.width * 0.22);
  const double gap = f * 1.3;
  if (canvas.painter != nullptr) {
    const QRectF box(left, top + legend, canvas.width - left - f * 0.5, height);
    const std::int64_t newest = newestStep(study());
    FigureField loss = makeField(canvas, box, newest);
    const Range range = lossRangeOf(curves);
    loss.low = range.low;
    loss.high = range.high;
    loss.is_log = true;
    FigureField accuracy = makeField(canvas, box.translated(0, height + gap), newest);
    accuracy.high = 1.03;
    paintFrame(canvas, loss, lossTicks(range.low, range.high, static_cast<int>(height / (f * 2))));
    paintFrame(canvas, accuracy, {0, 0.25, 0.5, 0.75, 1});
    for (const StudyCurve& curve : curves) {
      paintCurve(canvas, loss, study(), curve, true);
      paintCurve(canvas, accuracy, study(), curve, false);
    }
    paintValueName(canvas, loss, QStringLiteral("Loss"));
    paintValueName(canvas, accuracy, QStringLiteral("Accuracy"));
    paintStepAxis(canvas, accuracy);
  }
  return legend + 2 * height + gap + f * 3.2;
}

QString StudyScoresFigure::problem() const {
  const QString text = StudyContent::problem();
  return text.isEmpty() && studyStrips(study(), m_setting).empty()
             ? QStringLiteral("The setting has no head scores.")
             : text;
}

QStringList StudyScoresFigure::provenance(const FigureSource& /*source*/) const {
  return {settingName(study(), m_setting), studyState(study())};
}

NumberTable StudyScoresFigure::numbers() const {
  return stripNumbers(study(), m_setting);
}

double StudyScoresFigure::paint(const FigureCanvas& canvas, double top) const {
  const std::vector<StudyStrip> strips = studyStrips(study(), m_setting);
  const double f = canvas.font;
  const double lane = f * 5;
  const double left = f * 6;
  std::int64_t newest = 1;
  for (const StudyStrip& strip : strips) {
    newest = std::max(newest, lastStepOf(strip));
  }
  for (std::size_t i = 0; canvas.painter != nullptr && i < strips.size(); ++i) {
    FigureField field = makeField(canvas,
                                  QRectF(left, top + static_cast<double>(i) * lane + f * 0.6,
                                         canvas.width - left - f * 6.5, lane - f),
                                  newest);
    // Steps of strips are linear, as on the screen.
    field.scale.is_logarithmic = false;
    field.low = strips[i].low;
    paintFrame(canvas, field, {0, 0.5, 1});
    StripPaint how{field.box, static_cast<double>(newest), canvas.unit()};
    how.low = field.low;
    paintStudyStrip(*canvas.painter, study(), strips[i], i, how, canvas.theme);
    paintValueName(canvas, field, headName(strips[i].layer, strips[i].head));
    for (const bool is_broadcast : {false, true}) {
      const auto& band = is_broadcast ? strips[i].broadcast : strips[i].shift;
      canvas.text(QRectF(field.box.right() + f * 0.4,
                         field.box.top() + (is_broadcast ? 0 : f * 1.5), f * 6, f * 1.5),
                  Qt::AlignLeft | Qt::AlignVCenter,
                  (is_broadcast ? QStringLiteral("broadcast ") : QStringLiteral("shift ")) +
                      formatScore(band.median.back()),
                  textFont(f * 0.8),
                  canvas.theme.mechanism(is_broadcast ? Mechanism::Broadcast : Mechanism::Shift));
    }
    if (i + 1 == strips.size()) {
      paintStepAxis(canvas, field);
    }
  }
  return lane * static_cast<double>(strips.size()) + f * 3.4;
}

}  // namespace anchorlens::widgets

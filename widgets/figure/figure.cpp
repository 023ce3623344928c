// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/figure.h"

#include "engine/core/store/checkpoint.h"
#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QMimeData>
#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr double kMargin = 4 * kUnitsPerPoint;

/// Texts of steps, for people or for file names.
QStringList stepTexts(const std::vector<std::int64_t>& steps, bool grouped) {
  QStringList texts;
  for (const std::int64_t step : steps) {
    texts << (grouped ? formatInteger(step) : QString::number(step));
  }
  return texts;
}

}  // namespace

QStringList FigureContent::stepNames() const {
  return stepTexts(steps(), false);
}

QStringList FigureContent::provenance(const FigureSource& source) const {
  QStringList parts;
  if (const auto shown = steps(); !shown.empty()) {
    parts << QStringLiteral("step ") + stepTexts(shown, true).join(QStringLiteral(" / "));
  }
  parts << QStringLiteral("seed %1").arg(source.seed);
  return source.changed.isEmpty() ? parts : parts << source.changed;
}

void FigureContent::addArrays(NpzWriter& npz) const {
  npz.add(numbers());
}

std::optional<FigureFormat> figureFormat(QStringView suffix) {
  QString name = suffix.toString().toLower();
  if (name.startsWith('.')) {
    name.remove(0, 1);
  }
  for (const FigureFormat format : {FigureFormat::Svg, FigureFormat::Pdf, FigureFormat::Png,
                                    FigureFormat::Csv, FigureFormat::Npz, FigureFormat::Latex}) {
    if (name == figureSuffix(format)) {
      return format;
    }
  }
  return {};
}

QString figureSuffix(FigureFormat format) {
  switch (format) {
    case FigureFormat::Svg:
      return QStringLiteral("svg");
    case FigureFormat::Pdf:
      return QStringLiteral("pdf");
    case FigureFormat::Png:
      return QStringLiteral("png");
    case FigureFormat::Csv:
      return QStringLiteral("csv");
    case FigureFormat::Latex:
      return QStringLiteral("tex");
    case FigureFormat::Npz:
      break;
  }
  return QStringLiteral("npz");
}

QString figureProblem(const Figure& figure) {
  return figure.content ? figure.content->problem() : QStringLiteral("There is nothing to draw.");
}

QString provenanceLine(const Figure& figure) {
  QStringList parts;
  if (!figure.source.run.isEmpty()) {
    parts << figure.source.run;
  }
  parts << figure.content->provenance(figure.source);
  for (const QString& part : {figure.source.without, figure.source.task, figure.source.program}) {
    if (!part.isEmpty()) {
      parts << part;
    }
  }
  if (!figure.source.experiment.isEmpty()) {
    parts << QStringLiteral("experiment ") + figure.source.experiment;
  }
  return parts.join(QStringLiteral(", "));
}

FigureNames figureNames(const Figure& figure) {
  return {figure.source.run, figure.content->view(), figure.content->stepNames(),
          figure.source.seed};
}

QString figureFileName(const QString& pattern, const FigureNames& names) {
  QString name = pattern;
  name.replace(QStringLiteral("{run}"), names.run);
  name.replace(QStringLiteral("{view}"), names.view);
  name.replace(QStringLiteral("{steps}"), names.steps.join('-'));
  name.replace(QStringLiteral("{step}"), names.steps.value(0));
  name.replace(QStringLiteral("{seed}"), QString::number(names.seed));
  for (QChar& c : name) {
    if (c < QChar(0x20) || QStringLiteral("\\:*?\"<>|").contains(c)) {
      c = '-';
    }
  }
  return name;
}

FigureCanvas makeCanvas(QPainter* painter, const FigureStyle& style) {
  FigureCanvas canvas{painter, style, style.dark ? Theme::dark() : Theme::print()};
  canvas.font = style.font_pt * kUnitsPerPoint;
  canvas.width = style.width_in * kUnitsPerInch - 2 * kMargin;
  return canvas;
}

HeadMapOptions FigureCanvas::mapOptions() const {
  HeadMapOptions options;
  options.map = style.map;
  options.values = style.values;
  options.tokens = style.tokens;
  options.axis_titles = true;
  options.outlines = style.outlines;
  options.colour_bar = style.colour_bar;
  options.per_head = style.per_head;
  options.vector = is_vector;
  options.text_as_paths = text_as_paths;
  options.font_px = font;
  options.unit = unit();
  options.min_value_cell = font * 1.75;
  return options;
}

void FigureCanvas::text(const QRectF& box, Qt::Alignment alignment, const QString& text,
                        const QFont& with, const QColor& colour) const {
  if (painter != nullptr) {
    paintText(*painter, box, alignment, text, with, colour, text_as_paths);
  }
}

/// As many lines as the text needs, broken between its parts; returns their height.
static double paintProvenance(const FigureCanvas& canvas, const QString& line_text, double top) {
  const QFont font = textFont(canvas.font * 0.75);
  const double line = canvas.font * 1.2;
  double height = 0;
  QString text;
  const auto write = [&] {
    canvas.text(QRectF(0, top + height, canvas.width, line), Qt::AlignLeft | Qt::AlignVCenter,
                elided(text, font, canvas.width), font, canvas.theme.text_muted);
    height += line;
  };
  const QStringList parts = line_text.split(QStringLiteral(", "));
  for (qsizetype i = 0; i < parts.size(); ++i) {
    const QString part = parts[i] + (i + 1 < parts.size() ? QStringLiteral(", ") : QString());
    if (!text.isEmpty() && textWidth(text + part, font) > canvas.width) {
      write();
      text.clear();
    }
    text += part;
  }
  write();
  return height + canvas.font * 0.2;
}

double paintWhole(const FigureCanvas& canvas, const Figure& figure) {
  if (canvas.painter != nullptr) {
    canvas.painter->translate(kMargin, kMargin);
  }
  double height = figure.content->paint(canvas, 0);
  if (canvas.style.provenance_line) {
    height += canvas.font * 0.3;
    height += paintProvenance(canvas, provenanceLine(figure), height);
  }
  return height + 2 * kMargin;
}

QSizeF figureSize(const Figure& figure) {
  if (!figureProblem(figure).isEmpty()) {
    return {};
  }
  return {figure.style.width_in,
          paintWhole(makeCanvas(nullptr, figure.style), figure) / kUnitsPerInch};
}

void paintFigure(QPainter& painter, const Figure& figure, bool text_as_paths) {
  if (!figureProblem(figure).isEmpty()) {
    return;
  }
  const QSizeF size = figureSize(figure) * kUnitsPerInch;
  painter.save();
  painter.scale(1 / kUnitsPerPoint, 1 / kUnitsPerPoint);
  FigureCanvas canvas = makeCanvas(&painter, figure.style);
  canvas.is_vector = false;
  canvas.text_as_paths = text_as_paths;
  painter.fillRect(QRectF(QPointF(0, 0), size), canvas.theme.panel);
  paintWhole(canvas, figure);
  painter.restore();
}

core::Expected<QByteArray, core::IoError> renderFigure(const Figure& figure, FigureFormat format) {
  const QString problem = figureProblem(figure);
  if (!problem.isEmpty()) {
    return core::Unexpected(core::IoError{"", problem.toStdString()});
  }
  const FigureStyle& style = figure.style;
  if (!(style.width_in >= 0.5 && style.width_in <= 100) ||
      !(style.font_pt >= 3 && style.font_pt <= 72) || style.dpi < 30 || style.dpi > 2400) {
    return core::Unexpected(core::IoError{
        "", QStringLiteral("A figure %1 in wide with %2 pt and %3 dpi cannot be drawn: 0.5 to "
                           "100 in, 3 to 72 pt and 30 to 2400 dpi can.")
                .arg(style.width_in)
                .arg(style.font_pt)
                .arg(style.dpi)
                .toStdString()});
  }
  QByteArray bytes;
  switch (format) {
    case FigureFormat::Svg:
      bytes = figureSvg(figure);
      break;
    case FigureFormat::Pdf:
      bytes = figurePdf(figure);
      break;
    case FigureFormat::Png:
      bytes = figurePng(figure, style.dpi);
      break;
    case FigureFormat::Csv:
      bytes = figure.content->numbers().csv();
      break;
    case FigureFormat::Npz:
      bytes = figureNpz(figure);
      break;
    case FigureFormat::Latex:
      bytes = figureLatex(figure);
      if (bytes.isEmpty()) {
        return core::Unexpected(core::IoError{"", "Only tables are written as LaTeX."});
      }
      break;
  }
  if (bytes.isEmpty()) {
    return core::Unexpected(core::IoError{
        "", QStringLiteral("The picture could not be made: %1 x %2 in at %3 dpi needs too much "
                           "memory.")
                .arg(style.width_in)
                .arg(figureSize(figure).height(), 0, 'f', 1)
                .arg(style.dpi)
                .toStdString()});
  }
  return bytes;
}

core::Expected<void, core::IoError> exportFigure(const Figure& figure,
                                                 const std::filesystem::path& file) {
  const QString suffix = QString::fromStdString(file.extension().string());
  const auto format = figureFormat(suffix);
  if (!format) {
    return core::Unexpected(
        core::IoError{file.string(), QStringLiteral("A figure cannot be written as '%1'; svg, pdf, "
                                                    "png, csv, npz and tex can.")
                                         .arg(suffix)
                                         .toStdString()});
  }
  auto bytes = renderFigure(figure, *format);
  if (!bytes) {
    return core::Unexpected(core::IoError{file.string(), bytes.error().message});
  }
  return core::writeFileAtomically(
      file, std::string_view(bytes->constData(), static_cast<std::size_t>(bytes->size())));
}

QMimeData* figureMimeData(const Figure& figure) {
  auto* mime = new QMimeData;
  if (figureProblem(figure).isEmpty()) {
    mime->setData(QStringLiteral("image/png"), figurePng(figure, 192));
    mime->setData(QStringLiteral("image/svg+xml"), figureSvg(figure));
    mime->setText(figure.content->numbers().tsv());
  }
  return mime;
}

}  // namespace anchorlens::widgets

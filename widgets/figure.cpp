// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure.h"

#include "engine/core/store/checkpoint.h"
#include "widgets/figure_parts.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/weights/figure_weights.h"

#include <QMimeData>
#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr double kMargin = 4 * kUnitsPerPoint;

QString viewName(FigureItem item) {
  switch (item) {
    case FigureItem::Weights:
      return QStringLiteral("weights");
    case FigureItem::Circuits:
      return QStringLiteral("circuits");
    case FigureItem::SelectedHead:
      return QStringLiteral("head");
    case FigureItem::AllHeads:
    case FigureItem::AllHeadsOverTime:
      return QStringLiteral("heads");
    case FigureItem::Curves:
      return QStringLiteral("curves");
    case FigureItem::Flow:
      return QStringLiteral("flow");
    case FigureItem::Phase:
      return QStringLiteral("phase");
    case FigureItem::StudyCurves:
      return QStringLiteral("study-curves");
    case FigureItem::StudyScores:
      return QStringLiteral("study-scores");
    case FigureItem::Scores:
      break;
  }
  return QStringLiteral("scores");
}

QString stepsText(const FigureRequest& request, bool grouped, const QString& separator) {
  QStringList steps;
  if (needsHeads(request.item)) {
    for (const FigureHeads& heads : request.heads) {
      steps << (grouped ? formatInteger(heads.step) : QString::number(heads.step));
    }
  } else if (request.item == FigureItem::Flow) {
    const std::int64_t step = request.flow            ? request.flow->step
                              : request.heads.empty() ? 0
                                                      : request.heads.front().step;
    steps << (grouped ? formatInteger(step) : QString::number(step));
  } else if (needsWeights(request.item)) {
    if (request.weights) {
      const std::int64_t step = request.weights->step;
      steps << (grouped ? formatInteger(step) : QString::number(step));
    }
  } else if (isOfStudy(request.item)) {
    steps << (request.study.phase.step ? QString::number(*request.study.phase.step)
                                       : QStringLiteral("last"));
  } else if (request.history) {
    const std::int64_t newest = request.history->newestStep();
    steps << (grouped ? formatInteger(newest) : QString::number(newest));
  }
  return steps.join(separator);
}

}  // namespace

bool needsHeads(FigureItem item) {
  return item == FigureItem::SelectedHead || item == FigureItem::AllHeads ||
         item == FigureItem::AllHeadsOverTime;
}

bool needsWeights(FigureItem item) {
  return item == FigureItem::Weights || item == FigureItem::Circuits;
}

FigureHeads figureHeads(const core::Frame& frame, const std::vector<core::HeadLabel>& labels,
                        const ProbeContext& probe, ProbeChoice choice) {
  FigureHeads heads;
  heads.step = frame.step;
  const core::PatternBatch& batch = choice.mean ? frame.mean : frame.shown;
  heads.n_layers = batch.n_layers;
  heads.n_heads = batch.n_heads;
  heads.maps = makeHeadMaps(frame, probe, choice);
  if (labels.size() == heads.maps.size() && frame.scores.size() == heads.maps.size()) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      heads.badges.push_back(badgeOf(labels[i], frame.scores[i], probe.roles));
    }
  }
  return heads;
}

std::optional<FigureFormat> figureFormat(QStringView suffix) {
  QString name = suffix.toString().toLower();
  if (name.startsWith('.')) {
    name.remove(0, 1);
  }
  for (const FigureFormat format : {FigureFormat::Svg, FigureFormat::Pdf, FigureFormat::Png,
                                    FigureFormat::Csv, FigureFormat::Npz}) {
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
    case FigureFormat::Npz:
      break;
  }
  return QStringLiteral("npz");
}

static QString weightsProblem(const FigureRequest& request) {
  if (!request.weights) {
    return QStringLiteral("The run has no checkpoint yet.");
  }
  if (!request.weights->empty_text.isEmpty()) {
    return request.weights->empty_text;
  }
  return figurePlots(request).empty()
             ? QStringLiteral("There is no plot %1 on this page.").arg(request.plot)
             : QString();
}

QString figureProblem(const FigureRequest& request) {
  if (request.item == FigureItem::Flow) {
    return request.flow && !request.flow->isEmpty()
               ? QString()
               : QStringLiteral("The frame has no attention patterns.");
  }
  if (needsWeights(request.item)) {
    return weightsProblem(request);
  }
  if (isOfStudy(request.item)) {
    return studyFigureProblem(request);
  }
  if (!needsHeads(request.item)) {
    if (!request.history || request.history->isEmpty()) {
      return QStringLiteral("The run has no steps yet.");
    }
    const bool has_frames = !request.history->headSeries().empty() &&
                            !request.history->headSeries().front().steps.empty();
    return request.item == FigureItem::Scores && !has_frames
               ? QStringLiteral("The run has no head scores.")
               : QString();
  }
  if (request.heads.empty()) {
    return QStringLiteral("No step was chosen.");
  }
  for (const FigureHeads& heads : request.heads) {
    const bool has_maps = !heads.maps.empty() && !heads.maps.front().isEmpty();
    if (!has_maps) {
      return QStringLiteral("The frame of step %1 has no attention patterns.")
          .arg(formatInteger(heads.step));
    }
  }
  const FigureHeads& first = request.heads.front();
  const bool has_head = request.layer >= 0 && request.layer < first.n_layers && request.head >= 0 &&
                        request.head < first.n_heads;
  if (request.item == FigureItem::SelectedHead && !has_head) {
    return QStringLiteral("There is no layer %1 head %2: the model has %3 layers of %4 heads.")
        .arg(request.layer)
        .arg(request.head)
        .arg(first.n_layers)
        .arg(first.n_heads);
  }
  return {};
}

QString provenanceLine(const FigureRequest& request) {
  QStringList parts;
  if (!request.source.run.isEmpty()) {
    parts << request.source.run;
  }
  if (isOfStudy(request.item)) {
    parts << studyProvenance(request);
  } else {
    const QString steps = stepsText(request, true, QStringLiteral(" / "));
    if (!steps.isEmpty()) {
      parts << QStringLiteral("step ") + steps;
    }
    parts << QStringLiteral("seed %1").arg(request.source.seed);
  }
  for (const QString& part : {request.source.task, request.source.program}) {
    if (!part.isEmpty()) {
      parts << part;
    }
  }
  if (!request.source.experiment.isEmpty()) {
    parts << QStringLiteral("experiment ") + request.source.experiment;
  }
  return parts.join(QStringLiteral(", "));
}

QString figureFileName(const QString& pattern, const FigureRequest& request) {
  QString name = pattern;
  const QString steps = stepsText(request, false, QStringLiteral("-"));
  name.replace(QStringLiteral("{run}"), request.source.run);
  name.replace(QStringLiteral("{view}"), viewName(request.item));
  name.replace(QStringLiteral("{steps}"), steps);
  name.replace(QStringLiteral("{step}"), steps.section('-', 0, 0));
  name.replace(QStringLiteral("{seed}"), QString::number(request.source.seed));
  for (QChar& c : name) {
    if (c < QChar(0x20) || QStringLiteral("\\:*?\"<>|").contains(c)) {
      c = '-';
    }
  }
  return name;
}

FigureCanvas makeCanvas(QPainter* painter, const FigureRequest& request) {
  FigureCanvas canvas{painter, request, request.style.dark ? Theme::dark() : Theme::print()};
  canvas.font = request.style.font_pt * kUnitsPerPoint;
  canvas.width = request.style.width_in * kUnitsPerInch - 2 * kMargin;
  return canvas;
}

HeadMapOptions FigureCanvas::mapOptions() const {
  HeadMapOptions options;
  options.map = request.style.map;
  options.values = request.style.values;
  options.tokens = request.style.tokens;
  options.axis_titles = true;
  options.outlines = request.style.outlines;
  options.colour_bar = request.style.colour_bar;
  options.per_head = request.style.per_head;
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
static double paintProvenance(const FigureCanvas& canvas, double top) {
  const QFont font = textFont(canvas.font * 0.75);
  const double line = canvas.font * 1.2;
  double height = 0;
  QString text;
  const auto write = [&] {
    canvas.text(QRectF(0, top + height, canvas.width, line), Qt::AlignLeft | Qt::AlignVCenter,
                elided(text, font, canvas.width), font, canvas.theme.text_muted);
    height += line;
  };
  const QStringList parts = provenanceLine(canvas.request).split(QStringLiteral(", "));
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

double paintWhole(const FigureCanvas& canvas) {
  if (canvas.painter != nullptr) {
    canvas.painter->translate(kMargin, kMargin);
  }
  double height = 0;
  switch (canvas.request.item) {
    case FigureItem::SelectedHead:
      height = paintSelectedHead(canvas, 0);
      break;
    case FigureItem::AllHeads:
    case FigureItem::AllHeadsOverTime:
      height = paintAllHeads(canvas, 0);
      break;
    case FigureItem::Curves:
      height = paintCurves(canvas, 0);
      break;
    case FigureItem::Scores:
      height = paintScores(canvas, 0);
      break;
    case FigureItem::Flow:
      height = paintFlowFigure(canvas, 0);
      break;
    case FigureItem::Weights:
    case FigureItem::Circuits:
      height = paintWeights(canvas, 0);
      break;
    case FigureItem::Phase:
      height = paintPhaseFigure(canvas, 0);
      break;
    case FigureItem::StudyCurves:
      height = paintStudyCurves(canvas, 0);
      break;
    case FigureItem::StudyScores:
      height = paintStudyScores(canvas, 0);
      break;
  }
  if (canvas.request.style.provenance_line) {
    height += canvas.font * 0.3 + paintProvenance(canvas, height + canvas.font * 0.3);
  }
  return height + 2 * kMargin;
}

QSizeF figureSize(const FigureRequest& request) {
  if (!figureProblem(request).isEmpty()) {
    return {};
  }
  return {request.style.width_in, paintWhole(makeCanvas(nullptr, request)) / kUnitsPerInch};
}

void paintFigure(QPainter& painter, const FigureRequest& request, bool text_as_paths) {
  if (!figureProblem(request).isEmpty()) {
    return;
  }
  const QSizeF size = figureSize(request) * kUnitsPerInch;
  painter.save();
  painter.scale(1 / kUnitsPerPoint, 1 / kUnitsPerPoint);
  FigureCanvas canvas = makeCanvas(&painter, request);
  canvas.is_vector = false;
  canvas.text_as_paths = text_as_paths;
  painter.fillRect(QRectF(QPointF(0, 0), size), canvas.theme.panel);
  paintWhole(canvas);
  painter.restore();
}

core::Expected<QByteArray, core::IoError> renderFigure(const FigureRequest& request,
                                                       FigureFormat format) {
  const QString problem = figureProblem(request);
  if (!problem.isEmpty()) {
    return core::Unexpected(core::IoError{"", problem.toStdString()});
  }
  const FigureStyle& style = request.style;
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
      bytes = figureSvg(request);
      break;
    case FigureFormat::Pdf:
      bytes = figurePdf(request);
      break;
    case FigureFormat::Png:
      bytes = figurePng(request, style.dpi);
      break;
    case FigureFormat::Csv:
      bytes = figureNumbers(request).csv();
      break;
    case FigureFormat::Npz:
      bytes = figureNpz(request);
      break;
  }
  if (bytes.isEmpty()) {
    return core::Unexpected(core::IoError{
        "", QStringLiteral("The picture could not be made: %1 x %2 in at %3 dpi needs too much "
                           "memory.")
                .arg(style.width_in)
                .arg(figureSize(request).height(), 0, 'f', 1)
                .arg(style.dpi)
                .toStdString()});
  }
  return bytes;
}

core::Expected<void, core::IoError> exportFigure(const FigureRequest& request,
                                                 const std::filesystem::path& file) {
  const QString suffix = QString::fromStdString(file.extension().string());
  const auto format = figureFormat(suffix);
  if (!format) {
    return core::Unexpected(
        core::IoError{file.string(), QStringLiteral("A figure cannot be written as '%1'; svg, pdf, "
                                                    "png, csv and npz can.")
                                         .arg(suffix)
                                         .toStdString()});
  }
  auto bytes = renderFigure(request, *format);
  if (!bytes) {
    return core::Unexpected(core::IoError{file.string(), bytes.error().message});
  }
  return core::writeFileAtomically(
      file, std::string_view(bytes->constData(), static_cast<std::size_t>(bytes->size())));
}

QMimeData* figureMimeData(const FigureRequest& request) {
  auto* mime = new QMimeData;
  if (figureProblem(request).isEmpty()) {
    mime->setData(QStringLiteral("image/png"), figurePng(request, 192));
    mime->setData(QStringLiteral("image/svg+xml"), figureSvg(request));
    mime->setText(figureNumbers(request).tsv());
  }
  return mime;
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/animation.h"

#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/places.h"
#include "widgets/figure/gif_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr double kGifDpi = 110;      ///< for screens; the PNG resolution is for print
constexpr std::size_t kSamples = 6;  ///< pictures that the GIF's palette is made from
constexpr int kDigits = 9;           ///< as checkpoints are named
const QString kStep = QStringLiteral("{step}");

Found<std::vector<std::int64_t>> stepsOf(const ExportOrder& order, FigureMaterial& from) {
  const auto all = order.kind->allSteps(from);
  if (!all)
    return core::Unexpected(all.error());
  const FrameRange& range = order.frames;
  std::vector<std::int64_t> steps;
  int number = 0;
  for (const std::int64_t step : *all) {
    const bool is_inside = step >= range.first && (range.last < range.first || step <= range.last);
    if (is_inside && number++ % std::max(1, range.every) == 0)
      steps.push_back(step);
  }
  if (steps.empty())
    return core::Unexpected(
        tr("Nothing is recorded between the steps %1 and %2.").arg(range.first).arg(range.last));
  return steps;
}

Found<widgets::Figure> figureAt(const ExportOrder& order, FigureMaterial& from, std::int64_t step) {
  ExportOrder one = order;
  one.steps = {step};
  one.checkpoint.reset();
  return makeFigure(one, from);
}

QString writeGif(const ExportOrder& order, FigureMaterial& from,
                 const std::vector<std::int64_t>& steps, const QString& file,
                 const WriteWatch& watch) {
  std::vector<QImage> samples;
  QString comment;
  const std::size_t n = std::min(kSamples, steps.size());
  const auto sampled = [&](std::size_t sample) {
    return sample * (steps.size() - 1) / std::max<std::size_t>(1, n - 1);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const auto figure = figureAt(order, from, steps[sampled(i)]);
    if (!figure)
      return figure.error();
    samples.push_back(widgets::figureImage(*figure, kGifDpi));
    comment = widgets::provenanceLine(*figure);
  }
  widgets::GifFile gif(samples, order.frames.per_second, comment);
  std::size_t next = 0;  // sample: it is drawn already
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (watch.stop.stop_requested())
      return tr("Cancelled.");
    QImage picture;
    if (next < n && i == sampled(next)) {
      picture = std::move(samples[next++]);
    } else {
      const auto figure = figureAt(order, from, steps[i]);
      if (!figure)
        return figure.error();
      picture = widgets::figureImage(*figure, kGifDpi);
    }
    if (!gif.add(picture))
      return tr("%1: the picture of step %2 could not be encoded.").arg(file).arg(steps[i]);
    if (watch.progress)
      watch.progress(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
  }
  const QByteArray bytes = gif.finish();
  return bytes.isEmpty() ? tr("%1: the animation could not be encoded.").arg(file)
                         : writeBytes(file, bytes);
}

QString writeSeries(const ExportOrder& order, FigureMaterial& from,
                    const std::vector<std::int64_t>& steps, const QString& pattern,
                    const WriteWatch& watch) {
  const QString folder = QFileInfo(pattern).absolutePath();
  const bool is_new = !QFileInfo::exists(folder);
  if (!QDir().mkpath(folder))
    return tr("%1: the folder cannot be made.").arg(folder);
  QStringList written;
  QString problem;
  for (std::size_t i = 0; i < steps.size() && problem.isEmpty(); ++i) {
    if (watch.stop.stop_requested()) {
      problem = tr("Cancelled.");
      break;
    }
    QString file = pattern;
    file.replace(kStep, QString::number(steps[i]).rightJustified(kDigits, QLatin1Char('0')));
    const auto figure = figureAt(order, from, steps[i]);
    if (!figure) {
      problem = figure.error();
      break;
    }
    const auto done = widgets::exportFigure(*figure, toPath(file));
    if (done)
      written << file;
    else
      problem = QString::fromStdString(done.error().text());
    if (watch.progress)
      watch.progress(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
  }
  if (!problem.isEmpty()) {
    for (const QString& file : written)
      QFile::remove(file);
    if (is_new)
      QDir().rmdir(folder);
  }
  return problem;
}

}  // namespace

bool isAnimation(const QString& file) {
  return QFileInfo(file).suffix().toLower() == QLatin1String("gif") || file.contains(kStep);
}

QString placeOf(const QString& file) {
  return file.contains(kStep) ? QFileInfo(file).absolutePath() : file;
}

QString writeAnimation(const ExportOrder& order, FigureMaterial& from, const QString& file,
                       const WriteWatch& watch) {
  if (!order.kind->moves())
    return tr("%1: %2 is not a picture of one step.").arg(file, order.kind->title());
  const auto steps = stepsOf(order, from);
  if (!steps)
    return steps.error();
  return file.contains(kStep) ? writeSeries(order, from, *steps, file, watch)
                              : writeGif(order, from, *steps, file, watch);
}

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

QSizeF sizeInUnits(const Figure& figure) {
  const QSizeF size = figureSize(figure) * kUnitsPerInch;
  return {std::ceil(size.width()), std::ceil(size.height())};
}

void paintPage(QPainter& painter, const Figure& figure, bool is_vector, bool text_as_paths) {
  FigureCanvas canvas = makeCanvas(&painter, figure.style);
  canvas.is_vector = is_vector;
  canvas.text_as_paths = text_as_paths;
  painter.fillRect(QRectF(QPointF(0, 0), sizeInUnits(figure)), canvas.theme.panel);
  paintWhole(canvas, figure);
}

struct Face {
  const char* family;
  int weight;
  const char* file;
  const char* mime;
};
constexpr Face kFaces[] = {
    {"Inter", 400, "figure-Inter-Regular.otf", "font/otf"},
    {"Inter", 600, "figure-Inter-SemiBold.otf", "font/otf"},
    {"JetBrains Mono", 400, "figure-JetBrainsMono-Regular.ttf", "font/ttf"},
    {"JetBrains Mono", 600, "figure-JetBrainsMono-SemiBold.ttf", "font/ttf"},
};

/// The fonts that a picture uses, inside it: it looks the same where they are not installed.
QByteArray fontFaces(const QByteArray& svg) {
  QByteArray css;
  for (const Face& face : kFaces) {
    const QByteArray used = QByteArray("font-family=\"") + face.family + "\" font-size=";
    const QByteArray weight = "font-weight=\"" + QByteArray::number(face.weight) + '"';
    if (!svg.contains(used) || !svg.contains(weight)) {
      continue;
    }
    QFile file(QStringLiteral(":/anchorlens/fonts/") + QString::fromLatin1(face.file));
    if (file.open(QIODevice::ReadOnly)) {
      css += QByteArray("@font-face{font-family:'") + face.family +
             "';font-weight:" + QByteArray::number(face.weight) + ";src:url(data:" + face.mime +
             ";base64," + file.readAll().toBase64() + ")}\n";
    }
  }
  return css;
}

/// "(D:20240131120000+00'00')": as long as what Qt writes.
QByteArray pdfDate(const QDateTime& date) {
  const QDateTime utc = date.isValid() ? date.toUTC() : QDateTime::fromSecsSinceEpoch(0, Qt::UTC);
  return "(D:" + utc.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1();
}

}  // namespace

QByteArray figureSvg(const Figure& figure) {
  const QSizeF size = sizeInUnits(figure);
  QByteArray bytes;
  {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(kUnitsPerInch));
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), size));
    generator.setTitle(provenanceLine(figure).toHtmlEscaped());
    const QString date =
        figure.source.date.isValid() ? figure.source.date.toUTC().toString(Qt::ISODate) : QString();
    generator.setDescription(
        QStringLiteral("%1. Run of %2.").arg(figure.source.program, date).toHtmlEscaped());
    QPainter painter(&generator);
    paintPage(painter, figure, true, false);
  }
  const QByteArray style = "<style type=\"text/css\">" + fontFaces(bytes) + "</style>\n";
  bytes.replace("font-family=\"Inter\"", "font-family=\"Inter, Helvetica, Arial, sans-serif\"");
  bytes.replace("font-family=\"JetBrains Mono\"",
                "font-family=\"'JetBrains Mono', 'DejaVu Sans Mono', monospace\"");
  const qsizetype defs = bytes.indexOf("<defs>");
  return defs < 0 ? bytes : bytes.insert(defs + 6, '\n' + style);
}

QByteArray withDates(QByteArray pdf, const QDateTime& date) {
  const QByteArray wanted = pdfDate(date);
  // With its name: what is compressed may have the same bytes by chance.
  for (const QByteArray key : {"/CreationDate ", "/ModDate "}) {
    const qsizetype named = pdf.indexOf(key + "(D:");
    if (named < 0) {
      continue;
    }
    const qsizetype at = named + key.size();
    pdf.replace(at, wanted.size(), wanted);
    // The zone that follows, "+hh'mm')" or "Z)".
    const qsizetype zone = at + wanted.size();
    const qsizetype end = pdf.indexOf(')', zone);
    if (end - zone == 7 || end - zone == 6) {
      pdf.replace(zone, 6, "+00'00");
    }
  }
  return pdf;
}

QByteArray figurePdf(const Figure& figure) {
  const QSizeF size = sizeInUnits(figure);
  QByteArray bytes;
  {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(static_cast<int>(kUnitsPerInch));
    writer.setPageSize(
        QPageSize(size / kUnitsPerPoint, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(provenanceLine(figure));
    writer.setCreator(figure.source.program);
    QPainter painter(&writer);
    paintPage(painter, figure, true, false);
  }
  return withDates(std::move(bytes), figure.source.date);
}

QImage figureImage(const Figure& figure, double dpi) {
  const double scale = dpi / kUnitsPerInch;
  const QSizeF size = sizeInUnits(figure) * scale;
  QImage image(static_cast<int>(std::lround(size.width())),
               static_cast<int>(std::lround(size.height())), QImage::Format_RGB32);
  if (image.isNull()) {
    return {};
  }
  image.fill(figure.style.dark ? Theme::dark().panel : Theme::print().panel);
  image.setDotsPerMeterX(static_cast<int>(std::lround(dpi / 0.0254)));
  image.setDotsPerMeterY(static_cast<int>(std::lround(dpi / 0.0254)));
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(scale, scale);
  // Outlines instead of glyphs: the screen's font smoothing must not show.
  paintPage(painter, figure, false, true);
  painter.end();
  return image;
}

QByteArray figurePng(const Figure& figure, double dpi) {
  QImage image = figureImage(figure, dpi);
  if (image.isNull()) {
    return {};
  }
  image.setText(QStringLiteral("Description"), provenanceLine(figure));
  image.setText(QStringLiteral("Software"), figure.source.program);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray figureNpz(const Figure& figure) {
  NpzWriter npz;
  figure.content->addArrays(npz);
  npz.add(QStringLiteral("provenance"), {}, QStringList{provenanceLine(figure)});
  return npz.bytes();
}

QByteArray figureLatex(const Figure& figure) {
  const QString table = figure.content->latex();
  return table.isEmpty()
             ? QByteArray()
             : (QStringLiteral("% ") + provenanceLine(figure) + QLatin1Char('\n') + table).toUtf8();
}

}  // namespace anchorlens::widgets

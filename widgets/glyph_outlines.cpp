// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/glyph_outlines.h"

#include "widgets/fonts.h"

#include <QFont>
#include <QGlyphRun>
#include <QPainterPath>
#include <QRawFont>
#include <QTextLayout>
#include <QTextOption>
#include <QTransform>
#include <QtEndian>

#include <vector>

namespace anchorlens::widgets {

namespace {

/// Fine enough that the rounding of outlines to 1/64 pixel does not show.
constexpr double kEmPx = 2048;

/// Of one font, by glyph, kEmPx high.
using Outlines = std::vector<QPainterPath>;

/// A raw font has a face of its own, in which nothing was ever drawn.
Outlines readOutlines(const QString& file) {
  const QRawFont font(file, kEmPx, QFont::PreferNoHinting);
  const QByteArray profile = font.fontTable("maxp");  // version (4 bytes), number of glyphs (2)
  const auto count = profile.size() < 6 ? quint16{0} : qFromBigEndian<quint16>(&profile.data()[4]);
  Outlines outlines;
  outlines.reserve(count);
  for (quint32 glyph = 0; glyph < count; ++glyph)
    outlines.push_back(font.pathForGlyph(glyph));
  return outlines;
}

/// Null: not one of the program's fonts.
const Outlines* outlinesOf(const QRawFont& font) {
  static const std::vector<Outlines> all = [] {
    std::vector<Outlines> read;
    for (const FontFile& own : fontFiles())
      read.push_back(readOutlines(own.file));
    return read;
  }();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const FontFile& own = fontFiles()[i];
    if (own.family == font.familyName() && own.weight == font.weight())
      return &all[i];
  }
  return nullptr;
}

QPainterPath outlineOf(const QRawFont& font, quint32 glyph) {
  const Outlines* outlines = outlinesOf(font);
  if (outlines == nullptr || glyph >= outlines->size())
    return font.pathForGlyph(glyph);
  const double scale = font.pixelSize() / kEmPx;
  return QTransform::fromScale(scale, scale).map((*outlines)[glyph]);
}

}  // namespace

void addOutlines(QPainterPath& path, const QPointF& origin, const QFont& font,
                 const QString& text) {
  QTextLayout layout(text, font);
  QTextOption option;
  option.setUseDesignMetrics(true);
  layout.setTextOption(option);
  layout.beginLayout();
  const QTextLine line = layout.createLine();
  layout.endLayout();
  const QPointF offset = origin - QPointF(0, line.ascent());
  for (const QGlyphRun& run : line.glyphRuns()) {
    const QList<quint32> glyphs = run.glyphIndexes();
    const QList<QPointF> positions = run.positions();
    for (qsizetype i = 0; i < glyphs.size(); ++i)
      path.addPath(outlineOf(run.rawFont(), glyphs[i]).translated(offset + positions[i]));
  }
}

}  // namespace anchorlens::widgets

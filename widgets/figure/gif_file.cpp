// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/gif_file.h"

#include <QHash>
#include <QPainter>
#include <QRect>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <gif_lib.h>
#include <limits>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr int kColours = 256;
constexpr int kBits = 8;

int append(GifFileType* file, const GifByteType* bytes, int n) {
  static_cast<QByteArray*>(file->UserData)->append(reinterpret_cast<const char*>(bytes), n);
  return n;
}

/// A lower picture, whose provenance takes fewer lines, stands on more paper of its own.
QImage rgbOf(const QImage& picture, const QSize& size) {
  QImage image = picture.convertToFormat(QImage::Format_RGB32);
  if (image.size() == size)
    return image;
  QImage page(size, QImage::Format_RGB32);
  page.fill(image.pixel(0, 0));
  QPainter(&page).drawImage(0, 0, image);
  return page;
}

}  // namespace

/// The colours, and for every colour that occurred the nearest of them.
struct GifFile::Palette {
  std::array<GifColorType, kColours> colours{};
  QHash<QRgb, unsigned char> nearest;

  /// The most frequent colours as they are (white stays white), the rest by the library.
  explicit Palette(const std::vector<QImage>& samples, const QSize& size) {
    QHash<QRgb, std::int64_t> counts;
    for (const QImage& sample : samples) {
      const QImage image = rgbOf(sample, size);
      for (int y = 0; y < size.height(); ++y) {
        const auto* row = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        for (int x = 0; x < size.width(); ++x)
          ++counts[row[x] | 0xff000000U];
      }
    }
    std::vector<std::pair<std::int64_t, QRgb>> sorted;
    for (auto colour = counts.cbegin(); colour != counts.cend(); ++colour)
      sorted.emplace_back(-colour.value(), colour.key());
    std::sort(sorted.begin(), sorted.end());
    const std::size_t exact = std::min(sorted.size(), std::size_t{kColours / 2});
    for (std::size_t i = 0; i < exact; ++i)
      colours[kColours - 1 - i] = colourOf(sorted[i].second);
    if (sorted.size() > exact)
      quantise(std::vector(sorted.begin() + static_cast<std::ptrdiff_t>(exact), sorted.end()),
               kColours - static_cast<int>(exact));
  }

  static GifColorType colourOf(QRgb pixel) {
    return {static_cast<GifByteType>(qRed(pixel)), static_cast<GifByteType>(qGreen(pixel)),
            static_cast<GifByteType>(qBlue(pixel))};
  }

  void quantise(const std::vector<std::pair<std::int64_t, QRgb>>& rest, int n) {
    std::vector<GifByteType> red;
    std::vector<GifByteType> green;
    std::vector<GifByteType> blue;
    for (const auto& [count, pixel] : rest) {
      red.push_back(static_cast<GifByteType>(qRed(pixel)));
      green.push_back(static_cast<GifByteType>(qGreen(pixel)));
      blue.push_back(static_cast<GifByteType>(qBlue(pixel)));
    }
    std::vector<GifByteType> indices(red.size());
    // One row of all colours: the library only counts them.
    GifQuantizeBuffer(static_cast<unsigned>(red.size()), 1, &n, red.data(), green.data(),
                      blue.data(), indices.data(), colours.data());
  }

  unsigned char indexOf(QRgb pixel) {
    const auto known = nearest.constFind(pixel);
    if (known != nearest.constEnd())
      return *known;
    int least = std::numeric_limits<int>::max();
    std::size_t best = 0;
    for (std::size_t i = 0; i < colours.size(); ++i) {
      const int r = colours[i].Red - qRed(pixel);
      const int g = colours[i].Green - qGreen(pixel);
      const int b = colours[i].Blue - qBlue(pixel);
      const int distance = r * r + g * g + b * b;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    nearest.insert(pixel, static_cast<unsigned char>(best));
    return static_cast<unsigned char>(best);
  }
};

GifFile::GifFile(const std::vector<QImage>& samples, double frames_per_second,
                 const QString& comment) {
  if (samples.empty())
    return;
  for (const QImage& sample : samples)
    m_size = m_size.expandedTo(sample.size());
  m_delay = std::max(2, static_cast<int>(std::lround(100 / frames_per_second)));
  m_palette = std::make_unique<Palette>(samples, m_size);
  int error = 0;
  m_file = EGifOpen(&m_bytes, append, &error);
  if (m_file == nullptr)
    return;
  EGifSetGifVersion(m_file, true);
  ColorMapObject* colours = GifMakeMapObject(kColours, m_palette->colours.data());
  m_is_good =
      EGifPutScreenDesc(m_file, m_size.width(), m_size.height(), kBits, 0, colours) == GIF_OK;
  GifFreeMapObject(colours);
  const std::array<GifByteType, 3> endless{1, 0, 0};
  m_is_good = m_is_good && EGifPutExtensionLeader(m_file, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
              EGifPutExtensionBlock(m_file, 11, "NETSCAPE2.0") == GIF_OK &&
              EGifPutExtensionBlock(m_file, 3, endless.data()) == GIF_OK &&
              EGifPutExtensionTrailer(m_file) == GIF_OK &&
              EGifPutComment(m_file, comment.toUtf8().constData()) == GIF_OK;
}

GifFile::~GifFile() {
  if (m_file != nullptr)
    EGifCloseFile(m_file, nullptr);
}

bool GifFile::writeExtensions(const QRect& changed) {
  GraphicsControlBlock block{};
  block.DisposalMode = DISPOSE_DO_NOT;
  block.DelayTime = m_delay;
  block.TransparentColor = NO_TRANSPARENT_COLOR;
  std::array<GifByteType, 4> bytes{};
  const std::size_t n = EGifGCBToExtension(&block, bytes.data());
  return EGifPutExtension(m_file, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(n), bytes.data()) ==
             GIF_OK &&
         EGifPutImageDesc(m_file, changed.left(), changed.top(), changed.width(), changed.height(),
                          false, nullptr) == GIF_OK;
}

bool GifFile::add(const QImage& picture) {
  if (!m_is_good)
    return false;
  const QImage image = rgbOf(picture, m_size);
  const auto width = static_cast<std::size_t>(m_size.width());
  std::vector<unsigned char> indices(width * static_cast<std::size_t>(m_size.height()));
  QRect changed;
  for (int y = 0; y < m_size.height(); ++y) {
    const auto* row = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < m_size.width(); ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
      indices[at] = m_palette->indexOf(row[x] | 0xff000000U);
      if (m_shown.empty() || m_shown[at] != indices[at])
        changed |= QRect(x, y, 1, 1);
    }
  }
  if (changed.isEmpty())
    changed = QRect(0, 0, 1, 1);  // the time must pass all the same
  m_is_good = writeExtensions(changed);
  for (int y = changed.top(); m_is_good && y <= changed.bottom(); ++y) {
    const std::size_t at =
        static_cast<std::size_t>(y) * width + static_cast<std::size_t>(changed.left());
    m_is_good = EGifPutLine(m_file, indices.data() + at, changed.width()) == GIF_OK;
  }
  m_shown = std::move(indices);
  return m_is_good;
}

QByteArray GifFile::finish() {
  if (m_file == nullptr)
    return {};
  m_is_good = EGifCloseFile(m_file, nullptr) == GIF_OK && m_is_good;
  m_file = nullptr;
  return m_is_good ? m_bytes : QByteArray();
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

#include <memory>
#include <vector>

struct GifFileType;

namespace anchorlens::widgets {

/// An animation that repeats for ever, as a GIF: one palette for all pictures, and of each picture
/// only what is new.
class GifFile {
 public:
  /// `samples`: pictures that the palette of 256 colours is made from; the animation is as large as
  /// the largest of them. `comment`: kept in the file.
  GifFile(const std::vector<QImage>& samples, double frames_per_second, const QString& comment);
  ~GifFile();
  GifFile(const GifFile&) = delete;
  GifFile& operator=(const GifFile&) = delete;

  bool add(const QImage& picture);  ///< false: it could not be encoded
  /// Ends the file; empty when something could not be encoded.
  QByteArray finish();

 private:
  struct Palette;
  bool writeExtensions(const QRect& changed);

  QByteArray m_bytes;
  GifFileType* m_file = nullptr;
  QSize m_size;
  int m_delay = 10;  ///< hundredths of a second
  std::unique_ptr<Palette> m_palette;
  std::vector<unsigned char> m_shown;  ///< palette indices of the picture before
  bool m_is_good = false;
};

}  // namespace anchorlens::widgets

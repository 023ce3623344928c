// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QWidget>

#include <algorithm>

// Outside any namespace: the macro declares a global function.
static void initResources() {
  Q_INIT_RESOURCE(fonts);
  Q_INIT_RESOURCE(icons);
}

namespace anchorlens::widgets {

bool loadFonts() {
  static const bool loaded = [] {
    initResources();
    bool ok = true;
    for (const FontFile& font : fontFiles())
      ok = ok && QFontDatabase::addApplicationFont(font.file) >= 0;
    return ok;
  }();
  return loaded;
}

const std::vector<FontFile>& fontFiles() {
  static const auto at = [](const char* name) {
    return QStringLiteral(":/anchorlens/fonts/") + QString::fromLatin1(name);
  };
  static const std::vector<FontFile> files = {
      {textFamily(), QFont::Normal, at("Inter-Regular.otf")},
      {textFamily(), QFont::DemiBold, at("Inter-SemiBold.otf")},
      {monoFamily(), QFont::Normal, at("JetBrainsMono-Regular.ttf")},
      {monoFamily(), QFont::DemiBold, at("JetBrainsMono-SemiBold.ttf")},
  };
  return files;
}

QString textFamily() {
  return QStringLiteral("Inter");
}

QString monoFamily() {
  return QStringLiteral("JetBrains Mono");
}

namespace {
QFont makeFont(const QStringList& families, double pixel_size, Weight weight) {
  loadFonts();
  QFont font(families);
  // Fonts have whole pixel sizes in Qt 6.4; figures scale the painter instead.
  font.setPixelSize(std::max(1, static_cast<int>(pixel_size + 0.5)));
  font.setWeight(weight == Weight::SemiBold ? QFont::DemiBold : QFont::Normal);
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}
}  // namespace

QFont textFont(double pixel_size, Weight weight) {
  return makeFont({textFamily()}, pixel_size, weight);
}

QFont monoFont(double pixel_size, Weight weight) {
  // The minus of a power of ten is in the other one only.
  return makeFont({monoFamily(), textFamily()}, pixel_size, weight);
}

double basePixelSize(const QWidget& widget) {
  return QFontInfo(widget.font()).pixelSize();
}

}  // namespace anchorlens::widgets

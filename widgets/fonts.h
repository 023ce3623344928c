// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>

#include <vector>

class QWidget;

/// The fonts that come with the program: Inter for text, JetBrains Mono for tokens, numbers and
/// code (tabular digits, so that live numbers do not jitter). Both under the SIL Open Font Licence.
namespace anchorlens::widgets {

enum class Weight { Regular, SemiBold };

/// Loads the fonts from the program's resources; later calls do nothing. Needs a QGuiApplication.
/// Returns false when a font is missing or damaged (a broken build).
bool loadFonts();

struct FontFile {
  QString family;
  int weight = QFont::Normal;
  QString file;  ///< among the resources, there once loadFonts was called
};
/// The program's own fonts.
const std::vector<FontFile>& fontFiles();

QString textFamily();
QString monoFamily();

/// Without hinting: the same advances on every screen and in every export.
QFont textFont(double pixel_size, Weight weight = Weight::Regular);
QFont monoFont(double pixel_size, Weight weight = Weight::Regular);

/// The size of the interface font of a widget in pixels (13, compact 12, times the user's scale).
double basePixelSize(const QWidget& widget);

}  // namespace anchorlens::widgets

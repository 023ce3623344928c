// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/phase_diagram.h"
#include "widgets/colour_map.h"
#include "widgets/theme.h"

#include <QRectF>

#include <optional>

class QPainter;

/// Painting of phase diagrams, the same for the screen and for figures: the first axis to the
/// right, the second upwards.
namespace anchorlens::widgets {

struct PhaseOptions {
  ColourMap map = ColourMap::Viridis;
  bool values = true;  ///< printed where they fit
  bool colour_bar = true;
  bool vector = false;  ///< no rounding to device pixels
  bool text_as_paths = false;
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen
};

struct PhasePlace {
  int column = -1;
  int row = -1;
  bool isValid() const { return column >= 0 && row >= 0; }
  bool operator==(const PhasePlace&) const = default;
};

struct PhaseLayout {
  QRectF map;
  QRectF bar;  ///< empty: no colour bar
  QSizeF cell;
  int columns = 0;
  int rows = 0;
  QRectF x_label;     ///< of the axis' name; empty: it has none
  QRectF y_label;     ///< the same, reading upwards
  double left = 0;    ///< room of the row labels
  double bottom = 0;  ///< room of the column labels
  QSizeF needed;      ///< of everything

  QRectF cellRect(PhasePlace place) const;
  PhasePlace placeAt(QPointF point) const;  ///< invalid outside
};

/// Fills `area` as far as cells stay between 2:1 and 1:1.4 and under a largest size.
PhaseLayout layoutPhase(const QRectF& area, const core::PhaseDiagram& diagram,
                        const PhaseOptions& options, double device_pixel_ratio = 1.0);

void paintPhase(QPainter& painter, const PhaseLayout& layout, const core::PhaseDiagram& diagram,
                const PhaseOptions& options, const Theme& theme);

/// The colour of a share 0..1 of the scale.
QRgb phaseColour(const core::PhaseScale& scale, double share, ColourMap map, const Theme& theme);

}  // namespace anchorlens::widgets

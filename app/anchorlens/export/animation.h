// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_kind.h"

namespace anchorlens::app {

/// A GIF, or a name with {step} in it: numbered PNGs.
bool isAnimation(const QString& file);
/// The folder of numbered PNGs, or the file: what an export makes or replaces.
QString placeOf(const QString& file);

/// Goes through the recorded steps of ExportOrder::frames; returns what went wrong, or nothing. A
/// stopped or failed one leaves no file.
QString writeAnimation(const ExportOrder& order, FigureMaterial& from, const QString& file,
                       const WriteWatch& watch);

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_order.h"

#include <QString>
#include <QStringList>

namespace anchorlens::app {

/// `anchorlens render RUN --view VIEW --at STEP -o FILE`: the figure that the
/// window's Export makes, byte for byte, without a display. Needs a QGuiApplication.
/// Returns the exit code: 0, 2 bad usage or input, 3 failed.
int runRender(const QStringList& arguments);

/// The command line that makes the files of an order; for the Export dialog.
QString renderCommand(const ExportOrder& order, const QStringList& files);

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QApplication;

namespace anchorlens::app {

/// Opens the window with what the command line names and runs until it is closed.
/// Returns the exit code.
int runWindow(QApplication& application, const QStringList& paths);

}  // namespace anchorlens::app

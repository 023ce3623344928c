// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace anchorlens::app {

/// What exports say, for translators in one context; classes with Q_OBJECT have their own.
inline QString tr(const char* text) {
  return QCoreApplication::translate("Export", text);
}

}  // namespace anchorlens::app

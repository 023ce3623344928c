// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <QString>
#include <QtGlobal>

namespace anchorlens::app {

/// What the engine says of an error, for people; the library's own text goes to the log.
inline QString engineText(const engine::EngineError& error) {
  if (!error.detail.empty())
    qWarning("%s", error.detail.c_str());
  return QString::fromStdString(error.message);
}

}  // namespace anchorlens::app

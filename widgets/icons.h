// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace anchorlens::widgets {

/// A vector icon of resources/icons in a colour, with a dimmed disabled form. Names: run, pause,
/// step, stop, first, previous, next, newest, play, export, copy, compare, lock, folder, close,
/// float, check, warning, flag, fork, ablate, edge, shift, broadcast, table, live.
/// An unknown name gives a null icon.
QIcon icon(const QString& name, const QColor& colour);
QIcon icon(const QString& name, const QColor& colour, const QColor& disabled);

}  // namespace anchorlens::widgets

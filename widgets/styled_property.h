// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyle>
#include <QVariant>
#include <QWidget>

namespace anchorlens::widgets {

/// A property that style sheets ask for ("role", "state"); styles anew only where it changes.
inline void setStyled(QWidget& widget, const char* property, const QString& value) {
  if (widget.property(property).toString() == value)
    return;
  widget.setProperty(property, value);
  widget.style()->unpolish(&widget);
  widget.style()->polish(&widget);
}

}  // namespace anchorlens::widgets

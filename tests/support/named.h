// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace anchorlens::tests {

/// A control below `parent` by the name that assistive technology has for it.
template <typename Control>
Control* named(const QWidget& parent, const QString& name) {
  for (auto* control : parent.findChildren<Control*>()) {
    if (control->accessibleName() == name)
      return control;
  }
  qFatal("There is no control named %s.", qPrintable(name));
}

}  // namespace anchorlens::tests

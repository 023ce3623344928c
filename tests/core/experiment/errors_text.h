// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <QString>

#include <string>

/// One line an error, "pointer: message", with "[column+length]" before the message if it has one.
inline QString errorsText(const anchorlens::core::SpecErrors& errors) {
  std::string text;
  for (const auto& error : errors) {
    text += error.pointer + ": ";
    if (error.column_length > 0) {
      text += "[" + std::to_string(error.column) + "+" + std::to_string(error.column_length) + "] ";
    }
    text += error.message + "\n";
  }
  return QString::fromStdString(text);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/field_row.h"

namespace anchorlens::widgets {

/// "1-10, 12": tokens in their order, runs of three and more as a range; and back.
QString formatTokens(const std::vector<int>& tokens);

/// Which anchors the variables of one form take, and which of them differ. Its errors are those
/// below /task/forms/i/anchors and /task/forms/i/distinct. With several forms their names tell them
/// apart.
FieldRow* makeVariablesRow(int form, const std::vector<std::string>& variables,
                           bool has_simple_groups, bool is_one_of_several, const Theme& theme,
                           QWidget* parent);
/// Whether `distinct` of a form is nothing, or all of its variables: then a tick box says it.
bool hasSimpleGroups(const core::FormSpec& form, const std::vector<std::string>& variables);

/// What one key variable is drawn from.
FieldRow* makeKeyRow(const std::string& key, const Theme& theme, QWidget* parent);

}  // namespace anchorlens::widgets

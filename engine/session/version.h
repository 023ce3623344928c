// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace anchorlens::engine {

/// The project's version: "0.1.0".
std::string_view version();
/// The commit this was built from: 12 hexadecimal digits, "-dirty" behind them when the tree had
/// changes; "unknown" when it was not built from a git checkout.
std::string_view commit();
/// "0.1.0 (commit 0123456789ab)"
std::string versionText();

/// Of the headers that programs and engine share: 16 hexadecimal digits. Programs and engines in
/// which they differ must not call each other.
const char* interfaceHash();

}  // namespace anchorlens::engine

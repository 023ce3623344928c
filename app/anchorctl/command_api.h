// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What most commands include of others. Precompiled; files still include what they use.
#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

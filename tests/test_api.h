// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What nearly all tests of the engine include. Precompiled. Without Qt Test, whose headers depend
// on definitions that each test has for itself.
#include <QtCore>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

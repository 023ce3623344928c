// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What nearly all tests of the window include. Precompiled. Without Qt Test, whose headers depend on
// definitions that each test has for itself.
#include "widgets/qt_api.h"

#include "app/anchorlens/main_window.h"

// SPDX-License-Identifier: GPL-3.0-or-later
// The target of the precompiled header needs a source.
#include "widgets/qt_api.h"

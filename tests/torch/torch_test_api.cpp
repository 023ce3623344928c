// SPDX-License-Identifier: GPL-3.0-or-later
// The target of the precompiled header needs a source.
#include "tests/torch/torch_test_api.h"

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The same with LibTorch. Precompiled.
#include "engine/torch/torch_api.h"
#include "tests/test_api.h"

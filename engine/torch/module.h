// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

namespace anchorlens::engine {

/// The one engine of this process. The first call opens the CUDA backend, if there is one, before
/// anything of ATen is used.
EngineModule& torchModule();

}  // namespace anchorlens::engine

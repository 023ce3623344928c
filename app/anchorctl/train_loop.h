// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/progress.h"
#include "engine/session/run_session.h"

#include <functional>
#include <memory>
#include <string>

namespace anchorlens::ctl {

/// Opens the training engine; prints why it cannot be.
bool engineOpens();

/// Makes a session (new, resumed or forked) with the options it is handed.
using MakeSession =
    std::function<engine::Result<std::unique_ptr<engine::RunSession>>(engine::RunSession::Options)>;

/// Makes the session and trains it to its end, with progress on standard error and the result on
/// standard output; signals save and end it. Returns the exit code.
int trainToEnd(const std::string& run, const MakeSession& make_session, bool json);

/// What a finished run has to say again: prints its last evaluation; opens no engine.
int reportFinished(const std::string& run, bool json);

}  // namespace anchorlens::ctl

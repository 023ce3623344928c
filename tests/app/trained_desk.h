// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/main_toolbar.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QPushButton>

namespace anchorlens::tests {

/// The tiny experiment, started by Space, to its end; its frame is shown.
inline void trainTiny(Desk& desk) {
  constexpr int kEndMs = 20'000;
  desk.controller.draft().load(tinyExperiment(), {});
  desk.controller.training().setPace(std::nullopt);
  QTRY_VERIFY_WITH_TIMEOUT(desk.window.toolbar()->runButton()->isEnabled(), kEndMs);
  QTest::keyClick(&desk.window, Qt::Key_Space);
  QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                               desk.controller.shownRun()->state() == core::RunState::Finished,
                           kEndMs);
  QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != nullptr, kEndMs);
}

}  // namespace anchorlens::tests

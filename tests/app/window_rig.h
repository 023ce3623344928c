// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/places.h"
#include "engine/session/run_session.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

namespace anchorlens::tests {

/// What tests of the window set up alike: keys go where the program sends them, sessions have no
/// LibTorch, and every test begins in a home folder of its own.
class WindowRig {
 public:
  WindowRig() { qApp->installEventFilter(&m_keys); }

  /// In init().
  void begin() {
    m_home = std::make_unique<TemporaryHome>();
    engine.behaviour = {};
  }
  QString path(const QString& name = {}) const { return m_home->path(name); }
  app::SessionFactory sessions() { return fakeSessions(&engine); }
  std::unique_ptr<Desk> open(QSize size = {1600, 1000}) {
    return std::make_unique<Desk>(sessions(), size);
  }

  /// The folder of a run of the tiny experiment, which the rig's engine trained to its end.
  std::filesystem::path makeRun() {
    const auto run = app::toPath(path(QStringLiteral("run")));
    anchorlens::engine::RunSession::Options options;
    options.engine = &engine;
    auto session =
        anchorlens::engine::RunSession::create(tinyExperiment(), run, std::move(options));
    if (!session)
      qFatal("%s", session.error().message.c_str());
    (*session)->advance(std::chrono::seconds(60), 40);
    return run;
  }

  FakeEngine engine;

 private:
  app::KeyFilter m_keys;
  std::unique_ptr<TemporaryHome> m_home;
};

}  // namespace anchorlens::tests

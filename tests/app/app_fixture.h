// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/session_factory.h"
#include "tests/session/fake_engine.h"

#include <QDir>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace anchorlens::tests {

/// A home folder for one test: what the window writes goes there and vanishes with it.
class TemporaryHome {
 public:
  TemporaryHome() {
    qputenv("XDG_DATA_HOME", (m_dir.path() + QStringLiteral("/data")).toUtf8());
    qputenv("XDG_CONFIG_HOME", (m_dir.path() + QStringLiteral("/config")).toUtf8());
    qputenv("HOME", m_dir.path().toUtf8());
  }
  QString path(const QString& name = {}) const {
    return name.isEmpty() ? m_dir.path() : m_dir.filePath(name);
  }

 private:
  QTemporaryDir m_dir;
};

/// Real sessions over an engine without LibTorch. The engine outlives the factory's users.
inline app::SessionFactory fakeSessions(FakeEngine* engine) {
  app::SessionFactory factory;
  factory.open_engine = [engine]() -> engine::Result<engine::EngineModule*> { return engine; };
  factory.create = [engine](const core::ExperimentSpec& spec, const std::filesystem::path& run,
                            engine::RunSession::Options options) {
    options.engine = engine;
    return engine::RunSession::create(spec, run, std::move(options));
  };
  factory.resume = [engine](const std::filesystem::path& run, engine::RunSession::Options options,
                            std::optional<std::int64_t> more_steps) {
    options.engine = engine;
    return engine::RunSession::resume(run, std::move(options), more_steps);
  };
  factory.fork = [engine](const std::filesystem::path& parent, std::int64_t step,
                          const core::ExperimentSpec& spec, const std::filesystem::path& run,
                          engine::RunSession::Options options) {
    options.engine = engine;
    return engine::RunSession::fork(parent, step, spec, run, std::move(options));
  };
  factory.snapshot = [engine](const std::filesystem::path& run, std::int64_t step) {
    return engine::RunSnapshot::open(run, step, engine);
  };
  return factory;
}

/// Answers for the system's dialogs.
class ScriptedDialogs : public app::Dialogs {
 public:
  QString experiment_to_open;
  QString run_to_open;
  QString file_to_open;
  QString file_to_save;
  QString folder;
  CloseChoice close_choice = CloseChoice::PauseAndSave;
  UnsavedChoice unsaved_choice = UnsavedChoice::Cancel;
  std::optional<std::int64_t> more;
  bool replace = true;
  QStringList asked;

  QString openExperiment(QWidget*) override { return experiment_to_open; }
  QString openRun(QWidget*) override { return run_to_open; }
  QString openFile(QWidget*, const QString&, const QString&) override { return file_to_open; }
  QString saveFile(QWidget*, const QString&, const QString& proposal, const QString&) override {
    asked.append(QStringLiteral("save ") + proposal);
    return file_to_save;
  }
  QString chooseFolder(QWidget*, const QString&, const QString&) override { return folder; }
  CloseChoice closeWhileTraining(QWidget*, const QString& run) override {
    asked.append(QStringLiteral("close ") + run);
    return close_choice;
  }
  UnsavedChoice closeUnsaved(QWidget*, const QString& run, std::int64_t lost_steps) override {
    asked.append(QStringLiteral("unsaved %1, %2").arg(run).arg(lost_steps));
    return unsaved_choice;
  }
  std::optional<std::int64_t> moreSteps(QWidget*, const QString& run, std::int64_t) override {
    asked.append(QStringLiteral("more ") + run);
    return more;
  }
  bool replaceFiles(QWidget*, const QStringList& files) override {
    asked.append(QStringLiteral("replace ") + files.join(QLatin1Char(' ')));
    return replace;
  }
  void openFolder(const QString& opened) override {
    asked.append(QStringLiteral("folder ") + opened);
  }
};

}  // namespace anchorlens::tests

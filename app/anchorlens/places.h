// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>

/// Where the window keeps its files. All by the XDG variables, so that tests have a home of their
/// own.
namespace anchorlens::app {

/// $XDG_DATA_HOME/anchorlens (or ~/.local/share/anchorlens); made when it is missing.
QString dataFolder();
/// dataFolder()/runs
QString defaultRunFolder();
/// dataFolder()/presets: experiment files of one's own
QString presetFolder();
/// What was open when the window closed.
QString sessionFile();
/// Theme, font scale, shortcuts: $XDG_CONFIG_HOME/anchorlens/window.ini
QString settingsFile();

/// One above the highest number in use in the folder. The folder may be missing.
int nextRunNumber(const QString& folder);
/// "run-008"
QString runDirectoryName(int number);

std::filesystem::path toPath(const QString& text);
QString toText(const std::filesystem::path& path);
/// Absolute, without links and "..", also for what does not exist (yet).
std::filesystem::path cleanPath(const std::filesystem::path& path);

/// Whether a path is a run directory by its looks (it has an experiment.json and a run.sqlite or
/// checkpoints), or is that of a file inside one.
bool looksLikeRun(const QString& path);

}  // namespace anchorlens::app

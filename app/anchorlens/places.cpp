// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/places.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <system_error>

namespace anchorlens::app {

namespace {
const QString kName = QStringLiteral("anchorlens");

QString made(const QString& folder) {
  QDir().mkpath(folder);
  return folder;
}
}  // namespace

QString dataFolder() {
  return made(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
              QLatin1Char('/') + kName);
}

QString defaultRunFolder() {
  return dataFolder() + QStringLiteral("/runs");
}

QString presetFolder() {
  return dataFolder() + QStringLiteral("/presets");
}

QString sessionFile() {
  return dataFolder() + QStringLiteral("/session.json");
}

QString settingsFile() {
  return made(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
              QLatin1Char('/') + kName) +
         QStringLiteral("/window.ini");
}

int nextRunNumber(const QString& folder) {
  static const QRegularExpression numbered(QStringLiteral("^run-(\\d+)$"));
  int highest = 0;
  for (const QString& name : QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    const auto match = numbered.match(name);
    if (match.hasMatch())
      highest = std::max(highest, match.captured(1).toInt());
  }
  return highest + 1;
}

QString runDirectoryName(int number) {
  return QStringLiteral("run-%1").arg(number, 3, 10, QLatin1Char('0'));
}

std::filesystem::path toPath(const QString& text) {
  return std::filesystem::path(QFile::encodeName(text).toStdString());
}

QString toText(const std::filesystem::path& path) {
  return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

std::filesystem::path cleanPath(const std::filesystem::path& path) {
  std::error_code error;
  auto result = std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  return error ? path : result;
}

bool looksLikeRun(const QString& path) {
  const QDir folder(path);
  return QFileInfo(path).isDir() && folder.exists(QStringLiteral("experiment.json")) &&
         (folder.exists(QStringLiteral("run.sqlite")) ||
          folder.exists(QStringLiteral("checkpoints")));
}

}  // namespace anchorlens::app

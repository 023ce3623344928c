// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/own_presets.h"

#include "app/anchorlens/places.h"
#include "engine/core/store/checkpoint.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <system_error>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr qsizetype kLongestName = 80;

QString tr(const char* text) {
  return QCoreApplication::translate("OwnPresets", text);
}

QString reasonOf(const std::filesystem::path& file, const std::error_code& error) {
  return QStringLiteral("%1: %2").arg(toText(file), QString::fromStdString(error.message()));
}

}  // namespace

std::filesystem::path OwnPresets::fileOf(const QString& name) const {
  return m_folder / toPath(name + QStringLiteral(".json"));
}

std::vector<OwnPresets::Entry> OwnPresets::list() const {
  std::vector<Entry> entries;
  const QDir folder(toText(m_folder));
  for (const QFileInfo& info :
       folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
    const auto file = toPath(info.absoluteFilePath());
    entries.push_back({info.completeBaseName(), file, core::readExperiment(file)});
  }
  return entries;
}

QString OwnPresets::whyNotFree(const QString& name) const {
  if (name.isEmpty())
    return tr("A preset needs a name.");
  if (name.size() > kLongestName)
    return tr("The name has %1 letters; expected at most %2.").arg(name.size()).arg(kLongestName);
  if (name.contains(QLatin1Char('/')) || name.startsWith(QLatin1Char('.')))
    return tr("The name becomes a file's: it cannot contain “/” or begin with a dot.");
  for (const auto& names : {core::presetNames(), core::exampleNames()}) {
    for (const std::string& known : names) {
      if (name.compare(QString::fromStdString(known), Qt::CaseInsensitive) == 0)
        return tr("“%1” is one of the program's presets. Take another name.").arg(name);
    }
  }
  std::error_code error;
  if (std::filesystem::exists(fileOf(name), error))
    return tr("There is a preset “%1” already. Take another name, or remove that one first.")
        .arg(name);
  return {};
}

QString OwnPresets::save(const QString& name, core::ExperimentSpec spec) const {
  if (const QString problem = whyNotFree(name); !problem.isEmpty())
    return problem;
  std::error_code error;
  std::filesystem::create_directories(m_folder, error);
  if (error)
    return reasonOf(m_folder, error);
  spec.name = name.toStdString();
  const auto written = core::writeFileAtomically(fileOf(name), core::writeExperiment(spec));
  return written ? QString() : QString::fromStdString(written.error().text());
}

QString OwnPresets::rename(const QString& name, const QString& new_name) const {
  const auto old = core::readExperiment(fileOf(name));
  if (old) {
    const QString problem = save(new_name, *old);
    return problem.isEmpty() ? remove(name) : problem;
  }
  // A damaged file keeps what is in it.
  if (const QString problem = whyNotFree(new_name); !problem.isEmpty())
    return problem;
  std::error_code error;
  std::filesystem::rename(fileOf(name), fileOf(new_name), error);
  return error ? reasonOf(fileOf(name), error) : QString();
}

QString OwnPresets::remove(const QString& name) const {
  std::error_code error;
  std::filesystem::remove(fileOf(name), error);
  return error ? reasonOf(fileOf(name), error) : QString();
}

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/study_folder.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_place.h"

#include <system_error>
#include <utility>

namespace anchorlens::ctl {
namespace fs = std::filesystem;
namespace {

bool hasOnlyLeftovers(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name != core::kLockName && !core::isTemporaryName(name)) {
      return false;
    }
  }
  return true;
}

int refuse(const fs::path& folder, const std::string& why) {
  printError(folder.string(), why);
  return kBadInput;
}

}  // namespace

int prepareStudyFolder(const fs::path& folder, const core::StudySpec& study) {
  if (core::isThere(folder) && !fs::is_directory(folder)) {
    return refuse(folder, "is a file; expected a new or empty folder");
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    printError(folder.string(), "the folder cannot be made: " + error.message());
    return kFailed;
  }
  const fs::path file = folder / core::kStudyFile;
  if (!core::isThere(file)) {
    if (!hasOnlyLeftovers(folder)) {
      return refuse(folder, "is not empty and holds no study; expected a new or empty folder");
    }
    if (const auto written = core::writeFileAtomically(file, core::writeStudy(study)); !written) {
      printError("", written.error().text());
      return kFailed;
    }
    return kDone;
  }
  const auto frozen = core::readStudy(file);
  if (!frozen) {
    return refuse(file, frozen.error().front().pointer + " " + frozen.error().front().message);
  }
  if (*frozen != study) {
    return refuse(folder, "holds another study; go on with that one by anchorctl sweep " +
                              shellWord(file.string()) + " --out " + shellWord(folder.string()) +
                              ", or give a new folder");
  }
  return kDone;
}

core::Expected<core::RunLock, int> lockStudyFolder(const fs::path& folder, bool is_shared) {
  const bool is_network = is_shared || core::isNetworkFileSystem(folder);
  auto lock = core::RunLock::acquire(folder, is_network);
  if (!lock) {
    printError("", lock.error().text());
    return core::Unexpected(core::lockState(folder, is_network).held ? kBadInput : kFailed);
  }
  return std::move(*lock);
}

}  // namespace anchorlens::ctl

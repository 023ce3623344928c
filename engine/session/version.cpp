// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/version.h"

#include "anchorlens_commit.h"
#include "anchorlens_interface.h"

namespace anchorlens::engine {

std::string_view version() {
  return ANCHORLENS_VERSION;
}

std::string_view commit() {
  return ANCHORLENS_COMMIT;
}

std::string versionText() {
  return std::string(version()) + " (commit " + std::string(commit()) + ")";
}

const char* interfaceHash() {
  return ANCHORLENS_INTERFACE;
}

}  // namespace anchorlens::engine

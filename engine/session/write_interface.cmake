# SPDX-License-Identifier: GPL-3.0-or-later
# Run at every build: cmake -DSOURCE_DIR=... -DOUTPUT=... -P write_interface.cmake
# Writes a hash of the headers that programs and engine share, and touches it only when it changed.
file(GLOB_RECURSE headers RELATIVE "${SOURCE_DIR}"
  "${SOURCE_DIR}/engine/*.h"
)
list(FILTER headers EXCLUDE REGEX "^engine/torch/")
list(SORT headers)
set(all "")
foreach(header IN LISTS headers)
  file(SHA256 "${SOURCE_DIR}/${header}" hash)
  string(APPEND all "${header} ${hash}\n")
endforeach()
string(SHA256 all "${all}")
string(SUBSTRING "${all}" 0 16 all)
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY  # leaves a file alone that has this content
  CONTENT "// Written at build time.\n#define ANCHORLENS_INTERFACE \"${all}\"\n"
)

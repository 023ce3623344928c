# SPDX-License-Identifier: GPL-3.0-or-later
# Run at every build: cmake -DSOURCE_DIR=... -DOUTPUT=... -P write_commit.cmake
# Writes the commit into a header, and touches it only when the commit has changed.
find_package(Git QUIET)
set(commit "unknown")
if(GIT_FOUND)
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${SOURCE_DIR}" rev-parse --show-toplevel
    OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
  )
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${SOURCE_DIR}" rev-parse --short=12 HEAD
    RESULT_VARIABLE failed OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
  )
  # Unpacked inside another repository, that one's commit would be wrong.
  if(NOT failed AND "${top}" STREQUAL "${SOURCE_DIR}")
    set(commit "${head}")
    execute_process(
      COMMAND "${GIT_EXECUTABLE}" -C "${SOURCE_DIR}" diff-index --quiet HEAD --
      RESULT_VARIABLE changed ERROR_QUIET
    )
    if(changed)
      string(APPEND commit "-dirty")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY  # leaves a file alone that has this content
  CONTENT "// Written at build time.\n#define ANCHORLENS_COMMIT \"${commit}\"\n"
)

# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  archive/run_archive.cpp
  archive/unpack_run.cpp
)

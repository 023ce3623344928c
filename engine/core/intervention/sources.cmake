# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  intervention/check.cpp
  intervention/head_ref.cpp
  intervention/in_effect.cpp
  intervention/parse.cpp
  intervention/text.cpp
)

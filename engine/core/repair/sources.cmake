# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  repair/anchor_repairs.cpp
  repair/candidates.cpp
  repair/field_ref.cpp
  repair/field_repairs.cpp
  repair/form_repairs.cpp
  repair/part_repairs.cpp
  repair/percentages.cpp
  repair/repair.cpp
  repair/rule_repairs.cpp
  repair/text_repairs.cpp
  repair/vocabulary_repairs.cpp
)

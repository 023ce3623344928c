# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  language/complete.cpp
  language/complete_operation.cpp
  language/edit.cpp
  language/evaluate.cpp
  language/expression_parser.cpp
  language/lexer.cpp
  language/parse_operation.cpp
  language/parse_pattern.cpp
  language/print.cpp
  language/selector_parser.cpp
  language/simplify.cpp
  language/token_reader.cpp
  language/tokenize.cpp
  language/unknown_character.cpp
)

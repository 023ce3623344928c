// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/ast.h"

#include <string>

/// Parts of LaTeX formulas (amsmath). Private to the notation.
namespace anchorlens::core {

/// A text that does not parse, in typewriter.
std::string latexTyped(const std::string& text);
/// `x` stays, `x1` gets an index, longer names stand together.
std::string latexName(const std::string& name);
std::string latexToken(int token);
/// An answer, a branch of an operation, a predicate.
std::string latexFormula(const Expr& expr);

}  // namespace anchorlens::core

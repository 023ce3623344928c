// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/latex_formula.h"

#include <string_view>

namespace anchorlens::core {
namespace {

using Kind = Expr::Kind;

/// How tightly the parts of a formula hold together, as in the language.
enum Strength { kSum = 1, kProduct = 2, kUnary = 3, kPrimary = 4 };

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\textbackslash{}";
        break;
      case '^':
      case '~':
        out += std::string("\\") + c + "{}";
        break;
      case '#':
      case '$':
      case '%':
      case '&':
      case '_':
      case '{':
      case '}':
        out += std::string("\\") + c;
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string anchorText(const AnchorRef& anchor) {
  return anchor.isLiteral() ? latexToken(anchor.token) : latexName(anchor.name);
}

Strength strengthOf(const Expr& expr) {
  switch (expr.kind) {
    case Kind::Add:
    case Kind::Subtract:
      return kSum;
    case Kind::Multiply:
    case Kind::Mod:
      return kProduct;
    case Kind::Negate:
      return kUnary;
    default:
      return kPrimary;
  }
}

std::string atLeast(const Expr& expr, int least) {
  const std::string text = latexFormula(expr);
  return strengthOf(expr) < least ? "(" + text + ")" : text;
}

std::string binary(const Expr& expr, const char* sign, int own) {
  const std::string right = atLeast(expr.args.at(1), own + 1);
  return atLeast(expr.args.at(0), own) + sign + (right.front() == '-' ? "(" + right + ")" : right);
}

std::string arguments(const std::vector<Expr>& args) {
  std::string text;
  for (const Expr& arg : args) {
    text += (text.empty() ? "(" : ", ") + latexFormula(arg);
  }
  return text + ")";
}

std::string selector(const Expr& expr) {
  const bool is_match = expr.kind == Kind::Match;
  std::string text = std::string("\\operatorname{") + (is_match ? "match" : "nearest") + "}(" +
                     (is_match ? anchorText(expr.anchor) : latexName(expr.name));
  const char* separator = ";\\, ";
  for (const SelectorArm& arm : expr.arms) {
    const std::string anchor = anchorText(arm.anchor);
    const std::string key = latexName(arm.key);
    text += separator + (is_match ? anchor + "{:}" + key : key + "{:}" + anchor);
    separator = ",\\, ";
  }
  return text + ")";
}

}  // namespace

std::string latexTyped(const std::string& text) {
  return "\\texttt{" + escaped(text) + "}";
}

std::string latexName(const std::string& name) {
  std::size_t letters = name.size();
  while (letters > 1 && name[letters - 1] >= '0' && name[letters - 1] <= '9') {
    --letters;
  }
  const std::string word = name.substr(0, letters);
  const std::string index = name.substr(letters);
  return (letters == 1 ? word : "\\mathit{" + word + "}") +
         (index.empty() ? "" : "_{" + index + "}");
}

std::string latexToken(int token) {
  return "\\mathbf{" + std::to_string(token) + "}";
}

std::string latexFormula(const Expr& expr) {
  switch (expr.kind) {
    case Kind::Integer:
      return std::to_string(expr.value);
    case Kind::Name:
      return latexName(expr.name);
    case Kind::Negate:
      return "-" + atLeast(expr.args.at(0), kPrimary);
    case Kind::Add:
      return binary(expr, " + ", kSum);
    case Kind::Subtract:
      return binary(expr, " - ", kSum);
    case Kind::Multiply:
      return binary(expr, " \\cdot ", kProduct);
    case Kind::Mod:
      return binary(expr, " \\bmod ", kProduct);
    case Kind::Min:
      return "\\min" + arguments(expr.args);
    case Kind::Max:
      return "\\max" + arguments(expr.args);
    case Kind::Abs:
      return "\\lvert " + latexFormula(expr.args.at(0)) + " \\rvert";
    case Kind::Apply:
      return anchorText(expr.anchor) + arguments(expr.args);
    default:
      return selector(expr);
  }
}

}  // namespace anchorlens::core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/task/explain_target.h"
#include "engine/core/task/notation.h"

#include <map>
#include <string_view>
#include <vector>

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

std::string asTyped(const std::string& text) {
  return "\\texttt{" + escaped(text) + "}";
}

/// `x` stays, `x1` gets an index, longer names stand upright.
std::string nameText(const std::string& name) {
  std::size_t letters = name.size();
  while (letters > 1 && name[letters - 1] >= '0' && name[letters - 1] <= '9') {
    --letters;
  }
  const std::string word = name.substr(0, letters);
  const std::string index = name.substr(letters);
  return (letters == 1 ? word : "\\mathit{" + word + "}") +
         (index.empty() ? "" : "_{" + index + "}");
}

std::string tokenText(int token) {
  return "\\mathbf{" + std::to_string(token) + "}";
}
std::string anchorText(const AnchorRef& anchor) {
  return anchor.isLiteral() ? tokenText(anchor.token) : nameText(anchor.name);
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

std::string formula(const Expr& expr);

std::string atLeast(const Expr& expr, int least) {
  const std::string text = formula(expr);
  return strengthOf(expr) < least ? "(" + text + ")" : text;
}

std::string binary(const Expr& expr, const char* sign, int own) {
  const std::string right = atLeast(expr.args.at(1), own + 1);
  return atLeast(expr.args.at(0), own) + sign + (right.front() == '-' ? "(" + right + ")" : right);
}

std::string arguments(const std::vector<Expr>& args) {
  std::string text;
  for (const Expr& arg : args) {
    text += (text.empty() ? "(" : ", ") + formula(arg);
  }
  return text + ")";
}

std::string selector(const Expr& expr) {
  const bool is_match = expr.kind == Kind::Match;
  std::string text = std::string("\\operatorname{") + (is_match ? "match" : "nearest") + "}(" +
                     (is_match ? anchorText(expr.anchor) : nameText(expr.name));
  const char* separator = ";\\, ";
  for (const SelectorArm& arm : expr.arms) {
    const std::string anchor = anchorText(arm.anchor);
    const std::string key = nameText(arm.key);
    text += separator + (is_match ? anchor + "{:}" + key : key + "{:}" + anchor);
    separator = ",\\, ";
  }
  return text + ")";
}

std::string formula(const Expr& expr) {
  switch (expr.kind) {
    case Kind::Integer:
      return std::to_string(expr.value);
    case Kind::Name:
      return nameText(expr.name);
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
      return "\\lvert " + formula(expr.args.at(0)) + " \\rvert";
    case Kind::Apply:
      return anchorText(expr.anchor) + arguments(expr.args);
    default:
      return selector(expr);
  }
}

std::string sequenceText(const Sequence& items) {
  std::string text;
  for (const Item& item : items) {
    text += text.empty() ? "" : "\\; ";
    switch (item.kind) {
      case Item::Kind::Gap:
        text += "\\ast";
        break;
      case Item::Kind::Noise:
        text += "\\_";
        break;
      case Item::Kind::Token:
        text += tokenText(item.token);
        break;
      case Item::Kind::Blocks:
        for (std::size_t i = 0; i < item.blocks.size(); ++i) {
          text += (i == 0 ? "\\{ " : " \\mid ") + sequenceText(item.blocks[i]);
        }
        text += " \\}";
        break;
      default:
        text += nameText(item.name);
    }
  }
  return text;
}

std::string patternText(const std::string& typed) {
  const auto pattern = parsePattern(typed);
  return pattern
             ? sequenceText(pattern->items) + " \\;\\longrightarrow\\; " + formula(pattern->target)
             : asTyped(typed);
}

std::string operationText(const std::string& typed) {
  const auto operation = parseOperation(typed);
  if (!operation) {
    return asTyped(typed);
  }
  switch (operation->kind) {
    case Operation::Kind::Expression:
      return formula(operation->branches.front().expression);
    case Operation::Kind::Synonym:
      return tokenText(operation->synonym_of) + "(x)";
    case Operation::Kind::Table:
      return "\\text{table " + std::to_string(operation->table_seed) + "}";
    default:
      break;
  }
  std::string text = "\\begin{cases}";
  for (const Operation::Branch& branch : operation->branches) {
    std::string percent = percentText(branch.percent / 100);
    percent.replace(percent.find(" %"), 2, "\\,\\%");
    text += " " + formula(branch.expression) + " & \\text{with }" + percent + " \\\\";
  }
  return text + " \\end{cases}";
}

/// Names of the keys that an operation takes: (x), (x, y) or (x, y, z).
std::string argumentNames(const std::string& operation) {
  const auto parsed = parseOperation(operation);
  std::string names = "x";
  for (const char* name : {"y", "z"}) {
    const bool is_used = parsed && printOperation(*parsed).find(name) != std::string::npos;
    if (is_used && parsed->kind != Operation::Kind::Table &&
        parsed->kind != Operation::Kind::Synonym) {
      names += std::string(names == "x" && *name == 'z' ? ", y" : "") + ", " + name;
    }
  }
  return "(" + names + ")";
}

std::string intervalsText(const Intervals& intervals) {
  std::string text;
  for (const Interval& interval : intervals) {
    text += (text.empty() ? "[" : " \\cup [") + std::to_string(interval.first) + ", " +
            std::to_string(interval.last) + "]";
  }
  return text.empty() ? "\\emptyset" : text;
}

/// "(A, B) = (3, 4)"
std::string valuesText(const std::map<std::string, int>& values) {
  std::string names;
  std::string tokens;
  for (const auto& [name, token] : values) {
    names += (names.empty() ? "" : ", ") + nameText(name);
    tokens += (tokens.empty() ? "" : ", ") + tokenText(token);
  }
  return values.size() == 1 ? names + " = " + tokens : "(" + names + ") = (" + tokens + ")";
}

struct RuleFormula {
  std::string operator()(const ResidueRule& rule) const {
    const std::string key = rule.key == "answer" ? "k" : nameText(rule.key);
    return "(" + key + " - p_{" + key + "}) \\bmod " + std::to_string(rule.modulus) + " = " +
           std::to_string(rule.remainder);
  }
  std::string operator()(const KeysRule& rule) const {
    return tokenText(rule.anchor) + "(x),\\ x \\in " + intervalsText(rule.intervals);
  }
  std::string operator()(const PredicateRule& rule) const {
    const auto expression = parseExpression(rule.expression);
    return (expression ? formula(*expression) : asTyped(rule.expression)) + " = 0";
  }
  std::string operator()(const AnchorsRule& rule) const { return valuesText(rule.values); }
  std::string operator()(const LengthRule& rule) const {
    std::string text;
    for (const int length : rule.lengths) {
      text += (text.empty() ? "" : ", ") + std::to_string(length);
    }
    return "T \\in \\{" + text + "\\}";
  }
};

/// Lines of an align*, so that many fit a column.
std::string aligned(const std::vector<std::string>& lines) {
  std::string text = "\\begin{align*}\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += "  " + lines[i] + (i + 1 < lines.size() ? " \\\\\n" : "\n");
  }
  return text + "\\end{align*}\n";
}

std::string lengthsText(const TaskSpec& spec) {
  std::string text;
  for (const int length : spec.seq_len) {
    text += (text.empty() ? "" : ", ") + std::to_string(length);
  }
  return spec.seq_len.size() == 1 ? "T = " + text : "T \\in \\{" + text + "\\}";
}

std::string rangesText(const TaskSpec& spec) {
  std::string text =
      "Length $" + lengthsText(spec) + "$; noise in $" + intervalsText(spec.noise) + "$";
  for (const auto& [name, intervals] : spec.keys) {
    if (intervals != spec.noise) {
      text += "; $" + nameText(name) + " \\in " + intervalsText(intervals) + "$";
    }
  }
  return text + ".\n";
}

std::string heldOutText(const TaskSpec& spec) {
  std::string text;
  bool has_residue = false;
  bool has_answer = false;
  for (const HeldOutRule& rule : spec.held_out) {
    text +=
        (text.empty() ? "Held out for test: $" : ", or $") + std::visit(RuleFormula(), rule) + "$";
    const auto* residue = std::get_if<ResidueRule>(&rule);
    has_residue = has_residue || residue != nullptr;
    has_answer = has_answer || (residue != nullptr && residue->key == "answer");
  }
  const std::string answer = has_answer ? ", $k$ the key that the answer selects" : "";
  const std::string place = has_residue ? " ($p$ the position of the key" + answer + ")" : "";
  return text.empty() ? "" : text + place + ".\n";
}

}  // namespace

std::string notationLatex(const TaskSpec& spec) {
  std::vector<std::string> patterns;
  for (const FormSpec& form : spec.forms) {
    patterns.push_back("& " + patternText(form.pattern));
  }
  std::string text = "% needs \\usepackage{amsmath}\n";
  text += patterns.empty() ? "" : aligned(patterns);
  std::vector<std::string> anchors;
  for (const AnchorSpec& anchor : spec.anchors) {
    anchors.push_back(tokenText(anchor.token) + argumentNames(anchor.operation) +
                      " &= " + operationText(anchor.operation));
  }
  text += anchors.empty() ? "" : aligned(anchors);
  text += rangesText(spec) + heldOutText(spec);
  std::string relabelled;
  for (const RelabelSpec& relabel : spec.relabel) {
    relabelled += (relabelled.empty() ? "Taught instead: $" : "; $") + valuesText(relabel.values) +
                  " \\mapsto " + operationText(relabel.operation) + "$";
  }
  return text + (relabelled.empty() ? "" : relabelled + ".\n");
}

}  // namespace anchorlens::core

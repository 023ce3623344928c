// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/task/explain_operation.h"
#include "engine/core/task/latex_formula.h"
#include "engine/core/task/notation.h"

#include <map>
#include <vector>

namespace anchorlens::core {
namespace {

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
        text += latexToken(item.token);
        break;
      case Item::Kind::Blocks:
        for (std::size_t i = 0; i < item.blocks.size(); ++i) {
          text += (i == 0 ? "\\{ " : " \\mid ") + sequenceText(item.blocks[i]);
        }
        text += " \\}";
        break;
      default:
        text += latexName(item.name);
    }
  }
  return text;
}

std::string patternText(const std::string& typed) {
  const auto pattern = parsePattern(typed);
  return pattern ? sequenceText(pattern->items) + " \\;\\longrightarrow\\; " +
                       latexFormula(pattern->target)
                 : latexTyped(typed);
}

std::string operationText(const std::string& typed) {
  const auto operation = parseOperation(typed);
  if (!operation) {
    return latexTyped(typed);
  }
  switch (operation->kind) {
    case Operation::Kind::Expression:
      return latexFormula(operation->branches.front().expression);
    case Operation::Kind::Synonym:
      return latexToken(operation->synonym_of) + "(x)";
    case Operation::Kind::Table:
      return "\\text{table " + std::to_string(operation->table_seed) + "}";
    default:
      break;
  }
  std::string text = "\\begin{cases}";
  for (const Operation::Branch& branch : operation->branches) {
    std::string percent = percentText(branch.percent / 100);
    percent.replace(percent.find(" %"), 2, "\\,\\%");
    text += " " + latexFormula(branch.expression) + " & \\text{with }" + percent + " \\\\";
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
    names += (names.empty() ? "" : ", ") + latexName(name);
    tokens += (tokens.empty() ? "" : ", ") + latexToken(token);
  }
  return values.size() == 1 ? names + " = " + tokens : "(" + names + ") = (" + tokens + ")";
}

struct RuleFormula {
  std::string operator()(const ResidueRule& rule) const {
    const std::string key = rule.key == "answer" ? "k" : latexName(rule.key);
    return "(" + key + " - p_{" + key + "}) \\bmod " + std::to_string(rule.modulus) + " = " +
           std::to_string(rule.remainder);
  }
  std::string operator()(const KeysRule& rule) const {
    return latexToken(rule.anchor) + "(x),\\ x \\in " + intervalsText(rule.intervals);
  }
  std::string operator()(const PredicateRule& rule) const {
    const auto expression = parseExpression(rule.expression);
    return (expression ? latexFormula(*expression) : latexTyped(rule.expression)) + " = 0";
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
      text += "; $" + latexName(name) + " \\in " + intervalsText(intervals) + "$";
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
    anchors.push_back(latexToken(anchor.token) + argumentNames(anchor.operation) +
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

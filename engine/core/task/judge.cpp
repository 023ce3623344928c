// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/judge.h"

#include "engine/core/task/error_list.h"
#include "engine/core/task/matcher.h"
#include "engine/core/task/task.h"

#include <algorithm>
#include <optional>

namespace anchorlens::core {
namespace {

std::vector<Answer> answersFrom(const Outcomes& outcomes) {
  std::vector<Answer> answers;
  for (const Outcome& outcome : outcomes) {
    answers.push_back({static_cast<std::int32_t>(outcome.value), outcome.p});
  }
  return answers;
}

std::string checkTokens(const TaskPlan& plan, std::span<const std::int32_t> tokens) {
  const auto& lengths = plan.spec.seq_len;
  if (std::find(lengths.begin(), lengths.end(), toInt(tokens.size())) == lengths.end()) {
    std::vector<std::string> texts;
    for (const int length : lengths) {
      texts.push_back(std::to_string(length));
    }
    return "The sequence has " + plural(toInt(tokens.size()), "token") + "; this task's have " +
           listText(texts) + ".";
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 1 || tokens[i] >= plan.d_vocab) {
      return "Token " + std::to_string(tokens[i]) + " at position " + std::to_string(i) +
             " is not in the vocabulary 1.." + std::to_string(plan.d_vocab - 1) + ".";
    }
  }
  return {};
}

/// Literals of every form that the tokens lack; empty when some form has all of its.
std::string missingText(const TaskPlan& plan, std::span<const std::int32_t> tokens) {
  std::vector<std::string> missing;
  for (const FormPlan& form : plan.forms) {
    bool has_all = true;
    for (const int literal : form.literals) {
      const std::int32_t token = form.symbols[at(literal)].domain.min();
      if (std::find(tokens.begin(), tokens.end(), token) == tokens.end()) {
        has_all = false;
        missing.push_back(std::to_string(token));
      }
    }
    if (has_all) {
      return {};
    }
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  return missing.size() == 1 ? "Anchor " + missing.front() + " is missing"
                             : "Anchors are missing (" + listText(missing) + ")";
}

std::string noFitText(const TaskPlan& plan, std::span<const std::int32_t> tokens,
                      const SearchResult& search) {
  const std::string patterns =
      plan.spec.forms.size() == 1 ? "the pattern " + plan.spec.forms.front().pattern
                                  : "any of the " + std::to_string(plan.forms.size()) + " patterns";
  const std::string missing = missingText(plan, tokens);
  if (!missing.empty()) {
    return missing + ": the sequence does not fit " + patterns + ".";
  }
  const std::string start = "The sequence does not fit " + patterns;
  if (!search.odd_anchors.empty()) {
    return start + ": its anchors " + search.odd_anchors + " are no combination of this task.";
  }
  if (search.furthest >= toInt(tokens.size())) {
    return start + ": no placement agrees with all tokens.";
  }
  return start + ": token " + std::to_string(tokens[at(search.furthest)]) + " at position " +
         std::to_string(search.furthest) + " fits nothing that may stand there.";
}

std::string answerText(const TaskPlan& plan, const Reading& reading, const Verdict& verdict) {
  const FormPlan& form = plan.forms[at(reading.form)];
  std::string text = std::to_string(verdict.answers.front().value);
  std::vector<std::string> parts;
  for (const int key : form.target_keys) {
    parts.push_back(form.symbols[at(key)].text + " at position " +
                    std::to_string(reading.firsts[at(key)]));
  }
  return parts.empty() ? text : text + " (" + listText(parts) + ")";
}

/// Collects the readings of a sequence.
class Judge {
 public:
  Judge(const TaskPlan& plan, std::span<const std::int32_t> tokens)
      : m_plan(plan), m_tokens(tokens) {}

  Expected<Judged, std::string> run() {
    SearchResult all;
    for (const FormPlan& form : m_plan.forms) {
      const SearchResult result = forEachMatch(m_plan, form, m_tokens, [&](const Match& match) {
        take(match);
        return m_problem.empty();
      });
      all.furthest = std::max(all.furthest, result.furthest);
      all.odd_anchors = result.odd_anchors.empty() ? all.odd_anchors : result.odd_anchors;
      if (result.is_too_long && m_problem.empty()) {
        m_problem = "There are too many ways to read this sequence.";
      }
      if (!m_problem.empty()) {
        return Unexpected(m_problem);
      }
    }
    if (!m_judgement) {
      return Unexpected(noFitText(m_plan, m_tokens, all));
    }
    return Judged{std::move(*m_judgement), m_reading};
  }

 private:
  void take(const Match& match) {
    Verdict verdict = verdictOf(m_plan, match.reading);
    if (verdict.status != Status::Ok) {
      m_problem = verdict.status == Status::Tie
                      ? "The answer is not determined: several are equally good (a tie)."
                      : "The sequence has no answer.";
    } else if (verdict.group < 0) {
      m_problem = "This task draws no sequences with these anchors.";
    } else if (!m_judgement) {
      accept(match, std::move(verdict));
    } else if (!agree(m_verdict, verdict)) {
      m_problem = "The answer is not determined: " + answerText(m_plan, m_reading, m_verdict) +
                  " and " + answerText(m_plan, match.reading, verdict) + " both fit.";
    }
  }

  void accept(const Match& match, Verdict verdict) {
    const FormPlan& form = m_plan.forms[at(match.reading.form)];
    Judgement judgement;
    judgement.form = match.reading.form;
    judgement.group = static_cast<int>(verdict.group);
    judgement.answers = answersFrom(verdict.answers);
    judgement.taught = answersFrom(verdict.taught);
    for (std::size_t rule = 0; rule < m_plan.spec.held_out.size(); ++rule) {
      if (isHeldBy(m_plan, form, rule, match.reading)) {
        judgement.split = Split::Test;
      }
    }
    for (const int symbol : match.symbols) {
      judgement.roles.push_back(symbol < 0 ? std::uint8_t{0} : form.symbols[at(symbol)].role);
    }
    m_reading = match.reading;
    m_verdict = std::move(verdict);
    m_judgement = std::move(judgement);
  }

  const TaskPlan& m_plan;
  std::span<const std::int32_t> m_tokens;
  std::optional<Judgement> m_judgement;
  Reading m_reading;
  Verdict m_verdict;
  std::string m_problem;
};

}  // namespace

Expected<Judged, std::string> judgeTokens(const TaskPlan& plan,
                                          std::span<const std::int32_t> tokens) {
  std::string problem = checkTokens(plan, tokens);
  if (!problem.empty()) {
    return Unexpected(std::move(problem));
  }
  return Judge(plan, tokens).run();
}

Expected<Judgement, std::string> Task::judge(std::span<const std::int32_t> tokens) const {
  auto judged = judgeTokens(*m_plan, tokens);
  if (!judged) {
    return Unexpected(std::move(judged).error());
  }
  return std::move(judged->judgement);
}

}  // namespace anchorlens::core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/matcher.h"

#include <algorithm>
#include <optional>

namespace anchorlens::core {
namespace {

/// Steps after which a search is given up.
constexpr std::int64_t kMostSteps = 20'000'000;

/// The rest of a list of elements; then what follows the list.
struct Rest {
  const Elements* elements = nullptr;
  std::size_t index = 0;
  const Rest* next = nullptr;
  /// Blocks still to come, when this is the inside of braces: bit i is block i.
  const Element* blocks = nullptr;
  std::uint64_t open = 0;
};

class Search {
 public:
  Search(const TaskPlan& plan, const FormPlan& form, std::span<const std::int32_t> tokens,
         const std::function<bool(const Match&)>& visit)
      : m_plan(plan), m_form(form), m_tokens(tokens), m_visit(visit), m_symbols(tokens.size(), -1) {
    m_match.reading.form = form.index;
    m_match.reading.length = toInt(tokens.size());
    m_bound.fill(0);
    m_noise_end.assign(tokens.size() + 1, tokens.size());
    for (std::size_t i = tokens.size(); i-- > 0;) {
      m_noise_end[i] = plan.noise.contains(tokens[i]) ? m_noise_end[i + 1] : i;
    }
  }

  SearchResult run() {
    const Rest whole{&m_form.elements, 0, nullptr, nullptr, 0};
    step(whole, 0);
    return m_result;
  }

 private:
  /// True: go on with other ways.
  bool step(const Rest& rest, std::size_t position) {
    if (++m_steps > kMostSteps) {
      m_result.is_too_long = true;
      return false;
    }
    m_result.furthest = std::max(m_result.furthest, toInt(position));
    if (rest.blocks != nullptr) {
      return chooseBlock(rest, position);
    }
    if (rest.index == rest.elements->size()) {
      return rest.next != nullptr ? step(*rest.next, position) : end(position);
    }
    const Element& element = (*rest.elements)[rest.index];
    const Rest after{rest.elements, rest.index + 1, rest.next, nullptr, 0};
    switch (element.kind) {
      case Element::Kind::Gap:
        return gap(after, position);
      case Element::Kind::Noise:
        return !isNoise(position) || step(after, position + 1);
      case Element::Kind::Symbol:
        return symbol(element.symbol, after, position);
      default:
        break;
    }
    const std::uint64_t all = (std::uint64_t{1} << element.blocks.size()) - 1;
    return chooseBlock({nullptr, 0, &after, &element, all}, position);
  }

  bool chooseBlock(const Rest& rest, std::size_t position) {
    if (rest.open == 0) {
      return step(*rest.next, position);
    }
    for (std::size_t i = 0; i < rest.blocks->blocks.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((rest.open & bit) == 0) {
        continue;
      }
      const Rest others{nullptr, 0, rest.next, rest.blocks, rest.open & ~bit};
      if (!step({&rest.blocks->blocks[i], 0, &others, nullptr, 0}, position)) {
        return false;
      }
    }
    return true;
  }

  bool isNoise(std::size_t position) const { return m_noise_end[position] > position; }

  /// Where the gap may end follows from what must come after it: at one place only when nothing
  /// after it can stretch.
  bool gap(const Rest& after, std::size_t position) {
    const Extent rest = extentOf(after);
    const std::size_t length = m_tokens.size();
    const std::size_t noise_end = m_noise_end[position];
    m_result.furthest = std::max(m_result.furthest, toInt(noise_end));
    if (position + at(rest.min) > length) {
      return true;
    }
    const std::size_t last = std::min(noise_end, length - at(rest.min));
    for (std::size_t end = rest.is_open ? position : length - at(rest.min); end <= last; ++end) {
      if (!step(after, end)) {
        return false;
      }
    }
    return true;
  }

  static Extent extentOf(const Rest& rest) {
    Extent sum;
    const auto add = [&](const Extent& extent) {
      sum.min += extent.min;
      sum.is_open = sum.is_open || extent.is_open;
    };
    for (const Rest* part = &rest; part != nullptr; part = part->next) {
      for (std::size_t i = 0; part->blocks != nullptr && i < part->blocks->blocks.size(); ++i) {
        if (((part->open >> i) & 1) != 0) {
          add(core::extentOf(part->blocks->blocks[i]));
        }
      }
      for (std::size_t i = part->index; part->elements != nullptr && i < part->elements->size();
           ++i) {
        add(core::extentOf((*part->elements)[i]));
      }
    }
    return sum;
  }

  bool symbol(int symbol, const Rest& after, std::size_t position) {
    if (position >= m_tokens.size()) {
      return true;
    }
    const std::int32_t token = m_tokens[position];
    Reading& reading = m_match.reading;
    const bool is_first = m_bound[at(symbol)] == 0;
    if (is_first ? !allows(m_form.symbols[at(symbol)], token, position)
                 : reading.values[at(symbol)] != token) {
      return true;
    }
    if (is_first) {
      reading.values[at(symbol)] = token;
      reading.firsts[at(symbol)] = static_cast<std::uint16_t>(position);
    }
    ++m_bound[at(symbol)];
    m_symbols[position] = symbol;
    const bool goes_on = step(after, position + 1);
    m_symbols[position] = -1;
    --m_bound[at(symbol)];
    return goes_on;
  }

  static bool allows(const Symbol& symbol, std::int32_t token, std::size_t position) {
    return symbol.domain.contains(symbol.is_shifted ? token - static_cast<std::int64_t>(position)
                                                    : token);
  }

  bool end(std::size_t position) {
    if (position != m_tokens.size()) {
      return true;
    }
    Reading& reading = m_match.reading;
    reading.combination = combinationOf(m_form, reading.values.data());
    if (reading.combination < 0) {
      noteAnchors();
      return true;
    }
    m_match.symbols = m_symbols;
    return m_visit(m_match);
  }

  void noteAnchors() {
    std::string text;
    for (const int variable : m_form.combinations.variables) {
      text += (text.empty() ? "" : " ") + m_form.symbols[at(variable)].text + "=" +
              std::to_string(m_match.reading.values[at(variable)]);
    }
    m_result.odd_anchors = std::move(text);
  }

  const TaskPlan& m_plan;
  const FormPlan& m_form;
  std::span<const std::int32_t> m_tokens;
  const std::function<bool(const Match&)>& m_visit;
  std::vector<std::size_t> m_noise_end;  ///< [length + 1], first token from here that is not noise
  std::vector<int> m_symbols;
  Match m_match;
  std::array<int, kMaxSymbols> m_bound;
  std::int64_t m_steps = 0;
  SearchResult m_result;
};

bool areEqual(const Outcomes& a, const Outcomes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Outcome& x, const Outcome& y) {
    return x.value == y.value && std::abs(x.p - y.p) < 1e-9;
  });
}

}  // namespace

SearchResult forEachMatch(const TaskPlan& plan, const FormPlan& form,
                          std::span<const std::int32_t> tokens,
                          const std::function<bool(const Match&)>& visit) {
  return Search(plan, form, tokens, visit).run();
}

Verdict verdictOf(const TaskPlan& plan, const Reading& reading) {
  const FormPlan& form = plan.forms[at(reading.form)];
  Verdict verdict;
  verdict.status = answersOf(plan, form, reading, false, verdict.answers);
  if (verdict.status != Status::Ok) {
    return verdict;
  }
  verdict.status = answersOf(plan, form, reading, true, verdict.taught);
  const Cell* cell = plan.cellOf(reading.form, reading.length);
  const int index = 2 * reading.combination + (areKeysHeld(plan, form, reading) ? 1 : 0);
  const bool has_groups = cell != nullptr && !cell->groups.empty();
  verdict.group = has_groups ? cell->groups[at(index)]
                             : (static_cast<std::int64_t>(reading.form) << 32) + index;
  return verdict;
}

bool agree(const Verdict& a, const Verdict& b) {
  return a.status == Status::Ok && b.status == Status::Ok && a.group == b.group &&
         areEqual(a.answers, b.answers) && areEqual(a.taught, b.taught);
}

bool isDetermined(const TaskPlan& plan, std::span<const std::int32_t> tokens) {
  std::optional<Reading> first;
  std::optional<Verdict> verdict;  // of the first reading; made when it is needed
  bool is_determined = true;
  for (const FormPlan& form : plan.forms) {
    const SearchResult result = forEachMatch(plan, form, tokens, [&](const Match& match) {
      if (!first) {
        first = match.reading;
        if (form.can_fail) {
          verdict = verdictOf(plan, match.reading);
          is_determined = verdict->status == Status::Ok;
        }
        return is_determined;
      }
      verdict = verdict ? verdict : verdictOf(plan, *first);
      is_determined = agree(*verdict, verdictOf(plan, match.reading));
      return is_determined;
    });
    if (!is_determined || result.is_too_long) {
      return false;
    }
  }
  return first.has_value();
}

}  // namespace anchorlens::core

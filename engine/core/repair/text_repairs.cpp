// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/text_repairs.h"

#include "engine/core/repair/candidates.h"
#include "engine/core/repair/percentages.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace anchorlens::core {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == text.npos
             ? std::string()
             : std::string(text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first));
}

/// What people write for something that the language writes otherwise.
struct Spelling {
  std::string_view wrong;
  std::string_view right;
};
constexpr std::array kSpellings{
    Spelling{"\xE2\x88\x92", "-"},
    Spelling{"\xE2\x80\x93", "-"},
    Spelling{"\xC3\x97", "*"},
    Spelling{"\xC2\xB7", "*"},
    Spelling{"\xE2\x87\x92", "->"},
    Spelling{"=>", "->"},
    Spelling{"=", "->"},
    Spelling{">", "->"},
    Spelling{"- >", "->"},
    Spelling{"-", "->"},
    Spelling{"%", "mod"},
    Spelling{",", " "},
    Spelling{";", " "},
    Spelling{",", ";"},
    Spelling{":", ";"},
    Spelling{"[", "("},
    Spelling{"**", "*"},
};

/// Tries edits of one text and keeps those that parse.
class Editor {
 public:
  Editor(TextPlace place, const std::string& text, const LanguageError& error)
      : m_place(place), m_text(text) {
    m_begin = std::min(static_cast<std::size_t>(std::max(error.column, 0)), text.size());
    m_end = std::min(m_begin + static_cast<std::size_t>(std::max(error.length, 0)), text.size());
  }

  void run() {
    spell();
    splitWord();
    applyAnchor();
    addAnswer();
    close();
    nameKeys();
    cutOff();
    keep("Remove " + found(), m_text.substr(0, m_begin) + m_text.substr(m_end), !found().empty());
  }

  std::vector<TextRepair> repairs;

 private:
  std::string found() const { return trimmed(m_text.substr(m_begin, m_end - m_begin)); }

  void keep(const std::string& label, const std::string& text, bool is_wanted = true) {
    const bool is_known = std::any_of(repairs.begin(), repairs.end(),
                                      [&](const auto& repair) { return repair.text == text; });
    if (is_wanted && !is_known && text != m_text && !languageError(m_place, text)) {
      // Operations and predicates are short: their button shows all of what will stand there.
      const bool is_short = m_place != TextPlace::Pattern && text.size() <= 40;
      repairs.push_back({is_short ? "Write " + trimmed(text) : label, text});
    }
  }

  /// Puts `by` in place of what is marked.
  void replace(const std::string& by) { replace(m_begin, m_end, by); }
  void replace(std::size_t begin, std::size_t end, const std::string& by) {
    const std::string what = trimmed(by);
    keep(what.empty() ? "Remove " + trimmed(m_text.substr(begin, end - begin)) : "Write " + what,
         m_text.substr(0, begin) + by + m_text.substr(end));
  }

  void spell() {
    for (const Spelling& spelling : kSpellings) {
      if (m_text.compare(m_begin, spelling.wrong.size(), spelling.wrong) == 0) {
        const std::string right(spelling.right);
        replace(m_begin, m_begin + spelling.wrong.size(),
                right.size() > 1 ? " " + right + " " : right);
      }
    }
    // A square is a product.
    if (m_begin > 0 && m_text.compare(m_begin, 2, "^2") == 0) {
      replace(m_begin, m_begin + 2, std::string("*") + m_text[m_begin - 1]);
    }
    const std::size_t second = m_text.find("*", m_begin);
    if (m_begin > 0 && second == m_begin && m_text.compare(m_begin - 1, 3, "**2") == 0) {
      replace(m_begin - 1, m_begin + 2, std::string("*") + m_text[m_begin > 1 ? m_begin - 2 : 0]);
    }
  }

  /// `3x`, `xA`, `x_1`
  void splitWord() {
    const std::string word = found();
    std::string spaced;
    std::string product;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const bool is_edge = i > 0 && ((isDigit(word[i - 1]) && !isDigit(word[i])) ||
                                     (isLower(word[i - 1]) && isUpper(word[i])) ||
                                     (isUpper(word[i - 1]) && isLower(word[i])));
      spaced += (is_edge ? " " : "") + std::string(1, word[i]);
      product += (is_edge ? "*" : "") + std::string(1, word[i]);
    }
    replace(spaced);
    if (m_place != TextPlace::Pattern || m_text.find("->") < m_begin) {
      replace(product);
    }
    if (word.size() == 1 && (isLower(word[0]) || isUpper(word[0]))) {
      replace(std::string(1, static_cast<char>(word[0] ^ 0x20)));  // the other case
    }
    const auto is_word = [](char c) { return isDigit(c) || isLower(c) || isUpper(c); };
    if (word.find('_') != word.npos) {
      std::string joined = word;
      std::erase_if(joined, [&](char c) { return !is_word(c); });
      std::string all = m_text;
      for (std::size_t at = all.find(word); at != all.npos; at = all.find(word, at)) {
        all.replace(at, word.size(), joined);
      }
      keep("Write " + joined, all);
    }
    if (m_place == TextPlace::Pattern && word.size() > 1 && isLower(word.front())) {
      const std::string letter = word.substr(0, 1);  // a reserved word as a key
      keep("Write " + letter, withName(m_text, TextKind::Pattern, word, letter));
      replace(letter);
    }
  }

  /// The anchor alone, as an answer.
  void applyAnchor() {
    if (m_place != TextPlace::Pattern || !isUpper((found() + " ")[0])) {
      return;
    }
    const std::string rest = trimmed(m_text.substr(m_end));
    for (const std::string& key : keysOf(m_text)) {
      if (rest.empty() || rest == key) {
        replace(m_begin, m_text.size(), found() + "(" + key + ")");
      }
    }
  }

  /// The sequence alone, with or without an arrow.
  void addAnswer() {
    if (m_place != TextPlace::Pattern) {
      return;
    }
    for (const std::string& key : keysOf(m_text)) {
      for (const char* arrow : {" -> ", " "}) {
        keep("Answer " + key, trimmed(m_text) + arrow + key);
      }
    }
  }

  void close() {
    keep("Add )", m_text + ")");
    keep("Add 2", m_text + " 2", trimmed(m_text).ends_with("mod"));
    keep("Add %", m_text.substr(0, m_begin) + "%" + m_text.substr(m_begin));
    const std::string before = m_text.substr(0, m_begin);
    const std::string after = m_text.substr(m_begin);
    for (const char* sign : {"}", "(", ":", ";", ","}) {
      keep(std::string("Add ") + sign, before + " " + sign + " " + after);
    }
    const std::string inner = found();
    if (inner.size() > 2 && inner.front() == '{' && inner.back() == '}') {
      keep("Without { }",
           before + trimmed(inner.substr(1, inner.size() - 2)) + m_text.substr(m_end));
    }
  }

  /// An operation knows x, y and z.
  void nameKeys() {
    const std::string word = found();
    if (m_place == TextPlace::Operation && !word.empty() &&
        (isLower(word[0]) || isUpper(word[0]))) {
      keep("Write x", withName(m_text, TextKind::Operation, word, "x"));
    }
  }

  /// Without the end, or without the word before it.
  void cutOff() {
    for (std::string rest = trimmed(m_text.substr(0, m_begin)); !rest.empty();) {
      keep("Write " + rest, rest);
      if (!repairs.empty() && repairs.back().text == rest) {
        return;
      }
      const bool is_word = std::isalnum(static_cast<unsigned char>(rest.back())) != 0;
      do {
        rest.pop_back();
      } while (is_word && !rest.empty() &&
               std::isalnum(static_cast<unsigned char>(rest.back())) != 0);
      rest = trimmed(rest);
      if (is_word) {
        return;  // no more than one word
      }
    }
    const std::string end = trimmed(m_text.substr(m_end));
    keep("Write " + end, end, m_place != TextPlace::Pattern && m_begin == 0);
  }

  TextPlace m_place;
  const std::string& m_text;
  std::size_t m_begin = 0;
  std::size_t m_end = 0;
};

}  // namespace

std::optional<LanguageError> languageError(TextPlace place, std::string_view text) {
  const auto errorOf = [](const auto& parsed) {
    return parsed ? std::nullopt : std::optional<LanguageError>(parsed.error());
  };
  switch (place) {
    case TextPlace::Pattern:
      return errorOf(parsePattern(text));
    case TextPlace::Operation:
      return errorOf(parseOperation(text));
    default:
      return errorOf(parseExpression(text));
  }
}

std::vector<TextRepair> textRepairs(TextPlace place, const std::string& text,
                                    const LanguageError& error) {
  std::vector<TextRepair> repairs;
  if (place == TextPlace::Operation) {
    for (TextRepair& repair : percentageRepairs(text)) {
      if (!languageError(place, repair.text)) {
        repairs.push_back(std::move(repair));
      }
    }
  }
  if (trimmed(text).empty() && place != TextPlace::Pattern) {
    return {{place == TextPlace::Operation ? "Write x" : "Write x mod 2",
             place == TextPlace::Operation ? "x" : "x mod 2"}};
  }
  if (repairs.empty()) {
    Editor editor(place, text, error);
    editor.run();
    repairs = std::move(editor.repairs);
  }
  return repairs;
}

std::string withName(std::string_view text, TextKind kind, std::string_view name,
                     std::string_view other) {
  std::string out;
  std::size_t copied = 0;
  for (const TextToken& token : tokenize(text, kind)) {
    const auto begin = static_cast<std::size_t>(token.span.begin);
    const auto end = static_cast<std::size_t>(token.span.end);
    if (text.substr(begin, end - begin) == name) {
      out += std::string(text.substr(copied, begin - copied)) + std::string(other);
      copied = end;
    }
  }
  return out + std::string(text.substr(copied));
}

}  // namespace anchorlens::core

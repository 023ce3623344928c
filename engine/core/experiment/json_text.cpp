// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

/// Receives nlohmann's parse events and builds the document.
class Builder {
 public:
  Builder(std::string_view text, SpecErrors& errors) : m_text(text), m_errors(errors) {}
  std::optional<Json> take() {
    return m_failed ? std::nullopt : std::optional<Json>(std::move(m_root));
  }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  template <typename Binary>
  bool binary(Binary& /*value*/) {
    return false;  // never sent by the text parser
  }

  bool start_object(std::size_t /*count*/) { return open(Json::object()); }
  bool start_array(std::size_t /*count*/) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& level = m_levels.back();
    level.key = name;
    level.is_duplicate = level.value.contains(name);
    if (level.is_duplicate)
      m_errors.push_back({pointer(), "the key " + shortText(name) + " occurs twice"});
    if (m_errors.size() > kMaxSpecErrors)
      return fail("more than " + std::to_string(kMaxSpecErrors) + " keys occur twice");
    if (level.value.size() >= kMaxJsonMembers && !level.is_duplicate)
      return fail("an object has more than " + std::to_string(kMaxJsonMembers) + " keys");
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) {
    return fail(place(position) + explanation(position, error));
  }

 private:
  struct Level {
    Json value;
    std::string key;  ///< of the member that is read, in an object
    bool is_duplicate = false;
  };

  bool add(Json value) {
    if (m_levels.empty()) {
      m_root = std::move(value);
      return true;
    }
    Level& level = m_levels.back();
    if (level.value.is_array())
      level.value.push_back(std::move(value));
    else if (!level.is_duplicate)
      // key() has looked: emplace() would look again.
      level.value.get_ref<Json::object_t&>().emplace_back(level.key, std::move(value));
    return true;
  }

  bool open(Json value) {
    if (m_levels.size() >= static_cast<std::size_t>(kMaxJsonDepth)) {
      return fail("lists and objects are nested more than " + std::to_string(kMaxJsonDepth) +
                  " deep");
    }
    m_levels.push_back({std::move(value), {}, false});
    return true;
  }

  bool close() {
    Json value = std::move(m_levels.back().value);
    m_levels.pop_back();
    return add(std::move(value));
  }

  bool fail(const std::string& message) {
    m_failed = true;
    m_errors.push_back({"", message});
    return false;
  }

  std::string pointer() const {
    std::string text;
    for (const Level& level : m_levels) {
      text += "/" + (level.value.is_array() ? std::to_string(level.value.size())
                                            : pointerStep(level.key));
    }
    return text;
  }

  std::string place(std::size_t position) const {
    const std::string_view read = m_text.substr(0, position == 0 ? 0 : position - 1);
    const auto line = std::count(read.begin(), read.end(), '\n') + 1;
    const std::size_t newline = read.rfind('\n');
    const std::size_t column = read.size() - (newline == std::string_view::npos ? 0 : newline + 1);
    return "not JSON at line " + std::to_string(line) + ", column " + std::to_string(column + 1) +
           ": ";
  }

  /// `position` is one past the byte at which the parser gave up.
  std::string explanation(std::size_t position, const nlohmann::detail::exception& error) const {
    const std::string_view what = error.what();
    const auto says = [&](std::string_view part) { return what.find(part) != what.npos; };
    if (says("ill-formed UTF-8"))
      return "bytes that are not UTF-8";
    if (says("control character"))
      return "a line break or control character inside a text; write it as \\n or \\u....";
    if (position > m_text.size())
      return "the text ends before the last bracket or quote is closed";
    const std::string word = wordAt(position == 0 ? 0 : position - 1);
    if (says("number overflow"))
      return "the number " + shortText(word) + " is too large";
    if (word == "/")
      return "comments are not allowed";
    if (word == "'")
      return "texts are written in double quotes";
    const std::size_t last = m_text.find_last_not_of(" \t\r\n", position < 2 ? 0 : position - 2);
    if ((word == "}" || word == "]") && last != m_text.npos && m_text[last] == ',')
      return "a comma with nothing after it";
    return "did not expect " + shortText(word);
  }

  /// The byte at `position` with the letters and digits around it.
  std::string wordAt(std::size_t position) const {
    const auto isPart = [&](std::size_t at) {
      const char c = m_text[at];
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             c == '.' || c == '-' || c == '+' || c == '_';
    };
    std::size_t begin = position;
    std::size_t end = position + 1;
    while (isPart(position) && begin > 0 && isPart(begin - 1))
      --begin;
    while (isPart(position) && end < m_text.size() && isPart(end))
      ++end;
    return std::string(m_text.substr(begin, end - begin));
  }

  std::string_view m_text;
  SpecErrors& m_errors;
  Json m_root;
  std::vector<Level> m_levels;
  bool m_failed = false;
};

}  // namespace

std::optional<Json> readJson(std::string_view text, SpecErrors& errors) {
  if (text.size() > kMaxJsonBytes) {
    errors.push_back({"", "the text has " + std::to_string(text.size()) + " bytes; at most " +
                              std::to_string(kMaxJsonBytes) + " are read"});
    return {};
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    errors.push_back({"", "the text is empty; expected a JSON object"});
    return {};
  }
  Builder builder(text, errors);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

std::string shortText(const Json& value) {
  constexpr std::size_t kLongest = 40;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kLongest)
    return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;  // not inside a UTF-8 sequence
  return text.substr(0, end) + "...";
}

std::string pointerStep(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      text += "?";
    else
      text += c;
  }
  return text;
}

}  // namespace anchorlens::core

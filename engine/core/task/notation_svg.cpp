// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/notation.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace anchorlens::core {
namespace {

// Lengths in tenths of a unit: integers, so that the text is the same everywhere.
constexpr int kCharacter = 84;  ///< of the monospace font at 14: 0.6 em
constexpr int kSmall = 72;      ///< of the sentences at 12
constexpr int kBox = 240;
constexpr int kPadding = 80;
constexpr int kGap = 60;
constexpr int kRow = 360;
constexpr int kMargin = 100;
constexpr int kWidest = 7200;  ///< then a new row begins

std::string tenths(int value) {
  return std::to_string(value / 10) + (value % 10 == 0 ? "" : "." + std::to_string(value % 10));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&'   ? "&amp;"
           : c == '<' ? "&lt;"
           : c == '>' ? "&gt;"
           : c == '"' ? "&quot;"
                      : std::string(1, c);
  }
  return out;
}

/// Characters, not bytes.
int lengthOf(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

enum class Look { Anchor, Key, Answer, Noise, Plain };

/// Puts boxes and texts side by side, row by row.
class Drawing {
 public:
  explicit Drawing(const NotationColours& colours) : m_colours(colours) {}

  void box(const std::string& text, Look look) {
    const bool has_box = look == Look::Anchor || look == Look::Key || look == Look::Answer;
    const int width = lengthOf(text) * kCharacter + (has_box ? 2 * kPadding : 0);
    if (m_x > kMargin && m_x + width > kWidest) {
      nextRow();
    }
    if (has_box) {
      const std::string radius = tenths(look == Look::Anchor ? 30 : kBox / 2);
      m_body += "  <rect x=\"" + tenths(m_x) + "\" y=\"" + tenths(m_y) + "\" width=\"" +
                tenths(width) + "\" height=\"" + tenths(kBox) + "\" rx=\"" + radius + "\" fill=\"" +
                fill(look) + "\" stroke=\"" + colour(look) + "\"/>\n";
    }
    m_body += "  <text x=\"" + tenths(m_x + width / 2) + "\" y=\"" + tenths(m_y + 168) +
              "\" text-anchor=\"middle\" fill=\"" + colour(look) + "\"" +
              (has_box ? " font-weight=\"600\"" : "") + ">" + escaped(text) + "</text>\n";
    m_x += width + kGap;
    m_width = std::max(m_width, m_x);
  }

  /// Text behind a box, with room after it.
  void label(const std::string& text) {
    const int width = lengthOf(text) * kCharacter;
    m_body += "  <text x=\"" + tenths(m_x) + "\" y=\"" + tenths(m_y + 168) + "\" fill=\"" +
              m_colours.text + "\">" + escaped(text) + "</text>\n";
    m_x += width + 3 * kGap;
    m_width = std::max(m_width, m_x - 2 * kGap);
  }

  void nextRow() {
    m_x = kMargin;
    m_y += kRow;
  }

  /// Lines of at most the widest row.
  void sentence(const std::string& text) {
    const std::size_t most = static_cast<std::size_t>((kWidest - kMargin) / kSmall);
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.size(), at + most);
      const std::size_t space = end < text.size() ? text.rfind(' ', end) : text.npos;
      end = space != text.npos && space > at ? space : end;
      m_body += "  <text x=\"" + tenths(kMargin) + "\" y=\"" + tenths(m_y + 120) +
                "\" font-size=\"12\" fill=\"" + m_colours.text + "\">" +
                escaped(text.substr(at, end - at)) + "</text>\n";
      m_width = std::max(m_width, kMargin + static_cast<int>(end - at) * kSmall + kGap);
      m_y += 180;
      at = end < text.size() && text[end] == ' ' ? end + 1 : end;
    }
  }

  std::string svg() const {
    const std::string width = tenths(m_width + kMargin - kGap);
    const std::string height = tenths(m_y + kMargin);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
           "\" viewBox=\"0 0 " + width + " " + height +
           "\" font-family=\"JetBrains Mono, DejaVu Sans Mono, monospace\" font-size=\"14\">\n" +
           m_body + "</svg>\n";
  }

 private:
  const std::string& colour(Look look) const {
    return look == Look::Anchor   ? m_colours.anchor
           : look == Look::Key    ? m_colours.key
           : look == Look::Answer ? m_colours.answer
           : look == Look::Noise  ? m_colours.noise
                                  : m_colours.text;
  }
  const std::string& fill(Look look) const {
    return look == Look::Anchor ? m_colours.anchor_fill
           : look == Look::Key  ? m_colours.key_fill
                                : m_colours.answer_fill;
  }

  const NotationColours& m_colours;
  std::string m_body;
  int m_x = kMargin;
  int m_y = kMargin;
  int m_width = 0;
};

void drawItems(Drawing& drawing, const Sequence& items) {
  for (const Item& item : items) {
    switch (item.kind) {
      case Item::Kind::Gap:
        drawing.box("*", Look::Noise);
        break;
      case Item::Kind::Noise:
        drawing.box("_", Look::Noise);
        break;
      case Item::Kind::Token:
        drawing.box(std::to_string(item.token), Look::Anchor);
        break;
      case Item::Kind::Key:
        drawing.box(item.name, Look::Key);
        break;
      case Item::Kind::Anchor:
        drawing.box(item.name, Look::Anchor);
        break;
      case Item::Kind::Blocks:
        for (std::size_t i = 0; i < item.blocks.size(); ++i) {
          drawing.box(i == 0 ? "{" : "|", Look::Plain);
          drawItems(drawing, item.blocks[i]);
        }
        drawing.box("}", Look::Plain);
        break;
    }
  }
}

}  // namespace

std::string notationSvg(const TaskSpec& spec, const NotationColours& colours) {
  Drawing drawing(colours);
  for (const FormSpec& form : spec.forms) {
    if (const auto pattern = parsePattern(form.pattern)) {
      drawItems(drawing, pattern->items);
      drawing.box("\xE2\x86\x92", Look::Plain);
      drawing.box(printExpression(pattern->target), Look::Answer);
    } else {
      drawing.box(form.pattern, Look::Plain);
    }
    drawing.nextRow();
  }
  for (const AnchorSpec& anchor : spec.anchors) {
    drawing.box(std::to_string(anchor.token), Look::Anchor);
    const auto operation = parseOperation(anchor.operation);
    drawing.label(operation ? printOperation(*operation) : anchor.operation);
  }
  if (!spec.anchors.empty()) {
    drawing.nextRow();
  }
  drawing.sentence(heldOutSentence(spec));
  for (const RelabelSpec& relabel : spec.relabel) {
    std::string text = "Taught instead of";
    for (const auto& [name, token] : relabel.values) {
      text += " " + name + "=" + std::to_string(token);
    }
    drawing.sentence(text + ": " + relabel.operation);
  }
  return drawing.svg();
}

}  // namespace anchorlens::core

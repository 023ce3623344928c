// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/chips.h"

#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kHeightEms = 2.0;  ///< 26 at 13
constexpr double kLeastEms = 2.6;
constexpr double kPaddingEms = 0.85;
constexpr double kGap = 6;
constexpr double kBracketEms = 1.1;
constexpr double kLineGap = 6;

QString tr(const char* text) {
  return QCoreApplication::translate("Chips", text);
}

QString itemName(const core::Item& item) {
  using Kind = core::Item::Kind;
  const QString name = QString::fromStdString(item.name);
  switch (item.kind) {
    case Kind::Gap:
      return tr("Any number of noise tokens");
    case Kind::Noise:
      return tr("One noise token");
    case Kind::Token:
      return tr("Token %1").arg(item.token);
    case Kind::Key:
      return tr("Key %1").arg(name);
    case Kind::Anchor:
      return tr("Anchor %1").arg(name);
    case Kind::Blocks:
      break;
  }
  return tr("Blocks in random order");
}

void addItems(const core::Sequence& items, const core::ItemPath& prefix, ChipLine& line) {
  core::ItemPath path = prefix;
  path.push_back(0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const core::Item& item = items[i];
    path.back() = static_cast<int>(i);
    line.gaps.push_back({path, static_cast<int>(line.chips.size())});
    Chip chip;
    chip.path = path;
    chip.item = item.kind;
    chip.name = itemName(item);
    if (item.kind != core::Item::Kind::Blocks) {
      chip.text = QString::fromStdString(core::printSequence({item}));
      line.chips.push_back(chip);
      continue;
    }
    chip.kind = Chip::Kind::Open;
    chip.text = QStringLiteral("{");
    line.chips.push_back(chip);
    for (std::size_t b = 0; b < item.blocks.size(); ++b) {
      core::ItemPath inner = path;
      inner.push_back(static_cast<int>(b));
      addItems(item.blocks[b], inner, line);
      const bool is_last = b + 1 == item.blocks.size();
      Chip mark;
      mark.kind = is_last ? Chip::Kind::Close : Chip::Kind::Bar;
      mark.path = path;
      mark.text = is_last ? QStringLiteral("}") : QStringLiteral("|");
      line.chips.push_back(mark);
    }
  }
  path.back() = static_cast<int>(items.size());
  line.gaps.push_back({path, static_cast<int>(line.chips.size())});
}

double widthOf(const Chip& chip, double px) {
  if (chip.kind == Chip::Kind::Open || chip.kind == Chip::Kind::Bar ||
      chip.kind == Chip::Kind::Close)
    return px * kBracketEms;
  if (chip.kind == Chip::Kind::Arrow || chip.kind == Chip::Kind::Add)
    return px * kHeightEms;
  const double text = textWidth(chip.text, monoFont(px, Weight::SemiBold));
  return std::max(px * kLeastEms, std::ceil(text + 2 * px * kPaddingEms));
}

TokenRole roleOf(const Chip& chip) {
  if (chip.kind == Chip::Kind::Answer)
    return TokenRole::Answer;
  switch (chip.item) {
    case core::Item::Kind::Key:
      return TokenRole::Key;
    case core::Item::Kind::Anchor:
    case core::Item::Kind::Token:
      return TokenRole::Anchor;
    default:
      return TokenRole::Noise;
  }
}

void paintMark(QPainter& painter, const Chip& chip, bool is_selected, double px,
               const Theme& theme) {
  const bool is_add = chip.kind == Chip::Kind::Add;
  if (is_add) {
    painter.setPen(QPen(is_selected ? theme.accent : theme.text_muted, 1, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(chip.box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  } else if (chip.kind == Chip::Kind::Open && is_selected) {
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(theme.accent_tint);
    painter.drawRoundedRect(chip.box, 3, 3);
  }
  const QColor colour = chip.kind == Chip::Kind::Arrow ? theme.text_second : theme.text;
  paintText(painter, chip.box, Qt::AlignCenter, chip.text, monoFont(px * 1.15), colour);
}

}  // namespace

bool Chip::isSelectable() const {
  return kind == Kind::Item || kind == Kind::Open || kind == Kind::Answer || kind == Kind::Add;
}

ChipLine chipsOf(const core::Pattern& pattern, bool with_add) {
  ChipLine line;
  addItems(pattern.items, {}, line);
  const auto is_item = [](const Chip& chip) {
    return chip.kind == Chip::Kind::Item || chip.kind == Chip::Kind::Open;
  };
  const auto count = std::count_if(line.chips.begin(), line.chips.end(), is_item) + 1;
  int number = 0;
  for (Chip& chip : line.chips) {
    if (is_item(chip))
      chip.name = tr("%1, %2 of %3").arg(chip.name).arg(++number).arg(count);
  }
  Chip arrow;
  arrow.kind = Chip::Kind::Arrow;
  arrow.text = QString(QChar(0x2192));
  line.chips.push_back(arrow);
  Chip answer;
  answer.kind = Chip::Kind::Answer;
  answer.text = QString::fromStdString(core::printExpression(pattern.target));
  answer.name = tr("Answer %1, %2 of %2").arg(answer.text).arg(count);
  line.chips.push_back(answer);
  if (with_add) {
    Chip add;
    add.kind = Chip::Kind::Add;
    add.text = QStringLiteral("+");
    add.name = tr("Add an item");
    line.chips.push_back(add);
  }
  return line;
}

double layOutChips(std::vector<Chip>& chips, double width, double px) {
  const double height = std::round(px * kHeightEms);
  double x = 0;
  double y = 0;
  for (Chip& chip : chips) {
    const double own = std::min(widthOf(chip, px), width);
    if (x > 0 && x + own > width) {
      x = 0;
      y += height + kLineGap;
    }
    chip.box = QRectF(x, y, own, height);
    x += own + kGap;
  }
  return y + height;
}

void paintChip(QPainter& painter, const Chip& chip, bool is_selected, bool has_focus, double px,
               const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (chip.kind != Chip::Kind::Item && chip.kind != Chip::Kind::Answer) {
    paintMark(painter, chip, is_selected && has_focus, px, theme);
    painter.restore();
    return;
  }
  const TokenStyle style = theme.token(roleOf(chip));
  const bool is_plain = style.shape == TokenStyle::Shape::Plain;
  const QRectF box = chip.box.adjusted(0.75, 0.75, -0.75, -0.75);
  const double radius = style.shape == TokenStyle::Shape::Pill ? box.height() / 2 : 4;
  if (is_selected && has_focus) {
    painter.setPen(QPen(theme.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(chip.box.adjusted(-1.5, -1.5, 1.5, 1.5), radius + 2, radius + 2);
  }
  painter.setPen(is_plain ? QPen(theme.border, 1) : QPen(style.text, 1.1 * theme.borderWidth()));
  painter.setBrush(is_plain ? theme.raised : style.fill);
  painter.drawRoundedRect(box, radius, radius);
  const QFont font = monoFont(px, style.bold ? Weight::SemiBold : Weight::Regular);
  const QString text = elided(chip.text, font, box.width() - 8);
  paintText(painter, box, Qt::AlignCenter, text, font, style.text);
  painter.restore();
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/first_start_card.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kLength = 9;
constexpr int kKey = 3;
constexpr double kMapEms = 6.2;

widgets::HeadMapData blankMap(int length) {
  widgets::HeadMapData map;
  map.length = length;
  map.pattern.assign(static_cast<std::size_t>(length) * static_cast<std::size_t>(length), 0.0F);
  return map;
}

void put(widgets::HeadMapData& map, int reader, int source) {
  map.pattern[map.index({reader, source})] = 0.95F;
}

/// Rows that look at nothing in particular: evenly at what they may see.
void spread(widgets::HeadMapData& map, int reader) {
  for (int source = 0; source <= reader; ++source)
    map.pattern[map.index({reader, source})] = 1.0F / static_cast<float>(reader + 1);
}

widgets::BadgeInfo badge(const QString& text, widgets::Mechanism mechanism) {
  widgets::BadgeInfo info;
  info.text = text;
  info.mechanism = mechanism;
  info.state = core::LabelState::Entered;
  return info;
}

}  // namespace

widgets::HeadMapData shiftPicture(int length) {
  widgets::HeadMapData map = blankMap(length);
  put(map, 0, 0);
  for (int reader = 1; reader < length; ++reader)
    put(map, reader, reader - 1);
  return map;
}

widgets::HeadMapData broadcastPicture(int length, int key) {
  widgets::HeadMapData map = blankMap(length);
  for (int reader = 0; reader < length; ++reader) {
    if (reader < key)
      spread(map, reader);
    else
      put(map, reader, key);
  }
  return map;
}

PatternPicture::PatternPicture(widgets::HeadMapData map, widgets::BadgeInfo badge, QWidget* parent)
    : QWidget(parent), m_map(std::move(map)), m_badge(std::move(badge)) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setAccessibleName(m_badge.text);
}

void PatternPicture::setTheme(const widgets::Theme& theme) {
  m_theme = theme;
  update();
}

QSize PatternPicture::sizeHint() const {
  const double px = widgets::basePixelSize(*this);
  const QSizeF badge = widgets::badgeSize(m_badge, px * 12 / 13);
  return {static_cast<int>(std::max(px * kMapEms, badge.width())) + 2,
          static_cast<int>(px * kMapEms + badge.height()) + 8};
}

void PatternPicture::paintEvent(QPaintEvent*) {
  const double px = widgets::basePixelSize(*this);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  widgets::HeadMapOptions options;
  options.values = false;
  options.outlines = false;
  const double edge = std::floor(px * kMapEms / m_map.length) * m_map.length;
  widgets::paintHeadCells(painter, QRectF(1, 1, edge, edge), m_map, options, m_theme);
  widgets::paintBadge(painter, QPointF(1, edge + 6), m_badge, px * 12 / 13, m_theme);
}

FirstStartCard::FirstStartCard(QWidget* parent) : QFrame(parent) {
  setProperty("role", "card");
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 14, 16, 14);
  layout->setSpacing(10);
  m_title = new QLabel(this);
  m_title->setProperty("role", "headline");
  setRunKey(tr("Space"));
  auto* text = new QLabel(
      tr("Watch two patterns appear: layer 0 starts to read the previous position (shift), then "
         "layer 1 reads the key from every later position (broadcast)."),
      this);
  text->setProperty("role", "second");
  text->setWordWrap(true);
  m_shift = new PatternPicture(shiftPicture(kLength),
                               badge(QStringLiteral("Shift −1"), widgets::Mechanism::Shift), this);
  m_broadcast = new PatternPicture(broadcastPicture(kLength, kKey),
                                   badge(tr("Broadcast key"), widgets::Mechanism::Broadcast), this);
  auto* pictures = new QHBoxLayout;
  pictures->setSpacing(48);
  pictures->addWidget(m_shift);
  pictures->addWidget(m_broadcast);
  pictures->addStretch(1);
  auto* run = new QPushButton(tr("Run"), this);
  run->setProperty("role", "primary");
  auto* compose = new QPushButton(tr("Compose a task"), this);
  auto* open = new QPushButton(tr("Open a run…"), this);
  auto* tour = new QPushButton(tr("Tour"), this);
  tour->setToolTip(tr("Five notes that point at what is where"));
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {run, compose, open, tour}) {
    button->setFocusPolicy(Qt::TabFocus);
    buttons->addWidget(button);
  }
  buttons->addStretch(1);
  layout->addWidget(m_title);
  layout->addWidget(text);
  layout->addLayout(pictures);
  layout->addLayout(buttons);
  connect(run, &QPushButton::clicked, this, &FirstStartCard::runPressed);
  connect(compose, &QPushButton::clicked, this, &FirstStartCard::composePressed);
  connect(open, &QPushButton::clicked, this, &FirstStartCard::openPressed);
  connect(tour, &QPushButton::clicked, this, &FirstStartCard::tourPressed);
}

void FirstStartCard::setTheme(const widgets::Theme& theme) {
  m_shift->setTheme(theme);
  m_broadcast->setTheme(theme);
}

void FirstStartCard::setRunKey(const QString& key) {
  m_title->setText(tr("Press %1 to train.").arg(key.isEmpty() ? tr("Run") : key));
}

void FirstStartCard::setCompact(bool compact) {
  m_shift->setVisible(!compact);
  m_broadcast->setVisible(!compact);
}

}  // namespace anchorlens::app

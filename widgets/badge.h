// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/core/task/task.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QPainter;

namespace anchorlens::widgets {

/// What a head is called, as text: from its label and scores.
struct BadgeInfo {
  QString text;        ///< "Broadcast key", "Forming: key", "No pattern"; empty: no badge
  QString short_text;  ///< where the text has no room: "Key to output", "Key"
  QString value;       ///< "0.88"
  QString tooltip;     ///< a sentence or two
  Mechanism mechanism = Mechanism::None;
  core::LabelState state = core::LabelState::None;
  bool operator==(const BadgeInfo&) const = default;
};

Mechanism mechanismOf(std::optional<core::Label> label);

/// `roles` are those of the task: they name what is broadcast (key, anchor, or which of several).
/// `thresholds` are those that the label went by: the tooltip names what is missing.
BadgeInfo badgeOf(const core::HeadLabel& label, const core::HeadScores& scores,
                  const std::vector<core::RoleInfo>& roles,
                  const core::LabelThresholds& thresholds = {});

/// The lift that a head is measured by for a label.
double labelLift(const core::HeadScores& scores, core::Label label);

/// Full; icon and value; icon only (without an icon: the value).
enum class BadgeForm { Full, Value, Icon };

/// The fullest way to write a badge in `width`: text or short text with its value, value alone (and
/// an icon), or the icon.
struct FittedBadge {
  BadgeInfo badge;
  BadgeForm form = BadgeForm::Full;
};
FittedBadge fitBadge(const BadgeInfo& badge, double font_px, double width);

QSizeF badgeSize(const BadgeInfo& badge, double font_px, BadgeForm form = BadgeForm::Full);
void paintBadge(QPainter& painter, QPointF top_left, const BadgeInfo& badge, double font_px,
                const Theme& theme, BadgeForm form = BadgeForm::Full, bool text_as_paths = false);
/// The mechanism's icon alone: a diagonal for shift, bars for broadcast; nothing for others.
void paintMechanismIcon(QPainter& painter, const QRectF& box, Mechanism mechanism,
                        const QColor& colour);

/// A badge as a widget, with its tooltip and accessible name; in little room as fitBadge() says.
class Badge : public QWidget {
  Q_OBJECT

 public:
  explicit Badge(QWidget* parent = nullptr);
  void setBadge(const BadgeInfo& badge);
  void setTheme(const Theme& theme);
  const BadgeInfo& badge() const { return m_badge; }
  QSize sizeHint() const override { return sizeOf(BadgeForm::Full); }
  QSize minimumSizeHint() const override { return sizeOf(BadgeForm::Icon); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QSize sizeOf(BadgeForm form) const;
  double fontSize() const;

  BadgeInfo m_badge;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets

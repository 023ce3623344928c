// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/probe_box.h"

#include "widgets/head_map_data.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCoreApplication>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyledItemDelegate>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("ProbeBox", text);
}

constexpr int kMargin = 12;  ///< pixels beside an entry of the open list

/// The closed box has no room for groups.
class GroupDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    const QString with_group = index.data(Qt::AccessibleTextRole).toString();
    if (!with_group.isEmpty()) {
      option->text = with_group;
    }
  }
};

/// Empty where it is unknown.
QString groupOf(const ProbeContext& probe, int sequence) {
  const auto index = static_cast<std::size_t>(sequence);
  const auto group = index < probe.shown.groups.size() ? probe.shown.groups[index] : -1;
  const bool is_known = group >= 0 && static_cast<std::size_t>(group) < probe.groups.size();
  return is_known ? QString::fromStdString(probe.groups[static_cast<std::size_t>(group)].name)
                  : QString();
}

bool isOfSeveralGroups(const ProbeContext& probe) {
  const QString first = groupOf(probe, 0);
  const int n = static_cast<int>(probe.shown.size());
  for (int i = 0; i < n; ++i) {
    if (groupOf(probe, i).isEmpty()) {
      return false;
    }
    if (groupOf(probe, i) != first) {
      return true;
    }
  }
  return false;
}

}  // namespace

void fillProbeBox(QComboBox& box, const ProbeContext* probe, int mean_of) {
  const QSignalBlocker blocker(&box);
  box.clear();
  if (dynamic_cast<GroupDelegate*>(box.itemDelegate()) == nullptr) {
    box.setItemDelegate(new GroupDelegate(&box));
  }
  int width = 0;
  const int n = probe != nullptr ? static_cast<int>(probe->shown.size()) : 0;
  const bool has_groups = n > 0 && isOfSeveralGroups(*probe);
  for (int i = 0; i < n; ++i) {
    const QString text = tr("Sequence %1 of %2").arg(i + 1).arg(n);
    box.addItem(text, i);
    if (has_groups) {
      const QString with_group = text + QStringLiteral(" · ") + groupOf(*probe, i);
      box.setItemData(i, with_group, Qt::AccessibleTextRole);
      width = std::max(width, box.fontMetrics().horizontalAdvance(with_group));
    }
    QStringList tokens;
    for (const TokenText& token : tokensOf(*probe, i)) {
      tokens << token.text;
    }
    box.setItemData(i, tokens.join(' '), Qt::ToolTipRole);
  }
  if (mean_of > 0) {
    box.addItem(tr("Mean of %1").arg(mean_of), kProbeMean);
  }
  box.setEnabled(box.count() > 0);
  const int beside = box.style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 2 * kMargin;
  box.view()->setMinimumWidth(width > 0 ? width + beside : 0);
}

}  // namespace anchorlens::widgets

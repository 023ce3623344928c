// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_field.h"
#include "widgets/panel_list.h"

#include <QString>

#include <variant>
#include <vector>

/// The form as data: which fields stand on which tab, in order. One table for the window, and for
/// the test that walks over every field of the experiment file.
namespace anchorlens::widgets {

struct FormTitle {
  QString text;
};
/// Where a tab shows something that is no field.
enum class FormSlot {
  Preset,
  Samples,
  Counts,
  Drawing,
  Sizes,
  Speed,
  Schedule,
  Ticks,
  RunCost,
  ProbeRows,
  FrameCost,
};

using FormItem = std::variant<FieldSpec, ListSpec, FormTitle, FormSlot>;

enum class FormTab { Task, Model, Training, Probe };
inline constexpr int kFormTabs = 4;
QString formTabName(FormTab tab);

std::vector<FormItem> formItems(FormTab tab);

namespace form {
std::vector<FormItem> taskItems();
std::vector<FormItem> modelItems();
std::vector<FormItem> trainingItems();
std::vector<FormItem> probeItems();
}  // namespace form

}  // namespace anchorlens::widgets

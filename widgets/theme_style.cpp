// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text_paint.h"
#include "widgets/theme.h"

#include <QStringList>

#include <cmath>
#include <utility>
#include <vector>

namespace anchorlens::widgets {

namespace {

// @name is replaced by a colour role, @12 by twelve pixels at the user's font scale.
constexpr const char* kSurfaces = R"(
QMainWindow, QDialog { background: @window; }
QWidget { color: @text; }
QMainWindow::separator { background: @window; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: @accent; }
QStatusBar { background: @window; color: @second; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @second; font-size: @12; }
QMenuBar { background: @window; color: @text; padding: 2px 8px; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @raised; }
QMenu { background: @panel; color: @text; border: @bw solid @border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @muted; }
QListWidget::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @rule; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 4px; }
QToolBar { background: @panel; border: none; border-bottom: 1px solid @window; padding: 5px 10px; spacing: 8px; }
QToolBar::separator { background: @border; width: 1px; margin: 5px 4px; }
QToolTip { background: @tooltip; color: @text; border: 1px solid @border; padding: 6px 8px; }
QDockWidget { background: @panel; color: @text; font-weight: 600; }
QDockWidget::title { background: @panel; text-align: left; padding: 8px 12px; }
QDockWidget > QWidget { background: @panel; }
QScrollArea, QStackedWidget { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QFrame[role="card"] { background: @panel; border: @bw solid @border; border-radius: 8px; }
QFrame[role="rule"] { background: @rule; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="bar"] { background: @raised; border-radius: 5px; }
QFrame[role="bar"][state="problem"] { background: @errortint; }
QWidget[role="panel"] { background: @panel; }
QWidget[role="window"] { background: @window; }
QLabel { background: transparent; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="headline"] { font-weight: 600; font-size: @16; }
QLabel[role="second"] { color: @second; }
QLabel[role="caption"] { color: @muted; font-size: @12; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="mono"] { font-family: "JetBrains Mono"; }
QLabel[role="problem"] { color: @error; font-size: @12; }
QLabel[role="warning"] { color: @warning; font-size: @12; }
QLabel[role="good"] { color: @good; }
QLabel[role="link"] { color: @accent; font-weight: 600; }
QGroupBox { border: none; font-weight: 600; margin-top: @20; }
QGroupBox::title { subcontrol-origin: margin; left: 0; }
QSplitter::handle { background: @window; }
)";

constexpr const char* kButtons = R"(
QPushButton, QToolButton { background: @raised; color: @text; border: @bw solid @border; border-radius: 5px; padding: 0 12px; min-height: @26; }
QToolButton { padding: 0 6px; min-width: @18; }
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed { background: @border; }
QPushButton:focus, QToolButton:focus { border: @bw solid @accent; background: @tint; }
QPushButton:disabled, QToolButton:disabled { color: @disabled; background: @panel; border-color: @rule; }
QPushButton:checked, QToolButton:checked { background: @tint; border-color: @accent; color: @text; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: @accent; color: @onaccent; border: @bw solid @accent; font-weight: 600; padding: 0 16px; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: @accenthover; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border: 2px solid @text; background: @accent; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled { background: @raised; color: @disabled; border-color: @border; }
QPushButton[role="link"], QToolButton[role="link"] { background: transparent; border: @bw solid transparent; color: @accent; font-weight: 600; padding: 0 4px; min-height: @22; }
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover { text-decoration: underline; background: transparent; }
QPushButton[role="link"]:focus, QToolButton[role="link"]:focus { border: @bw solid @accent; background: @tint; }
QPushButton[role="link"]:disabled, QToolButton[role="link"]:disabled { color: @disabled; }
QToolButton[role="flat"], QPushButton[role="flat"] { background: transparent; border: @bw solid transparent; }
QToolButton[role="flat"]:hover, QPushButton[role="flat"]:hover { background: @raised; }
QToolButton[role="flat"]:focus, QPushButton[role="flat"]:focus { border: @bw solid @accent; background: @tint; }
QToolButton[role="flat"]:disabled { background: transparent; color: @disabled; }
QPushButton[role="segment"] { background: @input; border: @bw solid @border; border-radius: 0; padding: 0 14px; color: @second; }
QPushButton[role="segment"][place="first"] { border-top-left-radius: 5px; border-bottom-left-radius: 5px; border-right: none; }
QPushButton[role="segment"][place="last"] { border-top-right-radius: 5px; border-bottom-right-radius: 5px; }
QPushButton[role="segment"]:checked { background: @raised; color: @text; font-weight: 600; }
QPushButton[role="segment"]:focus { border: @bw solid @accent; }
QToolButton::menu-indicator { image: url(:/anchorlens/icons/chevron-down-@kind.svg); width: 12px; height: 12px; subcontrol-position: right center; right: 4px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: @24; }
QCheckBox:disabled, QRadioButton:disabled { color: @disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: @14; height: @14; border: @bw solid @controlline; border-radius: 4px; background: @input; }
QRadioButton::indicator { border-radius: @8; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/anchorlens/icons/check-@kind.svg); }
QCheckBox::indicator:indeterminate { background: @accent; border-color: @accent; image: url(:/anchorlens/icons/dash-@kind.svg); }
QRadioButton::indicator:checked { background: @accent; border: 4px solid @input; }
QCheckBox::indicator:disabled { border-color: @border; background: @panel; }
QCheckBox:focus, QRadioButton:focus { background: @tint; border-radius: 4px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: @accent; }
)";

constexpr const char* kFields = R"(
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: @input; color: @text; border: @bw solid @border; border-radius: 5px; padding: 0 8px; min-height: @26; selection-background-color: @highlight; selection-color: @text; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QPlainTextEdit[role="cell"] { padding: 0; }
QLineEdit[role="mono"], QPlainTextEdit[role="mono"], QSpinBox, QDoubleSpinBox { font-family: "JetBrains Mono"; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: @bw solid @accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: @disabled; background: @panel; border-color: @rule; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: @panel; }
*[state="problem"] { border: @bw solid @error; }
QComboBox { padding: 0 4px 0 10px; }
QComboBox:on { border-color: @accent; }
QComboBox::drop-down { border: none; width: @22; }
QComboBox::down-arrow { image: url(:/anchorlens/icons/chevron-down-@kind.svg); width: @12; height: @12; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @border; selection-background-color: @selection; selection-color: @text; outline: none; padding: 2px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button { background: transparent; border: none; width: @18; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(:/anchorlens/icons/chevron-up-@kind.svg); width: @10; height: @10; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(:/anchorlens/icons/chevron-down-@kind.svg); width: @10; height: @10; }
QProgressBar { background: @border; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QSlider::groove:horizontal { background: @border; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: @accent; width: 14px; margin: -5px 0; border-radius: 7px; }
)";

constexpr const char* kViews = R"(
QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @second; padding: 8px 11px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; font-weight: 600; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { background: @tint; }
QTabBar::tab:disabled { color: @disabled; }
QTableView, QTreeView, QListView { background: @panel; alternate-background-color: @raised; border: @bw solid @border; border-radius: 5px; gridline-color: @rule; selection-background-color: @selection; selection-color: @text; outline: none; }
QListView[role="plain"], QTreeView[role="plain"], QTableView[role="plain"] { border: none; border-radius: 0; }
QTableView::item, QTreeView::item, QListView::item { background: transparent; border: 1px solid transparent; padding: 1px 7px; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @selection; color: @text; }
QTableView::item:focus { border: 1px solid @accent; }
QListView[role="completions"]::item { background: transparent; border: 1px solid transparent; padding: 1px 7px; }
QListView[role="completions"]::item:selected { background: @selection; color: @text; }
QHeaderView { background: @panel; }
QHeaderView::section { background: @panel; color: @second; border: none; border-bottom: 1px solid @border; padding: 5px 8px; font-size: @12; }
QTableCornerButton::section { background: @panel; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
)";

std::vector<std::pair<QString, QString>> replacements(const Theme& t) {
  const auto name = [](const QColor& c) { return c.name(); };
  // Longer names first: "@accenthover" before "@accent".
  return {{"@accenthover", name(mixed(t.accent, t.is_dark ? Qt::white : Qt::black, 0.12))},
          {"@accent", name(t.accent)},
          {"@onaccent", name(t.on_accent)},
          {"@errortint", name(t.error_tint)},
          {"@error", name(t.error)},
          {"@controlline", name(t.text_muted)},
          {"@highlight", name(t.palette().color(QPalette::Highlight))},
          {"@selection", name(t.selection)},
          {"@disabled", name(mixed(t.text_muted, t.panel, 0.35))},
          {"@tooltip", name(t.tooltip)},
          {"@warning", name(t.warning)},
          {"@window", name(t.window)},
          {"@raised", name(t.raised)},
          {"@second", name(t.text_second)},
          {"@border", name(t.border)},
          {"@scroll", name(mixed(t.border, t.text_muted, 0.35))},
          {"@hover", name(mixed(t.raised, t.text, 0.07))},
          {"@panel", name(t.panel)},
          {"@input", name(t.input)},
          {"@muted", name(t.text_muted)},
          {"@good", name(t.good)},
          {"@text", name(t.text)},
          {"@rule", name(t.rule)},
          {"@tint", name(t.accent_tint)},
          {"@kind", t.is_dark ? QStringLiteral("dark") : QStringLiteral("light")},
          {"@bw", QString::number(t.borderWidth()) + QStringLiteral("px")}};
}

}  // namespace

QString styleSheet(const Theme& theme, double base_px) {
  QString sheet = QString::fromLatin1(kSurfaces) + QString::fromLatin1(kButtons) +
                  QString::fromLatin1(kFields) + QString::fromLatin1(kViews);
  for (const auto& [name, value] : replacements(theme)) {
    sheet.replace(name, value);
  }
  for (int size = 30; size >= 8; --size) {
    const int scaled = static_cast<int>(std::lround(size * base_px / 13.0));
    sheet.replace(QStringLiteral("@") + QString::number(size),
                  QString::number(scaled) + QStringLiteral("px"));
  }
  return sheet;
}

}  // namespace anchorlens::widgets

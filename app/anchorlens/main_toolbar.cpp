// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/main_toolbar.h"

#include "widgets/fonts.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/study_runs_model.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::app {

namespace {

constexpr std::array kPaces{3, 10, 30, 100, 300};
const QString kCudaReason = QStringLiteral("cuda?");
/// A square of 16 and a gap before the text.
constexpr QSize kIconSize{20, 16};
const QString kDash = QStringLiteral("–");

QLabel* makeMono(QWidget* parent, const QString& name, const QString& widest) {
  auto* label = new QLabel(parent);
  label->setProperty("role", "mono");
  label->setAccessibleName(name);
  label->setMinimumWidth(label->fontMetrics().horizontalAdvance(widest));
  return label;
}

}  // namespace

QString formatSeconds(std::int64_t seconds) {
  return widgets::durationText(static_cast<double>(seconds));
}

MainToolbar::MainToolbar(QWidget* parent) : QToolBar(tr("Toolbar"), parent) {
  setObjectName(QStringLiteral("toolbar"));
  setMovable(false);
  setFloatable(false);
  setContextMenuPolicy(Qt::PreventContextMenu);
  m_run = addButton(tr("Run"), {});
  m_run->setProperty("role", "primary");
  m_step = addButton(tr("Step"), tr("One optimiser step, then pause (F10)"));
  m_stop = addButton(tr("Stop"), tr("End the run; a checkpoint is written (Shift+F5)"));
  connect(m_run, &QPushButton::clicked, this, &MainToolbar::runPressed);
  connect(m_step, &QPushButton::clicked, this, &MainToolbar::stepPressed);
  connect(m_stop, &QPushButton::clicked, this, &MainToolbar::stopPressed);
  addSeparator();

  m_device = new QComboBox(this);
  m_device->setAccessibleName(tr("Device"));
  m_device->setFocusPolicy(Qt::TabFocus);
  m_device->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_device->setMinimumContentsLength(8);
  m_device->addItem(tr("CPU"), QStringLiteral("cpu"));
  connect(m_device, &QComboBox::activated, this, [this] {
    const QString id = m_device->currentData().toString();
    if (id == kCudaReason)
      emit cudaReasonRequested();
    else
      emit deviceChosen(id);
  });
  addWidget(m_device);

  m_pace = new QComboBox(this);
  m_pace->setAccessibleName(tr("Pace"));
  m_pace->setToolTip(tr("Steps per second at most: emergence can take two seconds at full speed"));
  m_pace->setFocusPolicy(Qt::TabFocus);
  m_pace->addItem(tr("Full speed"), QVariant());
  for (const int pace : kPaces)
    m_pace->addItem(tr("%1 steps/s").arg(pace), pace);
  connect(m_pace, &QComboBox::activated, this, [this] { changePace(0); });
  addWidget(m_pace);
  addSeparator();

  buildReadouts();
  m_follow = addButton(tr("Follow live"), tr("The cursor stays at the newest step (F)"));
  m_follow->setCheckable(true);
  m_follow->setChecked(true);
  connect(m_follow, &QPushButton::clicked, this, &MainToolbar::followToggled);
  m_compare = addButton(tr("Compare"), {});
  m_compare_place = actions().constLast();
  m_compare->setCheckable(true);
  connect(m_compare, &QPushButton::clicked, this, &MainToolbar::compareToggled);
  m_export = addButton(tr("Export…"), tr("Figures, numbers, checkpoints (Ctrl+E)"));
  connect(m_export, &QPushButton::clicked, this, &MainToolbar::exportPressed);
  setRunAction(RunAction::None, {});
  setCompare(false, false, tr("Two runs are compared: tick them in Runs."));
}

QPushButton* MainToolbar::addButton(const QString& text, const QString& tip) {
  auto* button = new QPushButton(text, this);
  button->setToolTip(tip);
  button->setIconSize(kIconSize);
  button->setFocusPolicy(Qt::TabFocus);
  addWidget(button);
  return button;
}

void MainToolbar::buildReadouts() {
  m_pages = new QStackedWidget(this);
  m_pages->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_ready = new QLabel(m_pages);
  m_ready->setMinimumWidth(40);

  auto* readouts = new QWidget(m_pages);
  auto* layout = new QHBoxLayout(readouts);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(14);
  m_step_text = makeMono(readouts, tr("Step"), {});
  m_progress = new QProgressBar(readouts);
  m_progress->setTextVisible(false);
  m_progress->setFixedWidth(110);
  m_progress->setAccessibleName(tr("Progress"));
  m_speed = makeMono(readouts, tr("Speed"), QStringLiteral("0 000 steps/s"));
  m_eta = makeMono(readouts, tr("Time left"), QStringLiteral("ETA 00:00"));
  for (QWidget* widget : std::initializer_list<QWidget*>{m_step_text, m_progress, m_speed, m_eta})
    layout->addWidget(widget);
  layout->addStretch(1);

  auto* problem = new QWidget(m_pages);
  auto* problem_layout = new QHBoxLayout(problem);
  problem_layout->setContentsMargins(0, 0, 0, 0);
  m_problem = new QLabel(problem);
  m_problem->setProperty("role", "problem");
  m_show_problem = new QPushButton(tr("Show"), problem);
  m_show_problem->setProperty("role", "link");
  m_show_problem->setFocusPolicy(Qt::TabFocus);
  connect(m_show_problem, &QPushButton::clicked, this, &MainToolbar::showProblemPressed);
  problem_layout->addWidget(m_problem);
  problem_layout->addWidget(m_show_problem);
  problem_layout->addStretch(1);

  m_pages->addWidget(m_ready);
  m_pages->addWidget(readouts);
  m_pages->addWidget(problem);
  addWidget(m_pages);
}

void MainToolbar::setRunAction(RunAction action, const QString& tip) {
  m_action = action;
  const auto text = [action] {
    switch (action) {
      case RunAction::Pause:
        return tr("Pause");
      case RunAction::Continue:
        return tr("Continue");
      case RunAction::ContinueMore:
        return tr("Continue…");
      case RunAction::Starting:
        return tr("Starting…");
      case RunAction::Stopping:
        return tr("Saving…");
      default:
        return tr("Run");
    }
  }();
  m_run->setText(text);
  m_run->setAccessibleName(text);
  m_run->setToolTip(tip);
  m_run->setEnabled(action != RunAction::None && action != RunAction::Starting &&
                    action != RunAction::Stopping);
  drawIcons();
}

void MainToolbar::setStepEnabled(bool enabled) {
  m_step->setEnabled(enabled);
}
void MainToolbar::setStopEnabled(bool enabled) {
  m_stop->setEnabled(enabled);
}

void MainToolbar::setDevices(const std::vector<engine::DeviceInfo>& devices,
                             const QString& cuda_reason) {
  const QSignalBlocker blocker(m_device);
  m_devices = devices;
  const QString current = m_device->currentData().toString();
  m_device->clear();
  for (const auto& device : devices) {
    const QString id = QString::fromStdString(device.id);
    const QString kind = id == QLatin1String("cpu")
                             ? tr("CPU")
                             : QString(id).toUpper().replace(QLatin1Char(':'), QLatin1Char(' '));
    const QString name = QString::fromStdString(device.name);
    // A processor's name has no room and says little; a card's tells several apart.
    const bool is_short = m_is_compact || name.isEmpty() || id == QLatin1String("cpu");
    m_device->addItem(is_short ? kind : kind + QStringLiteral(" · ") + name, id);
    m_device->setItemData(m_device->count() - 1, name, Qt::ToolTipRole);
  }
  if (!cuda_reason.isEmpty())
    m_device->addItem(tr("CUDA not available: why?"), kCudaReason);
  m_device->view()->setMinimumWidth(260);
  setDevice(current);
}

void MainToolbar::setDevice(const QString& id) {
  const int row = m_device->findData(id == QLatin1String("cuda") ? QStringLiteral("cuda:0") : id);
  // "auto" takes the best one, which is the last device of the list.
  const int best = std::max(0, static_cast<int>(m_devices.size()) - 1);
  m_device->setCurrentIndex(row >= 0 ? row : best);
  m_device->setToolTip(
      tr("Device of the next run: %1").arg(m_device->currentData(Qt::ToolTipRole).toString()));
}

void MainToolbar::setPace(std::optional<double> steps_per_second) {
  const int row = steps_per_second ? m_pace->findData(static_cast<int>(*steps_per_second)) : 0;
  m_pace->setCurrentIndex(std::max(0, row));
}

void MainToolbar::changePace(int by) {
  // Slower is a smaller number; full speed, the first row, is the fastest.
  const int rows = m_pace->count();
  const int rank = m_pace->currentIndex() == 0 ? rows - 1 : m_pace->currentIndex() - 1;
  const int wanted = std::clamp(rank + by, 0, rows - 1);
  m_pace->setCurrentIndex(wanted == rows - 1 ? 0 : wanted + 1);
  const QVariant pace = m_pace->currentData();
  emit paceChosen(pace.isValid() ? std::optional<double>(pace.toDouble()) : std::nullopt);
}

void MainToolbar::setReadouts(const Readouts& readouts, bool is_training) {
  m_step_text->setText(
      tr("Step %1 of %2")
          .arg(widgets::formatInteger(readouts.step), widgets::formatInteger(readouts.total)));
  // A progress bar paints at once, and with it all that waits to be painted: not in this event.
  m_progress->setUpdatesEnabled(false);
  m_progress->setRange(0, 1000);
  m_progress->setValue(readouts.total > 0 ? static_cast<int>(1000 * readouts.step / readouts.total)
                                          : 0);
  m_progress->setUpdatesEnabled(true);
  const bool has_speed = is_training && readouts.steps_per_second.has_value();
  m_speed->setText(tr("%1 steps/s")
                       .arg(has_speed
                                ? widgets::formatInteger(std::llround(*readouts.steps_per_second))
                                : kDash));
  const bool has_eta = is_training && readouts.seconds_left.has_value();
  m_eta->setText(tr("ETA %1").arg(has_eta ? formatSeconds(*readouts.seconds_left) : kDash));
  m_ready_text.clear();
  showPage();
}

void MainToolbar::setReadyText(const QString& text) {
  m_ready_text = text;
  m_ready->setText(text);
  m_ready->setToolTip(text);
  showPage();
}

void MainToolbar::setProblem(const QString& text, const QString& what) {
  m_problem_text = text;
  m_problem->setText(text);
  m_problem->setToolTip(what);
  m_show_problem->setToolTip(what);
  showPage();
}

void MainToolbar::showPage() {
  m_pages->setCurrentIndex(!m_problem_text.isEmpty() ? 2 : !m_ready_text.isEmpty() ? 0 : 1);
}

QString MainToolbar::readoutText() const {
  if (!m_problem_text.isEmpty())
    return m_problem_text;
  if (!m_ready_text.isEmpty())
    return m_ready_text;
  return m_step_text->text() + QLatin1Char(' ') + m_speed->text() + QLatin1Char(' ') +
         m_eta->text();
}

void MainToolbar::setFollowing(bool following, bool is_live) {
  m_follow->setChecked(following);
  const QColor dot = following && is_live ? m_theme.accent : m_theme.text_muted;
  if (dot != m_follow_dot) {  // asked at every tick; an icon is drawn anew, and its row laid out
    m_follow_dot = dot;
    m_follow->setIcon(widgets::icon(QStringLiteral("live"), dot));
  }
}

void MainToolbar::setCompare(bool is_on, bool can, const QString& why_not) {
  m_compare->setChecked(is_on);
  m_compare->setEnabled(can || is_on);
  m_compare->setToolTip(can ? tr("The two ticked runs side by side (C)") : why_not);
}

void MainToolbar::setTheme(const widgets::Theme& theme) {
  m_theme = theme;
  drawIcons();
  setFollowing(m_follow->isChecked(), false);
}

void MainToolbar::drawIcons() {
  const bool pauses = m_action == RunAction::Pause;
  m_run->setIcon(widgets::icon(pauses ? QStringLiteral("pause") : QStringLiteral("run"),
                               m_theme.on_accent, m_theme.text_muted));
  m_step->setIcon(widgets::icon(QStringLiteral("step"), m_theme.text, m_theme.text_muted));
  m_stop->setIcon(widgets::icon(QStringLiteral("stop"), m_theme.text, m_theme.text_muted));
  m_compare->setIcon(widgets::icon(QStringLiteral("compare"), m_theme.text, m_theme.text_muted));
  m_export->setIcon(widgets::icon(QStringLiteral("export"), m_theme.text));
}

void MainToolbar::setCompact(bool compact) {
  m_is_compact = compact;
  m_compare_place->setVisible(!compact);  // it is in the View menu
  m_device->setMinimumContentsLength(compact ? 6 : 8);
  m_progress->setFixedWidth(compact ? 80 : 110);
  const QString reason = m_device->findData(kCudaReason) >= 0 ? kCudaReason : QString();
  if (!m_devices.empty())
    setDevices(std::vector(m_devices), reason);
}

}  // namespace anchorlens::app

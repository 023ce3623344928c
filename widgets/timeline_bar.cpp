// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_bar.h"

#include "widgets/fonts.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/replay_pace.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>

namespace anchorlens::widgets {

TimelineBar::TimelineBar(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 3, 12, 3);
  row->setSpacing(4);
  m_title = new QLabel(tr("Timeline"), this);
  m_title->setProperty("role", "title");
  m_empty = new QLabel(this);
  m_empty->setProperty("role", "second");
  row->addWidget(m_title);
  row->addSpacing(8);
  row->addWidget(m_empty);
  m_first = addButton(tr("First frame"), &TimelineBar::firstClicked);
  m_previous = addButton(tr("Previous frame"), &TimelineBar::previousClicked);
  m_play = addButton(tr("Replay"), &TimelineBar::playClicked);
  m_next = addButton(tr("Next frame"), &TimelineBar::nextClicked);
  m_newest = addButton(tr("Newest frame"), &TimelineBar::newestClicked);
  m_rate = new QComboBox(this);
  m_rate->setAccessibleName(tr("Replay speed"));
  m_rate->setToolTip(tr("Frames a second of the replay"));
  for (const double rate : ReplayPace::kRates) {
    m_rate->addItem(tr("%1/s").arg(rate), rate);
  }
  row->addWidget(m_rate);
  connect(m_rate, &QComboBox::activated, this,
          [this](int index) { emit rateChosen(m_rate->itemData(index).toDouble()); });
  m_step_label = new QLabel(tr("Step"), this);
  m_step_label->setProperty("role", "second");
  m_step = new QLineEdit(this);
  m_step->setProperty("role", "mono");
  m_step->setAccessibleName(tr("Step"));
  m_step->setToolTip(tr("Type a step: the nearest frame is taken"));
  m_frame = new QLabel(this);
  m_behind = new QLabel(this);
  m_behind->setProperty("role", "second");
  m_behind->setIndent(8);
  m_go_live = new QPushButton(tr("Go to live"), this);
  m_go_live->setProperty("role", "link");
  m_go_live->setFocusPolicy(Qt::TabFocus);
  row->addSpacing(8);
  for (QWidget* widget :
       std::initializer_list<QWidget*>{m_step_label, m_step, m_frame, m_behind, m_go_live}) {
    row->addWidget(widget);
  }
  row->addStretch(1);
  buildRight();
  connect(m_go_live, &QPushButton::clicked, this, &TimelineBar::goLiveClicked);
  connect(m_step, &QLineEdit::returnPressed, this, &TimelineBar::enterStep);
  connect(m_step, &QLineEdit::editingFinished, this, [this] {
    if (m_step->isModified() && !enteredStep()) {
      emit told(tr("“%1” is no step: type a whole number from 0, such as 1 500. Step %2 is shown.")
                    .arg(m_step->text(), formatInteger(m_state.step)));
    }
    m_step->setText(formatInteger(m_state.step));
    m_step->setModified(false);
  });
  setMinimumWidth(260);  // less than the row asks for: fit() makes it fit
  setTheme(m_theme);
  m_state.has_run = true;  // the next call differs and sets everything
  setState({});
}

QToolButton* TimelineBar::addButton(const QString& name, void (TimelineBar::*clicked)()) {
  auto* button = new QToolButton(this);
  button->setProperty("role", "flat");
  button->setToolTip(name);
  button->setAccessibleName(name);
  button->setFocusPolicy(Qt::TabFocus);
  connect(button, &QToolButton::clicked, this, clicked);
  layout()->addWidget(button);
  return button;
}

void TimelineBar::buildRight() {
  auto* row = qobject_cast<QHBoxLayout*>(layout());
  m_smoothing_label = new QLabel(tr("Smoothing"), this);
  m_smoothing_label->setProperty("role", "second");
  m_smoothing = new QComboBox(this);
  m_smoothing->setAccessibleName(tr("Smoothing"));
  m_smoothing->addItems({tr("Off"), tr("Light"), tr("Strong")});
  m_linear = new QPushButton(tr("Linear"), this);
  m_log = new QPushButton(tr("Log"), this);
  auto* group = new QButtonGroup(this);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  for (QPushButton* button : {m_linear, m_log}) {
    button->setCheckable(true);
    button->setProperty("role", "segment");
    button->setProperty("place", button == m_linear ? "first" : "last");
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(button->text() + tr(" time axis"));
    group->addButton(button);
    segments->addWidget(button);
  }
  m_linear->setChecked(true);
  row->addWidget(m_smoothing_label);
  row->addWidget(m_smoothing);
  row->addLayout(segments);
  connect(m_smoothing, &QComboBox::activated, this, &TimelineBar::smoothingChosen);
  connect(m_linear, &QPushButton::clicked, this, [this] { emit logarithmicChosen(false); });
  connect(m_log, &QPushButton::clicked, this, [this] { emit logarithmicChosen(true); });
}

std::optional<std::int64_t> TimelineBar::enteredStep() const {
  QString text = m_step->text();
  text.remove(' ').remove(kThinSpace).remove(QChar(0x202F)).remove(QChar(0xA0));
  bool is_number = false;
  const qint64 step = text.toLongLong(&is_number);
  return is_number && step >= 0 ? std::optional<std::int64_t>(step) : std::nullopt;
}

void TimelineBar::enterStep() {
  if (const auto step = enteredStep()) {
    m_step->setModified(false);
    emit stepEntered(*step);
  }
  // What is no number is said, and put back, by editingFinished.
}

void TimelineBar::setState(const State& state) {
  if (state == m_state) {
    return;
  }
  const bool is_other_run = state.has_run != m_state.has_run;
  const bool was_playing = m_state.is_playing;
  m_state = state;
  if (is_other_run) {
    m_title->setVisible(!state.has_run);
    m_empty->setVisible(!state.has_run);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_first, m_previous, m_play, m_next,
                                                           m_newest, m_rate, m_step_label, m_step,
                                                           m_frame, m_smoothing, m_linear, m_log}) {
      widget->setVisible(state.has_run);
    }
    m_smoothing_label->setVisible(state.has_run && !m_is_compact);
  }
  const bool has_frames = state.frames > 0;
  m_first->setEnabled(has_frames && state.frame > 0);
  m_previous->setEnabled(has_frames && state.frame > 0);
  m_next->setEnabled(has_frames && state.frame + 1 < state.frames);
  m_newest->setEnabled(has_frames && (state.frame + 1 < state.frames || state.behind > 0));
  m_play->setEnabled(state.frames > 1);
  if (!(m_step->hasFocus() && m_step->isModified())) {
    m_step->setText(formatInteger(state.step));
    m_step->setModified(false);
  }
  const bool is_behind = state.has_run && state.behind > 0;
  m_behind->setVisible(is_behind);
  m_go_live->setVisible(is_behind);
  fit();
  if (was_playing != state.is_playing) {
    setTheme(m_theme);
    m_play->setToolTip(state.is_playing ? tr("Stop the replay") : tr("Replay"));
    m_play->setAccessibleName(m_play->toolTip());
  }
}

int TimelineBar::neededWidth() const {
  return layout()->minimumSize().width();
}

/// When the row gets narrow, words go first, then what can be read elsewhere.
void TimelineBar::fit() {
  if (!m_state.has_run) {
    return;
  }
  const bool has_frames = m_state.frames > 0;
  const QString frame = formatInteger(m_state.frame + 1);
  const QString frames = formatInteger(m_state.frames);
  const QString behind = formatInteger(m_state.behind);
  m_smoothing_label->setVisible(!m_is_compact);
  m_smoothing->setVisible(true);
  m_rate->setVisible(true);
  m_frame->setText(has_frames ? tr("frame %1 of %2").arg(frame, frames) : tr("no frames yet"));
  m_behind->setText(tr("%1 steps behind live").arg(behind));
  layout()->activate();
  if (neededWidth() > width()) {
    m_smoothing_label->hide();
    m_behind->setText(tr("%1 behind").arg(behind));
  }
  layout()->activate();
  if (neededWidth() > width() && has_frames) {
    m_frame->setText(frame + QStringLiteral(" / ") + frames);
  }
  layout()->activate();
  if (neededWidth() > width()) {
    m_rate->hide();
  }
  layout()->activate();
  if (neededWidth() > width()) {
    m_smoothing->hide();
  }
}

void TimelineBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

void TimelineBar::setTheme(const Theme& theme) {
  m_theme = theme;
  const auto set = [&](QToolButton* button, const char* name) {
    button->setIcon(icon(QString::fromLatin1(name), theme.text));
  };
  set(m_first, "first");
  set(m_previous, "previous");
  set(m_play, m_state.is_playing ? "pause" : "play");
  set(m_next, "next");
  set(m_newest, "newest");
  m_step->setFixedWidth(static_cast<int>(basePixelSize(*this) * 6.2));
}

void TimelineBar::setCompact(bool compact) {
  m_is_compact = compact;
  m_smoothing_label->setVisible(m_state.has_run && !compact);
  fit();
}

void TimelineBar::setLogarithmic(bool on) {
  (on ? m_log : m_linear)->setChecked(true);
}

void TimelineBar::setSmoothing(int level) {
  m_smoothing->setCurrentIndex(level);
}

void TimelineBar::setReplayRate(double frames_per_second) {
  m_rate->setCurrentIndex(m_rate->findData(frames_per_second));
}

void TimelineBar::setEmptyText(const QString& text) {
  m_empty->setText(text);
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_view.h"
#include "widgets/icons.h"
#include "widgets/probe_box.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

QPushButton* segment(const QString& text, const char* place, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setCheckable(true);
  button->setProperty("role", "segment");
  button->setProperty("place", place);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(text);
  return button;
}

QCheckBox* tick(const QString& text, QWidget* parent) {
  auto* box = new QCheckBox(text, parent);
  box->setFocusPolicy(Qt::TabFocus);
  return box;
}

/// In the closed box where the row is narrow; the list has the whole name as a tooltip.
QString shortName(HeadValues values) {
  switch (values) {
    case HeadValues::Difference:
      return AttentionView::tr("Difference");
    case HeadValues::Scores:
      return AttentionView::tr("Scores");
    case HeadValues::LayerMean:
      return AttentionView::tr("Layer mean");
    case HeadValues::AllMean:
      return AttentionView::tr("Mean of all");
    case HeadValues::Attention:
    case HeadValues::Weighted:
      break;
  }
  return headValuesName(values);
}

/// What the colours of all heads run over.
QString commonScaleName(HeadValues values) {
  if (isAttention(values)) {
    return AttentionView::tr("0 to 1");
  }
  return needWeights(values) ? AttentionView::tr("All heads") : AttentionView::tr("−1 to 1");
}

constexpr int kTyped = -2;  ///< data of an entry of the Probe box, beside kProbeMean

}  // namespace

void AttentionView::buildControls(QVBoxLayout* outer) {
  m_controls = new QWidget(this);
  auto* row = new QHBoxLayout(m_controls);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_probe_label = new QLabel(tr("Probe"), this);
  m_probe_label->setProperty("role", "second");
  m_probes = new QComboBox(this);
  m_probes->setAccessibleName(tr("Probe sequence"));
  m_probes->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_as_map = segment(tr("Map"), "first", this);
  m_as_lines = segment(tr("Lines"), "last", this);
  auto* group = new QButtonGroup(this);
  group->addButton(m_as_map);
  group->addButton(m_as_lines);
  m_values = tick(tr("Values"), this);
  m_outlines = tick(tr("Outline anchor and key"), this);
  m_colour_label = new QLabel(tr("Colour"), this);
  m_colour_label->setProperty("role", "second");
  m_colours = new QComboBox(this);
  m_colours->setAccessibleName(tr("Colour map"));
  for (int i = 0; i < kColourMaps; ++i) {
    m_colours->addItem(colourMapName(static_cast<ColourMap>(i)));
  }
  m_scale = new QComboBox(this);
  m_scale->setAccessibleName(tr("Colour scale"));
  m_scale->setToolTip(
      tr("End of the colour scale: the same for all heads, or each head's largest value"));
  m_scale->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_scale->addItems({commonScaleName(m_options.shown), tr("Per head")});
  m_copy = new QToolButton(this);
  m_copy->setToolTip(tr("Copy the picture and its numbers (Ctrl+C)"));
  m_copy->setAccessibleName(tr("Copy picture"));
  m_copy->setFocusPolicy(Qt::TabFocus);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  segments->addWidget(m_as_map);
  segments->addWidget(m_as_lines);
  row->addWidget(m_probe_label);
  row->addWidget(m_probes);
  buildShown(row);
  row->addLayout(segments);
  row->addStretch(1);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_values, m_outlines, m_colour_label,
                                                         m_colours, m_scale, m_copy}) {
    row->addWidget(widget);
  }
  outer->addWidget(m_controls);
  buildTyped(outer);

  connect(m_probes, &QComboBox::activated, this,
          [this](int index) { chooseProbe(m_probes->itemData(index).toInt()); });
  connect(m_as_map, &QPushButton::clicked, this, [this] { setMode(HeadView::Mode::Map); });
  connect(m_as_lines, &QPushButton::clicked, this, [this] { setMode(HeadView::Mode::Lines); });
  connect(m_values, &QCheckBox::toggled, this, &AttentionView::setValues);
  connect(m_outlines, &QCheckBox::toggled, this, &AttentionView::setOutlines);
  connect(m_colours, &QComboBox::activated, this, [this](int index) {
    m_options.map = static_cast<ColourMap>(index);
    applyOptions();
    emit optionsChanged();
  });
  connect(m_scale, &QComboBox::activated, this, [this](int index) {
    m_options.per_head = index == 1;
    applyOptions();
    emit optionsChanged();
  });
  connect(m_copy, &QToolButton::clicked, this, &AttentionView::copyRequested);
}

void AttentionView::buildShown(QHBoxLayout* row) {
  m_shown = new QComboBox(this);
  m_shown->setAccessibleName(tr("Show"));
  m_shown->setToolTip(tr("What the cells show; the help has the definitions (F1)"));
  m_shown->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  for (int i = 0; i < kHeadValues; ++i) {
    const QString name = headValuesName(static_cast<HeadValues>(i));
    m_shown->addItem(name);
    m_shown->setItemData(i, name, Qt::ToolTipRole);
    m_shown->setItemData(i, name, Qt::AccessibleTextRole);
  }
  row->addWidget(m_shown);
  connect(m_shown, &QComboBox::activated, this, [this](int index) {
    m_options.shown = static_cast<HeadValues>(index);
    applyOptions();
    emit optionsChanged();
  });
}

void AttentionView::buildTyped(QVBoxLayout* outer) {
  m_typed_row = new QWidget(this);
  auto* row = new QHBoxLayout(m_typed_row);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_typed = new QLineEdit(m_typed_row);
  m_typed->setAccessibleName(tr("Typed sequence"));
  m_typed->setPlaceholderText(tr("Tokens, separated by spaces"));
  m_typed->setClearButtonEnabled(true);
  m_verdict = new QLabel(m_typed_row);
  m_verdict->setProperty("role", "second");
  m_verdict->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row->addWidget(m_typed, 1);
  row->addWidget(m_verdict, 1);
  outer->addWidget(m_typed_row);
  m_typed_row->hide();
  connect(m_typed, &QLineEdit::textEdited, this, [this](const QString& text) {
    m_options.typed = text;
    applyOptions();
    emit optionsChanged();
  });
}

void AttentionView::setVerdict(const QString& verdict) {
  m_verdict->setText(verdict);
  m_verdict->setToolTip(verdict);
}

void AttentionView::chooseProbe(int entry) {
  m_options.is_typed = entry == kTyped;
  if (entry != kTyped) {
    m_options.probe = {entry == kProbeMean, std::max(entry, 0)};
  } else if (m_options.typed.isEmpty() && m_probe) {
    // Something to start from: the sequence that was looked at.
    QStringList tokens;
    for (const TokenText& token : tokensOf(*m_probe, m_options.probe.sequence)) {
      tokens << token.text;
    }
    m_options.typed = tokens.join(' ');
  }
  applyOptions();
  if (m_options.is_typed) {
    m_typed->setFocus();
    m_typed->selectAll();
  }
  emit optionsChanged();
}

/// The mean only when frames have one.
void AttentionView::fillProbes() {
  const bool has_mean = m_probe && m_frame && m_frame->mean.n > 0;
  fillProbeBox(*m_probes, m_probe.get(), has_mean ? m_probe->probe_size : 0);
  if (m_probe && m_probe->shown.size() > 0) {
    m_probes->addItem(tr("Type a sequence…"), kTyped);
  }
  fitControls();  // its longest entry is another one
  applyOptions();
}

void AttentionView::applyOptions() {
  const int wanted = m_options.is_typed     ? kTyped
                     : m_options.probe.mean ? kProbeMean
                                            : m_options.probe.sequence;
  int index = m_probes->findData(wanted);
  if (index < 0 && m_probes->count() > 0 && m_frame) {
    // What was looked at does not exist in this run: its first sequence instead.
    index = 0;
    m_options.probe = {};
    m_options.is_typed = false;
  }
  m_probes->setCurrentIndex(index);
  const QSignalBlocker values(m_values);
  const QSignalBlocker outlines(m_outlines);
  m_values->setChecked(m_options.values);
  m_outlines->setChecked(m_options.outlines);
  m_colours->setCurrentIndex(static_cast<int>(m_options.map));
  m_scale->setCurrentIndex(m_options.per_head ? 1 : 0);
  if (const QString common = commonScaleName(m_options.shown); common != m_scale->itemText(0)) {
    m_scale->setItemText(0, common);
    fitControls();
  }
  const bool is_map = m_options.mode == HeadView::Mode::Map;
  const bool can_be_lines = isAttention(m_options.shown);
  m_as_map->setChecked(is_map || !can_be_lines);
  m_as_lines->setChecked(!is_map && can_be_lines);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_values, m_outlines}) {
    widget->setEnabled(is_map || !can_be_lines);
  }
  m_as_lines->setEnabled(can_be_lines);
  m_as_lines->setToolTip(can_be_lines ? QString() : tr("Lines are drawn of attention only"));
  m_shown->setCurrentIndex(static_cast<int>(m_options.shown));
  if (m_typed->text() != m_options.typed) {
    m_typed->setText(m_options.typed);
  }
  if (m_typed_row->isHidden() == m_options.is_typed) {
    m_typed_row->setVisible(m_options.is_typed);
    fitGrid();
  }
  HeadMapOptions options;
  options.map = m_options.map;
  options.values = m_options.values;
  options.outlines = m_options.outlines;
  options.per_head = m_options.per_head;
  if (m_grid != nullptr) {
    m_grid->setOptions(options);
    m_large->setMode(m_options.mode);
    m_large->setOptions(options);
    m_is_dirty = true;
    pull();
    askAgain();
  }
}

void AttentionView::setOptions(const AttentionOptions& options) {
  // Another view chose a sequence of the probe.
  const bool is_chosen = m_options.is_typed && options.probe != m_options.probe;
  m_options = options;
  m_options.is_typed = options.is_typed && !is_chosen;
  applyOptions();
}

void AttentionView::setValues(bool on) {
  m_options.values = on;
  applyOptions();
  emit optionsChanged();
}

void AttentionView::setOutlines(bool on) {
  m_options.outlines = on;
  applyOptions();
  emit optionsChanged();
}

void AttentionView::setMode(HeadView::Mode mode) {
  m_options.mode = mode;
  applyOptions();
  emit optionsChanged();
}

void AttentionView::nextSequence(int by) {
  const int n = m_probes->count() - 1;  // without the typed one
  if (n > 0) {
    const int from = m_options.is_typed ? (by > 0 ? -1 : n) : m_probes->currentIndex();
    chooseProbe(m_probes->itemData(((from + by) % n + n) % n).toInt());
  }
}

void AttentionView::setTheme(const Theme& theme) {
  m_grid->setTheme(theme);
  m_large->setTheme(theme);
  m_copy->setIcon(icon(QStringLiteral("copy"), theme.text));
}

void AttentionView::setCompact(bool compact) {
  if (compact == m_is_compact) {
    return;
  }
  m_is_compact = compact;
  m_grid->setCompact(compact);
  fitControls();
  fitGrid();
}

/// Shorter labels where the row has no room for the long ones (a large font, a narrow centre).
void AttentionView::fitControls() {
  const auto show = [this](int shortness) {
    m_outlines->setText(shortness > 0 ? tr("Outlines") : tr("Outline anchor and key"));
    m_colour_label->setVisible(shortness == 0);
    m_probe_label->setVisible(shortness < 2);
    for (int i = 0; i < kHeadValues; ++i) {
      const auto values = static_cast<HeadValues>(i);
      m_shown->setItemText(i, shortness > 0 ? shortName(values) : headValuesName(values));
    }
    m_controls->layout()->invalidate();
  };
  const int room = contentsRect().marginsRemoved(layout()->contentsMargins()).width();
  constexpr int kShortest = 2;
  int shortness = m_is_compact ? 1 : 0;
  show(shortness);
  while (shortness < kShortest && m_controls->sizeHint().width() > room) {
    show(++shortness);
  }
}

}  // namespace anchorlens::widgets

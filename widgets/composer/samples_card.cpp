// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/samples_card.h"

#include "engine/core/task/explain.h"
#include "widgets/number_format.h"
#include "widgets/panel_samples.h"
#include "widgets/styled_property.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr int kMostColumns = 2;
constexpr int kAllKinds = -1;

QScrollArea* sidewaysScroll(QWidget* content, QWidget* parent) {
  auto* scroll = new QScrollArea(parent);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidgetResizable(true);
  scroll->setWidget(content);
  return scroll;
}

QString joined(const std::vector<std::string>& texts) {
  QStringList list;
  for (const std::string& text : texts)
    list.append(QString::fromStdString(text));
  return list.join(QStringLiteral("; "));
}

core::SequenceSet oneSequence(const std::vector<std::int32_t>& tokens,
                              const core::Judgement& judgement) {
  core::SequenceSet set;
  set.seq_len = static_cast<int>(tokens.size());
  set.tokens = tokens;
  set.roles = judgement.roles;
  set.lengths = {set.seq_len};
  set.targets = {judgement.answers.empty() ? 0 : judgement.answers[0].token};
  set.groups = {judgement.group};
  set.forms = {static_cast<std::int16_t>(judgement.form)};
  set.splits = {judgement.split};
  set.answers = judgement.answers;
  set.answer_offsets = {0, static_cast<std::uint32_t>(set.answers.size())};
  return set;
}

/// Which form, how the answer comes about, and which split: one line each.
QString verdictOn(const core::Task& task, const core::Explained& explained) {
  QStringList lines;
  const core::Judgement& judgement = explained.judgement;
  QString steps = joined(explained.explanation.steps);
  if (task.spec().forms.size() > 1)
    steps = SamplesCard::tr("Form %1: %2").arg(judgement.form + 1).arg(steps);
  lines.append(steps);
  if (!explained.explanation.taught.empty())
    lines.append(QString::fromStdString(explained.explanation.taught));
  const auto& group = task.groups()[static_cast<std::size_t>(judgement.group)];
  lines.append(explained.explanation.held_out.empty() ? SamplesCard::tr("can be trained on")
                                                      : joined(explained.explanation.held_out));
  lines.last() += SamplesCard::tr(" (group %1)").arg(QString::fromStdString(group.name));
  for (QString& line : lines)
    line[0] = line[0].toUpper();
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

SamplesCard::SamplesCard(QWidget* parent) : ComposerCard(tr("Samples"), parent) {
  m_note = new QLabel(this);
  m_note->setProperty("role", "caption");
  m_filter = new QComboBox(this);
  m_filter->setAccessibleName(tr("Group of the samples"));
  m_filter->setFocusPolicy(Qt::TabFocus);
  m_filter->addItem(tr("All groups"), kAllKinds);
  for (int kind = 0; kind < kSampleKinds; ++kind)
    m_filter->addItem(sampleKindName(static_cast<SampleKind>(kind)), kind);
  m_new = new QPushButton(tr("New samples"), this);
  m_new->setProperty("role", "link");
  m_new->setFocusPolicy(Qt::TabFocus);
  m_new->setToolTip(tr("Draw other ones (R)"));
  titleRow()->addWidget(m_note);
  titleRow()->addWidget(m_filter);
  m_export = new QPushButton(tr("Export…"), this);
  m_export->setProperty("role", "link");
  m_export->setFocusPolicy(Qt::TabFocus);
  m_export->setToolTip(tr("Samples for other programs; the task in LaTeX and SVG"));
  titleRow()->addWidget(m_new);
  titleRow()->addWidget(m_export);
  m_list = new SampleList(this);
  m_list->setExplainer([this](std::size_t row) {
    const auto explained = core::explain(*m_checks.task, shown().row(row));
    return explained ? QString::fromStdString(explained->explanation.text())
                     : QString::fromStdString(explained.error());
  });
  m_scroll = sidewaysScroll(m_list, this);
  m_empty = new QLabel(this);
  m_empty->setProperty("role", "muted");
  m_empty->setWordWrap(true);
  body()->addWidget(m_scroll);
  body()->addWidget(m_empty);
  buildTrial();
  body()->addStretch(1);
  connect(m_new, &QPushButton::clicked, this, &SamplesCard::newSamplesRequested);
  connect(m_export, &QPushButton::clicked, this, &SamplesCard::exportRequested);
  connect(m_filter, &QComboBox::activated, this, &SamplesCard::showSamples);
}

void SamplesCard::buildTrial() {
  auto* rule = new QFrame(this);
  rule->setProperty("role", "rule");
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* label = new QLabel(tr("Try a sequence"), this);
  m_trial = new QLineEdit(this);
  m_trial->setProperty("role", "mono");
  m_trial->setAccessibleName(tr("Try a sequence"));
  m_trial->setClearButtonEnabled(true);
  label->setBuddy(m_trial);
  m_judged = new SampleList(this);
  m_judged->setAccessibleName(tr("The typed sequence"));
  m_verdict = new QLabel(this);
  m_verdict->setWordWrap(true);
  m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row->addWidget(label);
  row->addWidget(m_trial, 1);
  body()->addWidget(rule);
  body()->addLayout(row);
  body()->addWidget(m_judged);
  body()->addWidget(m_verdict);
  m_judged->hide();
  m_verdict->hide();
  connect(m_trial, &QLineEdit::textChanged, this, &SamplesCard::judge);
}

void SamplesCard::setExperiment(const core::ExperimentSpec& experiment, bool) {
  QStringList example;
  const int length = experiment.task.seq_len.empty() ? 0 : experiment.task.seq_len.front();
  const int token = experiment.task.noise.empty() ? 1 : experiment.task.noise.front().first;
  for (int i = 0; i < std::min(length, 9); ++i)
    example.append(QString::number(token + i));
  m_trial->setPlaceholderText(
      tr("%1 tokens, such as %2").arg(length).arg(example.join(QLatin1Char(' '))));
}

void SamplesCard::setChecks(const ExperimentChecks& checks) {
  m_checks = checks;
  m_is_stale = !checks.problems.empty();
  showSamples();
  judge();
}

const core::SequenceSet& SamplesCard::shown() const {
  const int kind = m_filter->currentData().toInt();
  return kind == kAllKinds ? m_checks.samples
                           : m_checks.samples_of_kind[static_cast<std::size_t>(kind)];
}

void SamplesCard::showSamples() {
  const int kind = m_filter->currentData().toInt();
  m_list->setSamples(m_checks.task, shown());
  m_list->setStale(m_is_stale);
  const bool is_empty = m_list->count() == 0;
  m_empty->setText(!m_checks.task ? tr("Samples appear when the task has no problem.")
                                  : tr("No sequences of this group."));
  m_empty->setVisible(is_empty);
  m_scroll->setVisible(!is_empty);
  const auto n = formatInteger(static_cast<std::int64_t>(m_list->count()));
  m_note->setText(is_empty ? QString()
                  : m_checks.n_train > 0 && kind == kAllKinds
                      ? tr("%1 of %2").arg(n, formatInteger(m_checks.n_train + m_checks.n_test))
                      : n);
  fit();
}

void SamplesCard::fit() {
  // The card's own width: the list's is set later.
  const QMargins margins = layout()->contentsMargins();
  const int width = contentsRect().width() - margins.left() - margins.right();
  m_list->setColumns(m_list->columnsFor(width, kMostColumns));
  const bool scrolls = m_list->sizeHint().width() > width;
  m_scroll->setFixedHeight(m_list->sizeHint().height() +
                           (scrolls ? m_scroll->horizontalScrollBar()->sizeHint().height() : 0));
}

void SamplesCard::resizeEvent(QResizeEvent* event) {
  ComposerCard::resizeEvent(event);
  fit();
}

void SamplesCard::judge() {
  const QString text = m_trial->text();
  m_judged->hide();
  if (text.trimmed().isEmpty()) {
    showVerdict({}, false);
    return;
  }
  if (!m_checks.task) {
    showVerdict(tr("There is no task yet that could judge it."), true);
    return;
  }
  const core::Task& task = *m_checks.task;
  const auto explained = core::explainLine(task, text.toStdString());
  if (!explained) {
    showVerdict(QString::fromStdString(explained.error()), true);
    return;
  }
  m_judged->setSamples(task, oneSequence(explained->tokens, explained->judgement));
  m_judged->setStale(m_is_stale);
  m_judged->show();
  showVerdict(verdictOn(task, *explained), false);
}

void SamplesCard::showVerdict(const QString& text, bool is_problem) {
  m_verdict->setText(text);
  setStyled(*m_verdict, "role", is_problem ? QStringLiteral("problem") : QStringLiteral("second"));
  m_verdict->setVisible(!text.isEmpty());
}

QString SamplesCard::verdict() const {
  return m_verdict->isHidden() ? QString() : m_verdict->text();
}

NumberTable SamplesCard::numbers() const {
  return m_list->numbers();
}

void SamplesCard::setTheme(const Theme& theme) {
  ComposerCard::setTheme(theme);
  m_list->setTheme(theme);
  m_judged->setTheme(theme);
}

void SamplesCard::setCompact(bool) {
  fit();
}

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/composer_view.h"

#include "engine/core/experiment_json.h"
#include "engine/core/language/language.h"
#include "engine/core/task_text.h"
#include "widgets/composer/anchors_card.h"
#include "widgets/composer/checks_card.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/samples_card.h"
#include "widgets/icons.h"
#include "widgets/panel_field.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {

constexpr int kMargin = 12;
constexpr int kGap = 12;

/// The one JSON file that is dragged; empty when it is something else.
QString taskFile(const QMimeData* data) {
  const auto urls = data->urls();
  const QString file = urls.size() == 1 ? urls.first().toLocalFile() : QString();
  return file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive) ? file : QString();
}

}  // namespace

ComposerView::ComposerView(QWidget* parent) : QWidget(parent) {
  setAcceptDrops(true);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  buildLock();
  outer->addWidget(m_lock);
  m_scroll = new QScrollArea(this);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  m_content = new QWidget(m_scroll);
  m_pattern = new PatternCard(m_content);
  m_anchors = new AnchorsCard(m_content);
  m_held_out = new HeldOutCard(m_content);
  m_samples = new SamplesCard(m_content);
  m_checks_card = new ChecksCard(m_content);
  m_checks_card->setOwnedElsewhere([](const std::string& pointer) {
    const auto is_below = [&](const char* owner) {
      return (pointer + "/").starts_with(std::string(owner) + "/");
    };
    return PatternCard::owns(pointer) || is_below("/task/anchors") || is_below("/task/keys") ||
           is_below("/task/held_out") || is_below("/task/relabel");
  });
  m_scroll->setWidget(m_content);
  outer->addWidget(m_scroll, 1);
  arrange(false);
  for (ComposerCard* card : cards()) {
    connect(card, &ComposerCard::edited, this, &ComposerView::edited);
    connect(card, &ComposerCard::textProblemChanged, this, &ComposerView::textProblemsChanged);
  }
  connect(m_pattern, &PatternCard::presetChosen, this, &ComposerView::presetChosen);
  connect(m_pattern, &PatternCard::galleryRequested, this, &ComposerView::galleryRequested);
  connect(m_pattern, &PatternCard::documentPasted, this, [this](const QString& text) {
    QString problem;
    if (!paste(text, &problem))
      emit told(problem);
  });
  connect(m_samples, &SamplesCard::newSamplesRequested, this, &ComposerView::newSamplesRequested);
  connect(m_samples, &SamplesCard::exportRequested, this, &ComposerView::exportRequested);
}

void ComposerView::buildLock() {
  m_lock = new QFrame(this);
  m_lock->setProperty("role", "bar");
  auto* row = new QHBoxLayout(m_lock);
  row->setContentsMargins(12, 3, 8, 3);
  m_lock_icon = new QLabel(m_lock);
  m_lock_text = makeElidingLabel({}, m_lock);
  row->addWidget(m_lock_icon);
  row->addWidget(m_lock_text, 1);
  const auto add = [&](const QString& text, const QString& tip, void (ComposerView::*signal)()) {
    auto* link = new QPushButton(text, m_lock);
    link->setProperty("role", "link");
    link->setFocusPolicy(Qt::TabFocus);
    link->setToolTip(tip);
    row->addWidget(link);
    connect(link, &QPushButton::clicked, this, signal);
  };
  add(tr("Draft"), tr("Back to the draft"), &ComposerView::draftRequested);
  add(tr("Edit a copy"), tr("These settings become the draft"), &ComposerView::editCopyRequested);
  m_lock->hide();
}

std::vector<ComposerCard*> ComposerView::cards() const {
  return {m_pattern, m_anchors, m_held_out, m_samples, m_checks_card};
}

void ComposerView::arrange(bool in_columns) {
  m_in_columns = in_columns;
  delete m_content->layout();
  auto* outer = new QVBoxLayout(m_content);
  outer->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  outer->setSpacing(kGap);
  if (!in_columns) {
    for (ComposerCard* card : cards())
      outer->addWidget(card);
    outer->addStretch(1);
    return;
  }
  constexpr int kLeft = 54;
  constexpr int kRight = 46;
  auto* left = new QVBoxLayout;
  left->setSpacing(kGap);
  left->addWidget(m_pattern);
  left->addWidget(m_anchors, 1);
  auto* above = new QHBoxLayout;
  above->setSpacing(kGap);
  above->addLayout(left, kLeft);
  above->addWidget(m_held_out, kRight);
  auto* below = new QHBoxLayout;
  below->setSpacing(kGap);
  constexpr int kSamples = 72;
  constexpr int kChecks = 28;
  below->addWidget(m_samples, kSamples);
  below->addWidget(m_checks_card, kChecks);
  outer->addLayout(above);
  outer->addLayout(below);
  outer->addStretch(1);
}

void ComposerView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool in_columns = width() >= kColumnsFrom;
  if (in_columns != m_in_columns)
    arrange(in_columns);
}

void ComposerView::load(const core::ExperimentSpec& experiment, bool read_only) {
  m_experiment = experiment;
  m_is_read_only = read_only;
  for (ComposerCard* card : cards())
    card->setExperiment(experiment, read_only);
}

void ComposerView::showDraft(const core::ExperimentSpec& experiment) {
  m_lock->hide();
  load(experiment, false);
}

void ComposerView::showRun(const core::ExperimentSpec& experiment, const QString& line) {
  m_lock_text->setToolTip({});
  m_lock_text->setText(line);
  m_lock->show();
  load(experiment, true);
}

void ComposerView::setChecks(const ExperimentChecks& checks) {
  const core::SpecErrors problems = m_is_read_only ? core::SpecErrors{} : checks.problems;
  for (ComposerCard* card : cards()) {
    card->setChecks(checks);
    card->setProblems(problems, checks.repairs);
  }
}

void ComposerView::setTheme(const Theme& theme) {
  m_lock_icon->setPixmap(icon(QStringLiteral("lock"), theme.text_second).pixmap(16, 16));
  for (ComposerCard* card : cards())
    card->setTheme(theme);
}

void ComposerView::setCompact(bool compact) {
  for (ComposerCard* card : cards())
    card->setCompact(compact);
}

void ComposerView::setOwnPresets(const std::vector<OwnPreset>& presets) {
  m_pattern->setOwnPresets(presets);
}

core::SpecErrors ComposerView::textProblems() const {
  core::SpecErrors all;
  for (const FormField* field : m_content->findChildren<FormField*>()) {
    if (!field->textProblem().isEmpty() && field->isVisibleTo(m_content))
      all.push_back({field->spec().pointer.toStdString(), field->namedTextProblem().toStdString()});
  }
  return all;
}

bool ComposerView::focusFirstProblem() {
  for (ComposerCard* card : cards()) {
    if (card->focusFirstProblem()) {
      if (QWidget* focus = card->focusWidget())
        m_scroll->ensureWidgetVisible(focus);
      return true;
    }
  }
  return false;
}

void ComposerView::focusPattern() {
  m_scroll->ensureWidgetVisible(m_pattern);
  if (FormRow* row = m_pattern->currentRow())
    row->line()->setFocus(Qt::OtherFocusReason);
}

bool ComposerView::paste(const QString& text, QString* problem) {
  if (m_is_read_only) {
    *problem = tr("These are the settings of a run: Edit a copy first.");
    return false;
  }
  const std::string plain = text.trimmed().toStdString();
  if (core::looksLikeJson(plain)) {
    auto pasted = core::withPastedTask(m_experiment, plain);
    if (!pasted) {
      const core::SpecError& error = pasted.error().front();
      *problem = tr("Not a task: %1%2")
                     .arg(QString::fromStdString(error.pointer.empty() ? "" : error.pointer + ": "),
                          QString::fromStdString(error.message));
      return false;
    }
    emit edited(*pasted, tr("paste task"), {});
    return true;
  }
  const auto pattern = core::parsePattern(plain);
  if (!pattern) {
    *problem =
        tr("Neither a pattern nor a task: %1").arg(QString::fromStdString(pattern.error().message));
    return false;
  }
  m_pattern->pastePattern(QString::fromStdString(plain));
  return true;
}

NumberTable ComposerView::sampleNumbers() const {
  return m_samples->numbers();
}

void ComposerView::dragEnterEvent(QDragEnterEvent* event) {
  if (!taskFile(event->mimeData()).isEmpty())
    event->acceptProposedAction();
}

void ComposerView::dropEvent(QDropEvent* event) {
  const QString file = taskFile(event->mimeData());
  if (file.isEmpty())
    return;
  event->acceptProposedAction();
  emit fileDropped(file);
}

}  // namespace anchorlens::widgets

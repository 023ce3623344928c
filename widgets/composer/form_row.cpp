// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/form_row.h"

#include "engine/core/experiment/edit_forms.h"
#include "widgets/composer/chip_row.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/tab_order.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/panel_form.h"
#include "widgets/styled_property.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr int kShareSteps = 1000;

/// The fields that the form's tab has for one form, by the end of their pointer.
FieldSpec formField(int form, const QString& member) {
  for (const FormItem& item : formItems(FormTab::Task)) {
    const auto* list = std::get_if<ListSpec>(&item);
    if (list == nullptr || list->pointer != QLatin1String("/task/forms"))
      continue;
    for (FieldSpec& field : list->fields(form, {})) {
      if (field.pointer.endsWith(member)) {
        field.tight = true;
        return field;
      }
    }
  }
  return {};
}

std::vector<int> tokensOf(const core::ExperimentSpec& experiment) {
  std::vector<int> tokens;
  for (const auto& anchor : experiment.task.anchors)
    tokens.push_back(anchor.token);
  return tokens;
}

QToolButton* flatButton(const QString& name, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setProperty("role", "flat");
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(name);
  button->setToolTip(name);
  return button;
}

}  // namespace

FormRow::FormRow(int form, QWidget* parent) : QWidget(parent), m_form(form) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(8);
  m_line = new PatternLine(this);
  m_line->setObjectName(QStringLiteral("composer/forms/%1/pattern").arg(form));
  m_line->setAccessibleName(tr("Pattern of form %1").arg(form + 1));
  m_chips = new ChipRow(this);
  m_problem_lines = makeProblems();
  outer->addWidget(m_line);
  outer->addWidget(m_chips);
  outer->addWidget(m_problem_lines);
  buildWeight();
  outer->addWidget(m_weight_row);
  m_weight_problems = makeProblems();
  outer->addWidget(m_weight_problems);
  m_parse_timer.setSingleShot(true);
  m_parse_timer.setInterval(kParseMs);
  connect(&m_parse_timer, &QTimer::timeout, this, &FormRow::parse);
  connect(m_line, &QPlainTextEdit::textChanged, this, &FormRow::onTyped);
  connect(m_chips, &ChipRow::edited, this, &FormRow::onChips);
  connect(m_chips, &ChipRow::problem, this, [this](const QString& message) {
    m_chip_problem = message;
    showProblems();
  });
  m_line->installEventFilter(this);
  m_chips->installEventFilter(this);
}

ProblemLines* FormRow::makeProblems() {
  auto* lines = new ProblemLines(this);
  connect(lines, &ProblemLines::rebuilt, this, [this] { orderTabs(*this); });
  connect(lines, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& label) {
            emit edited(next, label, {});
          });
  return lines;
}

void FormRow::buildWeight() {
  m_weight_row = new QWidget(this);
  auto* row = new QHBoxLayout(m_weight_row);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  FieldSpec weight = formField(m_form, QStringLiteral("/weight"));
  weight.applies = nullptr;
  weight.quiet = true;
  weight.spoken = tr("Weight of form %1").arg(m_form + 1);
  m_weight = new FormField(weight, m_weight_row);
  m_weight->editor()->setMaximumWidth(64);
  m_share = new QProgressBar(m_weight_row);
  m_share->setRange(0, kShareSteps);
  m_share->setTextVisible(false);
  m_share->setAccessibleName(tr("Share of form %1").arg(m_form + 1));
  m_share_text = new QLabel(m_weight_row);
  m_share_text->setProperty("role", "caption");
  m_up = flatButton(tr("Move form %1 up").arg(m_form + 1), m_weight_row);
  m_down = flatButton(tr("Move form %1 down").arg(m_form + 1), m_weight_row);
  m_remove = flatButton(tr("Remove form %1").arg(m_form + 1), m_weight_row);
  row->addWidget(m_weight);
  row->addWidget(m_share, 1);
  row->addWidget(m_share_text);
  for (QToolButton* button : {m_up, m_down, m_remove})
    row->addWidget(button);
  connect(m_up, &QToolButton::clicked, this, [this] { emit moveRequested(-1); });
  connect(m_down, &QToolButton::clicked, this, [this] { emit moveRequested(1); });
  connect(m_remove, &QToolButton::clicked, this, &FormRow::removeRequested);
  connect(m_weight, &FormField::edited, this, &FormRow::storeField);
  connect(m_weight, &FormField::textProblemChanged, this, &FormRow::textProblemChanged);
}

QString FormRow::undoText(const QString& what) const {
  const bool is_one_of_several = m_experiment.task.forms.size() > 1;
  return is_one_of_several ? tr("%1 of form %2").arg(what).arg(m_form + 1) : what;
}

void FormRow::storeField(FormField* field) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  const bool is_value = field->store(next);
  showWeightProblems();
  if (is_value)
    emit edited(next, tr("change %1").arg(field->spec().undo_name), field->mergeKey());
}

void FormRow::load(const core::ExperimentSpec& experiment, bool read_only) {
  if (!(experiment == m_sent))
    endTyping();
  m_is_stale = m_is_stale || experiment != m_experiment;
  m_experiment = experiment;
  m_is_read_only = read_only;
  const auto& forms = experiment.task.forms;
  const core::FormSpec& form = forms[static_cast<std::size_t>(m_form)];
  m_line->setReadOnly(read_only);
  m_chips->setReadOnly(read_only);
  m_line->setAnchorTokens(tokensOf(experiment));
  m_chips->setAnchorTokens(tokensOf(experiment));
  const QString text = QString::fromStdString(form.pattern);
  if (text != m_line->text() || m_seen.isNull()) {
    m_is_loading = true;
    m_line->setText(text);
    m_seen = text.isNull() ? QStringLiteral("") : text;
    m_is_loading = false;
    m_readable.clear();
    m_problems.clear();
    parse();
  }
  double sum = 0;
  for (const core::FormSpec& other : forms)
    sum += std::max(0.0, other.weight);
  const double share = sum > 0 ? std::max(0.0, form.weight) / sum : 0;
  m_share->setValue(static_cast<int>(share * kShareSteps));
  m_share_text->setText(formatAccuracy(share));
  const int last = static_cast<int>(forms.size()) - 1;
  m_weight_row->setVisible(last > 0);
  m_up->setEnabled(!read_only && m_form > 0);
  m_down->setEnabled(!read_only && m_form < last);
  m_remove->setEnabled(!read_only);
  m_weight->setReadOnly(read_only);
  m_weight->load(experiment);
  // Those of the pattern stay as they are while it is being typed.
  m_problem_lines->setStale(m_is_stale);
  showWeightProblems();
}

/// What typing begins from. A text that cannot be read, left and come back to, stands for the
/// pattern before it: that one's variables are what the task still has.
core::ExperimentSpec FormRow::typingBase() {
  core::ExperimentSpec base = m_experiment;
  std::string& pattern = base.task.forms[static_cast<std::size_t>(m_form)].pattern;
  if (core::parsePattern(pattern))
    m_readable = pattern;
  else if (!m_readable.empty())
    pattern = m_readable;
  return base;
}

void FormRow::onTyped() {
  const QString text = m_line->text();
  if (m_is_loading || text == m_seen)
    return;  // rehighlighting changes no text
  m_seen = text;
  if (!m_typing_base)
    m_typing_base = typingBase();
  m_sent = core::withPattern(*m_typing_base, static_cast<std::size_t>(m_form), text.toStdString());
  m_problems.clear();
  m_parse_timer.start();
  emit edited(m_sent, undoText(tr("change pattern")),
              QStringLiteral("pattern/%1#%2").arg(m_form).arg(m_typing_session));
}

void FormRow::endTyping() {
  if (m_parse_timer.isActive())
    parse();
  m_typing_base.reset();
  ++m_typing_session;
}

void FormRow::parse() {
  m_parse_timer.stop();
  auto pattern = core::parsePattern(m_line->text().toStdString());
  m_language_error.reset();
  if (pattern) {
    m_pattern = std::move(*pattern);
    m_chips->setPattern(*m_pattern);
  } else {
    m_language_error = pattern.error();
  }
  m_chips->setVisible(m_pattern.has_value());
  m_chips->setStale(m_language_error.has_value());
  showProblems();
  emit parsed();
}

void FormRow::onChips(const core::Pattern& next, const QString& text) {
  endTyping();
  const core::ExperimentSpec changed =
      core::withPattern(m_experiment, static_cast<std::size_t>(m_form), core::printPattern(next));
  m_chip_problem.clear();
  emit edited(changed, undoText(text), {});
}

void FormRow::setProblems(const core::SpecErrors& problems,
                          const std::vector<core::Repair>& repairs) {
  // What an anchor variable may be is the Anchors card's.
  core::SpecErrors weight;
  m_problems.clear();
  m_repairs = repairs;
  m_is_stale = false;
  const std::string form = "/task/forms/" + std::to_string(m_form);
  for (const core::SpecError& problem : problems) {
    if (problem.pointer == form + "/weight")
      weight.push_back(problem);
    else if (problem.pointer == form || (problem.pointer + "/").starts_with(form + "/pattern/"))
      m_problems.push_back(problem);
  }
  m_weight->setProblems(weight);
  showProblems();
}

QString FormRow::problemText() const {
  QStringList lines;
  for (const core::SpecError& problem : m_problem_lines->problems())
    lines.append(QString::fromStdString(problem.message));
  return lines.join(QLatin1Char('\n'));
}

bool FormRow::hasProblem() const {
  return m_language_error || !m_problems.empty() || m_weight->hasProblem();
}

/// What cannot be read hides what the experiment says of an older text.
core::SpecErrors FormRow::patternProblems() const {
  const std::string pattern = "/task/forms/" + std::to_string(m_form) + "/pattern";
  core::SpecErrors all;
  if (!m_chip_problem.isEmpty())
    all.push_back({pattern, m_chip_problem.toStdString()});
  if (m_language_error) {
    all.push_back(
        {pattern, m_language_error->message, m_language_error->column, m_language_error->length});
  } else {
    all.insert(all.end(), m_problems.begin(), m_problems.end());
  }
  return all;
}

void FormRow::showProblems() {
  const core::SpecErrors problems = patternProblems();
  const auto marked = std::find_if(problems.begin(), problems.end(),
                                   [](const auto& problem) { return problem.column_length > 0; });
  if (marked == problems.end())
    m_line->setErrorRange(0, 0);
  else
    m_line->setErrorRange(marked->column, marked->column_length);
  setStyled(*m_line, "state", problems.empty() ? QString() : QStringLiteral("problem"));
  m_problem_lines->setProblems(problems, m_repairs);
  m_problem_lines->setStale(m_is_stale);
  showWeightProblems();
}

void FormRow::showWeightProblems() {
  const bool is_shown = m_weight->isVisibleTo(this);
  m_weight_problems->setProblems(is_shown ? m_weight->problems() : core::SpecErrors(), m_repairs);
  m_weight_problems->setStale(m_is_stale);
}

void FormRow::focusProblem() {
  const bool is_weight = !m_language_error && m_problems.empty() && m_weight->hasProblem();
  (is_weight ? m_weight->editor() : m_line)->setFocus(Qt::ShortcutFocusReason);
}

void FormRow::setTheme(const Theme& theme) {
  m_problem_lines->setTheme(theme);
  m_weight_problems->setTheme(theme);
  m_line->setTheme(theme);
  m_chips->setTheme(theme);
  m_up->setIcon(icon(QStringLiteral("chevron-up"), theme.text_second));
  m_down->setIcon(icon(QStringLiteral("chevron-down"), theme.text_second));
  m_remove->setIcon(icon(QStringLiteral("close"), theme.text_muted));
}

bool FormRow::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::FocusIn)
    emit focused(m_form);
  const bool leaves = event->type() == QEvent::FocusOut && object == m_line &&
                      static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason;
  if (leaves)
    endTyping();
  return QWidget::eventFilter(object, event);
}

}  // namespace anchorlens::widgets

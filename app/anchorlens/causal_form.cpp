// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_form.h"

#include "app/anchorlens/head_picker.h"
#include "widgets/number_format.h"
#include "widgets/styled_property.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>
#include <utility>

namespace anchorlens::app {

namespace {

enum Method { Zero, Mean };
enum From { OtherSequence, OtherStep };

constexpr int kMostDraws = 1000;

/// Editors are as wide as their form, whatever they hold.
QComboBox* makeBox(const QStringList& items, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->addItems(items);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(12);
  return box;
}

}  // namespace

CausalForm::CausalForm(QWidget* parent) : QWidget(parent) {
  m_selection = new QFormLayout;
  m_options = new QFormLayout;
  for (QFormLayout* form : {m_selection, m_options}) {
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(8);
    form->setVerticalSpacing(8);
  }
  buildSelection(m_selection);
  buildOptions(m_options);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(24);
  layout->addLayout(m_selection, 3);
  layout->addLayout(m_options, 2);
  for (QComboBox* box : {m_what, m_label, m_from, m_method, m_on})
    connect(box, &QComboBox::currentIndexChanged, this, &CausalForm::check);
  connect(m_step, &QComboBox::editTextChanged, this, &CausalForm::check);
  connect(m_heads, &HeadPicker::changed, this, &CausalForm::check);
  connect(m_edges, &QLineEdit::textChanged, this, &CausalForm::check);
  connect(m_renormalise, &QCheckBox::toggled, this, &CausalForm::check);
  for (QSpinBox* number : {m_draws, m_seed})
    connect(number, &QSpinBox::valueChanged, this, &CausalForm::check);
  check();
}

CausalForm::Field CausalForm::addField(QFormLayout* form, const QString& name, QWidget* editor) {
  Field field;
  field.editor = editor;
  field.row = new QWidget(this);
  field.problem = new QLabel(field.row);
  field.problem->setProperty("role", "problem");
  field.problem->setWordWrap(true);
  field.problem->hide();
  auto* layout = new QVBoxLayout(field.row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  layout->addWidget(editor);
  layout->addWidget(field.problem);
  auto* label = new QLabel(name, this);
  label->setBuddy(editor);
  if (editor->accessibleName().isEmpty())
    editor->setAccessibleName(QString(name).remove(QLatin1Char('&')));
  form->addRow(label, field.row);
  return field;
}

void CausalForm::buildSelection(QFormLayout* form) {
  m_what = makeBox({tr("Heads"), tr("All heads with a label"), tr("Edges of attention"),
                    tr("Heads, patched"), tr("Each head and each label, one by one")},
                   this);
  m_heads = new HeadPicker(this);
  m_label = makeBox({}, this);
  for (const std::string& name : engine::labelNames())
    m_label->addItem(QString::fromStdString(name), QString::fromStdString(name));
  m_edges = new QLineEdit(this);
  m_edges->setProperty("role", "mono");
  m_edges->setPlaceholderText(QStringLiteral("0:key>anchor, 1.0:reader>key"));
  m_edges->setToolTip(
      tr("LAYER.HEAD:READER>SOURCE, without .HEAD every head of the layer. Places: a position, "
         "reader (the output row), key and anchor (any of them), a role such as key:x or anchor:A, "
         "or *"));
  m_from = makeBox({tr("another sequence"), tr("another step of the run")}, this);
  m_step = makeBox({}, this);
  m_step->setEditable(true);
  m_step->setInsertPolicy(QComboBox::NoInsert);
  m_step->setCompleter(nullptr);  // "2" is a step, too
  m_step->lineEdit()->setPlaceholderText(tr("a checkpoint, or any step"));
  addField(form, tr("&Without"), m_what);
  m_heads_field = addField(form, tr("&Heads"), m_heads);
  m_heads_field.editor = m_heads->edit();
  m_label_field = addField(form, tr("&Label"), m_label);
  m_edges_field = addField(form, tr("&Edges"), m_edges);
  addField(form, tr("Output &from"), m_from);
  m_step_field = addField(form, tr("Ste&p"), m_step);
}

void CausalForm::buildOptions(QFormLayout* form) {
  m_method = makeBox({tr("becomes 0"), tr("becomes its mean")}, this);
  m_method->setToolTip(
      tr("The head's output, before the output projection; biases stay. The mean "
         "is per position over the sequences, in the unchanged model"));
  m_renormalise = new QCheckBox(tr("&Rows add up to 1 again"), this);
  m_renormalise->setToolTip(tr("What is left of a row with cut edges is scaled"));
  m_on = makeBox({}, this);
  m_on->addItem(tr("the probe"), QStringLiteral("probe"));
  m_on->addItem(tr("all test sequences"), QStringLiteral("test"));
  m_on->addItem(tr("training sequences"), QStringLiteral("train"));
  m_draws = new QSpinBox(this);
  m_draws->setRange(1, kMostDraws);
  m_draws->setValue(engine::CausalTest().draws);
  m_draws->setToolTip(
      tr("Other heads, or other edges of like attention, as many as are taken "
         "away; the control is the mean of so many draws"));
  m_seed = new QSpinBox(this);
  m_seed->setRange(0, std::numeric_limits<int>::max());
  m_seed->setValue(static_cast<int>(engine::CausalTest().seed));
  m_seed->setToolTip(tr("Of the control, and of which sequence patches come from"));
  addField(form, tr("&Output"), m_method);
  form->addRow(QString(), m_renormalise);
  addField(form, tr("O&n"), m_on);
  addField(form, tr("&Draws of the control"), m_draws);
  addField(form, tr("&Seed"), m_seed);
}

void CausalForm::tell(const Field& field, const QString& problem) {
  field.problem->setText(problem);
  field.problem->setVisible(!problem.isEmpty());
  field.editor->setAccessibleDescription(problem);
  widgets::setStyled(*field.editor, "state",
                     problem.isEmpty() ? QString() : QStringLiteral("problem"));
}

void CausalForm::setRun(const core::Task& task, const core::ModelSpec& model) {
  m_task = task;
  m_model = model;
  m_heads->setModel(model);
  check();
}

void CausalForm::setSteps(const std::vector<std::int64_t>& checkpoints, std::int64_t last) {
  if (checkpoints == m_checkpoints && last == m_last_step)
    return;
  m_last_step = last;
  if (checkpoints != m_checkpoints) {
    m_checkpoints = checkpoints;
    const QString typed = m_step->currentText();
    const QSignalBlocker quiet(m_step);
    m_step->clear();
    for (const std::int64_t step : checkpoints)
      m_step->addItem(widgets::formatInteger(step));
    m_step->setEditText(typed);
  }
  check();
}

void CausalForm::setLabels(std::int64_t step, Labels labels) {
  m_at = step;
  m_labels = std::move(labels);
  const QSignalBlocker quiet(m_label);
  for (int i = 0; i < m_label->count() && i < static_cast<int>(m_labels.size()); ++i) {
    const auto& heads = m_labels[static_cast<std::size_t>(i)];
    m_label->setItemText(
        i, tr("%1: %2").arg(
               m_label->itemData(i).toString(),
               heads.empty() ? tr("no head") : QString::fromStdString(engine::headsText(heads))));
  }
  check();
}

bool CausalForm::isOfHeads() const {
  return m_what->currentIndex() == Heads || m_what->currentIndex() == Patch;
}

bool CausalForm::isOfStep() const {
  return m_what->currentIndex() == Patch && m_from->currentIndex() == OtherStep;
}

std::optional<std::int64_t> CausalForm::fromStep() const {
  bool is_number = false;
  const qlonglong step =
      m_step->currentText().simplified().remove(QLatin1Char(' ')).toLongLong(&is_number);
  return is_number && step >= 0 && step <= m_last_step ? std::optional<std::int64_t>(step)
                                                       : std::nullopt;
}

engine::CausalRequest CausalForm::request() const {
  engine::CausalRequest request;
  const int what = m_what->currentIndex();
  if (what == Heads)
    request.ablate = m_heads->words();
  else if (what == Labelled)
    request.ablate_label = m_label->currentData().toString().toStdString();
  else if (what == Edges)
    request.cut = wordsOf(m_edges->text());
  else if (what == Patch)
    request.patch = m_heads->words();
  else
    request.test_all = true;
  if (isOfStep())
    request.from_step = fromStep();
  request.mean = what != Edges && what != Patch && m_method->currentIndex() == Mean;
  request.renormalise = what == Edges && m_renormalise->isChecked();
  request.sequences = m_on->currentData().toString().toStdString();
  request.draws = m_draws->value();
  request.seed = static_cast<std::uint64_t>(m_seed->value());
  return request;
}

void CausalForm::showRows() {
  const int what = m_what->currentIndex();
  m_selection->setRowVisible(m_heads_field.row, isOfHeads());
  m_selection->setRowVisible(m_label_field.row, what == Labelled);
  m_selection->setRowVisible(m_edges_field.row, what == Edges);
  m_selection->setRowVisible(m_from->parentWidget(), what == Patch);
  m_selection->setRowVisible(m_step_field.row, isOfStep());
  m_options->setRowVisible(m_method->parentWidget(), what != Edges && what != Patch);
  m_options->setRowVisible(m_renormalise, what == Edges);
}

QString CausalForm::headsProblem() const {
  const auto words = m_heads->words();
  if (words.empty())
    return tr("Which heads? Type LAYER.HEAD, such as 1.0.");
  const auto heads = engine::headsOf(words, m_model);
  return heads ? QString() : QString::fromStdString(heads.error());
}

QString CausalForm::labelProblem() const {
  const auto index = static_cast<std::size_t>(m_label->currentIndex());
  const bool is_there = index < m_labels.size() && !m_labels[index].empty();
  return is_there ? QString()
                  : tr("No head is labelled %1 at step %2.")
                        .arg(m_label->currentData().toString(), widgets::formatInteger(m_at));
}

QString CausalForm::edgesProblem() const {
  const auto words = wordsOf(m_edges->text());
  if (words.empty())
    return tr("Which edges? Type LAYER:READER>SOURCE, such as 0:key>anchor.");
  const auto edges = engine::edgesNamed(words, *m_task, m_model);
  return edges ? QString() : QString::fromStdString(edges.error());
}

QString CausalForm::stepProblem() const {
  return fromStep()
             ? QString()
             : tr("Expected a step of this run, 0 to %1.").arg(widgets::formatInteger(m_last_step));
}

void CausalForm::check() {
  showRows();
  m_problem = m_task ? QString() : tr("There is no run to test.");
  // An empty field is no mistake yet: what is missing is said at the button alone.
  const auto look = [this](const Field& field, bool is_asked, bool is_empty,
                           QString (CausalForm::*why)() const) {
    const QString found = m_task && is_asked ? (this->*why)() : QString();
    tell(field, is_empty ? QString() : found);
    if (m_problem.isEmpty())
      m_problem = found;
  };
  const int what = m_what->currentIndex();
  look(m_heads_field, isOfHeads(), m_heads->words().empty(), &CausalForm::headsProblem);
  look(m_label_field, what == Labelled, false, &CausalForm::labelProblem);
  look(m_edges_field, what == Edges, m_edges->text().trimmed().isEmpty(),
       &CausalForm::edgesProblem);
  look(m_step_field, isOfStep(), m_step->currentText().trimmed().isEmpty(),
       &CausalForm::stepProblem);
  emit changed();
}

QString CausalForm::fieldProblem() const {
  for (const Field* field : {&m_heads_field, &m_label_field, &m_edges_field, &m_step_field}) {
    if (!field->problem->isHidden())
      return field->problem->text();
  }
  return {};
}

}  // namespace anchorlens::app

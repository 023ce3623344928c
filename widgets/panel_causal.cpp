// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_causal.h"

#include "widgets/number_format.h"
#include "widgets/panel_facts.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {

const QString kDash = QStringLiteral("–");

QString accuracyText(const std::optional<double>& accuracy) {
  return accuracy ? formatAccuracy(*accuracy) : kDash;
}

QString shareText(const std::optional<double>& share) {
  return share ? formatScore(*share) : kDash;
}

}  // namespace

CausalPanel::CausalPanel(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->setSpacing(8);
  auto* title = new QLabel(tr("Causal test"), this);
  title->setProperty("role", "title");
  layout->addWidget(title);
  m_facts = new FactRows(this);
  m_facts->setToolTip(
      tr("Accuracy on the probe with this head's output set to 0 before the output projection; "
         "biases stay. Necessity: the share of the accuracy above chance that is lost. The random "
         "heads are the control: as many, drawn by a seed."));
  layout->addWidget(m_facts);
  m_note = new QLabel(this);
  m_note->setProperty("role", "caption");
  m_note->setWordWrap(true);
  m_note->hide();
  layout->addWidget(m_note);
  const auto button = [this](const QString& text, const QString& tip) {
    auto* made = new QPushButton(text, this);
    made->setToolTip(tip);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
  };
  m_test = button(tr("Test head"), tr("Measure it at this step and keep the result in the run"));
  m_ablate = button({}, tr("Set this head's output to 0, before the output projection, in all "
                           "views; biases stay (A)"));
  m_test_all = button(tr("Test all heads…"),
                      tr("Each head alone, and all heads of a label; kept in the run"));
  m_dialog = button(tr("Causal test…"),
                    tr("Several heads, labels, edges or patches, and what the run keeps of tests"));
  auto* row = new QGridLayout;
  row->setSpacing(8);
  row->addWidget(m_test, 0, 0);
  row->addWidget(m_ablate, 0, 1);
  row->addWidget(m_test_all, 1, 0);
  row->addWidget(m_dialog, 1, 1);
  layout->addLayout(row);
  connect(m_test, &QPushButton::clicked, this, &CausalPanel::testRequested);
  connect(m_ablate, &QPushButton::clicked, this, &CausalPanel::ablateRequested);
  connect(m_test_all, &QPushButton::clicked, this, &CausalPanel::testAllRequested);
  connect(m_dialog, &QPushButton::clicked, this, &CausalPanel::dialogRequested);
  setAblated(false);
  clear();
}

void CausalPanel::clear() {
  m_result.reset();
  showFacts();
}

void CausalPanel::setResult(const HeadCausality& result) {
  m_result = result;
  showFacts();
}

void CausalPanel::showFacts() {
  if (!m_result) {
    m_facts->setFacts({{tr("Accuracy"), kDash},
                       {tr("Without this head"), kDash},
                       {tr("Without a random head"), kDash},
                       {tr("Necessity"), kDash}});
    return;
  }
  const HeadCausality& r = *m_result;
  std::vector<std::pair<QString, QString>> facts{
      {tr("Accuracy"), accuracyText(r.baseline)},
      {tr("Without this head"), accuracyText(r.ablated)},
      {r.draws > 1 ? tr("Without a random head, mean of %1").arg(r.draws)
                   : tr("Without a random head"),
       accuracyText(r.control)}};
  if (r.control && r.draws > 1) {
    facts.emplace_back(tr("Range of these"), accuracyText(r.control_min) + QStringLiteral(" … ") +
                                                 accuracyText(r.control_max));
  }
  facts.emplace_back(tr("Necessity"), shareText(r.necessity));
  if (r.control_necessity)
    facts.emplace_back(tr("Necessity of a random head"), shareText(r.control_necessity));
  facts.emplace_back(tr("Weights of step"), formatInteger(r.step));
  m_facts->setFacts(facts);
}

void CausalPanel::setNote(const QString& note) {
  m_note->setText(note);
  m_note->setVisible(!note.isEmpty());
}

QString CausalPanel::note() const {
  return m_note->text();
}

void CausalPanel::setEvaluating(bool evaluating) {
  m_facts->setDimmed(evaluating);
}

void CausalPanel::setAblated(bool ablated) {
  m_ablate->setText(ablated ? tr("Undo ablation") : tr("Ablate head"));
}

void CausalPanel::setCanTest(bool can_test) {
  for (QPushButton* button : {m_test, m_ablate, m_test_all, m_dialog})
    button->setEnabled(can_test);
}

}  // namespace anchorlens::widgets

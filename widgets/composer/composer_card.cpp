// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/composer_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {
constexpr int kPadding = 16;
constexpr int kGap = 8;
}  // namespace

ComposerCard::ComposerCard(const QString& title, QWidget* parent) : QFrame(parent) {
  setProperty("role", "card");
  setAccessibleName(title);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(kPadding, kPadding, kPadding, kPadding);
  outer->setSpacing(kGap);
  m_title_row = new QHBoxLayout;
  m_title_row->setSpacing(kGap);
  m_title = new QLabel(title, this);
  m_title->setProperty("role", "title");
  m_title_row->addWidget(m_title);
  m_title_row->addStretch(1);
  m_body = new QVBoxLayout;
  m_body->setContentsMargins(0, 0, 0, 0);
  m_body->setSpacing(kGap);
  outer->addLayout(m_title_row);
  outer->addLayout(m_body, 1);
}

void ComposerCard::setProblems(const core::SpecErrors&, const std::vector<core::Repair>&) {}
void ComposerCard::setChecks(const ExperimentChecks&) {}
void ComposerCard::setTheme(const Theme& theme) {
  m_theme = theme;
}
void ComposerCard::setCompact(bool) {}
bool ComposerCard::focusFirstProblem() {
  return false;
}

QString ComposerCard::title() const {
  return m_title->text();
}

}  // namespace anchorlens::widgets

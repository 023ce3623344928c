// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pair_section.h"

#include "engine/core/language/language.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {

using State = core::CombinationState;

constexpr int kNarrow = 430;

QPushButton* linkButton(const QString& text, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setProperty("role", "link");
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

QString nameOf(const core::CombinationPage& page) {
  QStringList names;
  for (const std::string& name : page.variables)
    names.append(QString::fromStdString(name));
  return names.join(QStringLiteral(", "));
}

/// Combinations beyond these are named in rows: nobody paints them, and each edit would wait.
bool isTooLarge(const core::CombinationPage& page) {
  constexpr std::size_t kMostCells = 400;
  std::size_t n = 1;
  for (const auto& tokens : page.tokens)
    n *= tokens.size();
  return n > kMostCells;
}

}  // namespace

PairSection::PairSection(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(8);
  buildHead(outer);
  m_content = new QWidget(this);
  auto* content = new QVBoxLayout(m_content);
  content->setContentsMargins(0, 0, 0, 0);
  content->setSpacing(6);
  m_matrix = new PairMatrix(m_content);
  m_scroll = new QScrollArea(m_content);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(m_matrix);
  content->addWidget(m_scroll);
  buildFoot(content);
  outer->addWidget(m_content);
  connect(m_matrix, &PairMatrix::paintRequested, this, &PairSection::paint);
  connect(m_matrix, &PairMatrix::relabelRequested, this, &PairSection::relabel);
  connect(m_matrix, &PairMatrix::currentCellChanged, this, [this] {
    const auto [row, column] = m_matrix->currentCell();
    const QRect cell = m_matrix->cellRect(row, column);
    m_scroll->ensureVisible(cell.center().x(), cell.center().y(), cell.width(), 0);
  });
  connect(m_page, &QComboBox::activated, this, [this] {
    m_facts_are_old = true;
    load(m_task, m_is_read_only);
  });
}

void PairSection::buildHead(QBoxLayout* outer) {
  m_box = new QCheckBox(tr("Anchor pairs"), this);
  m_box->setFocusPolicy(Qt::TabFocus);
  connect(m_box, &QCheckBox::clicked, this, &PairSection::toggle);
  m_page = new QComboBox(this);
  m_page->setAccessibleName(tr("Anchor variables"));
  m_page->setFocusPolicy(Qt::TabFocus);
  m_click_sets = new QLabel(tr("A click sets"), this);
  m_click_sets->setProperty("role", "second");
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  auto* group = new QButtonGroup(this);
  const std::array<QString, 3> texts{tr("Trained"), tr("Held out"), tr("Relabelled")};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto* button = new QPushButton(texts.at(i), this);
    button->setProperty("role", "segment");
    button->setProperty("place", i == 0 ? "first" : i == 2 ? "last" : "middle");
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(tr("A click sets %1").arg(texts.at(i)));
    group->addButton(button);
    segments->addWidget(button);
    connect(button, &QPushButton::clicked, this,
            [this, i] { m_matrix->setBrush(static_cast<State>(i)); });
    m_brushes.at(i) = button;
  }
  m_brushes[static_cast<std::size_t>(State::HeldOut)]->setChecked(true);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(m_box);
  line->addWidget(m_page);
  line->addStretch(1);
  auto* brushes = new QHBoxLayout;
  brushes->setSpacing(8);
  brushes->addWidget(m_click_sets);
  brushes->addLayout(segments);
  brushes->addStretch(1);
  m_head = new QBoxLayout(QBoxLayout::LeftToRight);
  m_head->setSpacing(6);
  m_head->addLayout(line, 1);
  m_head->addLayout(brushes);
  outer->addLayout(m_head);
}

void PairSection::buildFoot(QBoxLayout* outer) {
  m_counts = new QLabel(m_content);
  m_counts->setProperty("role", "second");
  m_counts->setWordWrap(true);
  m_diagonal = linkButton(tr("Hold out the diagonal"), m_content);
  m_clear = linkButton(tr("Clear"), m_content);
  m_clear->setAccessibleName(tr("Train all pairs"));
  connect(m_diagonal, &QPushButton::clicked, this, &PairSection::holdOutDiagonal);
  connect(m_clear, &QPushButton::clicked, this, &PairSection::clear);
  auto* line = new QHBoxLayout;
  line->setSpacing(4);
  line->addWidget(m_counts, 1);
  line->addWidget(m_diagonal);
  line->addWidget(m_clear);
  outer->addLayout(line);
}

QPushButton* PairSection::brushButton(State state) const {
  return m_brushes.at(static_cast<std::size_t>(state));
}

const core::CombinationPage* PairSection::page() const {
  const auto index = static_cast<std::size_t>(std::max(m_page->currentIndex(), 0));
  return index < m_pages.size() ? &m_pages[index] : nullptr;
}

bool PairSection::shows(const core::AnchorValues& values) const {
  return std::any_of(m_pages.begin(), m_pages.end(),
                     [&](const auto& page) { return core::isOnPage(page, values); });
}

void PairSection::load(const core::TaskSpec& task, bool read_only) {
  m_facts_are_old = m_facts_are_old || task.forms != m_task.forms || task.anchors != m_task.anchors;
  m_task = task;
  m_is_read_only = read_only;
  // While a pattern is being typed, the last one that could be read keeps its place.
  m_is_readable = std::all_of(task.forms.begin(), task.forms.end(), [](const core::FormSpec& form) {
    return core::parsePattern(form.pattern).has_value();
  });
  if (m_is_readable) {
    m_pages = core::combinationPages(task);
    std::erase_if(m_pages, isTooLarge);
  }
  setVisible(!m_pages.empty());
  if (m_pages.empty())
    return;
  QStringList names;
  for (const auto& page : m_pages)
    names.append(nameOf(page));
  QStringList shown;
  for (int i = 0; i < m_page->count(); ++i)
    shown.append(m_page->itemText(i));
  if (names != shown) {
    const QSignalBlocker blocker(m_page);
    m_page->clear();
    m_page->addItems(names);
  }
  m_page->setVisible(m_pages.size() > 1);
  show(*page());
}

void PairSection::show(const core::CombinationPage& page) {
  const bool is_list = page.variables.size() == 1;
  PairMatrix::Axis first{QString::fromStdString(page.variables[0]), page.tokens[0]};
  PairMatrix::Axis second;
  if (!is_list)
    second = {QString::fromStdString(page.variables[1]), page.tokens[1]};
  // While a pattern is being typed, what it said stays.
  std::size_t n_cells = 1;
  for (const auto& tokens : page.tokens)
    n_cells *= tokens.size();
  if ((m_facts_are_old && m_is_readable) || m_facts.size() != n_cells) {
    m_facts = factsOf(page);
    m_facts_are_old = false;
  }
  std::vector<PairCell> cells;
  for (std::size_t i = 0; i < m_facts.size(); ++i) {
    const auto n = static_cast<int>(is_list ? 1 : page.tokens[1].size());
    PairCell cell = cellOf(valuesAt(static_cast<int>(i) / n, static_cast<int>(i) % n));
    cell.exists = m_facts[i].is_drawn;
    cell.operation = m_facts[i].operation;
    cells.push_back(std::move(cell));
  }
  m_matrix->setAccessibleName(is_list ? tr("Anchors") : tr("Anchor pairs"));
  m_matrix->setReadOnly(m_is_read_only);
  m_matrix->setCells(first, second, std::move(cells));
  m_box->setText(is_list ? tr("Anchors") : tr("Anchor pairs"));
  m_clear->setAccessibleName(is_list ? tr("Train all anchors") : tr("Train all pairs"));
  m_diagonal->setVisible(!is_list);
  showCounts();
}

void PairSection::showCounts() {
  int n_held = 0;
  int n_wider = 0;
  int n_relabelled = 0;
  std::set<int> waiting;
  int n_waiting = 0;
  for (int row = 0; row < m_matrix->rows(); ++row) {
    for (int column = 0; column < m_matrix->columns(); ++column) {
      const PairCell& cell = m_matrix->cell(row, column);
      n_held += cell.exists && cell.state == State::HeldOut;
      n_wider += cell.exists && cell.is_by_wider_rule;
      n_relabelled += cell.exists && cell.state == State::Relabelled;
      n_waiting += m_matrix->isBroken(row, column);
    }
  }
  const auto* shown = page();
  for (const auto& tokens : shown->tokens)
    std::copy_if(tokens.begin(), tokens.end(), std::inserter(waiting, waiting.end()),
                 [&](int token) { return m_broken.contains(token); });
  const bool is_list = shown->variables.size() == 1;
  QStringList parts;
  if (is_list)
    parts << (n_held == 1 ? tr("1 anchor held out") : tr("%1 anchors held out").arg(n_held));
  else
    parts << (n_held == 1 ? tr("1 pair held out") : tr("%1 pairs held out").arg(n_held));
  if (n_relabelled > 0)
    parts << tr("%1 relabelled").arg(n_relabelled);
  if (waiting.size() == 1)
    parts << tr("%1 wait for anchor %2").arg(n_waiting).arg(*waiting.begin());
  else if (waiting.size() > 1)
    parts << tr("%1 wait for %2 anchors").arg(n_waiting).arg(waiting.size());
  m_counts->setText(parts.join(QStringLiteral(", ")));
  const bool is_any = n_held + n_relabelled > 0;
  const bool is_open = is_any || m_opened.value_or(!is_list);
  const bool is_by_others = is_any && n_held + n_relabelled == n_wider;
  m_box->setChecked(is_open);
  m_box->setEnabled(!m_is_read_only && !is_by_others);
  m_box->setToolTip(is_by_others ? tr("Held out by rules of one anchor alone, below") : QString());
  m_content->setVisible(is_open);
  for (auto* button : m_brushes)
    button->setVisible(is_open);
  m_click_sets->setVisible(is_open);
  for (QPushButton* button : {m_diagonal, m_clear})
    button->setEnabled(!m_is_read_only);
  m_clear->setEnabled(is_any && !is_by_others && !m_is_read_only);
  m_scroll->setFixedHeight(m_matrix->minimumSizeHint().height() +
                           (m_matrix->minimumSizeHint().width() > m_scroll->width() ? 12 : 0));
}

void PairSection::setBroken(const std::set<int>& tokens) {
  m_broken = tokens;
  m_matrix->setBroken(tokens);
  if (page() != nullptr)
    showCounts();
}

void PairSection::setTheme(const Theme& theme) {
  m_matrix->setTheme(theme);
}

void PairSection::setCompact(bool compact) {
  m_matrix->setCompact(compact);
}

void PairSection::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_head->setDirection(width() < kNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  if (page() != nullptr)
    showCounts();
}

}  // namespace anchorlens::widgets

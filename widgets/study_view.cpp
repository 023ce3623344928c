// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_view.h"

#include "widgets/number_format.h"
#include "widgets/phase_view.h"
#include "widgets/study_plot.h"
#include "widgets/study_strips.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLayout>
#include <QListWidget>
#include <QPixmap>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QStandardItemModel>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr std::size_t kFirstSettings = 5;  ///< as many as there are colours

QString stateText(const core::RunNumbers* run) {
  using State = core::MemberFacts::State;
  if (run == nullptr) {
    return StudyView::tr("reading…");
  }
  switch (run->state) {
    case State::NotStarted:
      return StudyView::tr("not started");
    case State::Finished:
      return StudyView::tr("finished");
    case State::Failed:
      return StudyView::tr("failed at %1").arg(formatInteger(run->step));
    case State::Held:
    case State::Unfinished:
      break;
  }
  return StudyView::tr("step %1").arg(formatInteger(run->step));
}

}  // namespace

StudyView::Page StudyView::page() const {
  return static_cast<Page>(m_pages->currentIndex());
}

void StudyView::setPage(Page page) {
  m_pages->setCurrentIndex(static_cast<int>(page));
  showPage();
  emit pageChanged();
}

void StudyView::focusPage() {
  (page() == Page::Phase ? static_cast<QWidget*>(m_phase) : m_settings)
      ->setFocus(Qt::ShortcutFocusReason);
}

void StudyView::showPage() {
  const Page now = page();
  for (std::size_t i = 0; i < m_segments.size(); ++i) {
    m_segments[i]->setChecked(i == static_cast<std::size_t>(now));
  }
  m_phase_controls->setVisible(now == Page::Phase);
  m_curve_controls->setVisible(now == Page::Curves);
  m_settings->setVisible(now != Page::Phase);
  m_settings_label->setVisible(now != Page::Phase);
  m_runs_label->setText(now == Page::Phase ? tr("Runs of the cell") : tr("Runs of the setting"));
  markSettings();
  refresh();
}

void StudyView::setStudies(const std::vector<std::pair<quint64, QString>>& studies, quint64 shown) {
  m_studies->clear();
  for (const auto& [id, name] : studies) {
    m_studies->addItem(name, id);
  }
  m_studies->setCurrentIndex(m_studies->findData(shown));
  m_studies->setEnabled(studies.size() > 1);
}

void StudyView::setStudy(std::shared_ptr<const core::StudyData> study) {
  const bool is_other = !study || !m_data || study->plan != m_data->plan;
  if (is_other) {
    m_wanted = choices();
  }
  m_data = std::move(study);
  if (is_other) {
    startAnew();
  }
  m_state->setText(m_data ? studyState(*m_data) : tr("Reading…"));
  refresh();
  emit refilled();
}

void StudyView::startAnew() {
  const QScopedValueRollback<bool> filling(m_is_filling, true);
  m_ticked.clear();
  m_setting = 0;
  m_number->clear();
  m_groups->clear();
  for (std::size_t i = 0; m_data && i < std::min(kFirstSettings, m_data->plan->settings.size());
       ++i) {
    m_ticked.push_back(i);
  }
  fillAxes();
  if (m_data) {
    applyWanted(false);
  }
  fillSettings();
}

/// Keeps what is chosen; a study that is only beginning has few numbers yet.
void StudyView::fillNumbers() {
  const auto numbers = core::numbersOf(*m_data);
  if (static_cast<std::size_t>(m_number->count()) == numbers.size()) {
    return;
  }
  const QScopedValueRollback<bool> filling(m_is_filling, true);
  const QString chosen =
      m_number->count() > 0 ? m_number->currentData().toString() : m_wanted.number;
  m_number->clear();
  for (const core::StudyNumber& number : numbers) {
    m_number->addItem(numberTitle(number), QString::fromStdString(core::numberName(number)));
  }
  const int test = m_number->findData(QStringLiteral("accuracy Test"));
  const int kept = m_number->findData(chosen);
  m_number->setCurrentIndex(kept >= 0 && !chosen.isEmpty() ? kept : std::max(test, 0));
}

void StudyView::fillGroups() {
  QStringList names;
  for (const core::StudyNumber& number : core::numbersOf(*m_data)) {
    if (number.kind == core::StudyNumber::Kind::Accuracy) {
      names << QString::fromStdString(number.name);
    }
  }
  if (m_groups->count() == names.size() + 2) {
    return;
  }
  const QScopedValueRollback<bool> filling(m_is_filling, true);
  const QString chosen = m_groups->count() > 0 ? m_groups->currentText() : m_wanted.sequences;
  m_groups->clear();
  m_groups->addItem(tr("Train and test"), QStringList{"Train", "Test"});
  m_groups->addItem(tr("Train, test and held out"), QStringList());
  for (const QString& name : names) {
    m_groups->addItem(name == "Train"  ? tr("Train")
                      : name == "Test" ? tr("Test")
                                       : name,
                      QStringList{name});
  }
  m_groups->setCurrentIndex(std::max(0, m_groups->findText(chosen)));
}

void StudyView::fillSettings() {
  m_settings->clear();
  for (std::size_t i = 0; m_data && i < m_data->plan->settings.size(); ++i) {
    auto* item = new QListWidgetItem(settingName(*m_data, i), m_settings);
    item->setToolTip(item->text());
  }
  if (m_data) {
    m_settings->setCurrentRow(static_cast<int>(m_setting));
  }
  markSettings();
}

/// Ticks and colours: on the page of head scores one setting is shown, and none is ticked.
void StudyView::markSettings() {
  const QScopedValueRollback<bool> filling(m_is_filling, true);
  const bool has_ticks = page() == Page::Curves;
  for (int row = 0; row < m_settings->count(); ++row) {
    QListWidgetItem* item = m_settings->item(row);
    const auto at = std::find(m_ticked.begin(), m_ticked.end(), static_cast<std::size_t>(row));
    const bool is_ticked = at != m_ticked.end();
    QPixmap swatch(12 * 2, 12 * 2);
    swatch.setDevicePixelRatio(2);
    swatch.fill(has_ticks && is_ticked ? m_theme.run(static_cast<int>(at - m_ticked.begin()))
                                       : QColor(Qt::transparent));
    if (has_ticks) {
      item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
      item->setCheckState(is_ticked ? Qt::Checked : Qt::Unchecked);
      item->setIcon(QIcon(swatch));
    } else {
      item->setFlags(item->flags() & ~Qt::ItemIsUserCheckable);
      item->setData(Qt::CheckStateRole, QVariant());
      item->setIcon(QIcon());
    }
  }
}

/// One more than can be told apart replaces the oldest.
void StudyView::settingTicked(int row) {
  const auto setting = static_cast<std::size_t>(row);
  const bool is_on = m_settings->item(row)->checkState() == Qt::Checked;
  std::erase(m_ticked, setting);
  if (is_on) {
    m_ticked.push_back(setting);
  }
  if (m_ticked.size() > kMostSettings) {
    m_ticked.erase(m_ticked.begin());
  }
  markSettings();
  curvesChanged();
}

NumberTable StudyView::numbers() const {
  if (!m_data) {
    return {};
  }
  switch (page()) {
    case Page::Phase:
      return phaseNumbers(core::makePhaseDiagram(*m_data, phaseChoice()));
    case Page::Curves:
      return curveNumbers(*m_data, curveChoice());
    case Page::Heads:
      break;
  }
  return stripNumbers(*m_data, m_setting);
}

void StudyView::phaseChanged() {
  if (m_is_filling) {
    return;
  }
  if (page() == Page::Phase) {
    refresh();
  }
  emit choicesChanged();
}

void StudyView::curvesChanged() {
  if (m_is_filling) {
    return;
  }
  if (page() != Page::Phase) {
    refresh();
  }
  emit choicesChanged();
}

void StudyView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();  // theme, run or numbers may have changed while nobody looked
  emit refilled();
}

/// Space ticks a setting; elsewhere it starts and pauses training.
bool StudyView::eventFilter(QObject* watched, QEvent* event) {
  const bool is_space = watched == m_settings && event->type() == QEvent::ShortcutOverride &&
                        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space &&
                        page() == Page::Curves;
  if (is_space) {
    event->accept();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void StudyView::refresh() {
  if (!isVisible()) {
    return;  // showEvent comes back
  }
  ++m_updates;
  if (m_data) {
    fillNumbers();
    fillGroups();
    m_phase->setDiagram(core::makePhaseDiagram(*m_data, phaseChoice()));
  } else {
    m_phase->setDiagram({});
  }
  if (page() == Page::Curves) {
    m_plot->setData(m_data, curveChoice());
  } else if (page() == Page::Heads) {
    m_strips->setData(m_data, m_setting);
  }
  showLine();
  fillRuns();
}

void StudyView::showLine() {
  QString text;
  if (!m_data) {
    text = tr("The study is being read…");
  } else if (page() == Page::Phase && m_phase->cell() != nullptr) {
    const PhasePlace place = m_phase->place();
    text = cellDescription(m_phase->diagram(), static_cast<std::size_t>(place.column),
                           static_cast<std::size_t>(place.row));
  } else if (page() == Page::Curves) {
    text = tr("%1 of %2 settings are drawn, at most %3. A click on a line opens its run.")
               .arg(m_ticked.size())
               .arg(m_data->plan->settings.size())
               .arg(kMostSettings);
  } else if (page() == Page::Heads) {
    text = tr("%1: shift dashed, broadcast solid. A click on a line opens its run.")
               .arg(settingName(*m_data, m_setting));
  }
  m_line->setText(text);
}

std::vector<std::size_t> StudyView::listedMembers() const {
  if (page() != Page::Phase) {
    return membersOf(*m_data, m_setting);
  }
  return m_phase->cell() != nullptr ? m_phase->cell()->members : std::vector<std::size_t>();
}

void StudyView::fillRuns() {
  const std::vector<std::size_t> members = m_data ? listedMembers() : std::vector<std::size_t>();
  const QVariant current =
      m_runs->currentItem() != nullptr ? m_runs->currentItem()->data(Qt::UserRole) : QVariant();
  const core::StudyNumber number = phaseChoice().number;
  // Rows are changed, not made again: whoever stands on one stays there.
  while (m_runs->count() > static_cast<int>(members.size())) {
    delete m_runs->takeItem(m_runs->count() - 1);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (static_cast<int>(i) == m_runs->count()) {
      m_runs->addItem(QString());
    }
    QListWidgetItem* item = m_runs->item(static_cast<int>(i));
    const core::RunNumbers* run = m_data->runs[members[i]].get();
    const auto& seed = m_data->plan->members[members[i]].seed;
    const bool is_pooled =
        page() == Page::Phase && m_phase->cell()->members.size() > 0 &&
        m_data->plan->members[members[0]].setting != m_data->plan->members[members.back()].setting;
    QString text = seed && !is_pooled ? tr("seed %1").arg(*seed) : memberName(*m_data, members[i]);
    text += QStringLiteral(", ") + stateText(run);
    const double value = run != nullptr ? core::valueOf(*run, number, phaseChoice().step) : NAN;
    if (page() == Page::Phase && std::isfinite(value)) {
      text += QStringLiteral(", ") + numberTextWithUnit(number.kind, value);
    }
    item->setText(text);
    item->setToolTip(memberName(*m_data, members[i]));
    item->setData(Qt::UserRole, static_cast<quint64>(members[i]));
    QFont font = item->font();
    font.setBold(static_cast<int>(members[i]) == m_shown);
    item->setFont(font);
  }
  if (m_runs->currentItem() == nullptr || m_runs->currentItem()->data(Qt::UserRole) != current) {
    m_runs->setCurrentRow(members.empty() ? -1 : 0);
  }
}

void StudyView::takeCell() {
  const core::PhaseCell* cell = m_phase->cell();
  if (cell == nullptr || cell->members.empty()) {
    return;
  }
  emit runsTaken({cell->members.begin(), cell->members.end()}, cell->typical);
}

void StudyView::takeRun(std::size_t member) {
  emit runsTaken({static_cast<quint64>(member)}, static_cast<quint64>(member));
}

void StudyView::setShownMember(int member) {
  if (member == m_shown) {
    return;
  }
  m_shown = member;
  if (m_data && member >= 0) {
    // Its setting is what curves and head scores are asked of next.
    m_setting = m_data->plan->members[static_cast<std::size_t>(member)].setting;
    const QScopedValueRollback<bool> filling(m_is_filling, true);
    m_settings->setCurrentRow(static_cast<int>(m_setting));
  }
  m_phase->setShownMember(member);
  m_plot->setShownMember(member);
  m_strips->setShownMember(member);
  if (m_data && isVisible()) {
    page() == Page::Heads ? refresh() : fillRuns();
  }
}

void StudyView::setTimeCursor(std::optional<std::int64_t> step) {
  auto* model = qobject_cast<QStandardItemModel*>(m_time->model());
  model->item(1)->setEnabled(step.has_value());
  const bool falls_back = !step && m_time->currentIndex() == 1;
  if (falls_back) {
    const QScopedValueRollback<bool> filling(m_is_filling, true);
    m_time->setCurrentIndex(0);
  }
  if (std::exchange(m_cursor, step) == step) {
    return;
  }
  m_plot->setTimeCursor(step);
  m_strips->setTimeCursor(step);
  if (page() == Page::Phase && (falls_back || m_time->currentIndex() == 1)) {
    refresh();
  }
  emit refilled();
}

void StudyView::setTheme(const Theme& theme) {
  m_theme = theme;
  m_phase->setTheme(theme);
  m_plot->setTheme(theme);
  m_strips->setTheme(theme);
  markSettings();
}

void StudyView::setCompact(bool compact) {
  layout()->setContentsMargins(compact ? 8 : 12, compact ? 4 : 8, compact ? 8 : 12,
                               compact ? 4 : 8);
  layout()->setSpacing(compact ? 5 : 8);
}

void StudyView::setMap(ColourMap map) {
  m_phase->setMap(map);
}

}  // namespace anchorlens::widgets

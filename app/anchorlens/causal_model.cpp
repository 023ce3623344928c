// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_model.h"

#include "app/anchorlens/export/causal_tables.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::app {

namespace {

using engine::CausalNumbers;
using engine::CausalRow;

const QString kDash = QStringLiteral("–");

/// A row of a test has this, one of a group its test's row.
constexpr quintptr kNoTest = ~quintptr{0};

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

QString shareText(const std::optional<double>& share) {
  return share ? widgets::formatScore(*share) : kDash;
}

QString rangeText(const CausalRow& row) {
  return row.control ? widgets::formatAccuracy(row.control_min) + QStringLiteral(" … ") +
                           widgets::formatAccuracy(row.control_max)
                     : kDash;
}

QString numberText(const CausalRow& row, int column) {
  const std::optional<CausalNumbers>& control = row.control;
  switch (column) {
    case CausalModel::N:
      return widgets::formatInteger(row.n);
    case CausalModel::Accuracy:
      return widgets::formatAccuracy(row.baseline.accuracy);
    case CausalModel::Without:
      return widgets::formatAccuracy(row.intervened.accuracy);
    case CausalModel::Control:
      return control ? widgets::formatAccuracy(control->accuracy) : kDash;
    case CausalModel::ControlRange:
      return rangeText(row);
    case CausalModel::OnlyThese:
      return widgets::formatAccuracy(row.kept.accuracy);
    case CausalModel::Necessity:
      return shareText(row.necessity);
    case CausalModel::OfControl:
      return shareText(row.control_necessity);
    case CausalModel::Sufficiency:
      return shareText(row.sufficiency);
    case CausalModel::Loss:
      return widgets::formatLoss(row.baseline.loss);
    case CausalModel::LossWithout:
      return widgets::formatLoss(row.intervened.loss);
    case CausalModel::LossControl:
      return control ? widgets::formatLoss(control->loss) : kDash;
    case CausalModel::LogitDifference:
      return widgets::formatScore(row.baseline.logit_difference);
    case CausalModel::LogitWithout:
      return widgets::formatScore(row.intervened.logit_difference);
    case CausalModel::LogitControl:
      return control ? widgets::formatScore(control->logit_difference) : kDash;
    default:
      return {};
  }
}

/// "all shift = 0.0, 0.1"
QString testText(const engine::CausalResult& result) {
  const std::string heads = engine::headsText(result.heads);
  const bool is_named = heads.empty() || result.name == heads;
  return QString::fromStdString(is_named ? result.name : result.name + " = " + heads);
}

/// ", 5 draws"; nothing where there is no control.
QString drawsText(int draws) {
  return draws == 0   ? QString()
         : draws == 1 ? CausalModel::tr(", 1 draw")
                      : CausalModel::tr(", %1 draws").arg(draws);
}

/// What the row's own cells cannot say.
QString tipOf(const engine::CausalRecord& record) {
  const engine::CausalResult& result = record.result;
  QString tip =
      CausalModel::tr("Seed %1%2, chance %3, made %4 by version %5")
          .arg(result.seed)
          .arg(drawsText(result.draws), widgets::formatAccuracy(result.chance),
               QString::fromStdString(record.time), QString::fromStdString(record.version));
  if (result.heads.empty())
    tip += CausalModel::tr("\n%1 edges in a sequence, attention %2, the control's %3")
               .arg(widgets::formatScore(result.edges_per_sequence),
                    widgets::formatScore(result.mass), widgets::formatScore(result.control_mass));
  if (!result.no_control.empty())
    tip += CausalModel::tr("\nNo control: %1").arg(QString::fromStdString(result.no_control));
  return tip;
}

}  // namespace

void CausalModel::setTests(std::vector<engine::CausalRecord> tests,
                           std::vector<core::GroupInfo> groups) {
  const bool goes_on = tests.size() >= m_tests.size() && groups.size() == m_groups.size() &&
                       std::equal(m_tests.begin(), m_tests.end(), tests.begin());
  if (!goes_on) {
    beginResetModel();
    m_tests = std::move(tests);
    m_groups = std::move(groups);
    endResetModel();
  } else if (tests.size() > m_tests.size()) {
    beginInsertRows({}, rowCount(), static_cast<int>(tests.size()) - 1);
    m_tests = std::move(tests);
    endInsertRows();
  }
}

int CausalModel::testOf(const QModelIndex& index) {
  if (!index.isValid())
    return -1;
  return index.internalId() == kNoTest ? index.row() : static_cast<int>(index.internalId());
}

QModelIndex CausalModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent))
    return {};
  return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : kNoTest);
}

QModelIndex CausalModel::parent(const QModelIndex& index) const {
  if (!index.isValid() || index.internalId() == kNoTest)
    return {};
  return createIndex(static_cast<int>(index.internalId()), 0, kNoTest);
}

int CausalModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid())
    return static_cast<int>(m_tests.size());
  const bool has_groups = parent.internalId() == kNoTest && parent.column() == 0;
  return has_groups ? static_cast<int>(m_tests[at(parent.row())].result.groups.size()) : 0;
}

QString CausalModel::text(const QModelIndex& index) const {
  const engine::CausalRecord& record = m_tests[at(testOf(index))];
  const bool is_test = index.internalId() == kNoTest;
  const CausalRow& row = is_test ? record.result.all : record.result.groups[at(index.row())];
  switch (index.column()) {
    case Test:
      return is_test ? testText(record.result) : groupText(row, m_groups);
    case Step:
      return is_test ? widgets::formatInteger(record.result.step) : QString();
    case Method:
      return is_test ? methodText(record.result) : QString();
    case Sequences:
      return is_test ? QString::fromStdString(record.sequences) : QString();
    default:
      return numberText(row, index.column());
  }
}

QVariant CausalModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid())
    return {};
  if (role == Qt::DisplayRole)
    return text(index);
  if (role == Qt::TextAlignmentRole)
    return headerData(index.column(), Qt::Horizontal, role);
  if (role == Qt::ToolTipRole)
    return tipOf(m_tests[at(testOf(index))]);
  return {};
}

QVariant CausalModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal)
    return {};
  if (role == Qt::TextAlignmentRole) {
    const bool is_text = section == Test || section == Method || section == Sequences;
    return QVariant((is_text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole)
    return {};
  const std::array<QString, kColumns> names{tr("Without"),
                                            tr("Step"),
                                            tr("Method"),
                                            tr("On"),
                                            tr("Sequences"),
                                            tr("Accuracy"),
                                            tr("without"),
                                            tr("control"),
                                            tr("range of these"),
                                            tr("only these"),
                                            tr("Necessity"),
                                            tr("of control"),
                                            tr("Sufficiency"),
                                            tr("Loss"),
                                            tr("Loss without"),
                                            tr("Loss, control"),
                                            tr("Logit difference"),
                                            tr("Logit diff. without"),
                                            tr("Logit diff., control")};
  return names[at(section)];
}

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/field_row.h"

#include <QStringList>

#include <optional>

class QLabel;

namespace anchorlens::widgets {

/// Widths of the columns of the anchors table, in multiples of the font size.
struct AnchorColumns {
  static constexpr double kToken = 3.6;
  static constexpr double kNever = 7.6;
  static constexpr double kSynonym = 5.0;
  static constexpr double kRemove = 2.2;
};

/// One anchor: token, operation, keys that it is never trained with, synonym, remove. Below it what
/// a random operation or a table answers.
class AnchorRow : public FieldRow {
  Q_OBJECT

 public:
  enum Column { Token, Operation, Never, Synonym, kColumns };

  AnchorRow(int row, QWidget* parent = nullptr);

  void load(const core::ExperimentSpec& experiment, bool read_only) override;
  QWidget* cell(int column) const { return fields()[static_cast<std::size_t>(column)]->editor(); }
  /// "80 % x, 20 % x+1: together 100 %"; empty for a plain operation.
  QString detail() const;

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  QString undoName(const FormField& field) const override;

 private:
  void addToken();
  void addSynonym();
  void fillSynonyms();
  int token() const;
  std::vector<int> otherTokens() const;
  QString detailOf(const core::ExperimentSpec& experiment) const;

  int m_row = 0;
  QLabel* m_detail = nullptr;
  QStringList m_synonyms;  ///< that the field offers
  /// The task when the token's field got the focus, and what typing made of it: while one token is
  /// being typed, what names it follows from there, not over the tokens in between.
  core::TaskSpec m_before_typing;
  std::optional<core::TaskSpec> m_typed;
};

}  // namespace anchorlens::widgets

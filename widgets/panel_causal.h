// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>

class QLabel;
class QPushButton;

namespace anchorlens::widgets {

class FactRows;

/// What a model can do without one head; shares of 1.
struct HeadCausality {
  int layer = 0;
  int head = 0;
  std::int64_t step = 0;  ///< of the weights that were tested
  double baseline = 0;
  double ablated = 0;
  std::optional<double> control;  ///< mean of random heads; none: `no_control` says why
  double control_min = 0;
  double control_max = 0;
  int draws = 0;
  QString no_control;
  std::optional<double> necessity;
  std::optional<double> control_necessity;
  bool operator==(const HeadCausality&) const = default;
};

/// The section "Causal test" of the Inspector: the selected head's numbers and what can be done to
/// it. Old numbers stay, dimmed, while new ones are computed.
class CausalPanel : public QWidget {
  Q_OBJECT

 public:
  explicit CausalPanel(QWidget* parent = nullptr);

  /// No numbers for this head yet.
  void clear();
  void setResult(const HeadCausality& result);
  const std::optional<HeadCausality>& result() const { return m_result; }
  /// A sentence under the numbers: "evaluating…", why there are none; empty: nothing to say.
  void setNote(const QString& note);
  QString note() const;
  void setEvaluating(bool evaluating);
  /// The selected head is ablated in all views: the button takes it back.
  void setAblated(bool ablated);
  /// Whether there is a model to test at all.
  void setCanTest(bool can_test);

  QPushButton* testButton() const { return m_test; }
  QPushButton* ablateButton() const { return m_ablate; }
  QPushButton* testAllButton() const { return m_test_all; }
  QPushButton* dialogButton() const { return m_dialog; }

 signals:
  void testRequested();
  void ablateRequested();
  void testAllRequested();
  void dialogRequested();

 private:
  void showFacts();

  std::optional<HeadCausality> m_result;
  FactRows* m_facts = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_test = nullptr;
  QPushButton* m_ablate = nullptr;
  QPushButton* m_test_all = nullptr;
  QPushButton* m_dialog = nullptr;
};

}  // namespace anchorlens::widgets

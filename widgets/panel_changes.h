// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>

class QLabel;
class QPushButton;

namespace anchorlens::widgets {

/// The section "From now on" of the Inspector: what was changed in the training and holds at this
/// step, and what can be changed of the selected head.
class ChangesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ChangesPanel(QWidget* parent = nullptr);

  /// "L1 H0 ablated, learning rate ×0.5"; empty: nothing holds.
  void setHolding(const QString& phrases);
  QString holding() const;
  /// What can be asked for now; `why_not`: a sentence where nothing can.
  struct Can {
    bool ablate = false;
    bool freeze = false;
    bool clamp = false;
    bool release = false;
  };
  void setCan(const Can& can, const QString& why_not);
  /// Where a fork would begin; empty: there is nothing to fork.
  void setForkStep(const std::optional<std::int64_t>& step);

  QPushButton* ablateButton() const { return m_ablate; }
  QPushButton* freezeButton() const { return m_freeze; }
  QPushButton* clampButton() const { return m_clamp; }
  QPushButton* releaseButton() const { return m_release; }
  QPushButton* moreButton() const { return m_more; }
  QPushButton* forkButton() const { return m_fork; }
  QString note() const;

 signals:
  void ablateRequested();
  void freezeRequested();
  void clampRequested();
  void releaseRequested();
  void moreRequested();
  void forkRequested();

 private:
  QLabel* m_holding = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_ablate = nullptr;
  QPushButton* m_freeze = nullptr;
  QPushButton* m_clamp = nullptr;
  QPushButton* m_release = nullptr;
  QPushButton* m_more = nullptr;
  QPushButton* m_fork = nullptr;
};

}  // namespace anchorlens::widgets

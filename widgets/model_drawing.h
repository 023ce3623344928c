// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/model_layout.h"
#include "widgets/theme.h"

#include <QWidget>

#include <vector>

namespace anchorlens::widgets {

class ModelBlockButton;

/// The model as a picture that follows its settings, from the embedding at the bottom upwards.
/// Every part is a button that leads to the field that sets it: one Tab stop, Up and Down move
/// along the way of a sequence, Space or Enter goes to the field.
class ModelDrawing : public QWidget {
  Q_OBJECT

 public:
  explicit ModelDrawing(QWidget* parent = nullptr);

  void setModel(const core::ModelSpec& model, int d_vocab, int seq_len);
  void setTheme(const Theme& theme);
  const ModelLayout& layoutOfModel() const { return m_layout; }
  /// The part of that key ("layer 0/mlp"); null when the model has none.
  QWidget* block(const QString& key) const;

  QSize sizeHint() const override;

 signals:
  void blockActivated(const QString& pointer);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  friend class ModelBlockButton;
  void rebuild();
  void moveFocus(const ModelBlockButton* from, int by);
  void setCurrent(int index);

  core::ModelSpec m_model;
  int m_d_vocab = 201;
  int m_seq_len = 9;
  Theme m_theme = Theme::dark();
  ModelLayout m_layout;
  std::vector<ModelBlockButton*> m_buttons;  ///< those of m_layout.blocks, then spare ones
  int m_current = 0;                         ///< the one that Tab reaches
};

}  // namespace anchorlens::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPoint>
#include <QPointer>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <vector>

class QMimeData;
class QWidget;

namespace anchorlens::app {

/// Dragging with Alt takes the picture of a view out of the window: as an image, as SVG, and as
/// files of both for programs that take files. Watches the whole application: views need not know.
class DragOut : public QObject {
  Q_OBJECT

 public:
  /// The picture of a view, or null (and says why elsewhere).
  using Picture = std::function<QMimeData*(QWidget* view)>;
  /// Carries it off; owns the data from then on. By default the system's drag and drop.
  using Carrier = std::function<void(QWidget* view, QMimeData* picture)>;

  DragOut(std::vector<QWidget*> views, Picture picture, QObject* parent);
  void setCarrier(Carrier carrier) { m_carrier = std::move(carrier); }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QWidget* viewOf(QObject* object) const;
  void carry(QWidget* view);
  void addFiles(QMimeData& picture);

  std::vector<QWidget*> m_views;
  Picture m_picture;
  Carrier m_carrier;
  QPointer<QWidget> m_pressed;  ///< the view, from the press until the drag begins
  QPoint m_press;
  std::unique_ptr<QTemporaryDir> m_files;  ///< of the last drag; the target may read them later
};

}  // namespace anchorlens::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/drag_out.h"

#include <QApplication>
#include <QDrag>
#include <QFile>
#include <QImage>
#include <QMimeData>
#include <QMouseEvent>
#include <QPixmap>
#include <QUrl>
#include <QWidget>

#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kThumbnail = 160;

void dragBySystem(QWidget* view, QMimeData* picture) {
  auto* drag = new QDrag(view);
  const QImage image = QImage::fromData(picture->data(QStringLiteral("image/png")));
  if (!image.isNull()) {
    drag->setPixmap(QPixmap::fromImage(
        image.scaled(kThumbnail, kThumbnail, Qt::KeepAspectRatio, Qt::SmoothTransformation)));
  }
  drag->setMimeData(picture);
  drag->exec(Qt::CopyAction);
}

}  // namespace

DragOut::DragOut(std::vector<QWidget*> views, Picture picture, QObject* parent)
    : QObject(parent),
      m_views(std::move(views)),
      m_picture(std::move(picture)),
      m_carrier(dragBySystem) {
  qApp->installEventFilter(this);
}

QWidget* DragOut::viewOf(QObject* object) const {
  auto* widget = qobject_cast<QWidget*>(object);
  for (QWidget* view : m_views) {
    if (widget != nullptr && (view == widget || view->isAncestorOf(widget)))
      return view;
  }
  return nullptr;
}

bool DragOut::eventFilter(QObject* object, QEvent* event) {
  const auto type = event->type();
  if (type != QEvent::MouseButtonPress && type != QEvent::MouseMove &&
      type != QEvent::MouseButtonRelease)
    return false;
  const auto* mouse = static_cast<QMouseEvent*>(event);
  if (type == QEvent::MouseButtonPress) {
    m_pressed = nullptr;
    if (mouse->button() != Qt::LeftButton || mouse->modifiers() != Qt::AltModifier)
      return false;
    m_pressed = viewOf(object);
    m_press = mouse->globalPosition().toPoint();
    return m_pressed != nullptr;
  }
  if (!m_pressed || viewOf(object) != m_pressed)
    return false;
  if (type == QEvent::MouseButtonRelease) {
    m_pressed = nullptr;
    return true;
  }
  const QPoint way = mouse->globalPosition().toPoint() - m_press;
  if (way.manhattanLength() >= QApplication::startDragDistance())
    carry(std::exchange(m_pressed, nullptr));
  return true;
}

void DragOut::carry(QWidget* view) {
  if (QMimeData* picture = m_picture(view)) {
    addFiles(*picture);
    m_carrier(view, picture);
  }
}

void DragOut::addFiles(QMimeData& picture) {
  m_files = std::make_unique<QTemporaryDir>();
  QList<QUrl> urls;
  const auto add = [&](const QString& name, const QByteArray& bytes) {
    QFile file(m_files->filePath(name));
    if (!bytes.isEmpty() && file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size())
      urls.append(QUrl::fromLocalFile(file.fileName()));
  };
  add(QStringLiteral("anchorlens.png"), picture.data(QStringLiteral("image/png")));
  add(QStringLiteral("anchorlens.svg"), picture.data(QStringLiteral("image/svg+xml")));
  picture.setUrls(urls);
}

}  // namespace anchorlens::app

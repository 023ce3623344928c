// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/places.h"
#include "app/anchorlens/vary_dialog.h"
#include "engine/core/experiment_json.h"
#include "tests/app/app_fixture.h"
#include "widgets/study_axis_row.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::StudyForm;
using Column = widgets::StudyRunsModel::Column;

namespace {

void type(QWidget* widget, const QString& text) {
  widget->setFocus();
  if (auto* edit = qobject_cast<QLineEdit*>(widget))
    edit->selectAll();
  QTest::keyClicks(widget, text);
}

QString cell(const VaryDialog& dialog, int row, int column) {
  return dialog.runs()->model()->index(row, column).data().toString();
}

}  // namespace

class TestVaryDialog : public QObject {
  Q_OBJECT

 private:
  tests::ScriptedDialogs m_dialogs;
  QTemporaryDir m_dir;
  const core::ExperimentSpec m_demo = core::preset("demo");  // 1,500 steps, seed 1

  void open(VaryDialog& dialog) {
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QTRY_VERIFY(dialog.isSettled());
  }

 private slots:
  void repeatsWithSeeds() {
    VaryDialog dialog(m_demo, StudyForm::Start::Seeds, 100.0, m_dialogs);
    open(dialog);
    dialog.jobs()->setValue(2);
    QCOMPARE(dialog.runs()->model()->rowCount(), 5);
    QCOMPARE(cell(dialog, 0, Column::Differences), QString("as the draft"));
    QCOMPARE(cell(dialog, 4, Column::Differences), QString::fromUtf8("seed 1 → 5"));
    QCOMPARE(cell(dialog, 4, Column::Time), QString("0:15"));
    // 5 runs of 15 s, 2 at once: 3 rounds.
    QCOMPARE(dialog.summary(),
             QString::fromUtf8("5 runs, 7\u2009500 steps, about 0:45 with 2 at once"));
    type(dialog.form()->seedCount(), QString());
    dialog.form()->seedCount()->selectAll();
    QTest::keyClicks(dialog.form()->seedCount(), QStringLiteral("3"));
    type(dialog.form()->firstSeed(), QStringLiteral("40"));
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 3);
    QTRY_COMPARE(cell(dialog, 0, Column::Differences), QString::fromUtf8("seed 1 → 40"));
    QTest::keyClick(dialog.form()->seedTarget(), Qt::Key_Down);
    QTRY_COMPARE(cell(dialog, 2, Column::Differences),
                 QString::fromUtf8("seed 1 → 42, data.seed 1 → 42"));
  }

  void variesFields() {
    VaryDialog dialog(m_demo, StudyForm::Start::Axes, std::nullopt, m_dialogs);
    open(dialog);
    QCOMPARE(dialog.form()->rows().size(), std::size_t(1));
    QVERIFY(!dialog.saveButton()->isEnabled());
    auto* first = dialog.form()->rows()[0];
    QCOMPARE(first->problem(), QString("choose the field to vary"));
    // A name that only one field has, then a list.
    type(first->field()->lineEdit(), QStringLiteral("n_layers"));
    type(first->list(), QStringLiteral("1, 2"));
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 2);
    QCOMPARE(first->problem(), QString());
    // A second axis as a range.
    QTest::mouseClick(dialog.form()->addButton(), Qt::LeftButton);
    auto* second = dialog.form()->rows().at(1);
    QVERIFY(second->field()->lineEdit()->hasFocus());
    QTest::keyClicks(second->field()->lineEdit(), QStringLiteral("/training/learning_rate"));
    second->kind()->setFocus();
    for (int i = 0; i < 3; ++i)
      QTest::keyClick(second->kind(), Qt::Key_Down);
    type(second->number(0), QStringLiteral("1e-5"));
    type(second->number(1), QStringLiteral("1e-3"));
    type(second->number(2), QStringLiteral("3"));
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 6);
    QCOMPARE(cell(dialog, 0, Column::Differences),
             QString::fromUtf8("n_layers 2 → 1, learning_rate 0.001 → 1e-05"));
    QCOMPARE(cell(dialog, 0, Column::Time), QString::fromUtf8("–"));
    QVERIFY(dialog.summary().contains(QString::fromUtf8("time –")));
    // And seeds.
    QTest::mouseClick(dialog.form()->hasSeeds(), Qt::LeftButton, {}, QPoint(8, 8));
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 30);
    QTest::mouseClick(second->removeButton(), Qt::LeftButton);
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 10);
  }

  void errorsStandAtTheirFields() {
    VaryDialog dialog(m_demo, StudyForm::Start::Axes, std::nullopt, m_dialogs);
    open(dialog);
    auto* row = dialog.form()->rows()[0];
    type(row->field()->lineEdit(), QStringLiteral("n_heds"));
    type(row->list(), QStringLiteral("1"));
    QTRY_COMPARE(row->problem(), QString("no such field; did you mean n_heads?"));
    type(row->field()->lineEdit(), QStringLiteral("seed"));
    QTRY_COMPARE(row->problem(),
                 QString("several fields have this name; expected /data/seed or /training/seed"));
    type(row->field()->lineEdit(), QStringLiteral("n_heads"));
    type(row->list(), QStringLiteral("1, 0"));
    QTRY_COMPARE(row->problem(), QString("run 2 (n_heads 0): /model/n_heads: expected an integer "
                                         "from 1 to 64, got 0"));
    QCOMPARE(dialog.runs()->model()->rowCount(), 0);
    QVERIFY(!dialog.saveButton()->isEnabled());
    QTest::keyClick(row->kind(), Qt::Key_Down);
    QTRY_COMPARE(row->problem().section('\n', 0, 0),
                 QString("from: expected a number, got nothing"));
    type(row->number(0), QStringLiteral("1"));
    type(row->number(1), QStringLiteral("abc"));
    type(row->number(2), QStringLiteral("1"));
    QTRY_COMPARE(row->problem(), QString("to: expected a number, got \"abc\""));
    type(row->number(1), QStringLiteral("3"));
    QTRY_COMPARE(dialog.runs()->model()->rowCount(), 3);
    QTest::mouseClick(dialog.form()->hasSeeds(), Qt::LeftButton, {}, QPoint(8, 8));
    type(dialog.form()->firstSeed(), QStringLiteral("-1"));
    QTRY_COMPARE(dialog.form()->seedsProblem(),
                 QString("first seed: expected a whole number from 0, got \"-1\""));
  }

  void limitIsSaid() {
    VaryDialog dialog(m_demo, StudyForm::Start::Axes, std::nullopt, m_dialogs);
    open(dialog);
    auto* row = dialog.form()->rows()[0];
    type(row->field()->lineEdit(), QStringLiteral("d_mlp"));
    QTest::keyClick(row->kind(), Qt::Key_Down);
    type(row->number(0), QStringLiteral("1"));
    type(row->number(1), QStringLiteral("6000"));
    type(row->number(2), QStringLiteral("1"));
    QTest::mouseClick(dialog.form()->hasSeeds(), Qt::LeftButton, {}, QPoint(8, 8));
    QTRY_COMPARE(dialog.form()->problem(),
                 QString("6000 x 5 seeds are 30000 runs; a study has at most 10000"));
  }

  void writesTheStudyAndShowsTheCommand() {
    VaryDialog dialog(m_demo, StudyForm::Start::Seeds, std::nullopt, m_dialogs);
    open(dialog);
    QVERIFY(!dialog.copyButton()->isEnabled());
    QCOMPARE(dialog.command(), QString());
    m_dialogs.file_to_save.clear();  // cancelled
    QTest::mouseClick(dialog.saveButton(), Qt::LeftButton);
    QCOMPARE(dialog.command(), QString());
    dialog.jobs()->setValue(3);
    const QString base = m_dir.filePath("my seeds");
    m_dialogs.file_to_save = base + ".json";
    QTest::mouseClick(dialog.saveButton(), Qt::LeftButton);
    QCOMPARE(dialog.command(),
             QStringLiteral("anchorctl sweep '%1.json' --out '%1' --jobs 3").arg(base));
    const auto study = core::readStudy(toPath(base + ".json"));
    QVERIFY(study.has_value());
    QVERIFY(study->base == m_demo);
    QCOMPARE(study->seeds->count.value_or(0), 5);
    QTest::mouseClick(dialog.copyButton(), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), dialog.command());
    // Without its suffix it is the file that exists.
    m_dialogs.file_to_save = base;
    m_dialogs.replace = false;
    QSignalSpy saved(&dialog, &VaryDialog::saved);
    QTest::mouseClick(dialog.saveButton(), Qt::LeftButton);
    QCOMPARE(m_dialogs.asked.last(), QStringLiteral("replace %1.json").arg(base));
    QCOMPARE(saved.count(), 0);
    // What is typed now is not what was written.
    type(dialog.form()->name(), QStringLiteral("other"));
    QCOMPARE(dialog.command(), QString());
    QTRY_VERIFY(dialog.saveButton()->isEnabled());
    m_dialogs.file_to_save = m_dir.filePath("none/study.json");
    QTest::mouseClick(dialog.saveButton(), Qt::LeftButton);
    QCOMPARE(dialog.command(), QString());
  }
};

QTEST_MAIN(TestVaryDialog)
#include "tst_vary_dialog.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Where a draft can begin: one's own presets on disk, the gallery over them, and what differs.
#include "app/anchorlens/difference_dialog.h"
#include "app/anchorlens/gallery_dialog.h"
#include "app/anchorlens/own_presets.h"
#include "app/anchorlens/places.h"
#include "tests/app/window_fixture.h"
#include "widgets/composer/composer_view.h"
#include "widgets/number_format.h"
#include "widgets/preset_box.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

using Kind = widgets::PresetEntry::Kind;

namespace {

QPushButton* button(QWidget* parent, const QString& accessible_name) {
  for (auto* it : parent->findChildren<QPushButton*>()) {
    if (it->accessibleName() == accessible_name || it->text() == accessible_name)
      return it;
  }
  qFatal("no button %s", qPrintable(accessible_name));
}

void write(const QString& file, const QByteArray& text) {
  QFile out(file);
  QVERIFY(out.open(QIODevice::WriteOnly));
  QCOMPARE(out.write(text), text.size());
}

QStringList namesOf(const OwnPresets& presets) {
  QStringList names;
  for (const auto& entry : presets.list())
    names.append(entry.name);
  return names;
}

}  // namespace

class TestOwnPresets : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  OwnPresets presets() const { return OwnPresets(toPath(m_dir->filePath("presets"))); }
  QString fileOf(const QString& name) const { return m_dir->filePath("presets/" + name + ".json"); }

 private slots:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }

  void keepsRenamesAndRemoves() {
    QCOMPARE(namesOf(presets()), QStringList());
    auto spec = core::preset("composite");
    spec.model.n_layers = 3;
    QCOMPARE(presets().save("Three layers", spec), QString());
    QCOMPARE(namesOf(presets()), QStringList{"Three layers"});
    spec.name = "Three layers";
    QCOMPARE(*presets().list()[0].spec, spec);
    QCOMPARE(presets().rename("Three layers", "Deep"), QString());
    QCOMPARE(namesOf(presets()), QStringList{"Deep"});
    QCOMPARE(presets().list()[0].spec->name, std::string("Deep"));
    QCOMPARE(presets().remove("Deep"), QString());
    QCOMPARE(namesOf(presets()), QStringList());
  }

  void whatIsTakenIsNotOverwritten() {
    const auto spec = core::preset("demo");
    QCOMPARE(presets().save("Mine", spec), QString());
    auto other = spec;
    other.training.seed = 9;
    QVERIFY(presets().save("Mine", other).contains("already"));
    QCOMPARE(presets().list()[0].spec->training.seed, spec.training.seed);
    QCOMPARE(presets().save("Second", other), QString());
    QVERIFY(presets().rename("Second", "Mine").contains("already"));
    QCOMPARE(namesOf(presets()), (QStringList{"Mine", "Second"}));
    for (const QString& bad :
         {QString(), QString("a/b"), QString(".hidden"), QString("Identity"), QString(100, 'x')})
      QVERIFY2(!presets().save(bad, spec).isEmpty(), qPrintable(bad));
    QCOMPARE(namesOf(presets()).size(), 2);
  }

  void aFolderThatCannotBeWrittenIsSaid() {
    write(m_dir->filePath("presets"), "a file in the folder's place");
    QVERIFY(presets().save("Mine", core::preset("demo")).contains("presets"));
  }

  void theGallerySavesRenamesAndAsksBeforeItRemoves() {
    auto draft = core::preset("demo");
    draft.training.seed = 77;
    GalleryDialog dialog(presets(), [&] { return draft; });
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    auto* gallery = dialog.gallery();
    auto* name = gallery->findChild<QLineEdit*>();
    name->setFocus();
    QTest::keyClicks(name, "Seed 77");
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(QFile::exists(fileOf("Seed 77")));
    QVERIFY(gallery->card(Kind::Own, "Seed 77") != nullptr);
    QVERIFY(dialog.isVisible());
    QCOMPARE(name->text(), QString());

    QTest::mouseClick(button(gallery->card(Kind::Own, "Seed 77"), "Rename Seed 77"),
                      Qt::LeftButton);
    auto* edit = gallery->card(Kind::Own, "Seed 77")->findChild<QLineEdit*>();
    QVERIFY(edit->hasFocus());
    QTest::keyClick(edit, Qt::Key_Escape);  // as it was, and the dialog stays
    QVERIFY(dialog.isVisible());
    QTest::mouseClick(button(gallery->card(Kind::Own, "Seed 77"), "Rename Seed 77"),
                      Qt::LeftButton);
    QTest::keyClicks(edit, "Lucky");  // replaces what is selected
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(QFile::exists(fileOf("Lucky")));
    QVERIFY(!QFile::exists(fileOf("Seed 77")));

    auto* card = gallery->card(Kind::Own, "Lucky");
    QTest::mouseClick(button(card, "Remove Lucky"), Qt::LeftButton);
    QVERIFY(QFile::exists(fileOf("Lucky")));
    QTest::mouseClick(button(card, "Keep Lucky"), Qt::LeftButton);
    QVERIFY(QFile::exists(fileOf("Lucky")));
    QTest::mouseClick(button(card, "Remove Lucky"), Qt::LeftButton);
    QTest::mouseClick(button(card, "Really remove Lucky"), Qt::LeftButton);
    QVERIFY(!QFile::exists(fileOf("Lucky")));
    QVERIFY(gallery->card(Kind::Own, "Lucky") == nullptr);
  }

  void ownPresetsAreInTheBoxes() {
    const tests::TemporaryHome home;
    tests::FakeEngine engine;
    tests::Desk desk(tests::fakeSessions(&engine));
    core::ExperimentSpec spec = core::preset("composite");
    spec.model.n_layers = 3;
    spec.name = "mine";
    desk.controller.draft().load(spec, {});
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    const auto boxes = desk.window.findChildren<widgets::PresetBox*>();
    QCOMPARE(boxes.size(), 2);  // the Composer's and the form's
    QTRY_COMPARE(boxes[0]->currentText(), QStringLiteral("Own experiment"));
    // Saved in the gallery, by keys.
    desk.window.actions()[QStringLiteral("gallery")]->trigger();
    auto* gallery = desk.window.findChild<GalleryDialog*>();
    QVERIFY(QTest::qWaitForWindowActive(gallery));
    auto* name = gallery->findChild<QLineEdit*>();
    name->setFocus();
    QTest::keyClicks(name, "Three layers");
    QTest::keyClick(name, Qt::Key_Return);
    for (widgets::PresetBox* box : boxes) {
      QVERIFY(box->findText("Three layers") > 0);
      QCOMPARE(box->currentText(), QStringLiteral("Three layers"));
    }
    gallery->close();
    desk.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    // Chosen in each box, from another draft.
    for (widgets::PresetBox* box : boxes) {
      desk.controller.choosePreset("demo");
      QTRY_COMPARE(box->currentText(), QStringLiteral("Demo"));
      box->setFocus();
      box->showPopup();
      QTRY_VERIFY(box->view()->isVisible());
      QTest::keyClick(box->view(), Qt::Key_Home);
      QTest::keyClick(box->view(), Qt::Key_Down);
      QTest::keyClick(box->view(), Qt::Key_Return);
      spec.name = "Three layers";
      QVERIFY(desk.controller.draft().spec() == spec);
      QTRY_COMPARE(box->currentText(), QStringLiteral("Three layers"));
      QCOMPARE(desk.controller.undoStack().undoText(),
               QStringLiteral("choose preset Three layers"));
    }
    // There again in the next window, and gone with its file.
    tests::Desk next(tests::fakeSessions(&engine));
    auto* box = next.window.findChild<widgets::PresetBox*>();
    QVERIFY(box->findText("Three layers") > 0);
    QVERIFY(QFile::remove(presetFolder() + QStringLiteral("/Three layers.json")));
    const core::ExperimentSpec kept = next.controller.draft().spec();
    emit box->presetChosen(QStringLiteral("Three layers"));
    QVERIFY(next.controller.draft().spec() == kept);
    QCOMPARE(next.window.statusText(),
             QStringLiteral("The preset “Three layers” cannot be read any more."));
    QCOMPARE(next.window.findChild<widgets::PresetBox*>()->findText("Three layers"), -1);
  }

  /// Which writes them into the same folder.
  void presetsOfAnotherWindowAreSeen() {
    const tests::TemporaryHome home;
    tests::FakeEngine engine;
    tests::Desk desk(tests::fakeSessions(&engine));
    auto* box = desk.window.findChild<widgets::PresetBox*>();
    const OwnPresets theirs(toPath(presetFolder()));
    QVERIFY(!QFile::exists(presetFolder()));
    QCOMPARE(theirs.save("Theirs", core::preset("composite")), QString());
    QTRY_VERIFY(box->findText("Theirs") > 0);
    QCOMPARE(theirs.rename("Theirs", "Hers"), QString());
    QTRY_VERIFY(box->findText("Hers") > 0 && box->findText("Theirs") < 0);
    // In an open gallery as well; what is being typed there stays.
    desk.window.actions()[QStringLiteral("gallery")]->trigger();
    auto* gallery = desk.window.findChild<GalleryDialog*>();
    auto* name = gallery->findChild<QLineEdit*>();
    QTest::keyClicks(name, "Half a na");
    QCOMPARE(theirs.save("His", core::preset("synonym")), QString());
    QTRY_VERIFY(gallery->gallery()->card(Kind::Own, "His") != nullptr);
    QVERIFY(box->findText("His") > 0);
    QCOMPARE(name->text(), QStringLiteral("Half a na"));
    // The folder goes and comes again.
    QVERIFY(QDir(presetFolder()).removeRecursively());
    QTRY_VERIFY(box->findText("Hers") < 0 && box->findText("His") < 0);
    QCOMPARE(theirs.save("Anew", core::preset("demo")), QString());
    QTRY_VERIFY(box->findText("Anew") > 0);
  }

  void aDamagedPresetIsNamedInPlaceAndCanBeRemoved() {
    QCOMPARE(presets().save("Good", core::preset("demo")), QString());
    write(fileOf("Broken"),
          R"({"format": "anchorlens-experiment", "format_version": 1, "modle": 3})");
    GalleryDialog dialog(presets(), [] { return core::preset("demo"); });
    auto* card = dialog.gallery()->card(Kind::Own, "Broken");
    QVERIFY(card != nullptr);
    QVERIFY2(card->entry().problem.contains("modle"), qPrintable(card->entry().problem));
    QVERIFY(dialog.gallery()->card(Kind::Own, "Good")->entry().problem.isEmpty());
    button(card, "Really remove Broken")->click();
    QVERIFY(!QFile::exists(fileOf("Broken")));
  }

  void papersAndFastSettingsAreChosenByTheirButtons() {
    for (const bool is_fast : {false, true}) {
      GalleryDialog dialog(presets(), [] { return core::preset("demo"); });
      dialog.show();
      QVERIFY(QTest::qWaitForWindowActive(&dialog));
      std::optional<core::ExperimentSpec> chosen;
      connect(&dialog, &GalleryDialog::chosen, this,
              [&](const core::ExperimentSpec& spec, const QString&) { chosen = spec; });
      auto* card = dialog.gallery()->card(Kind::Preset, "working-memory");
      auto* choice = button(
          card, is_fast ? "Working memory, Fast settings" : "Working memory, Paper's settings");
      choice->setFocus();
      QTest::keyClick(choice, Qt::Key_Space);
      QVERIFY(chosen.has_value());
      const auto paper = core::preset("working-memory");
      QCOMPARE(*chosen, is_fast ? core::withFastSettings(paper) : paper);
      QVERIFY(!dialog.isVisible());
    }
  }

  void everyCardHasASentenceAndNumbers() {
    GalleryDialog dialog(presets(), [] { return core::preset("demo"); });
    for (const auto& [kind, names] : {std::pair{Kind::Preset, core::presetNames()},
                                      std::pair{Kind::Example, core::exampleNames()}}) {
      for (const std::string& name : names) {
        auto* card = dialog.gallery()->card(kind, QString::fromStdString(name));
        QVERIFY2(card != nullptr, name.c_str());
        QVERIFY2(!card->entry().shows.isEmpty(), name.c_str());
        QVERIFY2(card->entry().fast_numbers.endsWith("steps"), name.c_str());
        QCOMPARE(card->entry().own_numbers.isEmpty(), name == "demo");
      }
    }
    QCOMPARE(dialog.gallery()->card(Kind::Preset, "demo")->entry().fast_numbers,
             widgets::formatInteger(126'025) + " parameters, " + widgets::formatInteger(1500) +
                 " steps");
  }

  void theDraftIsComparedLineByLine() {
    auto draft = core::preset("demo");
    draft.training.seed = 3;
    draft.model.n_layers = 1;
    DifferenceDialog dialog(draft, {{"demo", core::preset("demo")}, {"itself", draft}});
    QCOMPARE(dialog.lines(), (QStringList{"layers 2 → 1", "seed 1 → 3"}));
    auto* choice = dialog.findChild<QComboBox*>();
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QCOMPARE(dialog.lines(), QStringList{"Nothing differs."});
  }
};

QTEST_MAIN(TestOwnPresets)
#include "tst_own_presets.moc"

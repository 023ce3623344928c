// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/icons.h"
#include "widgets/theme.h"
#include "widgets/theme_controller.h"

#include <QApplication>
#include <QFontInfo>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace anchorlens::widgets;

class TestTheme : public QObject {
  Q_OBJECT

 private slots:
  void contrastRatioOfKnownPairs() {
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    QVERIFY(qAbs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.478) < 0.001);
  }

  void textCanBeRead_data() {
    QTest::addColumn<QColor>("text");
    QTest::addColumn<QColor>("surface");
    for (const Theme& t : {Theme::dark(), Theme::light(), Theme::print(),
                           Theme::dark().withHighContrast(), Theme::light().withHighContrast()}) {
      const QByteArray name = QByteArray(t.is_dark ? "dark" : "light") +
                              (t.high_contrast ? ", high contrast" : "") + ": ";
      const std::pair<const char*, QColor> surfaces[] = {
          {"window", t.window},      {"panel", t.panel}, {"raised", t.raised},
          {"input", t.input},        {"plot", t.plot},   {"tooltip", t.tooltip},
          {"selection", t.selection}};
      for (const auto& [surface, colour] : surfaces) {
        QTest::addRow("%stext on %s", name.constData(), surface) << t.text << colour;
        QTest::addRow("%ssecond on %s", name.constData(), surface) << t.text_second << colour;
        if (colour != t.tooltip || !t.is_dark) {  // tooltips have no muted text
          QTest::addRow("%smuted on %s", name.constData(), surface) << t.text_muted << colour;
        }
      }
      const std::pair<const char*, QColor> on_panel[] = {
          {"accent", t.accent}, {"error", t.error}, {"warning", t.warning}, {"good", t.good}};
      for (const auto& [text, colour] : on_panel) {
        QTest::addRow("%s%s on panel", name.constData(), text) << colour << t.panel;
      }
      QTest::addRow("%son accent", name.constData()) << t.on_accent << t.accent;
      QTest::addRow("%serror on its tint", name.constData()) << t.error << t.error_tint;
      QTest::addRow("%stext on accent tint", name.constData()) << t.text << t.accent_tint;
      for (const TokenRole role : {TokenRole::Anchor, TokenRole::Key, TokenRole::Answer}) {
        const TokenStyle style = t.token(role);
        QTest::addRow("%stoken %d", name.constData(), int(role)) << style.text << style.fill;
      }
      QTest::addRow("%snoise on panel", name.constData())
          << t.token(TokenRole::Noise).text << t.panel;
      for (const Mechanism m : {Mechanism::Shift, Mechanism::Broadcast}) {
        QTest::addRow("%smechanism %d on panel", name.constData(), int(m))
            << t.mechanism(m) << t.panel;
      }
    }
  }
  void textCanBeRead() {
    QFETCH(QColor, text);
    QFETCH(QColor, surface);
    const double ratio = contrastRatio(text, surface);
    QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2 has %3:1, 4.5:1 is needed")
                                          .arg(text.name(), surface.name())
                                          .arg(ratio)));
  }

  void linesThatMeanSomethingCanBeSeen() {
    for (const Theme& t : {Theme::dark(), Theme::light()}) {
      for (const GroupLine line : {GroupLine::Train, GroupLine::Test, GroupLine::HeldOut}) {
        QVERIFY(contrastRatio(t.group(line, 1).color(), t.plot) >= 3);
      }
      for (int i = 0; i < Theme::kRunColours; ++i) {
        QVERIFY2(contrastRatio(t.run(i), t.panel) >= 3, qPrintable(t.run(i).name()));
      }
      QVERIFY(contrastRatio(t.time_cursor, t.plot) >= 3);
    }
  }

  void groupsDifferByLineToo() {
    const Theme t = Theme::dark();
    QCOMPARE(t.group(GroupLine::Train, 1).style(), Qt::DotLine);
    QCOMPARE(t.group(GroupLine::Test, 1).style(), Qt::SolidLine);
    QCOMPARE(t.group(GroupLine::HeldOut, 1).style(), Qt::DashLine);
  }

  void runsRepeatWithAMarker() {
    const Theme t = Theme::light();
    QCOMPARE(t.run(5), t.run(0));
    QVERIFY(!Theme::runNeedsMarker(4));
    QVERIFY(Theme::runNeedsMarker(5));
  }

  void styleSheetHasNoOpenNames() {
    for (const Theme& t : {Theme::dark(), Theme::light()}) {
      const QString sheet = styleSheet(t, 13);
      const auto left = QRegularExpression(QStringLiteral("@\\w*")).match(sheet);
      QVERIFY2(!left.hasMatch(), qPrintable(left.captured()));
    }
    QVERIFY(styleSheet(Theme::dark(), 26).contains(QStringLiteral("min-height: 52px")));
  }

  void fontsAreOurs() {
    QVERIFY(loadFonts());
    QCOMPARE(QFontInfo(textFont(13)).family(), textFamily());
    QCOMPARE(QFontInfo(monoFont(13)).family(), monoFamily());
    QCOMPARE(QFontInfo(textFont(13, Weight::SemiBold)).weight(), int(QFont::DemiBold));
    // Tabular digits: live numbers must not jitter.
    const QFontMetricsF mono(monoFont(13));
    QCOMPARE(mono.horizontalAdvance('1'), mono.horizontalAdvance('8'));
  }

  void iconsAreDrawnInTheirColour() {
    const QPixmap pixmap = icon(QStringLiteral("stop"), QColor(0x12, 0x34, 0x56)).pixmap(24, 24);
    QCOMPARE(pixmap.toImage().pixelColor(12, 12), QColor(0x12, 0x34, 0x56));
    QVERIFY(icon(QStringLiteral("no such icon"), Qt::red).isNull());
  }

  void themeChangesWhileRunning() {
    ThemeController controller(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    QSignalSpy changed(&controller, &ThemeController::changed);
    controller.setChoice(ThemeChoice::Light);
    QCOMPARE(controller.theme(), Theme::light());
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::light().window);
    controller.setChoice(ThemeChoice::Dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::dark().window);
    QCOMPARE(changed.count(), 2);
    controller.setFontScale(200);
    QCOMPARE(QFontInfo(QApplication::font()).pixelSize(), 26);
    controller.setFontScale(1000);
    QCOMPARE(controller.fontScale(), 200);
    controller.setFontScale(100);
    controller.setCompact(true);
    QCOMPARE(QFontInfo(QApplication::font()).pixelSize(), 12);
    controller.setHighContrast(true);
    QCOMPARE(controller.theme().text_muted, controller.theme().text);
    QCOMPARE(controller.theme().borderWidth(), 2);
  }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"

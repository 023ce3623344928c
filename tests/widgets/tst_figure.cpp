// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/figure/curves_figure.h"
#include "widgets/figure/gif_file.h"
#include "widgets/figure/heads_figure.h"
#include "widgets/figure/table_figure.h"
#include "widgets/number_format.h"
#include "widgets/time_scale.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QMimeData>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cstring>
#include <map>
#include <memory>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

enum class Item { OneHead, Heads, OverTime, Curves, Scores };
constexpr Item kItems[] = {Item::OneHead, Item::Heads, Item::OverTime, Item::Curves, Item::Scores};
constexpr const char* kItemNames[] = {"head", "heads", "heads over time", "curves", "scores"};
constexpr FigureFormat kFormats[] = {FigureFormat::Svg, FigureFormat::Pdf, FigureFormat::Png,
                                     FigureFormat::Csv, FigureFormat::Npz};

const tests::MadeRun& madeRun() {
  static const tests::MadeRun run;
  return run;
}

FigureHeads headsAt(std::int64_t step) {
  const tests::MadeRun& run = madeRun();
  return figureHeads(*run.frame(step), run.history().labelsAt(step), *run.probe(), {});
}

std::shared_ptr<const FigureContent> contentOf(Item item) {
  switch (item) {
    case Item::OneHead:
      return std::make_shared<OneHeadFigure>(headsAt(18400), 1, 0);
    case Item::Heads:
      return std::make_shared<HeadsFigure>(std::vector{headsAt(18400)});
    case Item::OverTime:
      return std::make_shared<HeadsFigure>(
          std::vector{headsAt(1000), headsAt(6800), headsAt(18400)});
    case Item::Curves:
      return std::make_shared<CurvesFigure>(madeRun().sharedHistory());
    case Item::Scores:
      break;
  }
  return std::make_shared<ScoresFigure>(madeRun().sharedHistory());
}

Figure made(std::shared_ptr<const FigureContent> content) {
  Figure figure;
  figure.source.run = QStringLiteral("run 7");
  figure.source.task = QStringLiteral("* 3 x * -> x");
  figure.source.seed = 3;
  figure.source.date = QDateTime::fromSecsSinceEpoch(1700000000, Qt::UTC);
  figure.source.program = QStringLiteral("Anchorlens 0.1.0");
  figure.content = std::move(content);
  return figure;
}

Figure made(Item item) {
  return made(contentOf(item));
}

QByteArray bytesOf(const Figure& figure, FigureFormat format) {
  const auto bytes = renderFigure(figure, format);
  return bytes ? *bytes : QByteArray();
}

/// Name of an array and the raw bytes of its values.
std::map<QString, QByteArray> arraysOf(const QByteArray& npz) {
  std::map<QString, QByteArray> arrays;
  qsizetype at = 0;
  while (npz.mid(at, 4) == QByteArray("PK\x03\x04", 4)) {
    quint32 size = 0;
    quint16 name_length = 0;
    std::memcpy(&size, npz.constData() + at + 18, 4);
    std::memcpy(&name_length, npz.constData() + at + 26, 2);
    const QString name = QString::fromUtf8(npz.mid(at + 30, name_length)).chopped(4);
    const QByteArray npy = npz.mid(at + 30 + name_length, size);
    quint16 header = 0;
    std::memcpy(&header, npy.constData() + 8, 2);
    arrays[name] = npy.mid(10 + header);
    at += 30 + name_length + size;
  }
  return arrays;
}

template <typename T>
std::vector<T> valuesOf(const QByteArray& raw) {
  std::vector<T> values(static_cast<std::size_t>(raw.size()) / sizeof(T));
  std::memcpy(values.data(), raw.constData(), values.size() * sizeof(T));
  return values;
}

std::vector<QStringList> csvRows(const QByteArray& csv) {
  std::vector<QStringList> rows;
  for (const QByteArray& line : csv.trimmed().split('\n')) {
    rows.push_back(QString::fromUtf8(line).split(','));
  }
  return rows;
}

}  // namespace

class TestFigure : public QObject {
  Q_OBJECT

 private slots:
  void everyItemInEveryFormat_data() { items(); }
  void everyItemInEveryFormat() {
    const Figure figure = made(item());
    QCOMPARE(figureProblem(figure), QString());
    const QTemporaryDir folder;
    for (const FigureFormat format : kFormats) {
      const QString name = folder.filePath(QStringLiteral("figure.") + figureSuffix(format));
      const auto written = exportFigure(figure, name.toStdString());
      QVERIFY2(written.has_value(), written ? "" : written.error().text().c_str());
      QVERIFY(QFile(name).size() > 500);
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 5);
  }

  void sameRequestSameBytes_data() { items(); }
  void sameRequestSameBytes() {
    for (const FigureFormat format : kFormats) {
      const QByteArray first = bytesOf(made(item()), format);
      QTest::qSleep(format == FigureFormat::Pdf && item() == Item::Heads
                        ? 1100
                        : 0);  // another second of the clock
      QCOMPARE(bytesOf(made(item()), format), first);
    }
  }

  void vectorsAreVectors_data() { items(); }
  void vectorsAreVectors() {
    Figure figure = made(item());
    for (const bool is_dark : {false, true}) {
      figure.style.dark = is_dark;
      const QByteArray svg = bytesOf(figure, FigureFormat::Svg);
      QVERIFY(!svg.contains("<image"));
      QVERIFY(!svg.contains("data:image"));
      QVERIFY(svg.contains("<text"));
      const QByteArray pdf = bytesOf(figure, FigureFormat::Pdf);
      QVERIFY(!pdf.contains("/Subtype /Image"));
      QVERIFY(!pdf.contains("/Subtype/Image"));
      QVERIFY(!pdf.contains("BI\n"));
      QVERIFY(pdf.contains("/FontFile2"));  // fonts are inside
    }
  }

  void svgIsSoundAndHasTheFonts_data() { items(); }
  void svgIsSoundAndHasTheFonts() {
    Figure figure = made(item());
    figure.source.run = QStringLiteral("a < b & \"c\"");
    const QByteArray svg = bytesOf(figure, FigureFormat::Svg);
    QXmlStreamReader xml(svg);
    while (!xml.atEnd()) {
      xml.readNext();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(svg.contains("@font-face{font-family:'Inter'"));
    QVERIFY(QSvgRenderer(svg).isValid());
    const QString width = QRegularExpression(QStringLiteral("width=\"([0-9.]+)mm\""))
                              .match(QString::fromUtf8(svg))
                              .captured(1);
    QVERIFY(qAbs(width.toDouble() - 6.75 * 25.4) < 0.1);
  }

  void datesComeFromTheRun() {
    Figure figure = made(Item::Heads);
    QVERIFY(bytesOf(figure, FigureFormat::Pdf).contains("(D:20231114221320"));
    QVERIFY(bytesOf(figure, FigureFormat::Svg).contains("2023-11-14T22:13:20Z"));
    figure.source.date = {};
    QVERIFY(bytesOf(figure, FigureFormat::Pdf).contains("(D:19700101000000"));
  }

  void sizeIsInInches() {
    for (const double width : {3.25, 6.75}) {
      Figure figure = made(Item::Heads);
      figure.style.width_in = width;
      figure.style.dpi = 200;
      const QImage image = QImage::fromData(bytesOf(figure, FigureFormat::Png));
      const QSizeF size = figureSize(figure);
      QCOMPARE(size.width(), width);
      QCOMPARE(image.width(), qRound(width * 200));
      QVERIFY(qAbs(image.height() - size.height() * 200) <= 1);
      QVERIFY(qAbs(image.dotsPerMeterX() * 0.0254 - 200) < 1);
      const auto box = QRegularExpression(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)"))
                           .match(QString::fromLatin1(bytesOf(figure, FigureFormat::Pdf)));
      QVERIFY(box.hasMatch());
      QVERIFY(qAbs(box.captured(1).toDouble() - width * 72) <= 1);
    }
  }

  void provenanceIsPrintedOnlyWhenAskedFor() {
    Figure figure = made(Item::Curves);
    QVERIFY(provenanceLine(figure).contains(QStringLiteral("seed 3")));
    const double with = figureSize(figure).height();
    figure.style.provenance_line = false;
    QVERIFY(figureSize(figure).height() < with);
  }

  void metadataIsInTheFileInAnyCase() {
    for (const bool is_printed : {true, false}) {
      Figure figure = made(Item::Curves);
      figure.style.provenance_line = is_printed;
      const QString line = provenanceLine(figure);
      const QImage png = QImage::fromData(bytesOf(figure, FigureFormat::Png));
      QCOMPARE(png.text(QStringLiteral("Description")), line);
      QCOMPARE(png.text(QStringLiteral("Software")), figure.source.program);
      const QByteArray svg = bytesOf(figure, FigureFormat::Svg);
      QVERIFY(svg.contains("<title>" + line.toHtmlEscaped().toUtf8() + "</title>"));
      QVERIFY(svg.contains("<desc>Anchorlens 0.1.0. Run of 2023-11-14T22:13:20Z.</desc>"));
      // Texts are two bytes a character in PDF.
      QByteArray seed;
      for (const char c : QByteArray("seed 3"))
        seed += QByteArray(1, '\0') + c;
      QVERIFY(bytesOf(figure, FigureFormat::Pdf).contains(seed));
      QVERIFY(
          !arraysOf(bytesOf(figure, FigureFormat::Npz)).at(QStringLiteral("provenance")).isEmpty());
      const PrintedTable table{QStringLiteral("Heads"),
                               {QStringLiteral("Head")},
                               {false},
                               {{QStringLiteral("L0 H0")}},
                               {}};
      figure.content = std::make_shared<TableFigure>(
          QStringLiteral("head-table"), std::vector<std::int64_t>{1000}, table, NumberTable());
      QVERIFY(bytesOf(figure, FigureFormat::Latex)
                  .startsWith("% " + provenanceLine(figure).toUtf8() + '\n'));
    }
  }

  void csvAndNpzHaveTheSameNumbers() {
    for (const Item item : {Item::OneHead, Item::Heads, Item::OverTime}) {
      const Figure figure = made(item);
      const auto rows = csvRows(bytesOf(figure, FigureFormat::Csv));
      const auto arrays = arraysOf(bytesOf(figure, FigureFormat::Npz));
      const auto pattern = valuesOf<float>(arrays.at(QStringLiteral("pattern")));
      const auto steps = valuesOf<std::int64_t>(arrays.at(QStringLiteral("step")));
      const bool is_one = item == Item::OneHead;
      const std::size_t heads = is_one ? 1 : 4;
      QCOMPARE(pattern.size(), steps.size() * heads * 81);
      QCOMPARE(rows.size() - 1, steps.size() * heads * 45);  // the visible cells
      for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto column = [&](int c) { return rows[i][c].toULongLong(); };
        const auto frame = static_cast<std::size_t>(
            std::find(steps.begin(), steps.end(), rows[i][0].toLongLong()) - steps.begin());
        const std::size_t head = is_one ? 0 : column(1) * 2 + column(2);
        const float value = pattern[((frame * heads + head) * 9 + column(3)) * 9 + column(5)];
        QCOMPARE(rows[i][7].toDouble(), static_cast<double>(value));
      }
    }
  }

  void curvesAndScoresHaveTheSameNumbers() {
    const auto rows = csvRows(bytesOf(made(Item::Curves), FigureFormat::Csv));
    const auto curves = arraysOf(bytesOf(made(Item::Curves), FigureFormat::Npz));
    for (qsizetype column = 1; column < rows.front().size(); ++column) {
      const auto values = valuesOf<double>(curves.at(rows.front()[column]));
      QCOMPARE(values.size(), rows.size() - 1);
      for (std::size_t i = 0; i < values.size(); ++i) {
        QCOMPARE(rows[i + 1][column].toDouble(), values[i]);
      }
    }
    const auto score_rows = csvRows(bytesOf(made(Item::Scores), FigureFormat::Csv));
    const auto scores = arraysOf(bytesOf(made(Item::Scores), FigureFormat::Npz));
    const auto lifts = valuesOf<double>(scores.at(QStringLiteral("lift")));
    QCOMPARE(lifts.size(), (score_rows.size() - 1) * 6);
    for (std::size_t i = 0; i < lifts.size(); ++i) {
      QCOMPARE(score_rows[i / 6 + 1][5 + static_cast<qsizetype>(i % 6)].toDouble(), lifts[i]);
    }
  }

  void aPartOfTimeHasItsOwnNumbers() {
    const TimeView view{StepRange{1000, 2000}, 1};
    const auto history = madeRun().sharedHistory();
    const Figure part = made(std::make_shared<CurvesFigure>(history, view));
    const NumberTable table = part.content->numbers();
    QVERIFY(table.rows.size() > 5);
    QCOMPARE(std::get<qint64>(table.rows.front().front()), 1000);
    QCOMPARE(std::get<qint64>(table.rows.back().front()), 2000);
    const auto raw = table.columns.indexOf(QStringLiteral("test_loss"));
    const auto smooth = table.columns.indexOf(QStringLiteral("test_loss_smoothed"));
    QVERIFY(raw > 0 && smooth > 0);
    // What smoothing makes of all that was before, not of the part alone.
    const GroupSeries* test = nullptr;
    for (const GroupSeries& group : history->groups())
      test = group.line == GroupLine::Test ? &group : test;
    QVERIFY(test != nullptr);
    const auto& last = table.rows.back();
    QCOMPARE(std::get<double>(last[static_cast<std::size_t>(raw)]), test->loss.at(2000));
    QCOMPARE(std::get<double>(last[static_cast<std::size_t>(smooth)]),
             smoothed(test->loss, 1).at(2000));
    QVERIFY(provenanceLine(part).contains(QStringLiteral("steps %1 to %2, lightly smoothed")
                                              .arg(formatInteger(1000), formatInteger(2000))));
    const Figure scores = made(std::make_shared<ScoresFigure>(history, view));
    const auto arrays = arraysOf(bytesOf(scores, FigureFormat::Npz));
    const auto steps = valuesOf<std::int64_t>(arrays.at(QStringLiteral("step")));
    QCOMPARE(steps.front(), 1000);
    QCOMPARE(steps.back(), 2000);
    QCOMPARE(static_cast<int>(steps.size()) * 4,
             static_cast<int>(scores.content->numbers().rows.size()));
    QCOMPARE(figureProblem(made(
                 std::make_shared<ScoresFigure>(history, TimeView{StepRange{50000, 60000}, 0}))),
             QStringLiteral("Steps %1 to %2 are beyond the run's newest, %3.")
                 .arg(formatInteger(50000), formatInteger(60000), formatInteger(18400)));
    // In a picture nothing leaves its field, though the lines go on beyond it.
    static const QRegularExpression paths(QStringLiteral("<path [^>]*d=\"([^\"]+)\""));
    static const QRegularExpression place(QStringLiteral("[ML]([-0-9.]+),"));
    for (const auto& [figure, left] : {std::pair(part, 6.0), std::pair(scores, 8.6)}) {
      int n = 0;
      auto path = paths.globalMatch(QString::fromUtf8(bytesOf(figure, FigureFormat::Svg)));
      while (path.hasNext()) {
        auto point = place.globalMatch(path.next().captured(1));
        for (; point.hasNext(); ++n) {
          const double x = point.next().captured(1).toDouble();
          QVERIFY2(x >= left * 80 - 1 && x <= 6.75 * 720, qPrintable(QString::number(x)));
        }
      }
      QVERIFY(n > 50);
    }
  }

  void whatHappenedIsMarked() {
    auto history = madeRun().historyUntil(18400);
    history->addEvent({4100, "intervention", "Learning rate halved."});
    const std::vector<core::Bookmark> bookmarks{{900, "look"}, {5000, ""}};
    const TimeView view{StepRange{1000, 8000}, 0};
    const Figure plain = made(std::make_shared<CurvesFigure>(history, view));
    const Figure marked = made(std::make_shared<CurvesFigure>(history, view, bookmarks));
    QVERIFY(figureSize(marked).height() > figureSize(plain).height());
    const QByteArray svg = bytesOf(marked, FigureFormat::Svg);
    for (const char* name : {"Markers", "Frame", "Intervention", "Bookmark"}) {
      QVERIFY2(svg.contains(">" + QByteArray(name) + "<"), name);
      QVERIFY2(!bytesOf(plain, FigureFormat::Svg).contains(">" + QByteArray(name) + "<"), name);
    }
    const auto arrays = arraysOf(bytesOf(marked, FigureFormat::Npz));
    const auto steps = valuesOf<std::int64_t>(arrays.at(QStringLiteral("marker_step")));
    QVERIFY(std::count(steps.begin(), steps.end(), 4100) == 1);
    QVERIFY(std::count(steps.begin(), steps.end(), 5000) == 1);
    QVERIFY(std::count(steps.begin(), steps.end(), 900) == 0);
    QCOMPARE(arraysOf(bytesOf(plain, FigureFormat::Npz)).count(QStringLiteral("marker_step")),
             std::size_t{0});
  }

  void pictureShowsTheCells() {
    Figure figure = made(Item::OneHead);
    figure.style.width_in = 3.25;
    figure.style.values = figure.style.outlines = false;
    const QImage image = QImage::fromData(bytesOf(figure, FigureFormat::Png));
    // Colours of the largest and the smallest weight both cover some area.
    const HeadMapData map = headsAt(18400).maps[2];
    for (const Cell cell : {Cell{0, 0}, Cell{8, 3}, Cell{8, 0}}) {
      const QRgb wanted = colourAt(ColourMap::Viridis, map.at(cell));
      int found = 0;
      for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
          found += image.pixel(x, y) == wanted ? 1 : 0;
        }
      }
      QVERIFY2(found > 2000, qPrintable(QString::number(found)));
    }
  }

  void problemsAreSaid() {
    Figure figure = made(std::make_shared<OneHeadFigure>(headsAt(18400), 5, 0));
    QCOMPARE(figureProblem(figure), QStringLiteral("There is no layer 5 head 0: the model has 2 "
                                                   "layers of 2 heads."));
    QVERIFY(!renderFigure(figure, FigureFormat::Svg).has_value());
    FigureHeads without = headsAt(18400);
    without.maps.clear();
    figure = made(std::make_shared<HeadsFigure>(std::vector{without}));
    QVERIFY(figureProblem(figure).contains(QStringLiteral("no attention patterns")));
    figure = made(std::make_shared<HeadsFigure>(std::vector<FigureHeads>()));
    QCOMPARE(figureProblem(figure), QStringLiteral("No step was chosen."));
    figure = made(std::make_shared<CurvesFigure>(nullptr));
    QCOMPARE(figureProblem(figure), QStringLiteral("The run has no steps yet."));
    figure = made(Item::Heads);
    figure.style.width_in = 0;
    QVERIFY(!renderFigure(figure, FigureFormat::Svg).has_value());
  }

  void writingFailsWithThePlace() {
    const QTemporaryDir folder;
    const Figure figure = made(Item::Heads);
    const auto bad_suffix = exportFigure(figure, "figure.tiff");
    QVERIFY(!bad_suffix.has_value());
    QCOMPARE(bad_suffix.error().path, std::string("figure.tiff"));
    const std::string nowhere = folder.filePath(QStringLiteral("no/such/f.svg")).toStdString();
    const auto written = exportFigure(figure, nowhere);
    QVERIFY(!written.has_value());
    QVERIFY(written.error().path.find("no/such") != std::string::npos);
    QVERIFY(QDir(folder.path()).isEmpty());
  }

  void fileNamesAreFilledIn() {
    const FigureNames names = figureNames(made(Item::OverTime));
    QCOMPARE(figureFileName(QStringLiteral("out/{run}_{view}_{steps}_{step}_{seed}_{x}"), names),
             QStringLiteral("out/run 7_heads_1000-6800-18400_1000_3_{x}"));
    QCOMPARE(figureFileName(QStringLiteral("a:b?"), names), QStringLiteral("a-b-"));
    QCOMPARE(figureFormat(QStringLiteral(".PDF")), FigureFormat::Pdf);
    QVERIFY(!figureFormat(QStringLiteral("tiff")));
  }

  void clipboardHasPictureVectorAndNumbers() {
    const std::unique_ptr<QMimeData> mime(figureMimeData(made(Item::OneHead)));
    QVERIFY(!QImage::fromData(mime->data(QStringLiteral("image/png"))).isNull());
    QVERIFY(mime->data(QStringLiteral("image/svg+xml")).contains("<svg"));
    QVERIFY(mime->text().startsWith(QStringLiteral("step\tlayer\thead\treader")));
  }

  void animationsKeepColoursAndTime() {
    std::vector<QImage> pictures;
    for (const std::int64_t step : {1000, 6800, 18400}) {
      const Figure one = made(std::make_shared<OneHeadFigure>(headsAt(step), 1, 0));
      pictures.push_back(figureImage(one, 60));
    }
    GifFile gif(pictures, 20, QStringLiteral("of run 7"));
    for (const QImage& picture : pictures)
      QVERIFY(gif.add(picture));
    QVERIFY(gif.add(pictures.back()));  // nothing new: it lasts all the same
    QByteArray bytes = gif.finish();
    QVERIFY(bytes.startsWith("GIF89a"));
    QVERIFY(bytes.contains("of run 7"));
    QVERIFY(bytes.contains("NETSCAPE2.0"));
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, "gif");
    QCOMPARE(reader.imageCount(), 4);
    for (const QImage& picture : pictures) {
      const QImage shown = reader.read().convertToFormat(QImage::Format_RGB32);
      QCOMPARE(shown.size(), picture.size());
      QCOMPARE(reader.nextImageDelay(), 50);
      QCOMPARE(shown.pixel(1, 1), picture.pixel(1, 1));  // paper stays white
      qint64 off = 0;
      for (int y = 0; y < shown.height(); ++y) {
        for (int x = 0; x < shown.width(); ++x)
          off += qAbs(qGreen(shown.pixel(x, y)) - qGreen(picture.pixel(x, y)));
      }
      QVERIFY2(off < shown.width() * shown.height(), qPrintable(QString::number(off)));
    }
  }

  /// A provenance that takes another line makes a picture higher.
  void animationsAreAsLargeAsTheirPictures() {
    QImage low(40, 30, QImage::Format_RGB32);
    low.fill(Qt::white);
    QImage high(40, 36, QImage::Format_RGB32);
    high.fill(Qt::blue);
    GifFile gif({low, high}, 10, QStringLiteral("of run 7"));
    QVERIFY(gif.add(low) && gif.add(high) && gif.add(low));
    QByteArray bytes = gif.finish();
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, "gif");
    QCOMPARE(reader.imageCount(), 3);
    for (const QColor& foot : {QColor(Qt::white), QColor(Qt::blue), QColor(Qt::white)}) {
      const QImage shown = reader.read();
      QCOMPARE(shown.size(), high.size());
      QCOMPARE(shown.pixelColor(20, 34), foot);
    }
  }

  void manyStepsWrapIntoRows() {
    const double one_row = figureSize(made(Item::OverTime)).height();
    const Figure many =
        made(std::make_shared<HeadsFigure>(std::vector<FigureHeads>(9, headsAt(18400))));
    QVERIFY(figureSize(many).height() > 1.5 * one_row);
  }

 private:
  static void items() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < 5; ++i) {
      QTest::newRow(kItemNames[i]) << i;
    }
  }
  static Item item() {
    QFETCH(int, index);
    return kItems[index];
  }
};

QTEST_MAIN(TestFigure)
#include "tst_figure.moc"

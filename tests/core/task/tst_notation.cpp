// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/notation.h"
#include "tests/support/task_specs.h"

#include <QProcess>
#include <QRectF>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

QString latexOf(const TaskSpec& spec) {
  return QString::fromStdString(notationLatex(spec));
}

/// Commands and environments; those of plain LaTeX and amsmath that the fragments use.
const QSet<QString> kKnown{
    "usepackage",   "begin", "end", "ast",      "longrightarrow", "mathbf", "mathit",
    "bmod",         "cdot",  "min", "max",      "lvert",          "rvert",  "mid",
    "mapsto",       "in",    "cup", "emptyset", "operatorname",   "text",   "texttt",
    "textbackslash"};

}  // namespace

class TestNotation : public QObject {
  Q_OBJECT

 private slots:
  void latexByHand();
  void latexOfOperations();
  void latexIsBalanced();
  void latexCompiles();
  void svgByHand();
  void svgOfEveryTask();
  void showsWhatIsBroken();
  void takesColours();
};

void TestNotation::latexByHand() {
  TaskSpec spec = composite();
  spec.relabel = {{{{"A", 4}, {"B", 3}}, "x-6"}};
  QCOMPARE(latexOf(spec), QStringLiteral(R"(% needs \usepackage{amsmath}
\begin{align*}
  & \ast\; x\; A\; B\; \ast \;\longrightarrow\; B(A(x))
\end{align*}
\begin{align*}
  \mathbf{1}(x) &= x + 5 \\
  \mathbf{2}(x) &= x + 1 \\
  \mathbf{3}(x) &= x - 2 \\
  \mathbf{4}(x) &= x - 8
\end{align*}
Length $T = 9$; noise in $[20, 100]$.
Held out for test: $(x - p_{x}) \bmod 8 = 0$, or $(A, B) = (\mathbf{3}, \mathbf{4})$ ($p$ the position of the key).
Taught instead: $(A, B) = (\mathbf{4}, \mathbf{3}) \mapsto x - 6$.
)"));
}

void TestNotation::latexOfOperations() {
  TaskSpec spec = composite();
  const std::pair<const char*, const char*> operations[] = {
      {"x*(x-3)", "\\mathbf{1}(x) &= x \\cdot (x - 3)"},
      {"x-(y-z)", "\\mathbf{1}(x, y, z) &= x - (y - z)"},
      {"-x mod 8", "\\mathbf{1}(x) &= -x \\bmod 8"},
      {"x*(-2)", "\\mathbf{1}(x) &= x \\cdot (-2)"},
      {"abs(x-y)", "\\mathbf{1}(x, y) &= \\lvert x - y \\rvert"},
      {"min(x, y, 3)", "\\mathbf{1}(x, y) &= \\min(x, y, 3)"},
      {"same as 3", "\\mathbf{1}(x) &= \\mathbf{3}(x)"},
      {"table 7", "\\mathbf{1}(x) &= \\text{table 7}"},
      {"80% x | 20% x+1",
       "\\mathbf{1}(x) &= \\begin{cases} x & \\text{with }80\\,\\% \\\\ x + 1 & \\text{with "
       "}20\\,\\% \\\\ \\end{cases}"},
  };
  for (const auto& [operation, latex] : operations) {
    spec.anchors = {{1, operation}};
    QVERIFY2(latexOf(spec).contains(latex), qPrintable(latexOf(spec)));
  }
}

/// Every brace, bracket pair of commands and environment is closed; nothing but amsmath is needed.
void TestNotation::latexIsBalanced() {
  for (const NamedTask& named : allTasks()) {
    const QString text = latexOf(named.spec);
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
      const bool is_escaped = i > 0 && text[i - 1] == '\\';
      depth += text[i] == '{' && !is_escaped ? 1 : text[i] == '}' && !is_escaped ? -1 : 0;
      QVERIFY2(depth >= 0, qPrintable(text));
    }
    QCOMPARE(depth, 0);
    QCOMPARE(text.count('$') % 2, 0);
    QCOMPARE(text.count("\\begin{"), text.count("\\end{"));
    static const QRegularExpression command("\\\\([a-zA-Z]+)");
    for (auto match = command.globalMatch(text); match.hasNext();) {
      const QString name = match.next().captured(1);
      QVERIFY2(kKnown.contains(name), qPrintable(name));
    }
  }
}

/// In an article with amsmath alone.
void TestNotation::latexCompiles() {
  const QString program = QStandardPaths::findExecutable("pdflatex");
  if (program.isEmpty()) {
    QSKIP("needs pdflatex");
  }
  const QTemporaryDir folder;
  QFile file(folder.filePath("all.tex"));
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n");
  for (const NamedTask& named : allTasks()) {
    file.write(latexOf(named.spec).toUtf8() + "\n");
  }
  file.write("\\end{document}\n");
  file.close();
  QProcess latex;
  latex.setWorkingDirectory(folder.path());
  latex.start(program, {"-interaction=nonstopmode", "-halt-on-error", "all.tex"});
  QVERIFY(latex.waitForFinished());
  QVERIFY2(latex.exitCode() == 0, latex.readAllStandardOutput());
  QVERIFY(QFile::exists(folder.filePath("all.pdf")));
}

void TestNotation::svgByHand() {
  QCOMPARE(
      QString::fromStdString(notationSvg(identity())),
      QStringLiteral(
          R"(<svg xmlns="http://www.w3.org/2000/svg" width="480.8" height="74" viewBox="0 0 480.8 74" font-family="JetBrains Mono, DejaVu Sans Mono, monospace" font-size="14">
  <text x="14.2" y="26.8" text-anchor="middle" fill="#5B6371">*</text>
  <rect x="24.4" y="10" width="24.4" height="24" rx="3" fill="#FCE9D3" stroke="#8F4A00"/>
  <text x="36.6" y="26.8" text-anchor="middle" fill="#8F4A00" font-weight="600">3</text>
  <rect x="54.8" y="10" width="24.4" height="24" rx="12" fill="#DDEBFB" stroke="#1A58A5"/>
  <text x="67" y="26.8" text-anchor="middle" fill="#1A58A5" font-weight="600">x</text>
  <text x="89.4" y="26.8" text-anchor="middle" fill="#5B6371">*</text>
  <text x="103.8" y="26.8" text-anchor="middle" fill="#191C22">→</text>
  <rect x="114" y="10" width="24.4" height="24" rx="12" fill="#DBF1E3" stroke="#17693A"/>
  <text x="126.2" y="26.8" text-anchor="middle" fill="#17693A" font-weight="600">x</text>
  <text x="10" y="58" font-size="12" fill="#191C22">Held out for test: sequences in which (x - position) mod 8 is 0.</text>
</svg>
)"));
}

/// Well-formed, boxes within the picture and apart from each other, equal bytes again.
void TestNotation::svgOfEveryTask() {
  for (const NamedTask& named : allTasks()) {
    const std::string text = notationSvg(named.spec);
    QVERIFY(text == notationSvg(named.spec));
    QXmlStreamReader xml(QByteArray::fromStdString(text));
    QRectF picture;
    std::vector<QRectF> boxes;
    while (!xml.atEnd()) {
      xml.readNext();
      const auto number = [&](const char* name) {
        return xml.attributes().value(QLatin1String(name)).toDouble();
      };
      if (xml.isStartElement() && xml.name() == QLatin1String("svg")) {
        picture = QRectF(0, 0, number("width"), number("height"));
      } else if (xml.isStartElement() && xml.name() == QLatin1String("rect")) {
        boxes.emplace_back(number("x"), number("y"), number("width"), number("height"));
      }
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(boxes.size() >= 2);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      QVERIFY(picture.contains(boxes[i]));
      for (std::size_t k = 0; k < i; ++k) {
        QVERIFY(!boxes[i].intersects(boxes[k]));
      }
    }
  }
}

void TestNotation::showsWhatIsBroken() {
  TaskSpec spec = identity();
  spec.forms[0].pattern = "* 3x < & -> {";
  spec.anchors = {{3, "x_{}^"}};
  QXmlStreamReader xml(QByteArray::fromStdString(notationSvg(spec)));
  QString text;
  while (!xml.atEnd()) {
    xml.readNext();
    text += xml.isCharacters() ? xml.text().toString() : QString();
  }
  QVERIFY(!xml.hasError());
  QVERIFY(text.contains("* 3x < & -> {"));
  QVERIFY(latexOf(spec).contains("\\texttt{* 3x < \\& -> \\{}"));
  QVERIFY(latexOf(spec).contains("\\texttt{x\\_\\{\\}\\^{}}"));
}

void TestNotation::takesColours() {
  NotationColours colours;
  colours.key = "#123456";
  QVERIFY(notationSvg(identity(), colours).find("stroke=\"#123456\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestNotation)
#include "tst_notation.moc"

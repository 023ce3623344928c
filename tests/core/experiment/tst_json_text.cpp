// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"
#include "tests/core/experiment/errors_text.h"

#include <QtTest>

#include <string>

using namespace anchorlens::core;

class TestJsonText : public QObject {
  Q_OBJECT

 private slots:
  void errors_data();
  void errors();
  void duplicateKeepsTheFirst();
  void limits();
  void keepsOrderAndNumbers();
  void canonicalLines();
  void shortTexts();
};

void TestJsonText::errors_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const char* text, const char* expected) {
    QTest::newRow(name) << QByteArray(text) << QString(expected) + "\n";
  };
  row("empty", "", ": the text is empty; expected a JSON object");
  row("blank", " \n\t", ": the text is empty; expected a JSON object");
  row("not closed", "{\"a\": [1, 2",
      ": not JSON at line 1, column 12: the text ends before the last bracket or quote is closed");
  row("trailing comma", "{\n  \"a\": 1,\n}",
      ": not JSON at line 3, column 1: a comma with nothing after it");
  row("trailing comma in a list", "[1, 2,  ]",
      ": not JSON at line 1, column 9: a comma with nothing after it");
  row("comment", "{\n  // here\n}", ": not JSON at line 2, column 3: comments are not allowed");
  row("single quotes", "{'a': 1}",
      ": not JSON at line 1, column 2: texts are written in double quotes");
  row("not a number", "[NaN]", ": not JSON at line 1, column 2: did not expect \"NaN\"");
  row("too large a number", "[1e999]",
      ": not JSON at line 1, column 6: the number \"1e999\" is too large");
  row("two documents", "{} {}", ": not JSON at line 1, column 4: did not expect \"{\"");
  row("bytes", "[\"\xff\"]", ": not JSON at line 1, column 3: bytes that are not UTF-8");
  row("line break in a text", "[\"a\nb\"]",
      ": not JSON at line 1, column 4: a line break or control character inside a text; write it "
      "as \\n or \\u....");
  row("twice", "{\"m\": {\"a\": 1, \"a\": 2}}", "/m/a: the key \"a\" occurs twice");
  row("twice in a list", "[0, {\"x/y\": 1, \"x/y\": 2}]", "/1/x~1y: the key \"x/y\" occurs twice");
}

void TestJsonText::errors() {
  QFETCH(QByteArray, text);
  QFETCH(QString, expected);
  SpecErrors errors;
  readJson(text.toStdString(), errors);
  QCOMPARE(errorsText(errors), expected);
}

void TestJsonText::duplicateKeepsTheFirst() {
  SpecErrors errors;
  const auto json = readJson("{\"a\": [1], \"b\": 5, \"a\": {\"c\": 2}}", errors);
  QVERIFY(json.has_value());
  QCOMPARE(errors.size(), std::size_t{1});
  QCOMPARE(json->dump(), std::string("{\"a\":[1],\"b\":5}"));
}

void TestJsonText::limits() {
  const auto message = [](const std::string& text) {
    SpecErrors errors;
    readJson(text, errors);
    return errorsText(errors);
  };
  QCOMPARE(message(std::string(1000000, '[')),
           QStringLiteral(": lists and objects are nested more than 32 deep\n"));
  QCOMPARE(message(std::string(32, '[') + std::string(32, ']')), QString());
  QCOMPARE(message(std::string(kMaxJsonBytes + 1, ' ')),
           QStringLiteral(": the text has 4194305 bytes; at most 4194304 are read\n"));
  std::string members = "{\"k\": 0";
  for (int i = 0; i < 256; ++i)
    members += ", \"k" + std::to_string(i) + "\": 0";
  QCOMPARE(message(members + "}"), QStringLiteral(": an object has more than 256 keys\n"));
  std::string twice = "{\"k\": 0";
  for (int i = 0; i < 500000; ++i)
    twice += ",\"k\":0";
  QVERIFY(message(twice + "}").endsWith(": more than 100 keys occur twice\n"));
}

void TestJsonText::keepsOrderAndNumbers() {
  SpecErrors errors;
  const std::string text = "{\"b\":1,\"a\":18446744073709551615,\"c\":[-1,1e-8,0.1]}";
  const auto json = readJson(text, errors);
  QVERIFY(json.has_value());
  QCOMPARE(json->dump(), std::string("{\"b\":1,\"a\":18446744073709551615,\"c\":[-1,1e-08,0.1]}"));
}

void TestJsonText::canonicalLines() {
  Json json = {{"a", {{"short", {1, 2}}, {"empty", Json::object()}}}, {"list", Json::array()}};
  json["a"]["long"] = std::vector<std::string>(3, std::string(30, 'y'));
  const std::string item = "      \"" + std::string(30, 'y') + "\"";
  QCOMPARE(QString::fromStdString(canonicalText(json)),
           QString::fromStdString("{\n  \"a\": {\n    \"short\": [1, 2],\n    \"empty\": {},\n"
                                  "    \"long\": [\n" +
                                  item + ",\n" + item + ",\n" + item +
                                  "\n    ]\n  },\n  \"list\": []\n}\n"));
  // Exactly 100 columns with the comma stay on one line, one more does not.
  const auto linesOf = [](std::size_t length) {
    const Json one = {{"a", {{"k", {std::string(length, 'z')}}}}};
    const std::string text = canonicalText(one);
    return std::count(text.begin(), text.end(), '\n');
  };
  QCOMPARE(linesOf(100 - 1 - std::string("    \"k\": [\"\"]").size()), 5);
  QCOMPARE(linesOf(100 - std::string("    \"k\": [\"\"]").size()), 7);
}

void TestJsonText::shortTexts() {
  QCOMPARE(shortText(Json(32.7)), std::string("32.7"));
  QCOMPARE(shortText(Json("\x1b[31m")), std::string("\"\\u001b[31m\""));
  QCOMPARE(shortText(Json(std::string(100, 'a'))), "\"" + std::string(39, 'a') + "...");
  // Cut between characters, not inside one.
  const std::string umlauts = shortText(Json(QString(100, u'ü').toStdString()));
  QCOMPARE(umlauts, "\"" + QString(19, u'ü').toStdString() + "...");
  QCOMPARE(pointerStep("a/b~c\x1b"), std::string("a~1b~0c?"));
}

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_json_text.moc"

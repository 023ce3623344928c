// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment_json.h"
#include "tests/core/fuzz/fuzz.h"

#include <QDir>
#include <QObject>
#include <QTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

/// Presets, examples, and the files that are wrong in one way each.
std::vector<std::string> corpus() {
  std::vector<std::string> texts;
  for (const auto& names : {presetNames(), exampleNames()}) {
    for (const std::string& name : names) {
      texts.emplace_back(presetText(name));
    }
  }
  const QDir broken(ANCHORLENS_SOURCE_DIR "/tests/data/broken_experiments");
  for (const QString& name : broken.entryList({"*.json"}, QDir::Files, QDir::Name)) {
    QFile file(broken.filePath(name));
    if (file.open(QIODevice::ReadOnly)) {
      texts.push_back(file.readAll().toStdString());
    }
  }
  return texts;
}

/// Replaces, removes and doubles values in the document: what is still JSON gets deep into the
/// reader.
class ValueMutator {
 public:
  explicit ValueMutator(Random& random) : m_random(random) {
    for (const std::string& line : fuzzLines("values.txt")) {
      SpecErrors ignored;
      if (auto value = readJson(line, ignored)) {
        m_values.push_back(std::move(*value));
      }
    }
  }

  void change(Json& json) {
    Json* at = &json;
    while (at->is_structured() && !at->empty() && m_random.below(6) != 0) {
      at = &*anyOf(*at);
    }
    switch (m_random.below(4)) {
      case 0:
        if (at->is_structured() && !at->empty()) {
          at->erase(anyOf(*at));
        }
        break;
      case 1:
        if (at->is_array() && !at->empty() && at->size() < 100) {
          const Json list = *at;
          at->insert(at->end(), list.begin(), list.end());
        } else if (at->is_string()) {
          *at = at->get<std::string>() + at->get<std::string>().substr(0, 40);
        }
        break;
      case 2:
        if (at->is_object()) {
          (*at)[m_random.below(2) == 0 ? "x" : "rule"] = value();
        }
        break;
      default:
        *at = value();
    }
  }

 private:
  /// A member or item; the iterators of objects know ++ alone.
  Json::iterator anyOf(Json& json) {
    auto found = json.begin();
    for (auto n = m_random.below(static_cast<std::uint32_t>(json.size())); n > 0; --n) {
      ++found;
    }
    return found;
  }
  const Json& value() {
    return m_values[m_random.below(static_cast<std::uint32_t>(m_values.size()))];
  }
  Random& m_random;
  std::vector<Json> m_values;
};

/// Errors that say something, or a spec that survives being written.
std::string problemOf(const std::string& text, std::int64_t& n_read) {
  const auto spec = parseExperiment(text);
  if (!spec) {
    const bool is_told = !spec.error().empty() && spec.error().size() <= 101 &&
                         std::all_of(spec.error().begin(), spec.error().end(),
                                     [](const auto& error) { return !error.message.empty(); });
    return is_told ? "" : "errors without a message";
  }
  ++n_read;
  const auto again = parseExperiment(writeExperiment(*spec));
  return again && *again == *spec ? "" : "does not survive being written";
}

}  // namespace

class TestFuzzExperiment : public QObject {
  Q_OBJECT

 private slots:
  void seedsAreSafe();
  void mutantsAreSafe();
};

void TestFuzzExperiment::seedsAreSafe() {
  CostWatch watch;
  std::int64_t n_read = 0;
  std::vector<std::string> texts = corpus();
  const std::vector<std::string> hostile = fuzzLines("experiments.txt");
  texts.insert(texts.end(), hostile.begin(), hostile.end());
  for (const std::string& text : texts) {
    const std::string problem = problemOf(text, n_read);
    QVERIFY2(problem.empty(), ("<" + shown(text) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(text).c_str());
  }
  QVERIFY(n_read >= 18);
  JUDGE_MEMORY(watch);
}

void TestFuzzExperiment::mutantsAreSafe() {
  const std::int64_t n = fuzzInputs(3000);
  Random random(fuzzSeed(), "fuzz/experiment");
  const std::vector<std::string> texts = corpus();
  Mutator mutator(texts, "{}[]\":,0123456789.-eE \\u\n\xFF*->xA", random);
  const std::vector<std::string> hostile = fuzzLines("experiments.txt");
  ValueMutator values(random);
  CostWatch watch;
  std::int64_t n_read = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto& source = i % 1000 == 1 ? hostile : texts;
    std::string text = source[random.below(static_cast<std::uint32_t>(source.size()))];
    SpecErrors ignored;
    auto json = i % 3 == 0 ? std::optional<Json>() : readJson(text, ignored);
    for (std::uint32_t edits = json ? 1 + random.below(2) : 0; edits > 0; --edits) {
      values.change(*json);
    }
    text =
        json ? json->dump(-1, ' ', false, Json::error_handler_t::replace) : mutator.changed(text);
    watch.isQuick();  // what was spent until here is the test's own
    const std::string problem = problemOf(text, n_read);
    QVERIFY2(problem.empty(), ("<" + shown(text) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(text).c_str());
  }
  QVERIFY2(n_read > n / 50, QByteArray::number(static_cast<qint64>(n_read)));
  JUDGE_MEMORY(watch);
  qInfo("%lld inputs, %lld read, slowest %.3f s, %.0f MB", static_cast<long long>(n),
        static_cast<long long>(n_read), watch.slowest(), watch.peakGrowth());
}

QTEST_GUILESS_MAIN(TestFuzzExperiment)
#include "tst_fuzz_experiment.moc"

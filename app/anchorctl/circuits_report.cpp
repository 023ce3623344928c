// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/circuits_report.h"

#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/store/npz_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace anchorlens::ctl {
namespace {

using core::analysis::HeadPlace;
using core::analysis::MatrixName;
using core::analysis::NamedArray;
using core::analysis::NormChoice;
using Json = nlohmann::ordered_json;
using Align = TextTable::Align;

constexpr std::size_t kPairsShown = 5;

const char* normName(const CircuitsReport& report) {
  return report.is_folded ? "folded" : "as_is";
}

const char* readingName(const CircuitsReport& report) {
  return report.reads_embedding ? "embedding" : "unembedding";
}

const NamedArray* find(const CircuitsReport& report, const std::string& name) {
  const auto found = std::find_if(report.arrays.begin(), report.arrays.end(),
                                  [&name](const NamedArray& array) { return array.name == name; });
  return found == report.arrays.end() ? nullptr : &*found;
}

Json arrayJson(const NamedArray& array) {
  if (array.shape.empty()) {
    return jsonNumber(array.values.front());
  }
  Json list = Json::array();
  const auto cols = static_cast<std::size_t>(array.shape.size() == 2 ? array.shape[1] : 0);
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (cols == 0) {
      list.push_back(jsonNumber(array.values[i]));
      continue;
    }
    if (i % cols == 0) {
      list.push_back(Json::array());
    }
    list.back().push_back(jsonNumber(array.values[i]));
  }
  return list;
}

/// Shortest text that reads back as the same number; nothing for what is no number.
std::string exact(double value) {
  if (!std::isfinite(value)) {
    return "";
  }
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// Value at the place of the report's step.
std::string atStep(const CircuitsReport& report, const std::string& name, int digits) {
  const NamedArray* steps = find(report, "steps");
  const NamedArray* values = find(report, name);
  if (steps == nullptr || values == nullptr) {
    return "-";
  }
  const auto place =
      std::find(steps->values.begin(), steps->values.end(), static_cast<double>(report.step)) -
      steps->values.begin();
  return fixed(values->values.at(static_cast<std::size_t>(place)), digits);
}

bool isOf(const MatrixName& name, const HeadPlace& head) {
  return name.head == head.head &&
         name.tensor.starts_with("layers." + std::to_string(head.layer) + ".");
}

/// Whether the tables are about one of these heads.
template <typename IsHead>
bool isTold(const CircuitsReport& report, const IsHead& is_head) {
  return report.heads.empty() || std::any_of(report.heads.begin(), report.heads.end(), is_head);
}

std::string matricesTable(const CircuitsReport& report) {
  TextTable table({{"matrix", Align::Left},
                   {"largest singular value", Align::Right},
                   {"stable rank", Align::Right},
                   {"condensation", Align::Right}});
  for (const auto& name : core::analysis::listMatrices(report.model)) {
    if (!isTold(report, [&name](const HeadPlace& head) { return isOf(name, head); })) {
      continue;
    }
    const NamedArray* values = find(report, "singular_values." + name.id);
    table.addRow({name.id, fixed(values->values.front(), 3),
                  atStep(report, "stable_rank." + name.id, 2),
                  atStep(report, "condensation." + name.id, 3)});
  }
  return table.text();
}

struct Pair {
  std::string kind;
  std::size_t later = 0;
  std::size_t earlier = 0;
  double score = 0;
};

std::string pairsTable(const CircuitsReport& report) {
  const auto heads = core::analysis::allHeads(report.model);
  std::vector<Pair> pairs;
  for (const char* kind : {"q", "k", "v"}) {
    const NamedArray* scores = find(report, std::string("composition_") + kind);
    for (std::size_t i = 0; scores != nullptr && i < scores->values.size(); ++i) {
      const Pair pair{kind, i / heads.size(), i % heads.size(), scores->values[i]};
      const auto has = [&](const HeadPlace& head) {
        return head == heads[pair.later] || head == heads[pair.earlier];
      };
      if (std::isfinite(pair.score) && isTold(report, has)) {
        pairs.push_back(pair);
      }
    }
  }
  if (pairs.empty()) {
    return {};
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.score > b.score; });
  pairs.resize(std::min(pairs.size(), kPairsShown));
  TextTable table({{"composition", Align::Left},
                   {"head", Align::Left},
                   {"reads", Align::Left},
                   {"score", Align::Right}});
  const auto name = [&heads](std::size_t i) {
    return std::to_string(heads[i].layer) + "." + std::to_string(heads[i].head);
  };
  for (const Pair& pair : pairs) {
    table.addRow({pair.kind, name(pair.later), name(pair.earlier), fixed(pair.score, 3)});
  }
  return "\n" + table.text() + "of unrelated matrices: " +
         fixed(find(report, "composition_baseline")->values.front(), 3) + "\n";
}

}  // namespace

nlohmann::ordered_json circuitsJson(const CircuitsReport& report) {
  Json json{{"step", report.step},
            {"layer_norm", normName(report)},
            {"reading", readingName(report)},
            {"arrays", Json::object()}};
  for (const NamedArray& array : report.arrays) {
    json["arrays"][array.name] = arrayJson(array);
  }
  return json;
}

std::string circuitsCsv(const CircuitsReport& report) {
  std::string csv = "array,i,j,value\n";
  for (const NamedArray& array : report.arrays) {
    const auto cols = static_cast<std::size_t>(array.shape.size() == 2 ? array.shape[1] : 1);
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      csv += array.name + ",";
      csv += array.shape.empty() ? "" : std::to_string(i / cols);
      csv += "," + (array.shape.size() == 2 ? std::to_string(i % cols) : std::string());
      csv += "," + exact(array.values[i]) + "\n";
    }
  }
  return csv;
}

std::string circuitsNpz(const CircuitsReport& report) {
  core::NpzWriter npz;
  for (const NamedArray& array : report.arrays) {
    npz.add(array.name, array.shape, array.values);
  }
  npz.add("layer_norm", {}, std::vector<std::string>{normName(report)});
  npz.add("reading", {}, std::vector<std::string>{readingName(report)});
  return npz.bytes();
}

std::string circuitsText(const CircuitsReport& report) {
  const NamedArray* share = find(report, "pca_share");
  const auto norm = report.is_folded ? NormChoice::Folded : NormChoice::AsIs;
  const std::string of_heads = "weights of step " + withSpaces(report.step) + ", " +
                               core::analysis::normText(report.model, norm) + "\n\n" +
                               matricesTable(report) + pairsTable(report);
  if (!report.heads.empty()) {
    return of_heads;
  }
  return of_heads + "\nembedding: the first two components have " +
         fixed(100 * (share->values[0] + share->values[1]), 1) + " % of the variance\n";
}

}  // namespace anchorlens::ctl

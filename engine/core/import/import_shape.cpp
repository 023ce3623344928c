// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/import_shape.h"

#include "engine/core/experiment/document.h"
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment_json.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr const char* kImportFormat = "anchorlens-import";
constexpr const char* kWholeExperiment = "anchorlens-experiment";

/// Collects the errors of one document.
class ShapeReader {
 public:
  explicit ShapeReader(SpecErrors& errors) : m_errors(errors) {}

  ImportShape read(const Json& document) {
    ImportShape shape;
    shape.part = "/experiment";
    checkKeys(
        document, "",
        {"format", "format_version", "experiment", "names", "tensors", "ignore", "checkpoints"});
    if (const Json* version = member(document, "format_version"); version && *version != 1) {
      fail("/format_version", "expected 1, got " + shortText(*version));
    }
    readExperiment(document, shape);
    if (const Json* names = member(document, "names")) {
      shape.names.family =
          names->is_string() ? nameFamilyOf(names->get<std::string>()) : std::nullopt;
      if (!shape.names.family) {
        fail("/names", "expected \"native\", \"pytorch\", \"transformerlens\" or \"paper\", got " +
                           shortText(*names));
      }
    }
    readTensors(document, shape.names);
    if (const Json* ignore = list(document, "ignore")) {
      for (std::size_t i = 0; i < ignore->size(); ++i) {
        shape.names.ignore.push_back(
            textOf((*ignore)[i], "/ignore/" + std::to_string(i), "the name of a tensor"));
      }
    }
    readCheckpoints(document, shape);
    return shape;
  }

 private:
  void fail(std::string pointer, std::string message) {
    if (m_errors.size() < kMaxSpecErrors) {
      m_errors.push_back({std::move(pointer), std::move(message)});
    }
  }
  static const Json* member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
  }
  const Json* list(const Json& object, const char* name) {
    const Json* value = member(object, name);
    if (value != nullptr && !value->is_array()) {
      fail(std::string("/") + name, "expected a list, got " + shortText(*value));
      return nullptr;
    }
    return value;
  }
  void checkKeys(const Json& object, const std::string& pointer,
                 std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        fail(pointer + "/" + pointerStep(key), "unknown key " + shortText(key));
      }
    }
  }
  std::string textOf(const Json& value, const std::string& pointer, const std::string& what) {
    if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
      return value.get<std::string>();
    }
    fail(pointer, "expected " + what + ", got " + shortText(value));
    return {};
  }
  std::int64_t integerOf(const Json& value, const std::string& pointer, std::int64_t min,
                         std::int64_t max) {
    if (value.is_number_integer() &&
        !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(INT64_MAX))) {
      const auto number = value.get<std::int64_t>();
      if (number >= min && number <= max) {
        return number;
      }
    }
    fail(pointer, "expected an integer from " + std::to_string(min) + " to " + std::to_string(max) +
                      ", got " + shortText(value));
    return min;
  }

  void readExperiment(const Json& document, ImportShape& shape) {
    const Json* experiment = member(document, "experiment");
    if (experiment == nullptr || !experiment->is_object()) {
      fail("/experiment", experiment == nullptr
                              ? "missing; expected an object with task and model (docs/format.md)"
                              : "expected an object, got " + shortText(*experiment));
      return;
    }
    Json whole = {{"format", kWholeExperiment}, {"format_version", 1}};
    whole.update(*experiment);
    auto spec = parseExperiment(canonicalText(whole));
    if (spec) {
      shape.spec = std::move(*spec);
      return;
    }
    for (const SpecError& error : spec.error()) {
      fail("/experiment" + error.pointer, error.message);
    }
  }

  void readTensors(const Json& document, ImportNames& names) {
    const Json* tensors = member(document, "tensors");
    if (tensors == nullptr) {
      return;
    }
    if (!tensors->is_object()) {
      return fail("/tensors", "expected an object, got " + shortText(*tensors));
    }
    for (const auto& [ours, value] : tensors->items()) {
      const std::string pointer = "/tensors/" + pointerStep(ours);
      NamedPlace place;
      if (!value.is_object()) {
        place.name = textOf(value, pointer, "the name of their tensor, or an object");
      } else {
        readPlace(value, pointer, place);
      }
      names.tensors[ours] = std::move(place);
    }
  }

  void readPlace(const Json& value, const std::string& pointer, NamedPlace& place) {
    checkKeys(value, pointer, {"name", "transposed", "part"});
    const Json* name = member(value, "name");
    place.name =
        textOf(name == nullptr ? Json() : *name, pointer + "/name", "the name of their tensor");
    if (const Json* transposed = member(value, "transposed")) {
      if (transposed->is_boolean()) {
        place.transposed = transposed->get<bool>();
      } else {
        fail(pointer + "/transposed", "expected true or false, got " + shortText(*transposed));
      }
    }
    const Json* part = member(value, "part");
    if (part == nullptr) {
      return;
    }
    if (!part->is_array() || part->size() != 2) {
      return fail(pointer + "/part",
                  "expected which part of how many, as [0, 3], got " + shortText(*part));
    }
    constexpr std::int64_t kMostParts = 1024;
    place.parts = integerOf((*part)[1], pointer + "/part/1", 1, kMostParts);
    place.part = integerOf((*part)[0], pointer + "/part/0", 0, place.parts - 1);
  }

  void readCheckpoints(const Json& document, ImportShape& shape) {
    const Json* checkpoints = list(document, "checkpoints");
    for (std::size_t i = 0; checkpoints != nullptr && i < checkpoints->size(); ++i) {
      const std::string pointer = "/checkpoints/" + std::to_string(i);
      const Json& value = (*checkpoints)[i];
      if (!value.is_object()) {
        fail(pointer, "expected an object with file and step, got " + shortText(value));
        continue;
      }
      checkKeys(value, pointer, {"file", "step"});
      const Json* file = member(value, "file");
      const Json* step = member(value, "step");
      shape.checkpoints.push_back(
          {textOf(file == nullptr ? Json() : *file, pointer + "/file", "the name of a file"),
           integerOf(step == nullptr ? Json() : *step, pointer + "/step", 0, 1'000'000'000)});
    }
  }

  SpecErrors& m_errors;
};

}  // namespace

Expected<ImportShape, SpecErrors> parseImportShape(std::string_view json_text) {
  SpecErrors errors;
  const auto document = readJson(json_text, errors);
  if (!document || !errors.empty()) {
    return Unexpected(std::move(errors));
  }
  const Json format = document->is_object() ? document->value("format", Json()) : Json();
  if (format == kWholeExperiment) {
    auto spec = parseExperiment(json_text);
    if (!spec) {
      return Unexpected(spec.error());
    }
    return ImportShape{std::move(*spec), {}, {}, {}};
  }
  if (format != kImportFormat) {
    return Unexpected(
        SpecErrors{{"/format", std::string("expected \"") + kImportFormat + "\" or \"" +
                                   kWholeExperiment + "\", got " + shortText(format)}});
  }
  ImportShape shape = ShapeReader(errors).read(*document);
  if (!errors.empty()) {
    return Unexpected(std::move(errors));
  }
  return shape;
}

Expected<ImportShape, SpecErrors> readImportShape(const std::filesystem::path& file) {
  const auto text = readDocumentText(file, "an import file (docs/import.md)");
  if (!text) {
    return Unexpected(text.error());
  }
  return parseImportShape(*text);
}

std::string importShapeExample() {
  return R"({"format": "anchorlens-import", "format_version": 1,
 "experiment": {"task": {"forms": [{"pattern": "* 3 x * -> x"}],
                         "held_out": [{"rule": "residue", "key": "x"}]},
                "model": {"n_layers": 2, "n_heads": 1, "d_model": 64, "d_head": 64, "d_mlp": 256}},
 "tensors": {"embed.weight": "tok_emb.weight",
             "layers.*.attn.q.weight": {"name": "blocks.*.attn.in_proj_weight", "part": [0, 3]}}})";
}

}  // namespace anchorlens::core

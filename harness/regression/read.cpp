#include "regression/read.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text.h"

namespace sandproof::regression {

namespace {

using Json = nlohmann::json;

constexpr auto schema = "sandproof/check/1";

// The words of an enumeration whose values count from 0 to `last`.
template <typename Enum>
std::vector<std::string> words_of(Enum last) {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    words.push_back(to_string(static_cast<Enum>(i)));
  }
  return words;
}

// A value in the document, and where it is. The first thing that is wrong is kept; after that
// everything reads as empty.
class Node {
 public:
  Node(const Json& json, std::string path, std::string& error)
      : json_(&json), path_(std::move(path)), error_(&error) {}

  bool has(const char* key) const { return json_->is_object() && json_->contains(key); }

  Node at(const char* key) const {
    static const Json nothing;
    const auto path = path_.empty() ? key : path_ + "." + key;
    if (!json_->is_object()) {
      fail("is not an object");
    } else if (!json_->contains(key)) {
      fail(std::string("has no \"") + key + "\"");
    } else {
      return {(*json_)[key], path, *error_};
    }
    return {nothing, path, *error_};
  }

  std::string text() const {
    if (json_->is_string()) return json_->get<std::string>();
    fail("is not a text");
    return {};
  }

  std::string text_or_null() const { return json_->is_null() ? std::string() : text(); }

  int number() const {
    if (json_->is_number_integer()) {
      const auto number = json_->get<std::int64_t>();
      if (number >= 0 && number <= std::numeric_limits<int>::max()) return static_cast<int>(number);
    }
    fail("is not a number that fits");
    return 0;
  }

  bool boolean() const {
    if (json_->is_boolean()) return json_->get<bool>();
    fail("is neither true nor false");
    return false;
  }

  int number_or_null() const { return json_->is_null() ? 0 : number(); }

  std::vector<Node> list() const {
    std::vector<Node> nodes;
    if (!json_->is_array()) {
      fail("is not a list");
      return nodes;
    }
    for (std::size_t i = 0; i < json_->size(); ++i) {
      nodes.emplace_back((*json_)[i], path_ + "[" + std::to_string(i) + "]", *error_);
    }
    return nodes;
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const auto& node : list()) result.push_back(node.text());
    return result;
  }

  template <typename Enum>
  Enum word(Enum last) const {
    const auto words = words_of(last);
    const auto given = text();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == given) return static_cast<Enum>(i);
    }
    fail("\"" + given + "\" is none of " + join(words, ", "));
    return {};
  }

  Outcome outcome() const {
    const auto given = text();
    if (auto outcome = parse_outcome(given)) return *outcome;
    fail("\"" + given + "\" is no outcome");
    return {};
  }

  void fail(const std::string& what) const {
    if (error_->empty()) *error_ = (path_.empty() ? "the result" : path_) + (": " + what);
  }

 private:
  const Json* json_;
  std::string path_;
  std::string* error_;
};

ManagerFacts manager_of(const Node& node) {
  return {node.at("kind").text(), node.at("systemd").number(), node.at("kernel").text(),
          node.at("virt").text()};
}

Standing standing_of(const Node& node) {
  Standing standing;
  if (node.has("standing")) standing.kind = node.at("standing").word(Standing::Kind::excused);
  if (node.has("standing_because")) standing.because = node.at("standing_because").text();
  return standing;
}

DirectiveResult directive_of(const Node& node) {
  DirectiveResult result;
  auto& directive = result.directive;
  directive.name = node.at("name").text();
  directive.value = node.at("value").text();
  result.status = node.at("status").word(Status::held);
  if (auto cause = node.at("implied_by").text_or_null(); !cause.empty()) {
    directive.implied_by = std::move(cause);
  }
  directive.file = node.at("file").text_or_null();
  directive.line = node.at("line").number_or_null();
  result.reason = node.at("reason").text_or_null();
  if (node.has("load")) result.load = node.at("load").word(Load::idle);
  result.standing = standing_of(node);
  return result;
}

ExemptCommand exempt_of(const Node& node) {
  return {node.at("command").text(), node.at("prefix").text(), node.at("file").text_or_null(),
          node.at("line").number_or_null()};
}

Must must_of(const Node& node) {
  const auto given = node.text();
  if (given != "denied" && given != "allowed") {
    node.fail("\"" + given + "\" is none of denied, allowed");
  }
  return given == "allowed" ? Must::allowed : Must::denied;
}

std::string side_door_of(const Node& node) {
  const auto door = node.at("door");
  const auto given = door.text();
  if (given == "front") return {};
  if (given != "side") door.fail("\"" + given + "\" is none of front, side");
  auto name = node.at("side_door").text();
  if (name.empty()) node.at("side_door").fail("is empty");
  return name;
}

AttemptResult attempt_of(const Node& node) {
  AttemptResult result;
  result.attempt = {node.at("probe").text(), node.at("args").texts()};
  result.directives = node.at("directives").texts();
  result.side_door = side_door_of(node);
  if (!result.side_door.empty()) result.shut_by = node.at("shut_by").texts();
  result.must = must_of(node.at("must"));
  const auto cells = node.at("cells");
  for (const Cell cell : all_cells) {
    result.square[cell] = cells.at(to_string(cell).c_str()).outcome();
  }
  auto& judgement = result.judgement;
  judgement.verdict = node.at("verdict").word(Verdict::untestable);
  if (!node.at("proof").text_or_null().empty()) {
    judgement.proof = node.at("proof").word(Proof::root);
  }
  judgement.reason = node.at("reason").text_or_null();
  if (node.has("carried_by")) {
    result.carried_by = node.at("carried_by").texts();
    result.is_shared = node.at("shared").boolean();
  }
  result.reproduce = node.at("reproduce").text_or_null();
  return result;
}

FurtherFinding further_of(const Node& node) {
  return {node.at("title").text(), node.at("text").text_or_null(), node.at("file").text_or_null(),
          node.at("line").number_or_null(), node.at("directive").text_or_null()};
}

template <typename T>
std::vector<T> all_of(const Node& node, T (*one)(const Node&)) {
  std::vector<T> result;
  for (const auto& item : node.list()) result.push_back(one(item));
  return result;
}

CheckResult result_of(const Node& node) {
  CheckResult result;
  result.manager = manager_of(node.at("manager"));
  const auto unit = node.at("unit");
  result.unit = unit.at("name").text();
  result.files = unit.at("files").texts();
  result.user = unit.at("user").text();
  result.prepared = unit.at("prepared").texts();
  result.staged = unit.at("staged").texts();
  result.notes = node.at("notes").texts();
  result.directives = all_of(node.at("directives"), directive_of);
  result.exempt = all_of(node.at("exempt"), exempt_of);
  result.not_of_the_sandbox = node.at("not_of_the_sandbox").texts();
  result.attempts = all_of(node.at("attempts"), attempt_of);
  if (node.has("further_findings")) {
    result.further = all_of(node.at("further_findings"), further_of);
  }
  return result;
}

}  // namespace

Result<std::vector<CheckResult>> read_results(std::string_view json, const std::string& file) {
  Json document;
  try {
    document = Json::parse(json);
  } catch (const Json::parse_error& error) {
    // Its own text begins with a number and a name of its author's.
    const std::string text = error.what();
    const auto start = text.find("at line");
    return bad_input(file + ": no JSON" + (start == text.npos ? "" : " " + text.substr(start)));
  }
  std::string error;
  const Node root(document, "", error);
  const auto given = root.at("schema").text();
  if (error.empty() && given != schema) {
    return bad_input(file + ": its schema is \"" + given + "\", not \"" + schema + "\"");
  }
  std::vector<CheckResult> results;
  if (root.has("units")) {
    results = all_of(root.at("units"), result_of);
  } else {
    results.push_back(result_of(root));
  }
  if (!error.empty()) return bad_input(file + ": " + error);
  return results;
}

}  // namespace sandproof::regression

#include "regression/read.h"

#include <utility>

#include "regression/document.h"

namespace sandproof::regression {

namespace {

constexpr auto schema = "sandproof/check/1";

ManagerFacts manager_of(const Node& node) {
  return {node.at("kind").text(), node.at("systemd").number(), node.at("kernel").text(),
          node.at("virt").text(), node.has("user") ? node.at("user").text() : std::string()};
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
  if (!result.side_door.empty() || node.has("shut_by")) {
    result.shut_by = node.at("shut_by").texts();
  }
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
  const auto document = Document::parse(json, file, schema);
  if (!document) return document.error();
  const Node root = document->root();
  std::vector<CheckResult> results;
  if (root.has("units")) {
    results = all_of(root.at("units"), result_of);
  } else {
    results.push_back(result_of(root));
  }
  if (auto checked = document->check(); !checked) return checked.error();
  return results;
}

}  // namespace sandproof::regression

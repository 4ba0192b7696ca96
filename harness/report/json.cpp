#include "report/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/words.h"

namespace sandproof::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto schema = "sandproof/check/1";

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json line_or_null(int line) { return line == 0 ? Json(nullptr) : Json(line); }

Json json_of(const ManagerFacts& manager) {
  Json json = {{"kind", manager.kind},
               {"systemd", manager.systemd},
               {"kernel", manager.kernel},
               {"virt", manager.virtualization}};
  if (!manager.user.empty()) json["user"] = manager.user;
  return json;
}

Json json_of(const DirectiveResult& result) {
  const auto& directive = result.directive;
  Json json = {
      {"name", directive.name},
      {"value", directive.value},
      {"status", to_string(result.status)},
      {"implied_by", directive.implied_by ? Json(*directive.implied_by) : Json(nullptr)},
      {"file", text_or_null(directive.file)},
      {"line", line_or_null(directive.line)},
      {"reason", text_or_null(result.reason)},
  };
  if (result.load) json["load"] = to_string(*result.load);
  if (result.standing.kind != Standing::Kind::as_status) {
    json["standing"] = to_string(result.standing.kind);
  }
  if (!result.standing.because.empty()) json["standing_because"] = result.standing.because;
  return json;
}

Json json_of(const FurtherFinding& finding) {
  return {{"title", finding.title},
          {"text", text_or_null(finding.text)},
          {"file", text_or_null(finding.file)},
          {"line", line_or_null(finding.line)},
          {"directive", text_or_null(finding.directive)}};
}

Json json_of(const ExemptCommand& command) {
  return {{"command", command.command},
          {"prefix", command.prefix},
          {"file", text_or_null(command.file)},
          {"line", line_or_null(command.line)}};
}

Json json_of(const AttemptResult& result) {
  const bool is_front = result.side_door.empty();
  const auto& judgement = result.judgement;
  Json json = {{"probe", result.attempt.probe},
               {"args", result.attempt.args},
               {"directives", result.directives},
               {"door", is_front ? "front" : "side"}};
  if (!is_front) json["side_door"] = result.side_door;
  if (!is_front || !result.shut_by.empty()) json["shut_by"] = result.shut_by;
  json["must"] = result.must == Must::denied ? "denied" : "allowed";
  for (const Cell cell : all_cells) {
    json["cells"][to_string(cell)] = to_string(result.square[cell]);
  }
  json["verdict"] = to_string(judgement.verdict);
  json["proof"] = judgement.proof == Proof::none ? Json(nullptr) : Json(to_string(judgement.proof));
  json["reason"] = text_or_null(judgement.reason);
  if (result.carried_by) {
    json["carried_by"] = *result.carried_by;
    json["shared"] = result.is_shared;
  }
  json["reproduce"] = text_or_null(result.reproduce);
  return json;
}

template <typename T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

Json json_of_summary(const CheckResult& result) {
  const auto counts = result.summary();
  Json json;
  for (const Status status :
       {Status::held, Status::leaked, Status::bypassed, Status::overblocked, Status::unproven,
        Status::untestable, Status::ignored, Status::off, Status::no_probe}) {
    std::string key = to_string(status);
    std::replace(key.begin(), key.end(), '-', '_');
    const auto count = counts.find(status);
    json[key] = count == counts.end() ? 0 : count->second;
  }
  return json;
}

Json json_of(const CheckResult& result) {
  Json json = {{"schema", schema},
               {"manager", json_of(result.manager)},
               {"unit",
                {{"name", result.unit},
                 {"files", result.files},
                 {"user", user_name(result)},
                 {"prepared", result.prepared},
                 {"staged", result.staged}}},
               {"notes", result.notes},
               {"directives", list_of(result.directives)},
               {"exempt", list_of(result.exempt)},
               {"not_of_the_sandbox", result.not_of_the_sandbox},
               {"attempts", list_of(result.attempts)}};
  if (!result.further.empty()) json["further_findings"] = list_of(result.further);
  json["summary"] = json_of_summary(result);
  return json;
}

}  // namespace

std::string json_report(std::span<const CheckResult> results) {
  Json json;
  if (results.size() == 1) {
    json = json_of(results.front());
  } else {
    json = {{"schema", schema}, {"units", Json::array()}};
    for (const auto& result : results) json["units"].push_back(json_of(result));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sandproof::report

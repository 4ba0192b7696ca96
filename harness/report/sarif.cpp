#include "report/sarif.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "judge/judge.h"
#include "report/fingerprint.h"
#include "report/layout.h"

namespace sandproof::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_results = 5000;
// Keeps the largest run below the 10 MB that GitHub takes of a compressed file.
constexpr std::size_t most_attempts_of_a_result = 10;
constexpr auto source_root = "%SRCROOT%";
constexpr auto waiver_rule = "sandproof";

// RFC 3986: everything but unreserved characters and the slash as %XX. Bytes that are not UTF-8
// come through, too.
std::string uri_encoded(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') ||
        std::string_view("-._~/").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      constexpr auto digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', digits[byte >> 4], digits[byte & 0xf]};
    }
  }
  return uri;
}

Json artifact_location(const Checkout& checkout, const std::string& file) {
  const auto path = repository_path(checkout, file);
  if (path.starts_with('/')) return {{"uri", "file://" + uri_encoded(path)}};
  return {{"uri", uri_encoded(path)}, {"uriBaseId", source_root}};
}

std::string sarif_level(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::notice:
    case Level::none:
      break;
  }
  return "note";
}

Json text(const std::string& words) { return {{"text", words}}; }

std::string markdown_code(const std::string& words) {
  return words.find('`') == std::string::npos ? "`" + words + "`" : "`` " + words + " ``";
}

// What sandproof does for a directive, as seen in all of the results.
struct Rule {
  std::vector<std::string> attempts;
};

Json rule_json(const std::string& directive, const Rule& rule) {
  const auto name = printable(directive);
  std::string help = "sandproof ran attempts under the unit's own settings that " + name +
                     "= has to stop, or has to allow, and the same attempts without the sandbox.";
  std::string markdown = help;
  if (!rule.attempts.empty()) {
    help += " Attempts: " + join(rule.attempts, "; ") + ".";
    markdown += "\n\nAttempts:\n";
    for (const auto& attempt : rule.attempts) markdown += "\n- " + markdown_code(attempt);
  }
  constexpr auto statuses =
      "leaked: the attempt succeeded inside the sandbox. bypassed: the front door is shut, and "
      "another way to the same end is open. overblocked: what should work does not. ignored: the "
      "file sets the directive and this systemd does not have it.";
  return {{"id", name},
          {"name", name},
          {"shortDescription", text(name + "= does what it promises")},
          {"fullDescription",
           text(name + "= of the unit is in force and does what systemd documents it to do.")},
          {"helpUri",
           "https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html#" +
               uri_encoded(directive) + "="},
          {"help", {{"text", help + " " + statuses}, {"markdown", markdown + "\n\n" + statuses}}},
          {"defaultConfiguration", {{"level", "error"}}},
          {"properties", {{"tags", {"security", "systemd"}}, {"precision", "very-high"}}}};
}

Json rule_of_waivers() {
  return {{"id", waiver_rule},
          {"name", "BaselineAndWaivers"},
          {"shortDescription", text("The baseline and the waivers fit the unit")},
          {"fullDescription",
           text("A directive of the baseline is gone, or a waiver is expired or waives nothing.")},
          {"help", text("Put the directive back or update the baseline; renew or remove the "
                        "waiver.")},
          {"defaultConfiguration", {{"level", "error"}}},
          {"properties", {{"tags", {"security", "systemd"}}, {"precision", "very-high"}}}};
}

// A result before its rule has an index.
struct Finding {
  Status status = Status::leaked;
  std::string rule;
  Json json;
};

class SarifReport {
 public:
  SarifReport(std::span<const CheckResult> results, const SarifOptions& options)
      : results_(results), options_(options) {}

  std::string write() {
    for (const auto& result : results_) collect(result);
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.status < b.status; });
    const auto left_out = findings_.size() - std::min(findings_.size(), most_results);
    findings_.resize(findings_.size() - left_out);
    const Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", Json::array({run(left_out)})}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  void collect(const CheckResult& result) {
    for (const auto& directive : result.directives) {
      auto& rule = rules_[directive.directive.name];
      for (const auto& attempt : result.attempts) {
        if (!is_of(attempt, directive.directive.name)) continue;
        auto words = attempt_words(attempt);
        const bool is_new =
            std::find(rule.attempts.begin(), rule.attempts.end(), words) == rule.attempts.end();
        if (is_new && rule.attempts.size() < most_attempts_of_a_result) {
          rule.attempts.push_back(std::move(words));
        }
      }
      if (level_of(directive) != Level::none) findings_.push_back(finding(result, directive));
    }
    for (const auto& further : result.further) findings_.push_back(finding(result, further));
  }

  Finding finding(const CheckResult& result, const DirectiveResult& directive) const {
    const auto& name = directive.directive.name;
    const auto place = place_of(result, directive);
    Json json = {{"ruleId", printable(name)},
                 {"level", sarif_level(level_of(directive))},
                 {"message", message(result, directive)}};
    json["locations"] = Json::array({location_json(place.file, place.line, result.unit, name)});
    json["partialFingerprints"] = fingerprints(result, place, {result.unit, name});
    if (directive.standing.kind == Standing::Kind::excused) {
      json["suppressions"] =
          Json::array({{{"kind", "external"},
                        {"status", "accepted"},
                        {"justification", printable(directive.standing.because)}}});
    }
    json["properties"] = {{"status", to_string(directive.status)}};
    return {directive.status, name, std::move(json)};
  }

  Finding finding(const CheckResult& result, const FurtherFinding& further) const {
    Place place{further.file, std::max(further.line, 1)};
    if (place.file.empty() && !result.files.empty()) place.file = result.files.front();
    Json json = {{"ruleId", waiver_rule},
                 {"level", "error"},
                 {"message", text(printable(result.unit + ": " + further.title +
                                            (further.text.empty() ? "" : ": " + further.text)))}};
    json["locations"] = Json::array({location_json(place.file, place.line, result.unit, {})});
    json["partialFingerprints"] = fingerprints(result, place, {result.unit, further.title});
    return {Status::leaked, waiver_rule, std::move(json)};
  }

  Json location_json(const std::string& file, int line, const std::string& unit,
                     const std::string& directive) const {
    Json json;
    if (!file.empty()) {
      json["physicalLocation"] = {{"artifactLocation", artifact_location(options_.checkout, file)},
                                  {"region", {{"startLine", line}}}};
    }
    const auto name = printable(unit);
    Json logical = {{"name", directive.empty() ? name : printable(directive)}};
    logical["fullyQualifiedName"] = directive.empty() ? name : name + "/" + printable(directive);
    json["logicalLocations"] = Json::array({std::move(logical)});
    return json;
  }

  static Json message(const CheckResult& result, const DirectiveResult& directive) {
    std::string words = printable(result.unit) + ": " + assignment(directive.directive) + " " +
                        to_string(directive.status) + ": " + evidence(result, directive);
    if (const auto reason = why(directive); !reason.empty()) words += "\n" + reason;
    const auto bad = against(result, directive);
    for (std::size_t i = 0; i < std::min(bad.size(), most_attempts_of_a_result); ++i) {
      const auto line = to_string(bad[i]->judgement.verdict) + ": " + join(seen(*bad[i]), "; ");
      words += "\n" + line;
      if (!bad[i]->reproduce.empty()) words += "\n$ " + printable(bad[i]->reproduce);
    }
    if (bad.size() > most_attempts_of_a_result) {
      words += "\nand " + std::to_string(bad.size() - most_attempts_of_a_result) + " more";
    }
    return text(words);
  }

  static Json fingerprints(const CheckResult& result, const Place& place,
                           const std::vector<std::string>& identity) {
    Json json = {{"sandproofFinding/v1", fingerprint(identity)}};
    const auto source = result.sources.find(place.file);
    if (source == result.sources.end()) return json;
    const auto hashes = line_hashes(source->second);
    const auto index = static_cast<std::size_t>(place.line) - 1;
    if (index < hashes.size()) json["primaryLocationLineHash"] = hashes[index];
    return json;
  }

  Json run(std::size_t left_out) {
    std::map<std::string, std::size_t> indices;
    Json rules = Json::array();
    for (const auto& [name, rule] : rules_) {
      indices[name] = rules.size();
      rules.push_back(rule_json(name, rule));
    }
    const bool has_further = std::any_of(results_.begin(), results_.end(),
                                         [](const auto& one) { return !one.further.empty(); });
    if (has_further) {
      indices[waiver_rule] = rules.size();
      rules.push_back(rule_of_waivers());
    }
    Json results = Json::array();
    for (auto& finding : findings_) {
      finding.json["ruleIndex"] = indices[finding.rule];
      results.push_back(std::move(finding.json));
    }

    Json driver = {{"name", "sandproof"}, {"rules", std::move(rules)}};
    if (!options_.version.empty()) driver["semanticVersion"] = options_.version;
    Json run = {{"tool", {{"driver", std::move(driver)}}},
                {"automationDetails", {{"id", "sandproof/"}}},
                {"columnKind", "utf16CodeUnits"}};
    run["originalUriBaseIds"][source_root]["description"] = text("The root of the checkout.");
    run["invocations"] = Json::array({invocation(left_out)});
    run["results"] = std::move(results);
    return run;
  }

  Json invocation(std::size_t left_out) const {
    Json notifications = Json::array();
    if (left_out > 0) {
      notifications.push_back(
          {{"level", "warning"},
           {"message", text(std::to_string(left_out) + " more results are left out")}});
    }
    for (const auto& result : results_) {
      for (const auto& note : result.notes) {
        notifications.push_back(
            {{"level", "note"}, {"message", text(printable(result.unit + ": " + note))}});
      }
    }
    Json units = Json::array();
    for (const auto& result : results_) {
      units.push_back({{"unit", printable(result.unit)},
                       {"user", printable(user_name(result))},
                       {"manager", manager_words(result.manager)},
                       {"summary", summary_words(result)}});
    }
    return {{"executionSuccessful", true},
            {"toolExecutionNotifications", std::move(notifications)},
            {"properties", {{"units", std::move(units)}}}};
  }

  std::span<const CheckResult> results_;
  const SarifOptions& options_;
  std::map<std::string, Rule> rules_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string sarif_report(std::span<const CheckResult> results, const SarifOptions& options) {
  return SarifReport(results, options).write();
}

}  // namespace sandproof::report

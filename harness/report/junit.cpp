#include "report/junit.h"

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      // "]]>" may not stand in text.
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

// name="value", of a value that is printable.
std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;

  std::string attributes() const {
    return attribute("tests", tests) + attribute("failures", failures) + attribute("errors", 0) +
           attribute("skipped", skipped);
  }
};

bool is_skipped(const DirectiveResult& directive) {
  return !directive.is_finding() && directive.status != Status::held;
}

Counts counts_of(const CheckResult& result) {
  const auto skipped =
      std::count_if(result.directives.begin(), result.directives.end(), is_skipped);
  return {result.directives.size() + result.further.size(), count_findings(result),
          static_cast<std::size_t>(skipped)};
}

std::string failure_text(const CheckResult& result, const DirectiveResult& directive) {
  const auto place = place_of(result, directive);
  std::string text = location(place.file, place.line) + ": " + assignment(directive.directive) +
                     " " + to_string(directive.status) + "\n";
  if (const auto reason = why(directive); !reason.empty()) text += reason + "\n";
  for (const auto* attempt : against(result, directive)) {
    text += to_string(attempt->judgement.verdict) + ": " + join(seen(*attempt), "; ") + "\n";
    if (!attempt->reproduce.empty()) text += "$ " + printable(attempt->reproduce) + "\n";
  }
  return text;
}

std::string test_case(const CheckResult& result, const DirectiveResult& directive) {
  const auto status = to_string(directive.status);
  std::string open = "    <testcase" + attribute("classname", printable(result.unit)) +
                     attribute("name", assignment(directive.directive)) + attribute("time", "0");
  if (directive.is_finding()) {
    return open + ">\n      <failure" + attribute("type", status) +
           attribute("message", status + ": " + evidence(result, directive)) + ">" +
           escaped(failure_text(result, directive)) + "</failure>\n    </testcase>\n";
  }
  if (is_skipped(directive)) {
    const auto& because = directive.standing.because;
    const auto message = because.empty() ? evidence(result, directive) : printable(because);
    return open + ">\n      <skipped" + attribute("message", status + ": " + message) +
           "/>\n    </testcase>\n";
  }
  return open + "/>\n";
}

std::string test_case(const CheckResult& result, const FurtherFinding& finding) {
  const auto where = location(finding.file, finding.line);
  return "    <testcase" + attribute("classname", printable(result.unit)) +
         attribute("name", printable(finding.title)) + attribute("time", "0") +
         ">\n      <failure" + attribute("type", "finding") +
         attribute("message", printable(finding.text)) + ">" +
         escaped(where.empty() ? "" : where + "\n") + "</failure>\n    </testcase>\n";
}

std::string test_suite(const CheckResult& result) {
  std::string xml = "  <testsuite" + attribute("name", printable(result.unit)) +
                    counts_of(result).attributes() + attribute("time", "0") + ">\n";
  xml += "    <properties>\n      <property" + attribute("name", "manager") +
         attribute("value", manager_words(result.manager)) + "/>\n      <property" +
         attribute("name", "user") + attribute("value", printable(user_name(result))) +
         "/>\n    </properties>\n";
  for (const auto& directive : result.directives) xml += test_case(result, directive);
  for (const auto& finding : result.further) xml += test_case(result, finding);
  if (!result.notes.empty()) {
    xml += "    <system-out>";
    for (const auto& note : result.notes) xml += escaped(printable(note)) + "\n";
    xml += "</system-out>\n";
  }
  return xml + "  </testsuite>\n";
}

}  // namespace

std::string junit_report(std::span<const CheckResult> results) {
  Counts all;
  for (const auto& result : results) {
    const auto counts = counts_of(result);
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.skipped += counts.skipped;
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    attribute("name", "sandproof") + all.attributes() + ">\n";
  for (const auto& result : results) xml += test_suite(result);
  return xml + "</testsuites>\n";
}

}  // namespace sandproof::report

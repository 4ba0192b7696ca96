#include "report/tap.h"

#include "base/text.h"
#include "report/layout.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

// A "#" would begin a directive of TAP's.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '#' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string diagnostics(const CheckResult& result, const DirectiveResult& directive) {
  const auto place = place_of(result, directive);
  std::string text = "# " + location(place.file, place.line);
  if (const auto reason = why(directive); !reason.empty()) text += ": " + reason;
  text += "\n";
  for (const auto* attempt : against(result, directive)) {
    text += "# " + to_string(attempt->judgement.verdict) + ": " + join(seen(*attempt), "; ") + "\n";
    if (!attempt->reproduce.empty()) text += "# $ " + printable(attempt->reproduce) + "\n";
  }
  return text;
}

class TapReport {
 public:
  std::string write(std::span<const CheckResult> results) {
    std::size_t count = 0;
    for (const auto& result : results) count += result.directives.size() + result.further.size();
    out_ = "TAP version 13\n1.." + std::to_string(count) +
           (count == 0 ? " # SKIP no directives" : "") + "\n";
    for (const auto& result : results) unit(result);
    return std::move(out_);
  }

 private:
  void unit(const CheckResult& result) {
    out_ += "# " + printable(result.unit) + ", user " + printable(user_name(result)) + ", " +
            manager_words(result.manager) + "\n";
    for (const auto& note : result.notes) out_ += "# note: " + printable(note) + "\n";
    for (const auto& directive : result.directives) line(result, directive);
    for (const auto& finding : result.further) {
      start(false, result, printable(finding.title));
      const auto where = location(finding.file, finding.line);
      out_ += "\n# " + (where.empty() ? "" : where + ": ") + printable(finding.text) + "\n";
    }
  }

  void line(const CheckResult& result, const DirectiveResult& directive) {
    const bool is_excused = directive.standing.kind == Standing::Kind::excused;
    start(!directive.is_finding() && !is_excused, result,
          assignment(directive.directive) + " " + to_string(directive.status));
    if (is_excused) {
      out_ += " # TODO " + escaped(printable(directive.standing.because));
    } else if (!directive.is_finding() && directive.status != Status::held) {
      out_ += " # SKIP " + escaped(evidence(result, directive));
    }
    out_ += "\n";
    if (directive.is_finding()) out_ += diagnostics(result, directive);
  }

  void start(bool is_ok, const CheckResult& result, const std::string& description) {
    out_ += (is_ok ? "ok " : "not ok ") + std::to_string(++number_) + " - " +
            escaped(printable(result.unit) + ": " + description);
  }

  std::size_t number_ = 0;
  std::string out_;
};

}  // namespace

std::string tap_report(std::span<const CheckResult> results) { return TapReport().write(results); }

}  // namespace sandproof::report

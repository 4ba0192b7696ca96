#include "report/github.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/layout.h"

namespace sandproof::report {

namespace {

constexpr std::size_t most_of_a_kind = 10;

// The runner undoes these; a line end would end the command.
std::string escaped_data(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '%') {
      result += "%25";
    } else if (c == '\r') {
      result += "%0D";
    } else if (c == '\n') {
      result += "%0A";
    } else {
      result += c;
    }
  }
  return result;
}

// A property ends at ":" or ",", too.
std::string escaped_property(std::string_view text) {
  std::string result;
  for (const char c : escaped_data(text)) {
    if (c == ':') {
      result += "%3A";
    } else if (c == ',') {
      result += "%2C";
    } else {
      result += c;
    }
  }
  return result;
}

struct Annotation {
  Level level = Level::none;
  Status status = Status::leaked;  // orders those of a kind
  std::string file;
  int line = 0;
  std::string title;
  std::string message;
};

std::string_view kind_of(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::notice:
    case Level::none:
      break;
  }
  return "notice";
}

std::string command(Level level, const std::string& properties, const std::string& message) {
  return "::" + std::string(kind_of(level)) + (properties.empty() ? "" : " ") + properties +
         "::" + escaped_data(message) + "\n";
}

std::string command(const Annotation& annotation) {
  std::string properties;
  if (!annotation.file.empty()) {
    properties = "file=" + escaped_property(annotation.file);
    if (annotation.line > 0) properties += ",line=" + std::to_string(annotation.line);
    properties += ",";
  }
  properties += "title=" + escaped_property(annotation.title);
  return command(annotation.level, properties, annotation.message);
}

Annotation annotation_of(const CheckResult& result, const DirectiveResult& directive,
                         const Checkout& checkout) {
  const auto place = place_of(result, directive);
  Annotation annotation;
  annotation.level = level_of(directive);
  annotation.status = directive.status;
  annotation.file = place.file.empty() ? "" : printable(repository_path(checkout, place.file));
  annotation.line = place.line;
  annotation.title = printable(result.unit) + ": " + assignment(directive.directive) + " " +
                     to_string(directive.status);
  std::vector<std::string> lines = {evidence(result, directive)};
  if (auto reason = why(directive); !reason.empty()) lines.push_back(std::move(reason));
  const auto bad = against(result, directive);
  if (!bad.empty() && !bad.front()->reproduce.empty()) {
    lines.push_back("$ " + printable(bad.front()->reproduce));
  }
  annotation.message = join(lines, "\n");
  return annotation;
}

Annotation annotation_of(const CheckResult& result, const FurtherFinding& finding,
                         const Checkout& checkout) {
  return {Level::error,
          Status::leaked,
          finding.file.empty() ? "" : printable(repository_path(checkout, finding.file)),
          finding.line,
          printable(result.unit + ": " + finding.title),
          printable(finding.text)};
}

std::vector<Annotation> annotations_of(std::span<const CheckResult> results,
                                       const Checkout& checkout) {
  std::vector<Annotation> annotations;
  for (const auto& result : results) {
    for (const auto& directive : result.directives) {
      if (level_of(directive) == Level::none) continue;
      annotations.push_back(annotation_of(result, directive, checkout));
    }
    for (const auto& finding : result.further) {
      annotations.push_back(annotation_of(result, finding, checkout));
    }
  }
  std::stable_sort(annotations.begin(), annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.status < b.status; });
  return annotations;
}

}  // namespace

std::string github_report(std::span<const CheckResult> results, const Checkout& checkout) {
  const auto annotations = annotations_of(results, checkout);
  std::string out;
  for (const Level level : {Level::error, Level::warning, Level::notice}) {
    std::vector<const Annotation*> of_kind;
    for (const auto& annotation : annotations) {
      if (annotation.level == level) of_kind.push_back(&annotation);
    }
    const bool fit = of_kind.size() <= most_of_a_kind;
    const auto shown = fit ? of_kind.size() : most_of_a_kind - 1;
    for (std::size_t i = 0; i < shown; ++i) out += command(*of_kind[i]);
    if (!fit) {
      out += command(
          level, "title=sandproof",
          "and " + std::to_string(of_kind.size() - shown) + " more of this kind: see the report");
    }
  }
  return out;
}

}  // namespace sandproof::report

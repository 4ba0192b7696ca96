#include "regression/waivers.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "judge/judge.h"

namespace sandproof::regression {

namespace {

std::string to_text(std::chrono::year_month_day date) {
  const auto two = [](unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

template <typename Number>
bool read_number(std::string_view digits, Number& number) {
  const auto* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc() && stopped == end;
}

// YYYY-MM-DD, of a day that there is.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || text[0] == '-' ||
      !read_number(text.substr(0, 4), year) || !read_number(text.substr(5, 2), month) ||
      !read_number(text.substr(8, 2), day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return date;
}

const std::vector<std::string> keys = {"Unit", "Directive", "Attempt", "Reason", "Until"};

class Parser {
 public:
  explicit Parser(const std::string& file) : file_(file) {}

  Result<std::vector<Waiver>> parse(std::string_view text) {
    if (!is_text(text)) return bad_input(file_ + ": no text");
    for (const auto& line : split(text, '\n')) {
      ++line_;
      if (auto taken = take(trim(line)); !taken) return taken.error();
    }
    if (auto ended = end_waiver(); !ended) return ended.error();
    return std::move(waivers_);
  }

 private:
  Error error_at(int line, const std::string& message) const {
    return bad_input(file_ + ":" + std::to_string(line) + ": " + message);
  }

  Result<void> take(std::string_view line) {
    if (line.empty() || line[0] == '#' || line[0] == ';') return {};
    if (line == "[Waiver]") {
      if (auto ended = end_waiver(); !ended) return ended.error();
      waivers_.push_back({{}, {}, {}, {}, {}, file_, line_});
      return {};
    }
    if (line[0] == '[') {
      return error_at(line_, "unknown section " + std::string(line) + ": there is only [Waiver]");
    }
    const auto equals = line.find('=');
    if (equals == line.npos) return error_at(line_, "neither [Waiver] nor KEY=VALUE");
    if (waivers_.empty()) return error_at(line_, "stands before the first [Waiver]");
    return assign(std::string(trim(line.substr(0, equals))),
                  std::string(trim(line.substr(equals + 1))));
  }

  Result<void> assign(const std::string& key, const std::string& value) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      const auto meant = nearest(key, keys);
      return error_at(line_, "unknown key " + key + "=" +
                                 (meant.empty() ? ": there are " + join(keys, "=, ") + "="
                                                : ": is it " + meant + "=?"));
    }
    if (!given_.insert(key).second) return error_at(line_, key + "= is given twice");
    if (value.empty()) return error_at(line_, key + "= is empty");
    if (value.back() == '\\') return error_at(line_, "a line of this file cannot be continued");
    auto& waiver = waivers_.back();
    if (key == "Unit") waiver.unit = value;
    if (key == "Directive") waiver.directive = value;
    if (key == "Attempt") waiver.attempt = join(words(value), " ");
    if (key == "Reason") waiver.reason = value;
    if (key == "Until") {
      waiver.until = parse_date(value);
      if (!waiver.until) {
        return error_at(line_, "Until=" + value + " is no day of the form YYYY-MM-DD");
      }
    }
    return {};
  }

  Result<void> end_waiver() {
    if (waivers_.empty()) return {};
    const auto& waiver = waivers_.back();
    std::string lacks;
    if (waiver.unit.empty()) lacks = "Unit=";
    if (waiver.directive.empty() && waiver.attempt.empty()) lacks = "Directive= or Attempt=";
    if (waiver.reason.empty()) lacks = "Reason=";
    if (!lacks.empty()) return error_at(waiver.line, "this waiver has no " + lacks);
    given_.clear();
    return {};
  }

  const std::string& file_;
  int line_ = 0;
  std::vector<Waiver> waivers_;
  std::set<std::string> given_;
};

bool matches(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

std::string name_of(const Waiver& waiver) {
  std::vector<std::string> parts;
  if (!waiver.directive.empty()) parts.push_back(waiver.directive);
  if (!waiver.attempt.empty()) parts.push_back(waiver.attempt);
  return join(parts, ", ") + " of " + waiver.unit;
}

std::string because(const Waiver& waiver) {
  return "waived" + (waiver.until ? " until " + to_text(*waiver.until) : "") + ": " + waiver.reason;
}

bool speaks_against(const AttemptResult& attempt) {
  return is_finding(status_of(attempt.judgement.verdict));
}

// A finding by itself, whatever a baseline makes of it.
bool is_waivable(const DirectiveResult& directive) {
  return is_finding(directive.status) || directive.is_finding();
}

class UnitWaivers {
 public:
  explicit UnitWaivers(CheckResult& result) : result_(result) {}

  // Whether the waiver is for anything that is there.
  bool take(const Waiver& waiver) {
    if (waiver.attempt.empty()) return take_directive(waiver);
    bool is_used = false;
    for (auto& directive : result_.directives) {
      const auto& name = directive.directive.name;
      if ((!waiver.directive.empty() && waiver.directive != name) || !is_waivable(directive)) {
        continue;
      }
      for (const auto& attempt : result_.attempts) {
        if (is_of(attempt, name) && speaks_against(attempt) &&
            matches(waiver.attempt, to_string(attempt.attempt))) {
          waived_.insert({name, &attempt});
          is_used = true;
        }
      }
      excuse_where_nothing_is_left(directive, waiver);
    }
    return is_used;
  }

 private:
  bool take_directive(const Waiver& waiver) {
    bool is_used = false;
    for (auto& directive : result_.directives) {
      if (directive.directive.name != waiver.directive || !is_waivable(directive)) continue;
      if (directive.is_finding()) directive.standing = {Standing::Kind::excused, because(waiver)};
      is_used = true;
    }
    const auto gone = std::stable_partition(
        result_.further.begin(), result_.further.end(),
        [&](const FurtherFinding& finding) { return finding.directive != waiver.directive; });
    for (auto finding = gone; finding != result_.further.end(); ++finding) {
      result_.notes.push_back(finding->title + "; " + because(waiver));
      is_used = true;
    }
    result_.further.erase(gone, result_.further.end());
    return is_used;
  }

  void excuse_where_nothing_is_left(DirectiveResult& directive, const Waiver& waiver) {
    const auto& name = directive.directive.name;
    bool is_waived = false;
    for (const auto& attempt : result_.attempts) {
      if (!is_of(attempt, name) || !speaks_against(attempt)) continue;
      if (!waived_.contains({name, &attempt})) return;
      is_waived = true;
    }
    if (is_waived && directive.is_finding()) {
      directive.standing = {Standing::Kind::excused, because(waiver)};
    }
  }

  CheckResult& result_;
  std::set<std::pair<std::string, const AttemptResult*>> waived_;
};

FurtherFinding finding_of(const Waiver& waiver, std::string title, const std::string& advice) {
  return {std::move(title), "for " + name_of(waiver) + advice, waiver.file, waiver.line, {}};
}

}  // namespace

Result<std::vector<Waiver>> parse_waivers(std::string_view text, const std::string& file) {
  return Parser(file).parse(text);
}

std::vector<std::string> waive(std::vector<CheckResult>& results,
                               const std::vector<Waiver>& waivers,
                               std::chrono::year_month_day today) {
  std::vector<std::string> told;
  std::vector<UnitWaivers> units(results.begin(), results.end());
  // Told only when every waiver was looked at: a finding about one is not for another to waive.
  std::vector<std::pair<std::size_t, FurtherFinding>> findings;
  for (const auto& waiver : waivers) {
    std::optional<std::size_t> first;
    bool is_used = false;
    const bool is_expired = waiver.until && *waiver.until < today;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!matches(waiver.unit, results[i].unit)) continue;
      if (!first) first = i;
      if (!is_expired && units[i].take(waiver)) is_used = true;
    }
    if (!first) {
      told.push_back(waiver.file + ":" + std::to_string(waiver.line) + ": the waiver for " +
                     name_of(waiver) + " is for no unit that was checked");
    } else if (is_expired) {
      findings.emplace_back(
          *first, finding_of(waiver, "an expired waiver",
                             ", until " + to_text(*waiver.until) + ": renew or remove it"));
    } else if (!is_used) {
      findings.emplace_back(*first,
                            finding_of(waiver, "a waiver that waives nothing", ": remove it"));
    }
  }
  for (auto& [unit, finding] : findings) results[unit].further.push_back(std::move(finding));
  return told;
}

}  // namespace sandproof::regression

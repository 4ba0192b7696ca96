#include "unit/evaluate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "unit/commands.h"
#include "unit/implied.h"
#include "unit/lost_words.h"
#include "unit/values.h"

namespace sandproof::unit {

namespace {

Directive directive_at(const Line& line, std::string name, std::string value) {
  Directive directive;
  directive.name = std::move(name);
  directive.values = {value};
  directive.value = std::move(value);
  directive.file = line.file;
  directive.line = line.assignment.line;
  return directive;
}

Directive ignored_at(const Line& line, std::string name, std::string value, std::string because) {
  Directive directive = directive_at(line, std::move(name), std::move(value));
  directive.ignored_because = std::move(because);
  return directive;
}

std::string quoted(const std::string& message) { return "systemd says \"" + message + "\""; }

std::string needs_text(int version, int systemd) {
  return "needs systemd " + std::to_string(version) + ", and this is " + std::to_string(systemd);
}

constexpr const char* comment_text =
    "systemd has no comments at the end of a line: it takes all of it as the value";

constexpr const char* dropped_text =
    "systemd has taken no file system from it, as it does when it is built without BPF";
constexpr const char* forgotten_text =
    "systemd has read it and forgotten it, as it did before 253 and its last 252s";

class Evaluator {
 public:
  Evaluator(const KnownNames& known, const Settings& settings, int systemd)
      : known_(known), settings_(settings), systemd_(systemd), commands_(systemd) {}

  void take(const Line& line) {
    files_.try_emplace(line.file, files_.size());
    const auto& assignment = line.assignment;
    // systemd.unit(5): for others than systemd.
    if (assignment.section.starts_with("X-") || assignment.name.starts_with("X-")) return;
    if (!assignment.has_equals) {
      take_without_equals(line);
    } else if (!known_.knows_section(assignment.section)) {
      take_of_unknown_section(line);
    } else if (!known_.knows(assignment.section, assignment.name)) {
      take_unknown(line);
    } else if (assignment.section != "Service") {
      note_log(line);
    } else if (!is_of_the_sandbox(assignment.name)) {
      take_not_of_the_sandbox(line);
    } else {
      take_known(line);
    }
  }

  Evaluation finish() {
    for (const auto& name : order_) {
      if (is_list(name, settings_)) {
        finish_list(name, lines_[name]);
      } else {
        finish_single(name, lines_[name]);
      }
    }
    result_.exempt = commands_.exempt();
    sort_by_place();
    auto implied = implied_directives(settings_, result_.directives);
    result_.directives.insert(result_.directives.end(), implied.begin(), implied.end());
    note_raised();
    return std::move(result_);
  }

 private:
  void sort_by_place() {
    std::stable_sort(result_.directives.begin(), result_.directives.end(),
                     [this](const Directive& a, const Directive& b) {
                       return std::pair(files_.at(a.file), a.line) <
                              std::pair(files_.at(b.file), b.line);
                     });
  }

  void ignore(const Line& line, const std::string& because) {
    ignore(line, line.assignment.name, line.assignment.value, because);
  }
  void ignore(const Line& line, const std::string& name, const std::string& value,
              const std::string& because) {
    result_.directives.push_back(ignored_at(line, name, value, because));
  }
  void note(const std::string& text) { result_.notes.push_back(text); }
  void note_log(const Line& line) {
    for (const auto& message : line.log) note(place_of(line) + ": " + quoted(message));
  }

  void take_without_equals(const Line& line) {
    const auto parts = words(line.assignment.name);
    const std::string& name = parts.front();
    const std::string value = join(std::vector<std::string>(parts.begin() + 1, parts.end()), " ");
    if (known_.section_of(name) == "Service") {
      ignore(line, name, value, "there is no '=' in the line");
    } else {
      note(place_of(line) + ": systemd ignores the line \"" + line.assignment.name +
           "\", which has no '='");
    }
  }

  void take_of_unknown_section(const Line& line) {
    const auto& [section, name, value, first, last, has_equals] = line.assignment;
    if (section.empty()) {
      ignore(line, "it stands before the first section; move it into [Service]");
      return;
    }
    const std::string near = nearest(section, {"Unit", "Service", "Install"});
    ignore(line, "systemd knows no section [" + section + "] in a service" +
                     (near.empty() ? "" : "; did you mean [" + near + "]?"));
  }

  void take_unknown(const Line& line) {
    const auto& section = line.assignment.section;
    const auto& name = line.assignment.name;
    const std::string home = known_.section_of(name);
    if (!home.empty()) {
      ignore(line, "it stands in [" + section + "] and belongs into [" + home + "]");
      return;
    }
    const int version = needs_systemd(name, line.assignment.value);
    if (version > systemd_) {
      say_unknown(line, needs_text(version, systemd_));
      return;
    }
    std::string near = nearest(name, known_.names(section));
    if (near.empty() && section != "Service") near = nearest(name, known_.names("Service"));
    const std::string text = "unknown to systemd " + std::to_string(systemd_);
    if (near.empty()) {
      // A directive of this section that restricts nothing, or nobody's.
      if (section == "Service") {
        say_unknown(line, text);
      } else {
        note_log(line);
      }
      return;
    }
    const std::string advice = text + "; did you mean " + near + "=" +
                               (known_.knows(section, near) ? "" : " in [Service]") + "?";
    if (known_.section_of(near) == "Service" && is_of_the_sandbox(near)) {
      ignore(line, advice);
    } else {
      note(place_of(line) + ": " + as_written(line) + " is " + advice);
    }
  }

  // A name that is known to restrict nothing is worth a note only.
  void say_unknown(const Line& line, const std::string& because) {
    if (is_of_the_sandbox(line.assignment.name)) {
      ignore(line, because);
    } else {
      note(place_of(line) + ": " + as_written(line) + " is ignored: " + because);
    }
  }

  void take_not_of_the_sandbox(const Line& line) {
    const auto& assignment = line.assignment;
    auto& list = result_.not_of_the_sandbox;
    if (std::find(list.begin(), list.end(), assignment.name) == list.end()) {
      list.push_back(assignment.name);
    }
    note_log(line);
    if (assignment.name.starts_with("Exec") && assignment.name != "ExecSearchPath") {
      commands_.take(line);
    }
    if (assignment.name == "PermissionsStartOnly" && parse_boolean(assignment.value) == true) {
      note(place_of(line) +
           ": PermissionsStartOnly= runs every command but ExecStart= without the sandbox");
    }
  }

  void take_known(const Line& line) {
    const std::string name = today_name(line.assignment.name);
    if (!lines_.contains(name)) order_.push_back(name);
    lines_[name].push_back(&line);
  }

  std::string reason_of(const Line& line, const std::string& message) const {
    if (has_comment_inside(line)) return comment_text;
    const int version = needs_systemd(line.assignment.name, line.assignment.value);
    if (version > systemd_) return needs_text(version, systemd_);
    return quoted(message);
  }

  void finish_single(const std::string& name, const std::vector<const Line*>& lines) {
    std::vector<const Line*> taken;
    for (const Line* line : lines) {
      const auto messages = ignoring(*line);
      if (messages.empty()) {
        note_log(*line);
        taken.push_back(line);
      } else {
        ignore(*line, name, line->assignment.value, reason_of(*line, messages.front()));
      }
    }
    if (taken.empty()) return;
    const Line& last = *taken.back();
    taken.pop_back();
    for (const Line* line : taken) say_overridden(name, *line, last);
    const auto& value = last.assignment.value;
    if (const auto other = contradiction(name, value, settings_)) {
      const std::string because =
          has_comment_inside(last) ? comment_text : "systemd has " + *other + " instead";
      ignore(last, name, value, because);
      return;
    }
    result_.directives.push_back(directive_at(last, name, value));
  }

  void say_overridden(const std::string& name, const Line& earlier, const Line& later) {
    const auto& before = earlier.assignment.value;
    const auto& after = later.assignment.value;
    if (is_same_value(before, after)) return;
    // An empty line that does not count as a value starts anew; what was empty said nothing.
    if (before.empty()) return;
    const std::string by = (after.empty() ? "reset by " : "overridden by ") + place_of(later) +
                           " (" + as_written(later) + ")";
    // Another directive may keep up what the later line would lift.
    const bool is_kept = !is_list(name, settings_) &&
                         is_at_least_as_strict(name, before, effective_value(name, settings_));
    if (is_kept || is_at_least_as_strict(name, before, after)) {
      note(place_of(earlier) + ": " + as_written(earlier) + " is " + by);
    } else {
      ignore(earlier, name, before, by);
    }
  }

  struct Part {
    const Line* line;
    std::vector<std::string> words;
  };

  void finish_list(const std::string& name, const std::vector<const Line*>& lines) {
    std::vector<Part> parts;
    const Line* reset = nullptr;
    for (const Line* line : lines) {
      const auto all = words(line->assignment.value);
      if (all.empty() || (name == "RestrictNamespaces" && parse_boolean(line->assignment.value))) {
        start_anew(name, parts, *line);
        reset = line;
        if (!all.empty()) parts.push_back({line, all});
        continue;
      }
      const auto lost = lost_words(name, *line, all, settings_);
      if (lost.empty()) {
        note_log(*line);
        parts.push_back({line, all});
      } else {
        take_partly(name, *line, all, lost, parts);
      }
    }
    if (!parts.empty() && is_dropped(name)) {
      for (const auto& part : parts) ignore(*part.line, name, join(part.words, " "), dropped_text);
    } else if (!parts.empty() && is_forgotten(name, parts)) {
      for (const auto& part : parts) {
        ignore(*part.line, name, join(part.words, " "), forgotten_text);
      }
    } else if (!parts.empty()) {
      std::vector<std::string> values;
      values.reserve(parts.size());
      for (const auto& part : parts) values.push_back(join(part.words, " "));
      const auto value = std::string(trim(join(values, " ")));
      result_.directives.push_back(directive_at(*parts.front().line, name, value));
      result_.directives.back().values = std::move(values);
    } else if (reset != nullptr) {
      result_.directives.push_back(directive_at(*reset, name, ""));
    }
  }

  // Without BPF, systemd reads the directive without a word and keeps nothing of it: seen on 252.
  bool is_dropped(const std::string& name) const {
    return name == "RestrictFileSystems" && settings_.filter(name).names.empty();
  }

  // config_parse_exec_coredump_filter() set the flag of another directive's: seen on 247.
  bool is_forgotten(const std::string& name, const std::vector<Part>& parts) const {
    if (name != "CoredumpFilter") return false;
    std::vector<std::string> words;
    for (const auto& part : parts) words.insert(words.end(), part.words.begin(), part.words.end());
    const auto filter = coredump_filter(words);
    return filter && *filter != coredump_filter_by_default &&
           settings_.number(name) == coredump_filter_by_default;
  }

  void take_partly(const std::string& name, const Line& line, const std::vector<std::string>& all,
                   const std::vector<std::string>& lost, std::vector<Part>& parts) {
    const auto rest = without_words(all, lost);
    const bool is_capabilities = name == "CapabilityBoundingSet" || name == "AmbientCapabilities";
    const bool is_inverted = all.front().starts_with('~');
    const auto comment = std::find_if(lost.begin(), lost.end(), is_comment_word);
    const std::vector<std::string> mistakes(lost.begin(), comment);
    const std::vector<std::string> remarks(comment, lost.end());
    if (!mistakes.empty()) {
      ignore(line, name, (is_inverted ? "~" : "") + join(mistakes, " "),
             reason_of_words(line, mistakes));
    }
    if (!remarks.empty()) ignore(line, name, join(remarks, " "), comment_text);
    if (!rest.empty()) {
      parts.push_back({&line, rest});
    } else if (is_capabilities && is_inverted) {
      // config_parse_capability_set(): all but nothing is all, whatever stood there before.
      for (const auto& part : parts) {
        ignore(*part.line, name, join(part.words, " "),
               "undone by " + place_of(line) + " (" + as_written(line) +
                   "), which systemd takes for all capabilities");
      }
      parts.clear();
    } else if (is_capabilities) {
      // The empty set.
      parts.push_back({&line, {}});
    }
  }

  std::string reason_of_words(const Line& line, const std::vector<std::string>& mistakes) const {
    const auto messages = ignoring(line);
    if (!messages.empty()) {
      const int version = needs_systemd(line.assignment.name, join(mistakes, " "));
      return version > systemd_ ? needs_text(version, systemd_) : quoted(messages.front());
    }
    const bool has_comma = mistakes.front().find(',') != std::string::npos;
    return std::string("no capability, and systemd does not say so") +
           (has_comma ? "; spaces set them apart, not commas" : "");
  }

  void start_anew(const std::string& name, std::vector<Part>& parts, const Line& by) {
    for (const auto& part : parts) {
      if (!part.words.empty()) say_overridden(name, *part.line, by);
    }
    parts.clear();
  }

  // A directive of the file that another one makes stricter than it says.
  void note_raised() {
    for (const auto& directive : result_.directives) {
      if (directive.implied_by || directive.is_ignored()) continue;
      const std::string effective = effective_value(directive.name, settings_);
      const bool is_raised = !directive.value.empty() && !effective.empty() &&
                             !is_same_value(directive.value, effective) &&
                             is_at_least_as_strict(directive.name, directive.value, effective) &&
                             !is_at_least_as_strict(directive.name, effective, directive.value);
      const std::string cause = cause_of(directive.name, settings_);
      if (!is_raised || cause.empty()) continue;
      std::string text = directive.file + ":" + std::to_string(directive.line) + ": " + cause;
      text.append("= makes ").append(directive.name).append("=").append(effective);
      text.append(" of ").append(directive.name).append("=").append(directive.value);
      note(text);
    }
  }

  const KnownNames& known_;
  const Settings& settings_;
  int systemd_;
  Evaluation result_;
  std::map<std::string, std::size_t> files_;
  std::vector<std::string> order_;
  std::map<std::string, std::vector<const Line*>> lines_;
  Commands commands_;
};

}  // namespace

Evaluation evaluate(const std::vector<Line>& lines, const KnownNames& known,
                    const Settings& settings, int systemd) {
  Evaluator evaluator(known, settings, systemd);
  for (const auto& line : lines) evaluator.take(line);
  return evaluator.finish();
}

}  // namespace sandproof::unit

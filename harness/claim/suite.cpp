#include "claim/suite.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "base/names.h"
#include "base/text.h"
#include "claim/sections.h"
#include "claim/steps.h"
#include "claim/words.h"

namespace sandproof::claim {

namespace {

// A suite is written by hand; ten times the longest that anybody has written.
constexpr std::uintmax_t longest_file = 1 << 20;

// Refuses what is in the file twice, and what no key is.
class Reader {
 public:
  Reader(const Section& section, std::string file) : section_(section), file_(std::move(file)) {}

  // The value of a key that may be there once.
  std::string once(const std::string& key) {
    known_.push_back(key);
    const Entry* found = nullptr;
    for (const auto& entry : section_.entries) {
      if (entry.name != key) continue;
      if (found != nullptr) fail(entry.line, key + "= is there twice");
      found = &entry;
    }
    if (found == nullptr) return {};
    if (found->value.empty()) fail(found->line, key + "= is empty");
    lines_[key] = found->line;
    return found->value;
  }
  std::vector<Entry> every(const std::string& key) {
    known_.push_back(key);
    std::vector<Entry> found;
    std::copy_if(section_.entries.begin(), section_.entries.end(), std::back_inserter(found),
                 [&key](const Entry& entry) { return entry.name == key; });
    return found;
  }
  std::vector<std::string> every_value(const std::string& key) {
    std::vector<std::string> values;
    for (auto& entry : every(key)) values.push_back(std::move(entry.value));
    return values;
  }
  // The value as another type; a key that is not there leaves it alone.
  template <typename T, typename Parse>
  void once_as(const std::string& key, T& target, Parse parse, const std::string& what) {
    const std::string text = once(key);
    if (text.empty()) return;
    if (auto value = parse(text)) {
      target = *value;
    } else {
      fail(line_of(key), key + "=" + text + " is not " + what);
    }
  }
  bool is_there(const std::string& key) const {
    return std::any_of(section_.entries.begin(), section_.entries.end(),
                       [&key](const Entry& entry) { return entry.name == key; });
  }
  int line_of(const std::string& key) const {
    const auto found = lines_.find(key);
    return found == lines_.end() ? section_.line : found->second;
  }

  // The first mistake is the one that is told.
  void fail(int line, const std::string& message) {
    if (!error_) error_ = error_at(file_, line, message);
  }
  void refuse_unknown() {
    for (const auto& entry : section_.entries) {
      if (std::find(known_.begin(), known_.end(), entry.name) != known_.end()) continue;
      const auto near = nearest(entry.name, known_);
      fail(entry.line, entry.name + "= is no key of [" + section_.name + "]" +
                           (near.empty() ? "" : "; did you mean " + near + "=?"));
    }
  }
  const std::optional<Error>& error() const { return error_; }
  int line() const { return section_.line; }

 private:
  const Section& section_;
  std::string file_;
  std::vector<std::string> known_;
  std::map<std::string, int> lines_;
  std::optional<Error> error_;
};

std::optional<bool> yes_or_no(std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return std::nullopt;
}

std::optional<ClaimVerdict> verdict_of(std::string_view text) {
  for (const auto verdict : {ClaimVerdict::confirmed, ClaimVerdict::refuted, ClaimVerdict::unproven,
                             ClaimVerdict::untestable}) {
    if (to_string(verdict) == text) return verdict;
  }
  return std::nullopt;
}

void read_suite_section(Reader& reader, Suite& suite) {
  suite.unit = reader.once("Unit");
  suite.document = reader.once("Document");
  suite.root = reader.once("Root");
  reader.once_as("Systemd", suite.systemd, parse_integer, "a version of systemd");
  suite.accounts = words(reader.once("Account"));
  suite.standin = reader.once("Standin");
}

SceneFile read_scene_file(Reader& reader) {
  SceneFile file;
  file.line = reader.line();
  file.path = reader.once("Path");
  file.content = reader.every_value("Line");
  file.copy_of = reader.once("Copy");
  file.link_to = reader.once("Link");
  reader.once_as("Folder", file.is_folder, yes_or_no, "yes or no");
  reader.once_as("Gone", file.is_gone, yes_or_no, "yes or no");
  if (file.is_folder) file.mode = 0755;
  reader.once_as("Mode", file.mode, parse_mode, "an octal mode");
  if (const auto owner = reader.once("Owner"); !owner.empty()) file.owner = owner;
  if (!file.path.starts_with('/')) reader.fail(file.line, "a [File] needs an absolute Path=");
  return file;
}

// What ${…} stands for in the arguments of an attempt.
void check_placeholders(Reader& reader, const std::vector<std::string>& arguments) {
  const auto& names = placeholder_names();
  for (const auto& argument : arguments) {
    std::size_t at = 0;
    while ((at = argument.find("${", at)) != std::string::npos) {
      const auto end = argument.find('}', at);
      const std::string name = argument.substr(at + 2, end - at - 2);
      if (end == std::string::npos || std::find(names.begin(), names.end(), name) == names.end()) {
        const auto near = nearest(name, names);
        reader.fail(reader.line_of("Attempt"),
                    "${" + name + "} stands for nothing" +
                        (near.empty() ? "" : "; did you mean ${" + near + "}?"));
        return;
      }
      at = end;
    }
  }
}

AttemptClaim read_attempt(Reader& reader, const std::vector<std::string>& probes) {
  AttemptClaim claim;
  auto parts = words(reader.once("Attempt"));
  if (parts.empty()) return claim;
  claim.attempt.probe = parts.front();
  claim.attempt.args.assign(parts.begin() + 1, parts.end());
  if (!probes.empty() && std::find(probes.begin(), probes.end(), parts.front()) == probes.end()) {
    const auto near = nearest(parts.front(), probes);
    reader.fail(reader.line_of("Attempt"),
                "there is no probe " + parts.front() +
                    (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  check_placeholders(reader, claim.attempt.args);
  const auto must = words(reader.once("Must"));
  const int line = reader.line_of("Must");
  if (must.empty() || must.size() > 2 || (must[0] != "allowed" && must[0] != "denied") ||
      (must[0] == "allowed" && must.size() == 2)) {
    reader.fail(line, "an attempt Must= be allowed, or denied, or denied ERRNO");
    return claim;
  }
  claim.must = must[0] == "allowed" ? Must::allowed : Must::denied;
  if (must.size() == 2) {
    claim.error = errno_number(must[1]);
    if (!claim.error) reader.fail(line, must[1] + " is no errno");
  }
  const auto as = reader.once("As");
  if (!as.empty() && as != "user" && as != "root") {
    reader.fail(reader.line_of("As"), "As= is user or root");
  }
  claim.as_root = as == "root";
  claim.by = words(reader.once("By"));
  if (!claim.by.empty() && claim.must == Must::allowed) {
    reader.fail(reader.line_of("By"), "By= is for what must be denied");
  }
  return claim;
}

PropertyClaim read_property(Reader& reader) {
  PropertyClaim claim;
  claim.name = reader.once("Property");
  const auto of = reader.once("Of");
  if (!of.empty() && of != "unit" && of != "manager") {
    reader.fail(reader.line_of("Of"), "Of= is unit or manager");
  }
  claim.of_manager = of == "manager";
  const bool is_told = reader.is_there("Is");
  // An empty value is a value: CapabilityBoundingSet=.
  if (const auto is = reader.every("Is"); is_told) claim.is = is.back().value;
  if (const auto has = reader.once("Has"); !has.empty()) claim.has = has;
  if (claim.is && claim.has) reader.fail(reader.line(), "Is= and Has= exclude each other");
  if (!claim.is && !claim.has) reader.fail(reader.line(), "a Property= needs Is= or Has=");
  if (claim.is == "absent") claim.is.reset();
  return claim;
}

UnitStateClaim read_unit_state(Reader& reader) {
  UnitStateClaim claim{reader.once("UnitState"), reader.once("Is")};
  if (claim.is.empty()) reader.fail(reader.line(), "a UnitState= needs Is=");
  return claim;
}

std::optional<When> when_of(std::string_view text) {
  if (text == "before") return When::before;
  if (text == "running") return When::running;
  if (text == "after") return When::after;
  return std::nullopt;
}

PathClaim read_path(Reader& reader) {
  PathClaim claim;
  claim.path = reader.once("Path");
  if (!claim.path.starts_with('/')) reader.fail(reader.line(), "Path= is not absolute");
  reader.once_as("Exists", claim.must_exist, yes_or_no, "yes or no");
  claim.owner = reader.once("Owner");
  reader.once_as("Mode", claim.mode, parse_mode, "an octal mode");
  bool may_have_symlinks = true;
  reader.once_as("Symlinks", may_have_symlinks, yes_or_no, "yes or no");
  claim.no_symlinks = !may_have_symlinks;
  claim.below = words(reader.once("Below"));
  reader.once_as("When", claim.when, when_of, "before, running or after");
  return claim;
}

LifecycleClaim read_lifecycle(Reader& reader) {
  LifecycleClaim claim;
  for (const auto& entry : reader.every("Lifecycle")) {
    auto step = parse_step(entry.value);
    if (!step) {
      reader.fail(entry.line, step.error().message);
      return claim;
    }
    claim.steps.push_back(*std::move(step));
  }
  const bool claims_something = std::any_of(claim.steps.begin(), claim.steps.end(),
                                            [](const Step& step) { return step.is_claimed; });
  if (!claims_something) reader.fail(reader.line(), "no step of the Lifecycle= is a \"must …\"");
  return claim;
}

SysctlClaim read_sysctl(Reader& reader) {
  SysctlClaim claim{reader.once("Sysctl"), reader.once("Is")};
  if (claim.is.empty()) reader.fail(reader.line(), "a Sysctl= needs Is=");
  return claim;
}

SyscallClaim read_syscall(Reader& reader) {
  SyscallClaim claim{words(reader.once("Syscall")), reader.once("In")};
  if (!claim.group.starts_with('@')) reader.fail(reader.line(), "a Syscall= needs In=@GROUP");
  return claim;
}

Claim read_claim(Reader& reader, const Suite& suite, const std::vector<std::string>& probes) {
  Claim claim;
  claim.line = reader.line();
  claim.id = reader.once("Id");
  claim.says = reader.once("Says");
  claim.source = reader.once("Source");
  for (const char* key : {"Id", "Says", "Source"}) {
    if (!reader.is_there(key)) {
      reader.fail(claim.line, std::string("a [Claim] without ") + key + "=");
    }
  }
  claim.unit = reader.once("Unit");
  if (claim.unit.empty()) claim.unit = suite.unit;
  claim.drop_in = reader.every_value("DropIn");
  claim.standin = reader.once("Standin");
  reader.once_as("Expect", claim.expected, verdict_of,
                 "confirmed, refuted, unproven or untestable");
  claim.because = reader.once("Because");
  if (claim.expected != ClaimVerdict::confirmed && claim.because.empty()) {
    reader.fail(reader.line_of("Expect"),
                "Expect=" + to_string(claim.expected) + " needs a Because=");
  }

  static const std::vector<std::string> kinds = {"Attempt",   "Property", "UnitState", "Path",
                                                 "Lifecycle", "Sysctl",   "Syscall"};
  const auto count = std::count_if(kinds.begin(), kinds.end(), [&reader](const std::string& kind) {
    return reader.is_there(kind);
  });
  if (count != 1) {
    reader.fail(claim.line, "a [Claim] has one of " + join(kinds, "=, ") + "=");
    return claim;
  }
  if (reader.is_there("Attempt")) claim.kind = read_attempt(reader, probes);
  if (reader.is_there("Property")) claim.kind = read_property(reader);
  if (reader.is_there("UnitState")) claim.kind = read_unit_state(reader);
  if (reader.is_there("Path")) claim.kind = read_path(reader);
  if (reader.is_there("Lifecycle")) claim.kind = read_lifecycle(reader);
  if (reader.is_there("Sysctl")) claim.kind = read_sysctl(reader);
  if (reader.is_there("Syscall")) claim.kind = read_syscall(reader);

  const auto* property = std::get_if<PropertyClaim>(&claim.kind);
  const bool needs_unit = std::holds_alternative<AttemptClaim>(claim.kind) ||
                          std::holds_alternative<LifecycleClaim>(claim.kind) ||
                          (property != nullptr && !property->of_manager);
  if (needs_unit && claim.unit.empty()) {
    reader.fail(claim.line, "a claim about a unit needs Unit=, here or in [Suite]");
  }
  return claim;
}

std::string stem_of(const std::string& name) { return std::filesystem::path(name).stem().string(); }

}  // namespace

const std::vector<std::string>& placeholder_names() {
  static const std::vector<std::string> names = {
      "root-pid",  "user-pid",     "tcp-port",     "abstract-socket", "shm-key",
      "tmp-file",  "var-tmp-file", "dev-shm-file", "inode:cgroup",    "inode:ipc",
      "inode:mnt", "inode:net",    "inode:pid",    "inode:user",      "inode:uts"};
  return names;
}

Result<Suite> parse_suite(std::string_view text, const std::string& name,
                          const std::vector<std::string>& probes) {
  const auto sections = read_sections(text, name);
  if (!sections) return sections.error();
  Suite suite;
  suite.name = stem_of(name);
  std::map<std::string, int> lines_of_ids;
  bool has_suite_section = false;
  for (const auto& section : *sections) {
    Reader reader(section, name);
    if (section.name == "Suite") {
      if (has_suite_section) reader.fail(section.line, "a second [Suite]");
      has_suite_section = true;
      read_suite_section(reader, suite);
    } else if (section.name == "File") {
      suite.files.push_back(read_scene_file(reader));
    } else if (section.name == "Claim") {
      suite.claims.push_back(read_claim(reader, suite, probes));
      const auto& claim = suite.claims.back();
      const auto [before, is_new] = lines_of_ids.try_emplace(claim.id, claim.line);
      if (!is_new && !claim.id.empty()) {
        reader.fail(reader.line_of("Id"), "Id=" + claim.id + " is that of the claim in line " +
                                              std::to_string(before->second));
      }
    } else {
      return error_at(name, section.line,
                      "[" + section.name + "] is none of [Suite], [File], [Claim]");
    }
    if (!reader.error()) reader.refuse_unknown();
    if (reader.error()) return *reader.error();
  }
  if (suite.claims.empty()) return bad_input(name + ": a suite without a [Claim]");
  return suite;
}

Result<std::string> read_text_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return bad_input("cannot read " + file.string() + ": " + error.message());
  if (size > longest_file) {
    return bad_input(file.string() + ": larger than 1 MiB, which nobody writes by hand");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (!stream) return bad_input("cannot read " + file.string() + ": " + errno_text(errno));
  return text;
}

Result<Suite> load_suite(const std::filesystem::path& file,
                         const std::vector<std::string>& probes) {
  const auto text = read_text_file(file);
  if (!text) return text.error();
  auto suite = parse_suite(*text, file.string(), probes);
  if (!suite) return suite;
  suite->file = file;
  const auto is_missing = [&file](const std::string& path) {
    std::error_code error;
    return path.find('/') != std::string::npos &&
           !std::filesystem::is_regular_file(file.parent_path() / path, error);
  };
  for (const auto& claim : suite->claims) {
    if (is_missing(claim.unit)) {
      return error_at(file.string(), claim.line, "there is no unit " + claim.unit);
    }
  }
  for (const auto& scene : suite->files) {
    if (!scene.copy_of.empty() && is_missing("./" + scene.copy_of)) {
      return error_at(file.string(), scene.line, "there is no " + scene.copy_of + " to copy");
    }
  }
  return suite;
}

Result<std::vector<std::filesystem::path>> suite_files(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return std::vector<std::filesystem::path>{path};
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() == ".suite") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) return bad_input("there is no .suite in " + path.string());
  return files;
}

}  // namespace sandproof::claim

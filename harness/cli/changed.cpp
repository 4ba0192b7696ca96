#include "cli/changed.h"

#include "base/program.h"
#include "base/text.h"

namespace sandproof::cli {

namespace {

namespace fs = std::filesystem;

Result<std::string> git(const std::vector<std::string>& arguments) {
  // As root in somebody's repository: no program that its configuration names, no lock in it.
  std::vector<std::string> all = {"--no-optional-locks", "-c", "core.fsmonitor=false"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_program("git", all);
}

// A line that may itself hold line ends, such as the name of a folder.
std::string one_line(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<std::string> parting_from(const std::string& revision) {
  const auto commit =
      git({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  if (!commit || revision.empty()) {
    return bad_input("\"" + revision + "\" is no commit of this repository");
  }
  const auto parting = git({"merge-base", one_line(*commit), "HEAD"});
  if (!parting) return bad_input("\"" + revision + "\" and HEAD have no commit in common");
  return one_line(*parting);
}

}  // namespace

Result<std::vector<fs::path>> files_changed_since(const std::string& revision) {
  const std::string clause = "cannot tell what has changed";
  const auto top = git({"rev-parse", "--show-toplevel"});
  if (!top) return bad_input(top.error().message).with_prefix(clause);
  const auto parting = parting_from(revision);
  if (!parting) return parting.error().with_prefix(clause);
  const fs::path root = one_line(*top);
  const auto tracked = git({"diff", "--name-only", "-z", "--no-ext-diff", "--no-renames",
                            "--ignore-submodules", *parting, "--"});
  if (!tracked) return tracked.error().with_prefix(clause);
  const auto untracked =
      git({"-C", root.string(), "ls-files", "--others", "--exclude-standard", "-z"});
  if (!untracked) return untracked.error().with_prefix(clause);
  std::error_code error;
  const auto here = fs::current_path(error);
  std::vector<fs::path> files;
  for (const auto& name : split(*tracked + *untracked, '\0')) {
    if (!name.empty()) files.push_back((root / name).lexically_proximate(here));
  }
  return files;
}

}  // namespace sandproof::cli

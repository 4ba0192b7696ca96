// A suite as its file has it: claims about units, and what the machine they are about looks like.
// The grammar is suites/README.md.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/attempt.h"
#include "model/claim.h"

namespace sandproof::claim {

using Microseconds = std::chrono::microseconds;

struct AttemptClaim {
  Attempt attempt;  // with placeholders in the arguments: ${root-pid}
  Must must = Must::denied;
  std::optional<int> error;  // the errno, where the document names one
  bool as_root = false;
  std::vector<std::string> by;  // each of them, alone, has to stop it
};

struct PropertyClaim {
  std::string name;
  bool of_manager = false;
  // Nothing, where this systemd must not have the property.
  std::optional<std::string> is;
  std::optional<std::string> has;  // one element of a list
};

struct UnitStateClaim {
  std::string unit;
  std::string is;  // "masked", "absent", "enabled", "active", …
};

enum class When { before, running, after };

struct PathClaim {
  std::string path;  // a glob
  bool must_exist = true;
  std::string owner;               // "user:group", or ""
  std::optional<unsigned> mode;    // at most
  bool no_symlinks = false;        // on the way to it
  std::vector<std::string> below;  // one of these
  When when = When::before;        // relative to a run of the unit
};

// One line of a Lifecycle: an action, or a look at what came of those before it.
struct Step {
  enum class Verb {
    start,
    start_fails,
    stop,
    restart,
    kill,      // SIGNAL, to the main process
    state,     // ACTIVE-STATE, reached in time: active, inactive, failed, auto-restart
    took,      // MIN..MAX, the last action
    exists,    // PATH, a glob
    gone,      // PATH, a glob
    mode,      // PATH MODE, at most; a glob
    write,     // PATH LINE: replaces the file
    runs,      // WORD…: in the main process's command line
    user,      // NAME or MIN..MAX: of the main process
    property,  // NAME VALUE…
    attempt,   // USER PROBE ARGUMENT… = OUTCOME: without any sandbox
    elapses,   // MIN..MAX from now: the timer
    says,      // TEXT: in what the unit logged
  };

  Verb verb = Verb::start;
  bool is_claimed = false;  // "must …"; the others set the scene
  std::string unit;         // "" for the claim's own
  std::vector<std::string> words;
  std::string text;  // as the file has it
};

struct LifecycleClaim {
  std::vector<Step> steps;
};

struct SysctlClaim {
  std::string name;
  std::string is;
};

struct SyscallClaim {
  std::vector<std::string> calls;
  std::string group;  // "@debug"
};

using Kind = std::variant<AttemptClaim, PropertyClaim, UnitStateClaim, PathClaim, LifecycleClaim,
                          SysctlClaim, SyscallClaim>;

struct Claim {
  std::string id;
  std::string says;
  std::string source;
  std::string unit;                  // a path below the suite's folder, or a name; "" for none
  std::vector<std::string> drop_in;  // lines of a drop-in of the unit
  std::string standin;               // what the stand-in for the unit's programs does
  Kind kind;
  ClaimVerdict expected = ClaimVerdict::confirmed;
  std::string because;
  int line = 0;
};

// Something that is on the machine that the suite is about.
struct SceneFile {
  std::string path;
  std::vector<std::string> content;  // lines
  std::string copy_of;               // a path below the suite's folder
  std::string link_to;
  bool is_folder = false;
  unsigned mode = 0644;
  std::string owner = "root:root";
  bool is_gone = false;
  int line = 0;
};

struct Suite {
  std::string name;            // "runwisp"
  std::filesystem::path file;  // empty where it was not read from one
  std::string document;
  std::string unit;
  std::string root;  // a release that scripts/rootfs makes, or a folder; "" for /
  int systemd = 0;   // the oldest version that it is about
  std::vector<std::string> accounts;
  std::string standin;  // what the stand-ins do where the claim does not say otherwise
  std::vector<SceneFile> files;
  std::vector<Claim> claims;
};

}  // namespace sandproof::claim

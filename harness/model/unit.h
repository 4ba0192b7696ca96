// A unit as its files and the manager have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/settings.h"

namespace sandproof {

// A directive of the unit: an assignment in one of its files, or one that another implies.
struct Directive {
  std::string name;   // "ProtectSystem"
  std::string value;  // as the file has it; lists of several lines joined by a space
  // The assignments that are in force, one a line of the file: what systemd-run -p takes.
  std::vector<std::string> values;
  std::string file;                       // empty where it is implied
  int line = 0;                           // of the first line that is in force
  std::optional<std::string> implied_by;  // the directive that implies it
  // Why the manager does not have it in the settings; empty where it is in force.
  std::string ignored_because;

  bool is_ignored() const { return !ignored_because.empty(); }
};

// A command that runs outside of the sandbox, or of a part of it: ExecStartPre=+….
struct ExemptCommand {
  std::string command;  // "ExecStartPre"
  std::string prefix;   // "+", "!" or "!!"
  std::string file;
  int line = 0;
};

struct Unit {
  std::string name;
  std::vector<std::string> files;  // the fragment, then the drop-ins in their order
  Settings settings;
  std::vector<Directive> directives;
  std::vector<ExemptCommand> exempt;
  // What the unit's files set and that restricts nothing by its nature: Type=, Restart=, ….
  std::vector<std::string> not_of_the_sandbox;
  // Whose manager it is a unit of; "" for the system's.
  std::string manager_user = {};

  // "" for root. In a user manager all run as the one user that there is.
  std::string user() const { return manager_user.empty() ? settings.text("User") : manager_user; }
  bool dynamic_user() const { return settings.boolean("DynamicUser"); }
};

}  // namespace sandproof

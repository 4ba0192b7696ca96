// The commands and options of a program as plain data, read from the tables that it parses its
// arguments with: what the manual and the completion say is what the program takes.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sandproof::manual {

struct Option {
  std::vector<std::string> names;  // "-o", "--output"; of a positional its one name: "UNIT"
  bool is_positional = false;
  std::string value;                 // what it takes: "FILE"; "" for a flag
  std::vector<std::string> choices;  // where the value is one of a few
  std::string default_value;
  std::string description;
  bool is_required = false;
  bool repeats = false;

  // "FILE", "host|throwaway".
  std::string shown_value() const;
};

struct Command {
  std::string name;
  std::string description;
  std::vector<Option> options;  // the positionals among them
  std::vector<Command> commands;
};

Command describe(const CLI::App& program);

// The first clause of a description, for a line of a menu.
std::string in_short(const std::string& description);

}  // namespace sandproof::manual

// What the user asked for: the name of a unit, or files of one that nobody may have installed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sandproof::unit {

struct UnitFile {
  std::string name;   // "runwisp.service", "hardening.conf"
  std::string shown;  // the path as the user wrote it
  std::string content;
};

struct Request {
  std::string unit;  // the name to load: "foo@bar.service"
  std::optional<UnitFile> fragment;
  std::vector<UnitFile> drop_ins;
  // The socket unit of the fragment's name that lies beside it.
  std::optional<UnitFile> socket;

  bool has_files() const { return fragment || !drop_ins.empty(); }
};

// A path where it has a slash or is there, with the drop-ins of its NAME.d; a drop-in or a folder
// of them, for an installed unit; else a name, with or without ".service".
Result<Request> read_request(const std::string& what);

// "foo@.service" of "foo@bar.service", else "".
std::string template_of(const std::string& unit);

// "timer" of "x.timer": the type of a unit's name, where systemd has units of that type; else "".
std::string_view type_of(std::string_view unit);

// "a.service" of …/a.service.d, else "".
std::string unit_of_drop_in_folder(const std::filesystem::path& folder);

}  // namespace sandproof::unit

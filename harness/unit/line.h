// A line of a unit's files, and what systemd said of it.
#pragma once

#include <string>
#include <vector>

#include "unit/reader.h"

namespace sandproof::unit {

struct Line {
  std::string file;
  Assignment assignment;
  std::vector<std::string> log;  // what systemd said of it, without the place
};

// "/etc/systemd/system/x.service:12"
std::string place_of(const Line& line);

// "ProtectHome=yes", as the file has it.
std::string as_written(const Line& line);

// What systemd said of ignoring it. It also logs what it takes nevertheless: a deprecated name, a
// path below /var/run.
std::vector<std::string> ignoring(const Line& line);

// "read-only # keep it" would be a comment in most formats.
bool is_comment_word(const std::string& word);
bool has_comment_inside(const Line& line);

}  // namespace sandproof::unit

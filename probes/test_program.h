// Runs the programs of the build folder as a harness would: as root or as another user, under a
// seccomp filter, with their input and output in the test's hands.
#pragma once

#include <gmock/gmock.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace sandproof::probe_test {

inline constexpr uid_t nobody = 65534;

// The path of a program of the build folder.
std::string binary(const std::string& name);

// A seccomp filter: what to do with the listed calls, and with all others.
struct Filter {
  std::vector<unsigned> calls;
  std::uint32_t matched;
  std::uint32_t otherwise;
};

Filter allow_only(std::vector<unsigned> calls);
Filter kill_on(unsigned call);
Filter fail_with(std::uint16_t error, unsigned call);

struct Options {
  std::vector<std::string> environment = {};
  std::optional<uid_t> user = {};
  std::optional<Filter> filter = {};
};

// A child with a socket for its standard input and a pipe for its standard output.
class Child {
 public:
  Child(const std::string& path, std::vector<std::string> args, const Options& options);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // Whether all of it went in before the child ended.
  bool write(const std::string& text) const;

  void end_input();

  // All output so far and up to and with `end`, or to the end.
  std::string read_until(const std::string& end) const;
  std::string read_all() const { return read_until(""); }

  // "exited 21" or "killed 31", as the runner says it.
  std::string wait();

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool reaped_ = false;
};

struct Ended {
  std::string output;
  std::string status;

  friend bool operator==(const Ended&, const Ended&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Ended& ended) {
    return out << '"' << ended.output << "\" and " << ended.status;
  }
};

// Runs it to its end, with nothing to read.
Ended run(const std::string& name, const std::vector<std::string>& args,
          const Options& options = {});

// As a probe of that outcome ends.
Ended allowed();
Ended denied(const std::string& error);
Ended absent(const std::string& error);

bool is_root();

// Open to every user to look into.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sandproof-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string str() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace sandproof::probe_test

// How an attempt ended, as a probe says it on its one line and by its exit status.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sandproof {

struct Outcome {
  enum class Kind {
    allowed,
    denied,  // with an errno that the probe's card lists
    killed,  // by a signal, after the probe said that it was attempting
    absent,  // the object of the attempt is not there
    unable,  // the attempt could not be made, or failed in a way that its card does not list
  };

  Kind kind = Kind::unable;
  int number = 0;      // an errno (denied, absent) or a signal (killed)
  std::string reason;  // of unable

  bool operator==(const Outcome&) const = default;
  bool is_allowed() const { return kind == Kind::allowed; }
  bool is_unable() const { return kind == Kind::unable; }
  // Stopped: denied, killed, or not even there.
  bool is_stopped() const { return !is_allowed() && !is_unable(); }

  static Outcome allowed() { return {Kind::allowed, 0, {}}; }
  static Outcome denied(int error) { return {Kind::denied, error, {}}; }
  static Outcome killed(int signal) { return {Kind::killed, signal, {}}; }
  static Outcome absent(int error) { return {Kind::absent, error, {}}; }
  static Outcome unable(std::string reason) { return {Kind::unable, 0, std::move(reason)}; }
};

// "allowed", "denied EROFS", "killed SIGSYS", "absent ENOENT", "unable timed out": the words of the
// probes' protocol and of the JSON report.
std::string to_string(const Outcome& outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

}  // namespace sandproof

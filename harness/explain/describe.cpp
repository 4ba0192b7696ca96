#include "explain/describe.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <set>

#include "base/names.h"
#include "base/text.h"

namespace sandproof::explain {

namespace {

std::string octal(unsigned mode) {
  std::string text = "0000";
  for (std::size_t i = 4; i-- > 0; mode >>= 3) text[i] = static_cast<char>('0' + (mode & 7));
  return text;
}

std::string with_value(const std::string& directive, const UnitText& text) {
  const std::string value = text.value_of(directive);
  return directive + "=" + (is_list(directive) && value.size() > 40 ? "…" : value);
}

std::string names_of(const std::vector<std::string>& culprits, const UnitText& text) {
  std::vector<std::string> names;
  for (const auto& culprit : culprits) names.push_back(with_value(culprit, text));
  return names.empty() ? "the machine" : join(names, " and ");
}

std::string verb(const std::vector<std::string>& culprits, const std::string& singular,
                 const std::string& plural) {
  return culprits.size() > 1 ? plural : singular;
}

// Directives that hide paths, or what lies below them.
bool hides(const std::string& directive) {
  static const std::set<std::string_view> names = {
      "BindPaths",  "BindReadOnlyPaths", "DynamicUser",         "InaccessiblePaths",
      "PrivateTmp", "ProtectHome",       "TemporaryFileSystem", "RootDirectory",
      "RootImage",  "PrivateDevices",    "ProcSubset",          "ProtectProc"};
  return names.contains(directive);
}

std::string covering(const Walk& walk) {
  if (walk.mount.empty() || walk.mount == "/") return {};
  if (walk.mount_root.find("/systemd/inaccessible/") != std::string::npos) {
    return " (" + walk.mount + " is made inaccessible)";
  }
  if (walk.mount_type == "tmpfs") return " (an empty tmpfs is mounted on " + walk.mount + ")";
  return {};
}

std::string walker_of(const Walk& walk, const UnitText& text) {
  const std::string user = text.value_of("User");
  if (!user.empty()) return user;
  if (text.value_of("DynamicUser").empty()) return walk.walker_name;
  return "the dynamic user";
}

std::string end_of(const Walk& walk, const std::vector<std::string>& culprits,
                   const UnitText& text) {
  const std::string facts = octal(walk.mode) + " " + walk.owner_name + ":" + walk.group_name;
  const std::string walker = walker_of(walk, text);
  switch (walk.end) {
    case PathEnd::arrives:
    case PathEnd::no_interpreter:
      return {};
    case PathEnd::missing: {
      const bool is_hidden = std::any_of(culprits.begin(), culprits.end(), hides);
      return is_hidden ? names_of(culprits, text) + verb(culprits, " hides ", " hide ") +
                             walk.path + covering(walk)
                       : walk.path + " is not there: there is no " + walk.at;
    }
    case PathEnd::not_a_folder:
      return walk.at + ", on the way to " + walk.path + ", is not a folder";
    case PathEnd::not_traversable: {
      if (walk.mount_root.find("/systemd/inaccessible/") != std::string::npos) {
        return names_of(culprits, text) + verb(culprits, " hides ", " hide ") + walk.path +
               covering(walk);
      }
      return walk.at + " is " + facts + ", and " + walker + " cannot traverse it to " + walk.path;
    }
    case PathEnd::too_many_links:
      return walk.path + " goes through too many symbolic links";
    case PathEnd::not_a_file:
      return walk.at + " is no regular file: it cannot be executed";
    case PathEnd::not_executable:
      return walk.at + " is " + facts + ": " + walker + " may not execute it";
    case PathEnd::no_exec_mount:
      return (culprits.empty() ? "the mount on " + walk.mount + " is noexec, so "
                               : names_of(culprits, text) + verb(culprits, " keeps ", " keep ")) +
             (culprits.empty() ? walk.at + " cannot be executed"
                               : walk.at + " from being executed");
    case PathEnd::wrong_machine:
      return walk.at + " is a program for " + walk.machine + ", and this machine is another";
    case PathEnd::no_format:
      return walk.at + " is neither an ELF program nor a script that starts with #!";
  }
  return {};
}

std::vector<std::string> describe_program(const Failure& failure,
                                          const std::vector<std::string>& culprits,
                                          const UnitText& text) {
  for (const auto& walks : failure.trace.programs) {
    if (walks.empty() || walks.back().end == PathEnd::arrives) continue;
    const std::string sentence = end_of(walks.back(), culprits, text);
    if (walks.size() == 1) return {sentence};
    return {walks.front().path + " is there, but " + walks[walks.size() - 2].interpreter +
            ", which has to run it, cannot: " + sentence};
  }
  // The path is fine, and the kernel still refuses the file; or nobody could look.
  return {culprits.empty() ? failure.trial.message
                           : names_of(culprits, text) + ": " + failure.trial.message};
}

std::string after(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  return at == std::string::npos ? std::string() : text.substr(at + part.size());
}

std::vector<std::string> describe_step(const Failure& failure,
                                       const std::vector<std::string>& culprits,
                                       const UnitText& text) {
  const auto& trial = failure.trial;
  if (trial.step == "EXEC") return describe_program(failure, culprits, text);
  if (trial.step == "CHDIR") {
    for (const auto& walk : failure.trace.folders) {
      if (walk.end == PathEnd::arrives) continue;
      return {"the working directory cannot be entered: " + end_of(walk, culprits, text)};
    }
  }
  const bool is_unknown = trial.message.find(errno_text(ESRCH)) != std::string::npos;
  if (is_unknown && !missing_account(trial.step, text).empty()) {
    return {missing_account(trial.step, text)};
  }
  if (trial.step == "CAPABILITIES" && culprits == std::vector<std::string>{"AmbientCapabilities"} &&
      trial.message.find(errno_text(EPERM)) != std::string::npos) {
    // prctl(2), PR_CAP_AMBIENT_RAISE.
    return {names_of(culprits, text) +
            " cannot be given: they are not the manager's own, or a secure bit of its processes "
            "(no-cap-ambient-raise) forbids to raise them"};
  }
  const bool is_missing = trial.message.find(errno_text(ENOENT)) != std::string::npos;
  if (!failure.missing_path.empty()) {
    const std::string path = failure.missing_path;
    const std::string why = after(trial.message, path + ": ");
    return {names_of(culprits, text) + verb(culprits, " needs ", " need ") + path +
            (is_missing ? ", which is not there" : ": " + why)};
  }
  if (culprits == std::vector<std::string>{"RootDirectory"} && is_missing) {
    return {names_of(culprits, text) + " is not there"};
  }
  if (!culprits.empty()) return {names_of(culprits, text) + ": " + trial.message};
  return {trial.message};
}

std::string list_of_calls(const Trace& trace) {
  return trace.fatal_call +
         (trace.fatal_architecture.empty() ? "" : " (as " + trace.fatal_architecture + " has it)");
}

}  // namespace

std::string missing_account(const std::string& step, const UnitText& text) {
  if (step == "USER") return "User=" + text.value_of("User") + ": there is no such user";
  if (step != "GROUP") return {};
  const auto group = text.value_of("Group");
  return "Group=" + (group.empty() ? text.value_of("SupplementaryGroups") : group) +
         ": there is no such group";
}

std::string path_in_message(const std::string& message) {
  const auto at = message.find("namespacing: /");
  if (at == std::string::npos) return {};
  const auto begin = message.find('/', at);
  const auto end = message.find(": ", begin);
  return end == std::string::npos ? std::string() : message.substr(begin, end - begin);
}

std::string to_string(const RefusedCall& call) {
  return call.text + " = " + errno_name(call.error);
}

std::string ending_of(const Trial& trial) {
  if (trial.is_systemds) return std::to_string(trial.status) + "/" + trial.step;
  if (trial.result == "exit-code" || trial.result == "protocol") {
    return "exit status " + std::to_string(trial.status);
  }
  if (trial.result == "signal" || trial.result == "core-dump" || trial.result == "watchdog") {
    return signal_name(trial.status);
  }
  return trial.result;
}

std::vector<RefusedCall> refused_by_sandbox(const Trace& with, const Trace& without) {
  // Numbers of processes and of files differ from run to run.
  const auto shape = [](const RefusedCall& call) {
    std::string text = call.name + " " + std::to_string(call.error) + " ";
    for (const char c : call.object) {
      if (std::isdigit(static_cast<unsigned char>(c)) == 0) text += c;
    }
    return text;
  };
  std::set<std::string> usual;
  for (const auto& call : without.refused) usual.insert(shape(call));
  std::vector<RefusedCall> refused;
  for (const auto& call : with.refused) {
    if (call.of_program && !usual.contains(shape(call))) refused.push_back(call);
  }
  // Files that are not there are what programs look for all the time; a refusal says more.
  const auto is_refusal = [](const RefusedCall& call) { return call.error != ENOENT; };
  if (std::any_of(refused.begin(), refused.end(), is_refusal)) {
    std::erase_if(refused, [&](const RefusedCall& call) { return !is_refusal(call); });
  }
  return refused;
}

std::vector<std::string> describe(const Failure& failure, const std::vector<std::string>& culprits,
                                  const UnitText& text) {
  const auto& trial = failure.trial;
  if (trial.is_systemds) return describe_step(failure, culprits, text);
  std::vector<std::string> sentences;
  if (trial.result == "condition") {
    return {"a Condition…= or Assert…= of the unit is not met, so systemd does not even try"};
  }
  if (trial.result == no_resources) {
    return {(culprits.empty() ? "systemd does not come to start a process: "
                              : names_of(culprits, text) + verb(culprits, " keeps ", " keep ") +
                                    "systemd from starting a process: ") +
            trial.message};
  }
  const std::string command = trial.command.empty() ? "the program" : trial.command + "='s program";
  const bool is_signal = !trial.exited && trial.status != 0;
  if (is_signal && trial.status == SIGSYS && !failure.trace.fatal_call.empty()) {
    sentences.push_back(names_of(culprits, text) +
                        verb(culprits, " does not allow ", " do not allow ") +
                        list_of_calls(failure.trace) + ", so the kernel kills the program");
  } else if (trial.result == "timeout") {
    sentences.push_back(command + " was not ready in time");
  } else if (trial.result == "health") {
    sentences.push_back("the service runs, but does not get healthy");
  } else if (is_signal) {
    sentences.push_back(command + " dies of " + signal_name(trial.status));
  } else {
    sentences.push_back(command + " ends with status " + std::to_string(trial.status));
  }
  if (!failure.refused.empty()) {
    const auto& call = failure.refused.front();
    const std::string what =
        names_of(culprits, text) +
        (call.error == ENOENT ? verb(culprits, " hides ", " hide ")
                              : verb(culprits, " refuses ", " refuse ")) +
        (call.error == ENOENT && !call.object.empty() ? call.object : call.text);
    sentences.insert(sentences.begin(), what + ": " + errno_text(call.error));
  }
  return sentences;
}

}  // namespace sandproof::explain

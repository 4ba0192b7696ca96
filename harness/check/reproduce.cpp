#include "check/reproduce.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace sandproof {

namespace {

bool is_identity(const std::string& directive) {
  return directive == "User" || directive == "Group" || directive == "SupplementaryGroups" ||
         directive == "DynamicUser";
}

bool is_file_of(const guarantee::Bystander& bystander, const std::string& argument) {
  return argument == bystander.tmp_file || argument == bystander.var_tmp_file ||
         argument == bystander.dev_shm_file;
}

// As the shell is to read it, where `other` stands for the process of the run: "/proc/23/root/etc"
// is "/proc/1/root/etc", and the number of a namespace is that of the other's.
std::string without_the_run(const std::string& argument, const guarantee::Bystander& bystander,
                            int pid, const std::string& other) {
  for (const auto& [type, number] : bystander.namespaces) {
    if (argument == number) return "$(stat -Lc %i /proc/" + other + "/ns/" + type + ")";
  }
  const std::string number = std::to_string(pid);
  if (argument == number) return other;
  const std::string folder = "/proc/" + number + "/";
  if (!argument.starts_with(folder)) return shell_quote(argument);
  return "/proc/" + other + "/" + shell_quote(argument.substr(folder.size()));
}

// What has to be there first; empty where the argument is no file that the run made.
std::string make_anew(const std::string& argument, const guarantee::Subject& subject,
                      const std::filesystem::path& probes) {
  if (is_file_of(subject.bystander, argument)) return "echo sandproof >" + argument + ";";
  const std::string folder = subject.privileged_folder + "/";
  if (folder == "/" || !argument.starts_with(folder)) return {};
  const std::string name = argument.substr(folder.size());
  const std::string files = shell_quote((probes / name).string()) + " " + argument + ";";
  if (name == "be-root") return "install -D --mode=4755 " + files;
  return "install -D " + files + " setcap cap_net_bind_service=ep " + argument + ";";
}

}  // namespace

std::string reproduce_line(const guarantee::Subject& subject, const Unit& unit,
                           const Attempt& attempt, const std::filesystem::path& probes,
                           bool as_root) {
  const auto& bystander = subject.bystander;
  std::vector<std::string> line;
  for (const auto& argument : attempt.args) {
    const auto making = make_anew(argument, subject, probes);
    if (!making.empty()) line.push_back(making);
  }
  const bool is_of_a_user = !unit.manager_user.empty();
  line.emplace_back(is_of_a_user ? "systemd-run --user" : "systemd-run");
  for (const char* word : {"--wait", "--pipe", "--quiet", "--collect"}) {
    line.emplace_back(word);
  }
  for (const auto& directive : unit.directives) {
    if (directive.is_ignored() || directive.implied_by) continue;
    if (as_root && is_identity(directive.name)) continue;
    for (const auto& value : directive.values) {
      line.emplace_back("-p");
      line.push_back(shell_quote(directive.name + "=" + value));
    }
  }
  line.push_back(shell_quote((probes / attempt.probe).string()));
  for (const auto& argument : attempt.args) {
    line.push_back(is_of_a_user ? without_the_run(argument, bystander, bystander.user_pid, "$$")
                                : without_the_run(argument, bystander, bystander.root_pid, "1"));
  }
  return join(line, " ");
}

}  // namespace sandproof

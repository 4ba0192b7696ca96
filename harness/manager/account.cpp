#include "manager/account.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/program.h"
#include "base/text.h"

namespace sandproof {

namespace {

constexpr const char* made_name = "sandproof";
// Numbers of regular users: systemd has other rules for those of the system, below 1000.
constexpr int first_number = 1000;
constexpr int last_number = 59999;

// The lines of /etc/passwd or /etc/group, each by its fields.
std::vector<std::vector<std::string>> entries_of(const Manager& manager, const char* database) {
  std::vector<std::vector<std::string>> entries;
  const auto text = manager.files().read(database);
  if (!text) return entries;
  for (const auto& line : split(*text, '\n')) entries.push_back(split(line, ':'));
  return entries;
}

enum Field : std::size_t { name_field = 0, number_field = 2, home_field = 5, all_fields = 7 };

// The account with this value in the field.
std::optional<Account> find_account(const Manager& manager, Field field, std::string_view value) {
  for (const auto& entry : entries_of(manager, "/etc/passwd")) {
    if (entry.size() != all_fields || entry[field] != value) continue;
    return Account{entry[name_field], entry[number_field], entry[home_field], false};
  }
  return std::nullopt;
}

// One that is neither a user's nor a group's.
Result<std::string> free_number(const Manager& manager) {
  std::set<std::string> taken;
  for (const char* database : {"/etc/passwd", "/etc/group"}) {
    for (const auto& entry : entries_of(manager, database)) {
      if (entry.size() > number_field) taken.insert(entry[number_field]);
    }
  }
  for (int number = first_number; number <= last_number; ++number) {
    if (!taken.contains(std::to_string(number))) return std::to_string(number);
  }
  return cannot_run("there is no number left for a user");
}

// sysusers.d(5), tmpfiles.d(5).
Result<Account> make_account(const Manager& throwaway) {
  const auto number = free_number(throwaway);
  if (!number) return number.error();
  const std::string name = made_name;
  const Account account{name, *number, "/home/" + name, true};
  const std::string root = "--root=" + throwaway.files().name().string();
  const std::string user = "g " + name + " " + *number + "\nu " + name + " " + *number + ":" +
                           *number + " - " + account.home + " /bin/sh\n";
  const std::string home = "d " + account.home + " 0700 " + *number + " " + *number + " - -\n";
  auto made = run_program("systemd-sysusers", {root, "-"}, user);
  if (made) made = run_program("systemd-tmpfiles", {root, "--create", "-"}, home);
  if (!made) return made.error().with_prefix("cannot make the user " + name);
  return account;
}

}  // namespace

Result<Account> account_for_user_manager(const Manager& throwaway) {
  const char* caller = std::getenv("SUDO_UID");
  if (caller != nullptr && std::string_view(caller) != "0") {
    if (const auto account = find_account(throwaway, number_field, caller)) return *account;
  }
  // A machine may have an account of this name: it is nobody's whom we know.
  const auto other = find_account(throwaway, name_field, made_name);
  if (!other) return make_account(throwaway);
  if (other->uid == "0") return cannot_run("the user sandproof is root");
  return *other;
}

Result<Account> own_account() {
  const auto number = geteuid();
  if (number == 0) {
    return bad_input(
        "root's own user manager has privileges that no other has: run it as the user whose "
        "manager is meant, without sudo, or use --manager throwaway");
  }
  const passwd* entry = getpwuid(number);
  if (entry == nullptr) return cannot_run("there is no account of user " + std::to_string(number));
  return Account{entry->pw_name, std::to_string(number), entry->pw_dir, false};
}

}  // namespace sandproof

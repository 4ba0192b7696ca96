#include "bus/journal.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/fd.h"
#include "base/names.h"
#include "base/random.h"
#include "bus/handles.h"

namespace sandproof::bus {

namespace {

using JournalHandle = std::unique_ptr<sd_journal, Releaser<sd_journal_close>>;
using Clock = std::chrono::steady_clock;

Error journal_error(const std::string& what, int error) {
  return cannot_run("cannot " + what + " systemd's journal: " + errno_text(error));
}

// The journal answers this call (varlink.org) when all that was sent to it before is in its files.
// Their changes would tell, too, but it tells of them four times a second only. Answers an errno.
int synchronize(const std::string& path, Clock::time_point end) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path.data(), path.size());
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  static constexpr std::string_view call = R"({"method":"io.systemd.Journal.Synchronize"})";
  // Each message ends with a zero byte.
  if (!socket ||
      connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0 ||
      send(socket.get(), call.data(), call.size() + 1, MSG_NOSIGNAL) < 0) {
    return errno;
  }
  std::string answer;
  while (answer.empty() || answer.back() != '\0') {
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd wait_for{socket.get(), POLLIN, 0};
    const int ready = poll(&wait_for, 1, std::max(0, static_cast<int>(rest.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return errno;
    if (ready == 0) return ETIMEDOUT;
    std::array<char, 1024> buffer{};
    const auto count = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count < 0) return errno;
    if (count == 0) return ECONNRESET;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer.find("\"error\"") == std::string::npos ? 0 : EBADMSG;
}

int wait_for_child(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

// A journal refuses peers that it cannot see (PID 0), so a child in its PID namespace calls it.
int synchronize_from_within(const std::string& pid_namespace, const std::string& path,
                            Clock::time_point end) {
  const Fd space(open(pid_namespace.c_str(), O_RDONLY | O_CLOEXEC));
  if (!space) return errno;
  const pid_t outer = fork();
  if (outer < 0) return errno;
  if (outer > 0) return wait_for_child(outer);
  if (setns(space.get(), CLONE_NEWPID) < 0) _exit(errno);
  // Only a child is in the namespace that setns(2) chose.
  const pid_t inner = fork();
  if (inner == 0) _exit(synchronize(path, end));
  _exit(inner < 0 ? errno : wait_for_child(inner));
}

int synchronize(const RootedFs& files, Clock::time_point end) {
  const std::string path = "/run/systemd/journal/io.systemd.journal";
  if (files.name() == "/") return synchronize(path, end);
  // /proc/PID/root
  const std::string pid_namespace = files.name().parent_path() / "ns/pid";
  return synchronize_from_within(pid_namespace, files.name().string() + path, end);
}

Result<JournalHandle> open_journal(const RootedFs& files) {
  sd_journal* raw = nullptr;
  const int r = files.name() == "/" ? sd_journal_open(&raw, SD_JOURNAL_LOCAL_ONLY)
                                    : sd_journal_open_directory(
                                          &raw, (files.name() / "run/log/journal").c_str(), 0);
  if (r < 0) return journal_error("open", -r);
  return JournalHandle(raw);
}

JournalEntry read_entry(sd_journal* journal) {
  JournalEntry entry;
  const void* data = nullptr;
  std::size_t size = 0;
  sd_journal_restart_data(journal);
  while (sd_journal_enumerate_available_data(journal, &data, &size) > 0) {
    const std::string_view field(static_cast<const char*>(data), size);
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    entry.insert_or_assign(std::string(field.substr(0, equals)),
                           std::string(field.substr(equals + 1)));
  }
  return entry;
}

// Whoever may not ask for that leaves a mark, and waits until it is in the files that it may read:
// what was sent before to the same socket, systemd's messages, is then there, too. Answers an
// errno.
int wait_for_a_mark(sd_journal* journal, Clock::time_point end) {
  if (sd_journal_has_persistent_files(journal) <= 0 && sd_journal_has_runtime_files(journal) <= 0) {
    return EACCES;
  }
  const std::string mark = "SANDPROOF_MARK=" + random_name();
  std::string message = "MESSAGE=sandproof reads what systemd has said of a unit until now";
  const std::array<iovec, 2> fields = {iovec{message.data(), message.size()},
                                       iovec{const_cast<char*>(mark.data()), mark.size()}};
  int r = sd_journal_sendv(fields.data(), fields.size());
  if (r >= 0) r = sd_journal_add_match(journal, mark.data(), mark.size());
  while (r >= 0) {
    r = sd_journal_next(journal);
    if (r != 0) break;
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now());
    if (rest.count() <= 0) return ETIMEDOUT;
    r = sd_journal_wait(journal, static_cast<std::uint64_t>(rest.count()));
  }
  sd_journal_flush_matches(journal);
  if (r >= 0) r = sd_journal_seek_head(journal);
  return r < 0 ? -r : 0;
}

// A match is "FIELD=value"; an entry is read where any of them fits and `is_wanted` agrees.
template <typename IsWanted>
Result<std::vector<JournalEntry>> entries_that_match(const RootedFs& files,
                                                     const std::vector<std::string>& matches,
                                                     std::chrono::milliseconds limit,
                                                     IsWanted is_wanted) {
  const auto end = Clock::now() + limit;
  int error = synchronize(files, end);
  const bool may_not_ask = error == EACCES && files.name() == "/";
  if (error != 0 && !may_not_ask) return journal_error("wait for", error);
  const auto journal = open_journal(files);
  if (!journal) return journal.error();
  if (may_not_ask) error = wait_for_a_mark(journal->get(), end);
  if (error != 0) return journal_error("wait for", error);
  int r = 0;
  for (const auto& match : matches) {
    if (r >= 0) r = sd_journal_add_match(journal->get(), match.data(), match.size());
    if (r >= 0) r = sd_journal_add_disjunction(journal->get());
  }
  std::vector<JournalEntry> entries;
  while (r >= 0) {
    r = sd_journal_next(journal->get());
    if (r == 0) return entries;
    if (r < 0) break;
    auto entry = read_entry(journal->get());
    if (is_wanted(journal->get(), entry)) entries.push_back(std::move(entry));
  }
  return journal_error("read", -r);
}

bool is_since(sd_journal* journal, Clock::time_point since) {
  std::uint64_t said = 0;  // microseconds
  // Of another boot it is an error: ESTALE.
  return sd_journal_get_monotonic_usec(journal, &said, nullptr) >= 0 &&
         std::chrono::microseconds(said) >= since.time_since_epoch();
}

}  // namespace

Result<std::vector<JournalEntry>> journal_of_unit(const RootedFs& files, const std::string& unit,
                                                  std::chrono::milliseconds limit,
                                                  const std::string& field) {
  return entries_that_match(files, {field + "=" + unit}, limit,
                            [](sd_journal*, const JournalEntry&) { return true; });
}

Result<std::vector<JournalEntry>> journal_by_unit(const RootedFs& files, const Speakers& speakers,
                                                  std::chrono::milliseconds limit) {
  std::vector<std::string> matches = {"_SYSTEMD_UNIT=" + speakers.unit};
  if (speakers.names) {
    for (const auto& name : *speakers.names) matches.push_back("SYSLOG_IDENTIFIER=" + name);
  } else {
    matches.insert(matches.end(), {"_TRANSPORT=syslog", "_TRANSPORT=journal"});
  }
  const auto is_its_own = [&speakers](sd_journal* journal, const JournalEntry& entry) {
    const auto unit = entry.find("_SYSTEMD_UNIT");
    if (unit != entry.end()) return unit->second == speakers.unit;
    return !entry.contains("_COMM") && is_since(journal, speakers.since);
  };
  return entries_that_match(files, matches, limit, is_its_own);
}

}  // namespace sandproof::bus

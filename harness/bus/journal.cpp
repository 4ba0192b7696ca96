#include "bus/journal.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-journal.h>

#include <cerrno>
#include <cstring>
#include <memory>

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

// The journal's own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): the socket keeps the order of
// its datagrams, so when this one can be read, all that the manager sent before can be.
Result<void> send_mark(const RootedFs& files, const std::string& mark) {
  const std::string path =
      (files.name() == "/" ? "" : files.name().string()) + "/run/systemd/journal/socket";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return journal_error("write to", ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const std::string text = "MESSAGE=sandproof reads on from here\nPRIORITY=7\n" + mark + "\n";
  if (!socket || sendto(socket.get(), text.data(), text.size(), MSG_NOSIGNAL,
                        reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0) {
    return journal_error("write to", errno);
  }
  return {};
}

Result<JournalHandle> open_journal(const RootedFs& files) {
  sd_journal* raw = nullptr;
  const int r = files.name() == "/" ? sd_journal_open(&raw, SD_JOURNAL_LOCAL_ONLY)
                                    : sd_journal_open_directory(
                                          &raw, (files.name() / "run/log/journal").c_str(), 0);
  if (r < 0) return journal_error("open", -r);
  return JournalHandle(raw);
}

int restart_with_match(sd_journal* journal, const std::string& match) {
  sd_journal_flush_matches(journal);
  const int r = sd_journal_add_match(journal, match.data(), match.size());
  if (r < 0) return r;
  return sd_journal_seek_head(journal);
}

Result<void> wait_for_mark(sd_journal* journal, const std::string& mark, Clock::time_point end) {
  while (true) {
    int r = restart_with_match(journal, mark);
    if (r >= 0) r = sd_journal_next(journal);
    if (r < 0) return journal_error("read", -r);
    if (r > 0) return {};
    const auto rest =
        std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now()).count();
    if (rest <= 0) return journal_error("read", ETIMEDOUT);
    r = sd_journal_wait(journal, static_cast<std::uint64_t>(rest));
    if (r < 0) return journal_error("wait for", -r);
  }
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

}  // namespace

Result<std::vector<JournalEntry>> journal_of_unit(const RootedFs& files, const std::string& unit,
                                                  std::chrono::milliseconds limit) {
  const auto end = Clock::now() + limit;
  const std::string mark = "SANDPROOF_MARK=" + random_name();
  if (auto sent = send_mark(files, mark); !sent) return sent.error();
  const auto journal = open_journal(files);
  if (!journal) return journal.error();
  if (auto seen = wait_for_mark(journal->get(), mark, end); !seen) return seen.error();
  int r = restart_with_match(journal->get(), "UNIT=" + unit);
  std::vector<JournalEntry> entries;
  while (r >= 0) {
    r = sd_journal_next(journal->get());
    if (r == 0) return entries;
    if (r > 0) entries.push_back(read_entry(journal->get()));
  }
  return journal_error("read", -r);
}

}  // namespace sandproof::bus

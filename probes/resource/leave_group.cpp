// Control groups are what limits, device policies and the filters of IPAddressDeny= and its like
// hang on: a process that may write to the tree moves itself to another group and is rid of them.
// The one of PID 1 is always there, and no unit's. Where the tree is read-only, a process that may
// mount gets an instance of it that is not, which is `fresh`.

#include "kit/fresh.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "leave-group",
    .attempts = "write(cgroup.procs of init.scope, \"0\"), then PROBE",
    .arguments = "FOLDER|fresh PROBE...",
    .harmless_because =
        "only this process moves, and it ends at once; PROBE says why it is harmless",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENODEV},
};

namespace {

constexpr const char* group = "init.scope/cgroup.procs";

long open_tree(const char* tree) {
  if (probe::equal(tree, "fresh")) return probe::mount_fresh("cgroup2");
  return sys::open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

long join(int tree) {
  const long fd = sys::openat(tree, group, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  const long r = sys::write(static_cast<int>(fd), "0", 1);
  sys::close(static_cast<int>(fd));
  return r;
}

// Ends as the child has ended, which has said how.
[[noreturn]] void follow(int child) {
  int status = 0;
  while (sys::wait4(child, &status, 0) == -EINTR) continue;
  const int signal = status & 0x7f;
  if (signal != 0) sys::kill(static_cast<int>(sys::getpid()), signal);
  sys::exit_group(status >> 8 & 0xff);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  // Of a unit's main process PID 1 sees to it, too, that it is in the unit's group, at any time
  // after its start: exec_spawn() in systemd's execute.c.
  const long child = sys::fork();
  if (child < 0) return probe::unable("fork", child);
  if (child > 0) follow(static_cast<int>(child));
  const long tree = open_tree(args[0]);
  if (tree < 0) return probe::judge(card, tree);
  const long r = join(static_cast<int>(tree));
  if (r < 0) return probe::judge(card, r);
  return probe::become(args, 1);
}

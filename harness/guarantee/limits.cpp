#include <array>
#include <cstdint>
#include <string>

#include "guarantee/expect.h"
#include "guarantee/families.h"

namespace sandproof::guarantee {

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t tebibyte = mebibyte << 20;

struct Limit {
  const char* directive;
  // How the kernel stops what goes over it.
  Outcome (*stop)() = nullptr;
  // The highest limit that is gone over; a higher one is only asked to be raised.
  std::uint64_t most = 0;
  // A capability makes root exempt (CAP_IPC_LOCK, CAP_SYS_RESOURCE).
  bool of_root = true;
};

constexpr Limit as = {"LimitAS", [] { return denied(ENOMEM); }, tebibyte};
constexpr Limit core = {"LimitCORE"};
constexpr Limit cpu = {"LimitCPU"};
constexpr Limit data = {"LimitDATA", [] { return denied(ENOMEM); }, tebibyte};
constexpr Limit fsize = {"LimitFSIZE", [] { return killed(SIGXFSZ); }, tebibyte};
constexpr Limit locks = {"LimitLOCKS"};
constexpr Limit memlock = {"LimitMEMLOCK", [] { return denied(ENOMEM); }, 1024 * mebibyte, false};
constexpr Limit msgqueue = {"LimitMSGQUEUE"};
constexpr Limit nice = {"LimitNICE"};
constexpr Limit nofile = {"LimitNOFILE", [] { return denied(EBADF); }, mebibyte};
constexpr Limit nproc = {"LimitNPROC", [] { return denied(EAGAIN); }, 256, false};
constexpr Limit rss = {"LimitRSS"};
constexpr Limit rtprio = {"LimitRTPRIO"};
constexpr Limit rttime = {"LimitRTTIME"};
constexpr Limit sigpending = {"LimitSIGPENDING"};
constexpr Limit stack = {"LimitSTACK", [] { return killed(SIGSEGV); }, 1024 * mebibyte};

Attempt going_over(const std::string& resource, std::uint64_t most) {
  if (resource == "NPROC") return {"fork-many", {std::to_string(most)}};
  return {"exceed-limit", {resource, std::to_string(most)}};
}

// Of soft:hard only the hard one is a limit, for any process may raise the soft one up to it.
// systemd lowers what it may not raise without a word (setrlimit_closest()).
Promise promise_of_limit(const Subject& subject, const Limit& limit) {
  const auto most = subject.settings.number(limit.directive);
  constexpr auto longest = static_cast<std::uint64_t>(INT64_MAX);
  if (most >= longest) return Promise::off();
  if (!subject.settings.is_changed(limit.directive)) {
    return Promise::untestable(
        "its hard limit is that of every service, and any process may raise the soft one");
  }
  const std::string resource = std::string(limit.directive).substr(sizeof "Limit" - 1);
  const Attempt raise_soft = {"raise-soft-limit", {resource, std::to_string(most)}};
  Promise promise;
  // fork() of no processes at all says nothing.
  if (limit.stop == nullptr || most > limit.most || most == 0) {
    promise.attempts.push_back(must_be_denied(raise_soft, {denied(EINVAL)}));
  } else {
    const auto attempt = going_over(resource, most);
    promise.attempts.push_back(limit.of_root ? must_be_denied(attempt, {limit.stop()})
                                             : must_be_denied_to_user(attempt, {limit.stop()}));
  }
  promise.attempts.push_back(side_door("setrlimit of a higher limit",
                                       {"raise-hard-limit", {resource, std::to_string(most)}},
                                       {denied(EPERM)}, "CapabilityBoundingSet=~CAP_SYS_RESOURCE"));
  return promise;
}

template <const Limit& limit>
Promise keep_to(const Subject& subject) {
  return promise_of_limit(subject, limit);
}

constexpr std::array table = {
    Guarantee{"LimitAS", keep_to<as>},
    Guarantee{"LimitCORE", keep_to<core>},
    Guarantee{"LimitCPU", keep_to<cpu>},
    Guarantee{"LimitDATA", keep_to<data>},
    Guarantee{"LimitFSIZE", keep_to<fsize>},
    Guarantee{"LimitLOCKS", keep_to<locks>},
    Guarantee{"LimitMEMLOCK", keep_to<memlock>},
    Guarantee{"LimitMSGQUEUE", keep_to<msgqueue>},
    Guarantee{"LimitNICE", keep_to<nice>},
    Guarantee{"LimitNOFILE", keep_to<nofile>},
    Guarantee{"LimitNPROC", keep_to<nproc>},
    Guarantee{"LimitRSS", keep_to<rss>},
    Guarantee{"LimitRTPRIO", keep_to<rtprio>},
    Guarantee{"LimitRTTIME", keep_to<rttime>},
    Guarantee{"LimitSIGPENDING", keep_to<sigpending>},
    Guarantee{"LimitSTACK", keep_to<stack>},
};

}  // namespace

std::span<const Guarantee> limit_guarantees() { return table; }

}  // namespace sandproof::guarantee

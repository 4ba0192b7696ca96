// A stand-in for the programs of a unit, so that its life can be watched: it is put where the
// unit's commands are, and does what $STANDIN says. That is rules, "WORD: ACTION; ACTION | ACTION";
// the first rule whose word is a part of an argument, or that has no word, is the one. After the
// last action it exits with 0.
//
//     ready            tells systemd so, where it asked for it (sd_notify(3))
//     serve            waits for SIGTERM
//     ignore           from now on, SIGTERM
//     sleep MS
//     make PATH        an empty file
//     listen PATH      a socket
//     shm              a System V segment
//     exit STATUS
//     die SIGNAL       by number

#include "kit/program.h"
#include "kit/sys.h"
#include "kit/text.h"

namespace {

constexpr int cannot = 99;
constexpr size_t longest = 256;
// sigset_t as the kernel has it: 64 bits.
constexpr size_t set_size = 8;

// A word of the rules, copied out.
struct Word {
  char text[longest] = {};
  size_t size = 0;
  void add(char letter) {
    if (size + 1 < longest) text[size++] = letter;
  }
};

bool is_end(char letter) { return letter == '\0' || letter == ';' || letter == '|'; }

const char* skip_spaces(const char* text) {
  while (*text == ' ') ++text;
  return text;
}

const char* take_word(const char* text, Word& word) {
  text = skip_spaces(text);
  while (!is_end(*text) && *text != ' ') word.add(*text++);
  return skip_spaces(text);
}

bool contains(const char* text, const char* part) {
  for (; *text != '\0'; ++text) {
    if (probe::after_prefix(text, part) != nullptr) return true;
  }
  return false;
}

bool is_called_with(probe::Args args, const char* word) {
  // The program's own name counts: rules may be shared by several programs.
  for (size_t i = 0; i <= args.size(); ++i) {
    if (contains(args[i - 1], word)) return true;
  }
  return false;
}

// The actions of the rule that applies; nullptr where none does.
const char* find_rule(const char* rules, probe::Args args) {
  for (;;) {
    Word first;
    const char* actions = take_word(rules, first);
    if (first.size == 0 || first.text[first.size - 1] != ':') return rules;
    first.text[first.size - 1] = '\0';
    if (is_called_with(args, first.text)) return actions;
    while (*rules != '\0' && *rules != '|') ++rules;
    if (*rules == '\0') return nullptr;
    ++rules;
  }
}

long tell_ready(probe::Args args) {
  const char* path = args.environment("NOTIFY_SOCKET");
  if (path == nullptr) return 0;
  const long fd = sys::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  size_t size = 0;
  while (path[size] != '\0' && size < sizeof address.sun_path) {
    address.sun_path[size] = path[size];
    ++size;
  }
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  constexpr char message[] = "READY=1";
  return sys::sendto(static_cast<int>(fd), message, sizeof message - 1, MSG_NOSIGNAL, &address,
                     offsetof(sockaddr_un, sun_path) + size);
}

constexpr unsigned long only_term = 1UL << (SIGTERM - 1);

// Whether the rule waits for SIGTERM at some time: it is kept for then from the beginning. The
// first process of a PID namespace would never hear of one that came too early.
bool serves(const char* actions) {
  for (; *actions != '\0' && *actions != '|'; ++actions) {
    if (probe::after_prefix(actions, "serve") != nullptr) return true;
  }
  return false;
}

long hold_back_term() {
  return sys::call(__NR_rt_sigprocmask, SIG_BLOCK, &only_term, nullptr, set_size);
}

long wait_for_term() {
  return sys::call(__NR_rt_sigtimedwait, &only_term, nullptr, nullptr, set_size);
}

long ignore_term() {
  // struct sigaction as the kernel has it: handler, flags, restorer, mask.
  const unsigned long action[4] = {1 /* SIG_IGN */, 0, 0, 0};
  return sys::call(__NR_rt_sigaction, SIGTERM, action, nullptr, set_size);
}

long sleep(long milliseconds) {
  const struct {
    long seconds, nanoseconds;
  } time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  return sys::call(__NR_nanosleep, &time, nullptr);
}

long make_file(const char* path) {
  const long fd = sys::open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  return fd < 0 ? fd : sys::close(static_cast<int>(fd));
}

long listen_on(const char* path) {
  const long fd = sys::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  for (size_t i = 0; path[i] != '\0' && i + 1 < sizeof address.sun_path; ++i) {
    address.sun_path[i] = path[i];
  }
  const long r = sys::bind(static_cast<int>(fd), &address, sizeof address);
  return r < 0 ? r : sys::listen(static_cast<int>(fd), 1);
}

long make_segment() { return sys::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600); }

long act(const Word& verb, const Word& value, probe::Args args) {
  const auto number = probe::parse_number(value.text);
  if (probe::equal(verb.text, "ready")) return tell_ready(args);
  if (probe::equal(verb.text, "serve")) return wait_for_term();
  if (probe::equal(verb.text, "ignore")) return ignore_term();
  if (probe::equal(verb.text, "shm")) return make_segment();
  if (probe::equal(verb.text, "make")) return make_file(value.text);
  if (probe::equal(verb.text, "listen")) return listen_on(value.text);
  if (!number.valid) return -EINVAL;
  if (probe::equal(verb.text, "sleep")) return sleep(number.value);
  if (probe::equal(verb.text, "exit")) sys::exit_group(static_cast<int>(number.value));
  if (probe::equal(verb.text, "die")) {
    return sys::kill(static_cast<int>(sys::getpid()), static_cast<int>(number.value));
  }
  return -EINVAL;
}

}  // namespace

int program(probe::Args args) {
  const char* rules = args.environment("STANDIN");
  const char* action = rules == nullptr ? nullptr : find_rule(rules, args);
  if (action == nullptr) return cannot;
  if (serves(action)) hold_back_term();
  for (;;) {
    Word verb;
    Word value;
    action = take_word(action, verb);
    action = take_word(action, value);
    const long r = verb.size == 0 ? 0 : act(verb, value, args);
    if (r < 0) {
      probe::Text()
          .add("standin: ")
          .add(verb.text)
          .add(": ")
          .add_errno(static_cast<int>(-r))
          .add('\n')
          .write_out();
      return cannot;
    }
    while (!is_end(*action)) ++action;
    if (*action != ';') return 0;
    ++action;
  }
}

// A process outside of the sandbox, that attempts are made upon: `bystander tcp shm file PATH`.
// It makes what its arguments ask for and says where each is, one line each, then its own pid, then
// `ready`:
//
//     tcp 127.0.0.1 PORT     a listening socket; connections wait in its backlog
//     udp 127.0.0.1 PORT     a bound socket
//     abstract NAME          a listening AF_UNIX socket in the abstract namespace
//     shm KEY ID             a System V segment that everyone may attach
//     file PATH              a new file that everyone may read
//     pid PID
//
// At the end of its standard input it takes away what would outlive it and exits with 0. What it
// cannot make is told as `unable WHAT: ERRNO`, and it exits with 1 at once.

#include "kit/program.h"
#include "kit/sys.h"
#include "kit/text.h"

namespace {

constexpr int failed = 1;

class Bystander {
 public:
  Bystander() = default;
  Bystander(const Bystander&) = delete;
  Bystander& operator=(const Bystander&) = delete;

  ~Bystander() {
    if (segment_ >= 0) sys::shmctl(static_cast<int>(segment_), IPC_RMID, nullptr);
    for (int i = 0; i < file_count_; ++i) sys::unlinkat(AT_FDCWD, files_[i], 0);
  }

  // Each returns a negative errno where it cannot, and adds to the line what an attempt must know.

  long make_inet(int type, probe::Text& line) {
    const long fd = sys::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    const auto socket = static_cast<int>(fd);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
    long r = sys::bind(socket, &address, sizeof address);
    if (r < 0) return r;
    if (type == SOCK_STREAM) {
      r = sys::listen(socket, backlog);
      if (r < 0) return r;
    }
    unsigned int size = sizeof address;
    r = sys::getsockname(socket, &address, &size);
    if (r < 0) return r;
    line.add(" 127.0.0.1 ").add_number(__builtin_bswap16(address.sin_port));
    return 0;
  }

  long make_abstract(const char* name, probe::Text& line) {
    const long fd = sys::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // A NUL in the first place makes a name abstract, and its length is part of it.
    size_t length = 1;
    for (const char* letter = name; *letter != '\0'; ++letter) {
      if (length == sizeof address.sun_path) return -ENAMETOOLONG;
      address.sun_path[length++] = *letter;
    }
    const auto socket = static_cast<int>(fd);
    long r = sys::bind(socket, &address, offsetof(sockaddr_un, sun_path) + length);
    if (r < 0) return r;
    r = sys::listen(socket, backlog);
    if (r < 0) return r;
    line.add(' ').add(name);
    return 0;
  }

  long make_segment(probe::Text& line) {
    int key = 0;
    const long r = sys::getrandom(&key, sizeof key, 0);
    if (r < 0) return r;
    // A key of 0 is IPC_PRIVATE, which cannot be found.
    key |= 1;
    segment_ = sys::shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
    if (segment_ < 0) return segment_;
    line.add(' ').add_number(key).add(' ').add_number(segment_);
    return 0;
  }

  long make_file(const char* path, probe::Text& line) {
    if (file_count_ == most_files) return -E2BIG;
    const long fd = sys::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return fd;
    files_[file_count_++] = path;
    constexpr char content[] = "sandproof\n";
    const long r = sys::write(static_cast<int>(fd), content, sizeof content - 1);
    sys::close(static_cast<int>(fd));
    if (r < 0) return r;
    line.add(' ').add(path);
    return 0;
  }

 private:
  static constexpr int backlog = 128;
  static constexpr int most_files = 8;

  long segment_ = -1;
  const char* files_[most_files] = {};
  int file_count_ = 0;
};

int say_unable(const char* what, long result) {
  probe::Text()
      .add("unable ")
      .add(what)
      .add(": ")
      .add_errno(static_cast<int>(-result))
      .add('\n')
      .write_out();
  return failed;
}

}  // namespace

int program(probe::Args args) {
  Bystander bystander;
  for (size_t i = 0; i < args.size(); ++i) {
    const char* what = args[i];
    const bool has_value = i + 1 < args.size();
    probe::Text line;
    line.add(what);
    long r = -EINVAL;
    if (probe::equal(what, "tcp")) {
      r = bystander.make_inet(SOCK_STREAM, line);
    } else if (probe::equal(what, "udp")) {
      r = bystander.make_inet(SOCK_DGRAM, line);
    } else if (probe::equal(what, "shm")) {
      r = bystander.make_segment(line);
    } else if (probe::equal(what, "abstract") && has_value) {
      r = bystander.make_abstract(args[++i], line);
    } else if (probe::equal(what, "file") && has_value) {
      r = bystander.make_file(args[++i], line);
    }
    if (r < 0) return say_unable(what, r);
    line.add('\n').write_out();
  }
  probe::Text().add("pid ").add_number(sys::getpid()).add("\nready\n").write_out();

  for (;;) {
    char ignored[64];
    const long r = sys::read(0, ignored, sizeof ignored);
    if (r == 0) return 0;
    if (r < 0 && r != -EINTR) return say_unable("read", r);
  }
}

// Asks the service manager over D-Bus to start a unit, which would run outside of every sandbox.
// The name of the unit has no type: systemd says so only after it has seen that the caller may
// start units (method_start_transient_unit() in its dbus-manager.c), and makes no unit. Of a caller
// who is not root it asks polkit, where there is one.
//
// Each PATH is a way to the manager's own socket, which only root may use, or to that of the system
// bus; the first that gets through ends the attempt. D-Bus is spoken by hand: who we are (SASL
// EXTERNAL), Hello(), which the manager's own socket answers with an error that nobody heeds, and
// the call. A bus that was started by this very connection may not have the manager yet, so the
// probe waits for it.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "ask-manager",
    .attempts = "StartTransientUnit(), on the D-Bus socket PATH, of a unit whose name has no type",
    .arguments = "PATH...",
    .harmless_because = "there can be no such unit, and systemd makes none",
    .denied_with = {EACCES, EPERM, ECONNREFUSED, EAFNOSUPPORT},
    .absent_with = {ENOENT, ENOTDIR},
};

namespace {

enum Field : uint8_t {
  path_field = 1,
  interface_field = 2,
  member_field = 3,
  error_name_field = 4,
  reply_serial_field = 5,
  destination_field = 6,
  signature_field = 8,
};

enum MessageType : uint8_t { call_message = 1, return_message, error_message, signal_message };

// A method call, as the D-Bus specification has it on the wire, in little-endian order.
class Call {
 public:
  struct Target {
    const char* destination;
    const char* path;
    const char* interface;
    const char* member;
  };

  Call(uint32_t serial, const Target& target, const char* signature) {
    constexpr uint8_t no_auto_start = 2;
    constexpr uint8_t version = 1;
    for (const uint8_t byte : {uint8_t{'l'}, uint8_t{call_message}, no_auto_start, version}) {
      add(byte);
    }
    add_number(0);  // the size of the body, and that of the fields below: filled in by end()
    add_number(serial);
    add_number(0);
    add_field(path_field, 'o', target.path);
    add_field(destination_field, 's', target.destination);
    add_field(interface_field, 's', target.interface);
    add_field(member_field, 's', target.member);
    if (*signature != '\0') add_signature(signature);
    fields_end_ = size_;
    align(8);
    body_ = size_;
  }

  Call& add_text(const char* text) {
    const size_t length_at = align(4);
    add_number(0);
    const size_t begin = size_;
    for (; *text != '\0'; ++text) add(static_cast<uint8_t>(*text));
    put_number(length_at, size_ - begin);
    add(0);
    return *this;
  }

  // Of structs, which are aligned even where there is none.
  Call& add_empty_array() {
    align(4);
    add_number(0);
    align(8);
    return *this;
  }

  long send(int fd) {
    put_number(4, size_ - body_);
    put_number(12, fields_end_ - header_size);
    return sys::write(fd, bytes_, size_);
  }

 private:
  static constexpr size_t header_size = 16;

  void add(uint8_t byte) {
    if (size_ < sizeof bytes_) bytes_[size_++] = byte;
  }
  size_t align(size_t to) {
    while (size_ % to != 0) add(0);
    return size_;
  }
  void add_number(uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) add(static_cast<uint8_t>(number >> shift));
  }
  void put_number(size_t at, size_t number) {
    for (size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<uint8_t>(number >> 8 * i);
  }
  void add_field(Field field, char type, const char* text) {
    align(8);
    add(field);
    add(1);
    add(static_cast<uint8_t>(type));
    add(0);
    add_text(text);
  }
  void add_signature(const char* signature) {
    align(8);
    add(signature_field);
    add(1);
    add('g');
    add(0);
    const size_t length_at = size_;
    add(0);
    for (; *signature != '\0'; ++signature) add(static_cast<uint8_t>(*signature));
    bytes_[length_at] = static_cast<uint8_t>(size_ - length_at - 1);
    add(0);
  }

  size_t size_ = 0;
  size_t fields_end_ = 0;
  size_t body_ = 0;
  uint8_t bytes_[512] = {};
};

// A message that came in: what is needed of it.
struct Answer {
  uint8_t type = 0;
  uint32_t to = 0;  // the serial of the call that it answers, or 0
  char error[128] = {};
  char text[64] = {};  // how the body begins, where it begins with a text
};

constexpr long broken = -EBADMSG;

long read_all(int fd, uint8_t* to, size_t size) {
  while (size > 0) {
    const long r = sys::read(fd, to, size);
    if (r < 0) return r;
    if (r == 0) return -EPIPE;
    to += r;
    size -= static_cast<size_t>(r);
  }
  return 0;
}

long skip(int fd, size_t size) {
  uint8_t ignored[256];
  while (size > 0) {
    const size_t part = size < sizeof ignored ? size : sizeof ignored;
    const long r = read_all(fd, ignored, part);
    if (r < 0) return r;
    size -= part;
  }
  return 0;
}

uint32_t number_at(const uint8_t* bytes) {
  return bytes[0] | uint32_t{bytes[1]} << 8 | uint32_t{bytes[2]} << 16 | uint32_t{bytes[3]} << 24;
}

size_t aligned(size_t size, size_t to) { return (size + to - 1) / to * to; }

// As much as fits, with a NUL after it.
template <size_t size>
void copy_text(char (&to)[size], const uint8_t* from, size_t length) {
  size_t i = 0;
  for (; i < length && i + 1 < size; ++i) to[i] = static_cast<char>(from[i]);
  to[i] = '\0';
}

// The header fields, each a number and a variant.
long read_fields(const uint8_t* fields, size_t size, Answer& answer) {
  size_t at = 0;
  while (at + 4 < size) {
    const uint8_t field = fields[at];
    const uint8_t type = fields[at + 2];
    if (fields[at + 1] != 1) return broken;
    at += 4;
    if (type == 'g') {
      at += size_t{fields[at]} + 2;
    } else {
      if (at + 4 > size) return broken;
      const uint32_t number = number_at(fields + at);
      at += 4;
      if (type == 'u') {
        if (field == reply_serial_field) answer.to = number;
      } else {
        if (number >= size - at) return broken;
        if (field == error_name_field) copy_text(answer.error, fields + at, number);
        at += number + 1;
      }
    }
    at = aligned(at, 8);
  }
  return 0;
}

long read_answer(int fd, Answer& answer) {
  answer = {};
  uint8_t header[16];
  uint8_t bytes[1024];
  long r = read_all(fd, header, sizeof header);
  if (r < 0) return r;
  answer.type = header[1];
  const size_t body_size = number_at(header + 4);
  const size_t fields_size = number_at(header + 12);
  if (header[0] != 'l' || aligned(fields_size, 8) > sizeof bytes) return broken;
  r = read_all(fd, bytes, aligned(fields_size, 8));
  if (r < 0) return r;
  r = read_fields(bytes, fields_size, answer);
  if (r < 0) return r;
  const size_t read = body_size < sizeof bytes ? body_size : sizeof bytes;
  r = read_all(fd, bytes, read);
  if (r < 0) return r;
  if (read > 4 && number_at(bytes) < read - 4) copy_text(answer.text, bytes + 4, number_at(bytes));
  return skip(fd, body_size - read);
}

long connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  size_t length = 0;
  for (; path[length] != '\0'; ++length) {
    if (length + 1 == sizeof address.sun_path) return -ENAMETOOLONG;
    address.sun_path[length] = path[length];
  }
  const long fd = sys::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  sys::setsockopt(static_cast<int>(fd), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const long r = sys::connect(static_cast<int>(fd), &address, sizeof address);
  return r < 0 ? r : fd;
}

// The user's number, in hexadecimal digits of its decimal ones. Who is refused is hung up on, or is
// told REJECTED.
long authenticate(int fd) {
  probe::Text user;
  user.add_number(sys::geteuid());
  probe::Text line;
  line.add("AUTH EXTERNAL ");
  for (const char* digit = user.c_str(); *digit != '\0'; ++digit) line.add('3').add(*digit);
  line.add("\r\n");
  constexpr char credentials_follow = '\0';
  long r = sys::write(fd, &credentials_follow, 1);
  if (r >= 0) r = sys::write(fd, line.c_str(), line.size());
  if (r < 0) return r == -EPIPE ? -EACCES : r;
  char reply[128] = {};
  for (size_t i = 0; i + 1 < sizeof reply && (i == 0 || reply[i - 1] != '\n'); ++i) {
    r = sys::read(fd, reply + i, 1);
    if (r == 0 || r == -ECONNRESET) return -EACCES;
    if (r < 0) return r;
  }
  if (probe::after_prefix(reply, "REJECTED") != nullptr) return -EACCES;
  if (probe::after_prefix(reply, "OK ") == nullptr) return broken;
  constexpr char begin[] = "BEGIN\r\n";
  return sys::write(fd, begin, sizeof begin - 1);
}

constexpr Call::Target bus(const char* member) {
  return {"org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member};
}

long ask_to_start(int fd, uint32_t serial) {
  Call call(serial,
            {"org.freedesktop.systemd1", "/org/freedesktop/systemd1",
             "org.freedesktop.systemd1.Manager", "StartTransientUnit"},
            "ssa(sv)a(sa(sv))");
  return call.add_text("sandproof").add_text("fail").add_empty_array().add_empty_array().send(fd);
}

probe::Outcome judge_answer(const Answer& answer) {
  const auto is = [&answer](const char* name) { return probe::equal(answer.error, name); };
  if (answer.type == return_message) return probe::allowed();
  if (is("org.freedesktop.DBus.Error.InvalidArgs") &&
      probe::after_prefix(answer.text, "Invalid unit name") != nullptr) {
    return probe::allowed();
  }
  if (is("org.freedesktop.DBus.Error.AccessDenied") ||
      is("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired")) {
    return probe::denied(EACCES);
  }
  return probe::unable("the manager says something else");
}

bool has_no_manager(const Answer& answer) {
  return probe::equal(answer.error, "org.freedesktop.DBus.Error.ServiceUnknown") ||
         probe::equal(answer.error, "org.freedesktop.DBus.Error.NameHasNoOwner");
}

probe::Outcome ask_on(const char* path) {
  enum Serial : uint32_t { hello = 1, match, first_ask, second_ask };
  const long connected = connect_to(path);
  if (connected < 0) return probe::judge(card, connected);
  const auto fd = static_cast<int>(connected);
  long r = authenticate(fd);
  if (r < 0) return probe::judge(card, r);

  r = Call(hello, bus("Hello"), "").send(fd);
  if (r >= 0) {
    r = Call(match, bus("AddMatch"), "s")
            .add_text("member='NameOwnerChanged',arg0='org.freedesktop.systemd1'")
            .send(fd);
  }
  if (r >= 0) r = ask_to_start(fd, first_ask);
  bool is_awaited = false;
  while (r >= 0) {
    Answer answer;
    r = read_answer(fd, answer);
    if (r < 0) break;
    if (answer.to == first_ask && has_no_manager(answer)) {
      is_awaited = true;
    } else if (answer.to == first_ask || answer.to == second_ask) {
      return judge_answer(answer);
    } else if (is_awaited && answer.type == signal_message) {
      is_awaited = false;
      r = ask_to_start(fd, second_ask);
    }
  }
  return probe::unable("D-Bus", r);
}

}  // namespace

// One that gets through outweighs one that could not be tried, that one a denial, and that one a
// socket that is not there.
probe::Outcome attempt(probe::Args args) {
  probe::Outcome result = ask_on(args[0]);
  const auto weight = [](const probe::Outcome& outcome) {
    switch (outcome.kind) {
      case probe::Kind::allowed:
        return 3;
      case probe::Kind::unable:
        return 2;
      case probe::Kind::denied:
        return 1;
      case probe::Kind::absent:
        break;
    }
    return 0;
  };
  for (size_t i = 1; i < args.size() && result.kind != probe::Kind::allowed; ++i) {
    const probe::Outcome next = ask_on(args[i]);
    if (weight(next) > weight(result)) result = next;
  }
  return result;
}

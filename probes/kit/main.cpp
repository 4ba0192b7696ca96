// A probe's life, around its one attempt: --card, the lines it writes, its exit status.

#include "kit/probe.h"
#include "kit/program.h"

namespace {

void add_json_errnos(probe::Text& text, const char* key, const probe::Errnos& errnos) {
  text.add(", ").add_json(key).add(": [");
  const char* separator = "";
  for (const int error : errnos) {
    text.add(separator).add('"').add_errno(error).add('"');
    separator = ", ";
  }
  text.add(']');
}

void write_card() {
  probe::Text text;
  text.add("{\"id\": ").add_json(card.id);
  text.add(", \"attempts\": ").add_json(card.attempts);
  text.add(", \"arguments\": ").add_json(card.arguments);
  text.add(", \"harmless_because\": ").add_json(card.harmless_because);
  add_json_errnos(text, "denied_with", card.denied_with);
  add_json_errnos(text, "absent_with", card.absent_with);
  add_json_errnos(text, "allowed_with", card.allowed_with);
  text.add("}\n").write_out();
}

// Whether so many arguments fit "NEEDED [OPTIONAL] MORE...".
bool count_fits(const char* words, size_t count) {
  size_t needed = 0;
  size_t most = 0;
  bool unlimited = false;
  while (*words != '\0') {
    if (*words == ' ') {
      ++words;
      continue;
    }
    const bool optional = *words == '[';
    for (; *words != '\0' && *words != ' '; ++words) {
      if (probe::after_prefix(words, "...")) unlimited = true;
    }
    ++most;
    if (!optional) ++needed;
  }
  return count >= needed && (unlimited || count <= most);
}

void add_outcome(probe::Text& text, const probe::Outcome& outcome) {
  switch (outcome.kind) {
    case probe::Kind::allowed:
      text.add("allowed");
      return;
    case probe::Kind::denied:
      text.add("denied ").add_errno(outcome.error);
      return;
    case probe::Kind::absent:
      text.add("absent ").add_errno(outcome.error);
      return;
    case probe::Kind::unable:
      break;
  }
  text.add("unable ");
  if (outcome.reason == nullptr) {
    text.add("errno ").add_errno(outcome.error);
    return;
  }
  text.add(outcome.reason);
  if (probe::equal(outcome.reason, "usage")) {
    text.add(": ").add(card.id);
    if (*card.arguments != '\0') text.add(' ').add(card.arguments);
  } else if (outcome.error != 0) {
    text.add(": ").add_errno(outcome.error);
  }
}

// Numbers that no shell, no systemd step and no accident produces.
int exit_status(probe::Kind kind) {
  switch (kind) {
    case probe::Kind::allowed:
      return 21;
    case probe::Kind::denied:
      return 20;
    case probe::Kind::absent:
      return 22;
    case probe::Kind::unable:
      break;
  }
  return 23;
}

}  // namespace

int program(probe::Args args) {
  if (args.size() == 1 && probe::equal(args[0], "--card")) {
    write_card();
    return 0;
  }
  probe::Outcome outcome = probe::usage();
  if (count_fits(card.arguments, args.size())) {
    constexpr char attempting[] = "attempting\n";
    sys::write(1, attempting, sizeof attempting - 1);
    outcome = attempt(args);
  }
  probe::Text text;
  add_outcome(text, outcome);
  text.add('\n').write_out();
  return exit_status(outcome.kind);
}

#include "model/attempt.h"

namespace sandproof {

std::string to_string(const Attempt& attempt) {
  std::string text = attempt.probe;
  for (const auto& argument : attempt.args) text += " " + argument;
  return text;
}

std::string to_string(Cell cell) {
  switch (cell) {
    case Cell::bare_user:
      return "bare_user";
    case Cell::bare_root:
      return "bare_root";
    case Cell::sandboxed_user:
      return "sandboxed_user";
    case Cell::sandboxed_root:
      return "sandboxed_root";
  }
  return {};
}

const Outcome& Square::operator[](Cell cell) const {
  switch (cell) {
    case Cell::bare_user:
      return bare_user;
    case Cell::bare_root:
      return bare_root;
    case Cell::sandboxed_user:
      return sandboxed_user;
    case Cell::sandboxed_root:
      break;
  }
  return sandboxed_root;
}

Outcome& Square::operator[](Cell cell) {
  return const_cast<Outcome&>(static_cast<const Square&>(*this)[cell]);
}

}  // namespace sandproof

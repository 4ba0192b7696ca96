#include "claim/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace sandproof::claim {

namespace {

bool is_letter(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; }
bool is_upper(char letter) { return std::isupper(static_cast<unsigned char>(letter)) != 0; }
bool is_lower(char letter) { return std::islower(static_cast<unsigned char>(letter)) != 0; }

// "ProtectSystem", "UMask", "User": begins with a capital, has small letters and nothing else.
bool is_directive_name(std::string_view text) {
  return text.size() > 2 && is_upper(text.front()) &&
         std::all_of(text.begin(), text.end(), is_letter) &&
         std::any_of(text.begin(), text.end(), is_lower);
}

// A Nix value as a unit file has it: no quotes, brackets or semicolon; null is nothing.
std::string plain_value(std::string_view text) {
  text = trim(text);
  std::string value;
  for (const char letter : text) {
    if (letter == '"' || letter == '[' || letter == ']' || letter == ';' || letter == '`') {
      value += ' ';
    } else {
      value += letter;
    }
  }
  value = join(words(value), " ");
  return value == "null" ? "" : value;
}

// "Name=value" or "Name = value;". In a sentence, "Name=" only names it; in code it is empty.
bool take_assignment(std::string_view text, bool is_code, std::vector<Mention>& mentions) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const auto name = trim(text.substr(0, equals));
  if (!is_directive_name(name)) return false;
  const auto rest = trim(text.substr(equals + 1));
  // "ReadWritePaths=…" names no value.
  const bool is_open =
      rest.find("…") != std::string_view::npos || rest == "..." || (rest.empty() && !is_code);
  mentions.push_back({std::string(name), is_open ? "" : plain_value(rest), !is_open});
  return true;
}

// A Nix list goes on over lines, up to its semicolon; a unit's line up to the last backslash.
void take_code(const std::string& code, std::vector<Mention>& mentions) {
  std::string held;
  for (const auto& raw : split(code, '\n')) {
    const std::string line(trim(raw));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    held += held.empty() ? line : " " + line;
    if (held.ends_with('\\')) {
      held.pop_back();
      continue;
    }
    const bool is_open_list = held.find('[') != std::string::npos &&
                              held.find('=') != std::string::npos && held.front() != '[' &&
                              held.find(']') == std::string::npos;
    if (is_open_list) continue;
    take_assignment(held, true, mentions);
    held.clear();
  }
  if (!held.empty()) take_assignment(held, true, mentions);
}

class Page {
 public:
  std::vector<Mention> take() { return std::move(mentions_); }

  void enter_block(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_CODE) {
      is_in_code_ = true;
      text_.clear();
    } else if (type == MD_BLOCK_TR) {
      cells_.clear();
    } else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
      is_in_cell_ = true;
      text_.clear();
    }
  }

  void leave_block(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_CODE) {
      is_in_code_ = false;
      take_code(text_, mentions_);
    } else if (type == MD_BLOCK_TD || type == MD_BLOCK_TH) {
      is_in_cell_ = false;
      cells_.push_back(std::string(trim(text_)));
      if (type == MD_BLOCK_TH && cells_.size() == 2) has_value_column_ = cells_[1] == "Value";
      is_heading_ = type == MD_BLOCK_TH;
    } else if (type == MD_BLOCK_TR) {
      take_row();
    } else if (type == MD_BLOCK_TABLE) {
      has_value_column_ = false;
    }
  }

  void enter_span(MD_SPANTYPE type) {
    if (type == MD_SPAN_CODE) {
      is_in_span_ = true;
      span_.clear();
    }
  }
  void leave_span(MD_SPANTYPE type) {
    if (type != MD_SPAN_CODE) return;
    is_in_span_ = false;
    // What a cell of the first column says is the row's.
    if (!is_in_cell_ || !cells_.empty()) take_assignment(span_, false, mentions_);
  }

  void add_text(std::string_view text) {
    if (is_in_code_ || is_in_cell_) text_ += text;
    if (is_in_span_) span_ += text;
  }

 private:
  // "ProtectSystem | strict | …", "`ProtectHome=true` | …", "User / Group | cloudflared | …".
  void take_row() {
    if (cells_.empty() || is_heading_) return;
    for (const auto& part : split(cells_[0], '/')) {
      const auto name = trim(part);
      if (take_assignment(name, false, mentions_) || !is_directive_name(name)) continue;
      const bool has_value = has_value_column_ && cells_.size() > 1;
      mentions_.push_back({std::string(name), has_value ? plain_value(cells_[1]) : "", has_value});
    }
  }

  std::vector<Mention> mentions_;
  std::vector<std::string> cells_;
  std::string text_;
  std::string span_;
  bool is_in_code_ = false;
  bool is_in_cell_ = false;
  bool is_in_span_ = false;
  bool has_value_column_ = false;
  bool is_heading_ = false;
};

// md4c's callbacks; userdata is the Page.
Page& page_of(void* userdata) { return *static_cast<Page*>(userdata); }

int enter_block(MD_BLOCKTYPE type, void*, void* userdata) {
  page_of(userdata).enter_block(type);
  return 0;
}
int leave_block(MD_BLOCKTYPE type, void*, void* userdata) {
  page_of(userdata).leave_block(type);
  return 0;
}
int enter_span(MD_SPANTYPE type, void*, void* userdata) {
  page_of(userdata).enter_span(type);
  return 0;
}
int leave_span(MD_SPANTYPE type, void*, void* userdata) {
  page_of(userdata).leave_span(type);
  return 0;
}
int add_text(MD_TEXTTYPE, const MD_CHAR* text, MD_SIZE size, void* userdata) {
  page_of(userdata).add_text({text, size});
  return 0;
}

}  // namespace

Result<std::vector<Mention>> find_mentions(std::string_view page) {
  if (!is_text(page)) return bad_input("not UTF-8 text");
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES;
  parser.enter_block = enter_block;
  parser.leave_block = leave_block;
  parser.enter_span = enter_span;
  parser.leave_span = leave_span;
  parser.text = add_text;
  Page found;
  if (md_parse(page.data(), static_cast<MD_SIZE>(page.size()), &parser, &found) != 0) {
    return bad_input("not Markdown that md4c reads");
  }
  return found.take();
}

std::vector<Mention> merge_mentions(const std::vector<Mention>& mentions) {
  std::vector<Mention> merged;
  for (const auto& mention : mentions) {
    const auto before = std::find_if(merged.begin(), merged.end(), [&mention](const Mention& one) {
      return one.name == mention.name;
    });
    if (before == merged.end()) {
      merged.push_back(mention);
    } else if (!before->has_value && mention.has_value) {
      *before = mention;
    }
  }
  return merged;
}

}  // namespace sandproof::claim

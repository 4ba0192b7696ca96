#include "manual/markdown_page.h"

#include <md4c.h>

#include "base/text.h"
#include "manual/roff.h"

namespace sandproof::manual {

namespace {

class Page {
 public:
  std::string take() { return std::move(page_); }

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_H:
        level_ = static_cast<MD_BLOCK_H_DETAIL*>(detail)->level;
        break;
      case MD_BLOCK_THEAD:
        is_in_head_ = true;
        headings_.clear();
        break;
      case MD_BLOCK_TR:
        cells_.clear();
        break;
      default:
        break;
    }
    text_.clear();
  }

  void leave_block(MD_BLOCKTYPE type) {
    switch (type) {
      case MD_BLOCK_H:
        write_heading();
        break;
      case MD_BLOCK_P:
        start_paragraph();
        page_ += lines(text_);
        break;
      case MD_BLOCK_LI:
        page_ += ".IP \\(bu 2\n" + lines(text_);
        break;
      case MD_BLOCK_CODE:
        start_paragraph();
        page_ += ".RS 4\n.nf\n" + lines(text_) + ".fi\n.RE\n";
        break;
      case MD_BLOCK_THEAD:
        is_in_head_ = false;
        break;
      case MD_BLOCK_TH:
        headings_.push_back(text_);
        break;
      case MD_BLOCK_TD:
        cells_.push_back(without_escaped_bars(text_));
        break;
      case MD_BLOCK_TR:
        if (!is_in_head_) write_row();
        break;
      default:
        return;
    }
    text_.clear();
  }

  void enter_span(MD_SPANTYPE type) {
    if (type == MD_SPAN_CODE || type == MD_SPAN_STRONG) text_ += "\\fB";
    if (type == MD_SPAN_EM) text_ += "\\fI";
  }
  void leave_span(MD_SPANTYPE type) {
    if (type == MD_SPAN_CODE || type == MD_SPAN_STRONG || type == MD_SPAN_EM) text_ += "\\fR";
  }

  void add_text(MD_TEXTTYPE type, std::string_view text) {
    text_ += type == MD_TEXT_SOFTBR || type == MD_TEXT_BR ? "\n" : roff(text);
  }

 private:
  void write_heading() {
    // The page's own title is in its .TH.
    page_ +=
        level_ == 1 ? section("DESCRIPTION") : (level_ == 2 ? ".SH \"" : ".SS \"") + text_ + "\"\n";
    is_below_heading_ = true;
  }

  void start_paragraph() {
    // A heading starts one by itself.
    if (!is_below_heading_) page_ += ".PP\n";
    is_below_heading_ = false;
  }

  // In a row, code keeps the backslash that tells its bar from the table's.
  static std::string without_escaped_bars(std::string text) {
    const std::string bar = roff("\\|");
    for (auto at = text.find(bar); at != std::string::npos; at = text.find(bar, at)) {
      text.replace(at, bar.size(), "|");
    }
    return text;
  }

  void write_row() {
    std::string said;
    for (std::size_t i = 1; i < cells_.size(); ++i) {
      if (cells_[i].empty()) continue;
      const bool is_last = i + 1 == cells_.size();
      // What is in the middle is told by its heading.
      said += is_last ? cells_[i] : headings_.at(i) + " " + cells_[i] + ": ";
    }
    page_ += item(cells_.empty() ? "" : cells_.front(), said);
  }

  static std::string lines(const std::string& text) {
    std::string result;
    std::string_view rest = text;
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    for (const auto& line : split(rest, '\n')) result += text_line(line);
    return result;
  }

  std::string page_;
  std::string text_;
  unsigned level_ = 0;
  bool is_below_heading_ = false;
  bool is_in_head_ = false;
  std::vector<std::string> headings_;
  std::vector<std::string> cells_;
};

Page& page_at(void* user) { return *static_cast<Page*>(user); }

}  // namespace

std::string page_of_markdown(std::string_view text) {
  Page page;
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    page_at(user).enter_block(type, detail);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
    page_at(user).leave_block(type);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void*, void* user) {
    page_at(user).enter_span(type);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    page_at(user).leave_span(type);
    return 0;
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* user) {
    page_at(user).add_text(type, {bytes, size});
    return 0;
  };
  md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &page);
  return page.take();
}

std::string section_of_markdown(std::string_view text, std::string_view heading) {
  const std::string mark = "\n## " + std::string(heading) + "\n";
  const auto start = text.find(mark);
  if (start == std::string_view::npos) return {};
  const auto end = text.find("\n## ", start + mark.size());
  return std::string(text.substr(start + 1, end == std::string_view::npos ? end : end - start));
}

}  // namespace sandproof::manual

#include "regression/document.h"

namespace sandproof::regression {

Result<Document> Document::parse(std::string_view text, const std::string& file,
                                 std::string_view schema) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    // Its own text begins with a number and a name of its author's.
    const std::string what = error.what();
    const auto start = what.find("at line");
    return bad_input(file + ": no JSON" + (start == what.npos ? "" : " " + what.substr(start)));
  }
  Document document(std::move(json), file);
  const auto given = document.root().at("schema").text();
  if (auto checked = document.check(); !checked) return checked.error();
  if (given != schema) {
    return bad_input(file + ": its schema is \"" + given + "\", not \"" + std::string(schema) +
                     "\"");
  }
  return document;
}

Result<void> Document::check() const {
  if (!error_->empty()) return bad_input(file_ + ": " + *error_);
  return {};
}

}  // namespace sandproof::regression

// A result that was written as JSON, read strictly: every key that is asked for has to be there,
// with a value of its type. Keys that nobody asks for are passed over.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "model/outcome.h"

namespace sandproof::regression {

using Json = nlohmann::json;

// The words of an enumeration whose values count from 0 to `last`.
template <typename Enum>
std::vector<std::string> words_of(Enum last) {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    words.push_back(to_string(static_cast<Enum>(i)));
  }
  return words;
}

// A value in the document, and where it is. The first thing that is wrong is kept; after that
// everything reads as empty.
class Node {
 public:
  Node(const Json& json, std::string path, std::string& error)
      : json_(&json), path_(std::move(path)), error_(&error) {}

  bool has(const char* key) const { return json_->is_object() && json_->contains(key); }

  Node at(const char* key) const {
    static const Json nothing;
    const auto path = path_.empty() ? key : path_ + "." + key;
    if (!json_->is_object()) {
      fail("is not an object");
    } else if (!json_->contains(key)) {
      fail(std::string("has no \"") + key + "\"");
    } else {
      return {(*json_)[key], path, *error_};
    }
    return {nothing, path, *error_};
  }

  std::string text() const {
    if (json_->is_string()) return json_->get<std::string>();
    fail("is not a text");
    return {};
  }

  std::string text_or_null() const { return json_->is_null() ? std::string() : text(); }

  int number() const {
    if (json_->is_number_integer()) {
      const auto number = json_->get<std::int64_t>();
      if (number >= 0 && number <= std::numeric_limits<int>::max()) return static_cast<int>(number);
    }
    fail("is not a number that fits");
    return 0;
  }

  bool boolean() const {
    if (json_->is_boolean()) return json_->get<bool>();
    fail("is neither true nor false");
    return false;
  }

  int number_or_null() const { return json_->is_null() ? 0 : number(); }

  std::vector<Node> list() const {
    std::vector<Node> nodes;
    if (!json_->is_array()) {
      fail("is not a list");
      return nodes;
    }
    for (std::size_t i = 0; i < json_->size(); ++i) {
      nodes.emplace_back((*json_)[i], path_ + "[" + std::to_string(i) + "]", *error_);
    }
    return nodes;
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const auto& node : list()) result.push_back(node.text());
    return result;
  }

  template <typename Enum>
  Enum word(Enum last) const {
    const auto words = words_of(last);
    const auto given = text();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == given) return static_cast<Enum>(i);
    }
    fail("\"" + given + "\" is none of " + join(words, ", "));
    return {};
  }

  Outcome outcome() const {
    const auto given = text();
    if (auto outcome = parse_outcome(given)) return *outcome;
    fail("\"" + given + "\" is no outcome");
    return {};
  }

  void fail(const std::string& what) const {
    if (error_->empty()) *error_ = (path_.empty() ? "the result" : path_) + (": " + what);
  }

 private:
  const Json* json_;
  std::string path_;
  std::string* error_;
};

// Parsed text, of the schema that is expected.
class Document {
 public:
  // An error names the file: that it is no JSON, or is of another schema.
  static Result<Document> parse(std::string_view text, const std::string& file,
                                std::string_view schema);

  Node root() const { return {*json_, "", *error_}; }

  // The first thing that was wrong in what has been read of it: "old.json: attempts[3].verdict: …".
  Result<void> check() const;

 private:
  Document(Json json, std::string file)
      : json_(std::make_unique<Json>(std::move(json))),
        error_(std::make_unique<std::string>()),
        file_(std::move(file)) {}

  std::unique_ptr<Json> json_;
  std::unique_ptr<std::string> error_;
  std::string file_;
};

}  // namespace sandproof::regression

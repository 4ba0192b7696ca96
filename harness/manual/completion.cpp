#include "manual/completion.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"

namespace sandproof::manual {

namespace {

// What can stand where a value is asked for: the name of a function in each shell's text below.
std::string kind_of(const std::string& value) {
  if (value == "UNIT") return "unit";
  if (value == "FOLDER") return "folder";
  if (value == "REV") return "revision";
  if (value == "COMMAND") return "command";
  for (const char* file : {"FILE", "SUITE", "BEFORE", "AFTER"}) {
    if (value == file) return "file";
  }
  return "nothing";
}

std::string replaced(const std::string& text, char what, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == what) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) {
    if (!option.is_positional) names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

std::vector<std::string> command_names(const Command& program) {
  std::vector<std::string> names;
  for (const auto& command : program.commands) names.push_back(command.name);
  return names;
}

// The value of the first positional, which every one of a command shares or comes before "--".
std::string positional_kind(const Command& command) {
  for (const auto& option : command.options) {
    if (option.is_positional) return kind_of(option.value);
  }
  return "nothing";
}

bool takes_value(const Option& option) {
  return !option.is_positional && !(option.value.empty() && option.choices.empty());
}

constexpr std::string_view bash_functions = R"sh(
_sandproof_nothing() { :; }
_sandproof_file() { compgen -f -- "$1"; }
_sandproof_folder() { compgen -d -- "$1"; }
_sandproof_command() { compgen -c -- "$1"; }
_sandproof_revision() {
  compgen -W "$(git for-each-ref --format='%(refname:short)' 2>/dev/null)" -- "$1"
}
_sandproof_unit() {
  _sandproof_file "$1"
  systemctl list-unit-files --type=service --no-legend --no-pager "$1*" 2>/dev/null | cut -d' ' -f1
}
_sandproof_words() { compgen -W "$1" -- "$2"; }
)sh";

constexpr std::string_view zsh_functions = R"sh(
_sandproof_nothing() { _message 'a value' }
_sandproof_file() { _files }
_sandproof_folder() { _files -/ }
_sandproof_command() { _command_names -e }
_sandproof_revision() {
  local -a revisions
  revisions=(${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
  compadd -a revisions
}
_sandproof_unit() {
  local -a units
  units=(${${(f)"$(systemctl list-unit-files --type=service --no-legend --no-pager 2>/dev/null)"}%% *})
  compadd -a units
  _files
}
)sh";

constexpr std::string_view fish_functions = R"sh(
function __sandproof_units
  systemctl list-unit-files --type=service --no-legend --no-pager 2>/dev/null | string split -f1 ' '
end
function __sandproof_revisions
  git for-each-ref --format='%(refname:short)' 2>/dev/null
end
)sh";

std::string bash_case(const Command& command, const Option& option) {
  std::vector<std::string> patterns;
  for (const auto& name : option.names) patterns.push_back("'" + command.name + " " + name + "'");
  const std::string answer = option.choices.empty()
                                 ? "_sandproof_" + kind_of(option.value)
                                 : "_sandproof_words '" + join(option.choices, " ") + "'";
  return fmt::format("    {}) {} \"$word\" ;;\n", join(patterns, " | "), answer);
}

std::string zsh_quoted(const std::string& text) {
  return "'" + replaced(text, '\'', "'\\''") + "'";
}

std::string zsh_description(const Option& option) {
  std::string text = in_short(option.description);
  for (const char special : {'\\', '[', ']', ':'}) {
    text = replaced(text, special, std::string("\\") + special);
  }
  return text;
}

// "'(-o --output)'{-o,--output}'[…]:FILE:_sandproof_file'": the argument of _arguments.
std::string zsh_spec(const Option& option) {
  const std::string action = option.choices.empty() ? "_sandproof_" + kind_of(option.value)
                                                    : "(" + join(option.choices, " ") + ")";
  if (option.is_positional) {
    const std::string place = option.repeats ? "*" : "";
    return zsh_quoted(place + ":" + option.value + ":" + action);
  }
  const std::string value =
      takes_value(option) ? ":" + (option.value.empty() ? "value" : option.value) + ":" + action
                          : "";
  const std::string said = zsh_quoted("[" + zsh_description(option) + "]" + value);
  // "--output FILE" and "--output=FILE".
  std::vector<std::string> names = option.names;
  for (auto& name : names) name += takes_value(option) && name.starts_with("--") ? "=" : "";
  if (option.repeats) return "'*'" + join(names, "") + said;
  if (names.size() == 1) return names.front() + said;
  return fmt::format("'({})'{{{}}}{}", join(option.names, " "), join(names, ","), said);
}

std::string fish_quoted(const std::string& text) {
  return "'" + replaced(replaced(text, '\\', "\\\\"), '\'', "\\'") + "'";
}

// What follows the name of an option, or stands as a positional.
std::string fish_values(const Option& option) {
  if (!option.choices.empty()) return " -x -a " + fish_quoted(join(option.choices, " "));
  const std::string kind = kind_of(option.value);
  if (kind == "folder") return " -x -a '(__fish_complete_directories)'";
  if (kind == "revision") return " -x -a '(__sandproof_revisions)'";
  if (kind == "unit") return " -r -F -a '(__sandproof_units)'";
  if (kind == "file") return " -r -F";
  if (kind == "command") return " -x -a '(__fish_complete_command)'";
  return " -x";
}

std::string fish_line(const std::string& condition, const Option& option) {
  std::string line = "complete -c sandproof -n " + fish_quoted(condition);
  for (const auto& name : option.names) {
    if (option.is_positional) continue;
    const bool is_long = name.starts_with("--");
    line += is_long ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.is_positional) {
    // "-r" and "-x" are about what follows an option's name.
    constexpr std::size_t flag = 3;
    return line + fish_values(option).substr(flag) + "\n";
  }
  if (takes_value(option)) line += fish_values(option);
  return line + " -d " + fish_quoted(in_short(option.description)) + "\n";
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::string values;
  std::string words =
      fmt::format("      '') _sandproof_words '{} {}' \"$word\" ;;\n",
                  join(command_names(program), " "), join(option_names(program), " "));
  for (const auto& command : program.commands) {
    for (const auto& option : command.options) {
      if (takes_value(option)) values += bash_case(command, option);
    }
    words += fmt::format("      '{} -'*) _sandproof_words '{}' \"$word\" ;;\n", command.name,
                         join(option_names(command), " "));
    words += fmt::format("      '{} '*) _sandproof_{} \"$word\" ;;\n", command.name,
                         positional_kind(command));
  }
  return fmt::format(R"sh(# Completion of sandproof's arguments in bash(1).
{0}
_sandproof_answers() {{
  local command=$1 previous=$2 word=$3
  case "$command $previous" in
{1}    *)
      case "${{command:+$command $word}}" in
{2}      esac ;;
  esac
}}

_sandproof() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= i
  # "--format=json" is three words to bash.
  if [[ $word == = ]]; then
    word=
  elif [[ $previous == = ]]; then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      --) mapfile -t COMPREPLY < <(_sandproof_command "$word"); return ;;
      {3}) [[ -n $command ]] || command=${{COMP_WORDS[i]}} ;;
    esac
  done
  mapfile -t COMPREPLY < <(_sandproof_answers "$command" "$previous" "$word")
  [[ -z $command || ! -e ${{COMPREPLY[0]-}} ]] || compopt -o filenames 2>/dev/null
}}
complete -F _sandproof sandproof
)sh",
                     bash_functions, values, words, join(command_names(program), " | "));
}

std::string zsh_completion(const Command& program) {
  std::string commands;
  std::string cases;
  for (const auto& command : program.commands) {
    commands +=
        "      " +
        zsh_quoted(replaced(command.name + ":" + in_short(command.description), '\n', " ")) + "\n";
    cases += "        " + command.name + ")\n          _arguments -s";
    for (const auto& option : command.options) cases += " \\\n            " + zsh_spec(option);
    cases += " ;;\n";
  }
  std::string options;
  for (const auto& option : program.options) options += " \\\n    " + zsh_spec(option);
  return fmt::format(R"sh(#compdef sandproof
# Completion of sandproof's arguments in zsh(1).
{0}
_sandproof() {{
  local curcontext=$curcontext state line
  local -a commands
  typeset -A opt_args
  _arguments -C{1} \
    '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      commands=(
{2}      )
      _describe command commands ;;
    argument)
      case $words[1] in
{3}      esac ;;
  esac
}}

_sandproof "$@"
)sh",
                     zsh_functions, options, commands, cases);
}

std::string fish_completion(const Command& program) {
  std::string text = "# Completion of sandproof's arguments in fish(1).\n" +
                     std::string(fish_functions) + "\ncomplete -c sandproof -f\n";
  for (const auto& option : program.options) text += fish_line("__fish_use_subcommand", option);
  for (const auto& command : program.commands) {
    text += "complete -c sandproof -n __fish_use_subcommand -a " + command.name + " -d " +
            fish_quoted(in_short(command.description)) + "\n";
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    for (const auto& option : command.options) text += fish_line(condition, option);
  }
  return text;
}

}  // namespace sandproof::manual

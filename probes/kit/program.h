// What the entry point calls. A probe gets the kit's own (main.cpp); the runner and the bystander
// bring theirs. Returns the exit status.

#pragma once

#include "kit/args.h"

int program(probe::Args args);

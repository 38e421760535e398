#ifndef TICKTOP_CNCURSES_SHIM_H
#define TICKTOP_CNCURSES_SHIM_H
/* Only what Swift cannot reach: macros, variadic functions and mutable globals. */
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <ncurses.h>

static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline int cn_columns(void) { return COLS; }
static inline int cn_lines(void) { return LINES; }
static inline int cn_colors(void) { return COLORS; }
#endif

#ifndef TICKTOP_CNCURSES_SHIM_H
#define TICKTOP_CNCURSES_SHIM_H
/* Only what Swift cannot reach: macros, variadic functions, mutable globals, and signal handlers,
   which may run no Swift (shim.c). */
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>
#include <ncurses.h>

static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline int cn_columns(void) { return COLS; }
static inline int cn_lines(void) { return LINES; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }

/* On the process's own input and output; NULL when the type is unknown. `type` NULL means $TERM. */
SCREEN *cn_newterm(const char *type);

/* Once, when all is set: has what ncurses sends of a frame reach its descriptor in few pieces. */
void cn_settle(void);

/* What ncurses has to send goes out in one piece, between `before` and `after`. Returns its bytes, all told. */
size_t cn_refresh_whole(const char *before, const char *after);

/* The locale of the environment, or C.UTF-8 where that has no wide characters. 1: UTF-8 works. */
static inline int cn_use_utf8(void) {
    setlocale(LC_ALL, "");
    if (MB_CUR_MAX < 4) setlocale(LC_CTYPE, "C.UTF-8");
    return MB_CUR_MAX >= 4;
}

/* Columns of a character: -1 when it cannot be printed. */
int cn_width(uint32_t code_point);

#define CN_BOLD 1
#define CN_DIM 2
#define CN_UNDERLINE 4
#define CN_REVERSE 8
#define CN_ITALIC 16

static inline attr_t cn_attributes(unsigned bits) {
    attr_t attributes = A_NORMAL;
    if (bits & CN_BOLD) attributes |= A_BOLD;
    if (bits & CN_DIM) attributes |= A_DIM;
    if (bits & CN_UNDERLINE) attributes |= A_UNDERLINE;
    if (bits & CN_REVERSE) attributes |= A_REVERSE;
    if (bits & CN_ITALIC) attributes |= A_ITALIC;
    return attributes;
}

/* One character with up to two marks; pairs beyond 32767 go through setcchar's last argument. */
static inline int cn_put(int row, int column, uint32_t base, uint32_t mark1, uint32_t mark2,
                         unsigned bits, int pair) {
    cchar_t cell;
    wchar_t text[4] = {(wchar_t)base, (wchar_t)mark1, (wchar_t)mark2, 0};
    if (setcchar(&cell, text, cn_attributes(bits), (short)0, &pair) == ERR) return ERR;
    return mvwadd_wch(stdscr, row, column, &cell);
}

static inline int cn_background(int pair) {
    cchar_t cell;
    wchar_t text[2] = {L' ', 0};
    if (setcchar(&cell, text, A_NORMAL, (short)0, &pair) == ERR) return ERR;
    wbkgrndset(stdscr, &cell);
    return OK;
}

/* Has ncurses know a size that it missed: it looks at whatever it writes to, which while a frame is made is no
   terminal. KEY_RESIZE is the next key then. */
void cn_follow_size(void);

/* KEY_CODE_YES, OK or ERR; the key or character goes to `*code`. */
static inline int cn_get_wch(uint32_t *code) {
    wint_t character = 0;
    cn_follow_size();
    int result = wget_wch(stdscr, &character);
    *code = character;
    return result;
}

/* --- Mouse and what is written past ncurses. --- */

/* Presses of the left and the right button and of the wheel, or nothing. */
static inline void cn_report_mouse(int on) {
    mousemask(on ? BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON3_PRESSED | BUTTON4_PRESSED |
                       BUTTON5_PRESSED
                 : 0,
              NULL);
}

/* After KEY_MOUSE: 1 left, 3 right, 4 wheel up, 5 wheel down, 0 none of these. */
static inline int cn_mouse_press(int *column, int *row) {
    MEVENT event;
    if (getmouse(&event) == ERR) return 0;
    *column = event.x;
    *row = event.y;
    if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) return 1;
    if (event.bstate & BUTTON3_PRESSED) return 3;
    if (event.bstate & BUTTON4_PRESSED) return 4;
    return event.bstate & BUTTON5_PRESSED ? 5 : 0;
}

/* 1 while the terminal takes more bytes at once. */
int cn_can_write(void);

/* Straight to the terminal, whole or not at all of its rest; only between two refreshes, and no more after a crash. */
void cn_write(const char *text, size_t count);

/* --- Signals and the terminal's settings (shim.c). --- */

/* Before ncurses touches the terminal: what it is put back to. 0 when there is no terminal. */
int cn_save_terminal(void);
/* Crashes put the terminal back, tell whom they would have told, and end the program; the rest is kept for cn_take_signal. */
void cn_catch_signals(void);
void cn_release_signals(void);
/* 1 once for each time the signal came since the last question, however often. */
int cn_take_signal(int number);
/* Puts the terminal back without ncurses: after endwin, in case the type's own strings do less. */
void cn_restore_terminal(void);
/* Stops the whole job, as the shell's Ctrl-Z does; returns when it is continued. */
void cn_stop_job(void);
#endif

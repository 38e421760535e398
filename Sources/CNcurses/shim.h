#ifndef TICKTOP_CNCURSES_SHIM_H
#define TICKTOP_CNCURSES_SHIM_H
/* Only what Swift cannot reach: macros, variadic functions, mutable globals, and signal handlers,
   which may run no Swift. */
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <ncurses.h>

static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline int cn_columns(void) { return COLS; }
static inline int cn_lines(void) { return LINES; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }

/* On the process's own input and output; NULL when the type is unknown. `type` NULL means $TERM. */
static inline SCREEN *cn_newterm(const char *type) { return newterm(type, stdout, stdin); }

/* The locale of the environment, or C.UTF-8 where that has no wide characters. 1: UTF-8 works. */
static inline int cn_use_utf8(void) {
    setlocale(LC_ALL, "");
    if (MB_CUR_MAX < 4) setlocale(LC_CTYPE, "C.UTF-8");
    return MB_CUR_MAX >= 4;
}

static inline int cn_width(uint32_t code_point) { return wcwidth((wchar_t)code_point); }

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

/* KEY_CODE_YES, OK or ERR; the key or character goes to `*code`. */
static inline int cn_get_wch(uint32_t *code) {
    wint_t character = 0;
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

/* Straight to the terminal, whole or not at all of its rest; only between two refreshes. */
static inline void cn_write(const char *text, size_t count) {
    while (count > 0) {
        ssize_t written = write(STDOUT_FILENO, text, count);
        if (written <= 0) return;
        text += written;
        count -= (size_t)written;
    }
}

/* --- Signals. Everything below that runs in a handler is async-signal-safe. --- */

/* Local statics, because Swift's importer emits no others. One Swift file imports this, so there is
   one of each. */
static inline volatile sig_atomic_t *cn_caught(void) {
    static volatile sig_atomic_t caught[65];
    return caught;
}

static inline struct sigaction *cn_previous(void) {
    static struct sigaction previous[65];
    return previous;
}

static inline struct termios *cn_saved(void) {
    static struct termios saved;
    return &saved;
}

static inline volatile sig_atomic_t *cn_must_restore(void) {
    static volatile sig_atomic_t must_restore;
    return &must_restore;
}

static inline void cn_write_reset(void) {
    /* End of synchronised output, colours, mouse, focus and paste reports, keypad, cursor,
       alternate screen. */
    static const char reset[] =
        "\033[?2026l\033[0m\033[?1000l\033[?1002l\033[?1006l\033[?1004l\033[?2004l\033[?1l\033>"
        "\033[?25h\033[?1049l\r";
    ssize_t written = write(STDOUT_FILENO, reset, sizeof reset - 1);
    (void)written;
}

static inline void cn_on_fatal(int number) {
    if (*cn_must_restore()) {
        *cn_must_restore() = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, cn_saved());
        cn_write_reset();
    }
    sigaction(number, &cn_previous()[number], NULL);
    raise(number);
}

static inline void cn_on_signal(int number) { cn_caught()[number] = 1; }

static inline void cn_handle(int number, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, &cn_previous()[number]);
}

/* Before ncurses touches the terminal: what it is put back to. 0 when there is no terminal. */
static inline int cn_save_terminal(void) {
    return tcgetattr(STDIN_FILENO, cn_saved()) == 0;
}

/* Crashes first, then what a person or the system asks for. */
static inline const int *cn_signals(void) {
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL,  SIGTRAP, SIGFPE,
                                  SIGTERM, SIGHUP,  SIGINT, SIGTSTP, SIGCONT};
    return numbers;
}

static inline void cn_catch_signals(void) {
    *cn_must_restore() = 1;
    for (int i = 0; i < 6; i++) cn_handle(cn_signals()[i], cn_on_fatal, SA_ONSTACK);
    for (int i = 6; i < 11; i++) cn_handle(cn_signals()[i], cn_on_signal, SA_RESTART);
}

static inline void cn_release_signals(void) {
    *cn_must_restore() = 0;
    for (int i = 0; i < 11; i++)
        sigaction(cn_signals()[i], &cn_previous()[cn_signals()[i]], NULL);
}

/* 1 once for each time the signal came since the last question, however often. */
static inline int cn_take_signal(int number) {
    int caught = cn_caught()[number] != 0;
    cn_caught()[number] = 0;
    return caught;
}

/* Puts the terminal back without ncurses: after endwin, in case the type's own strings do less. */
static inline void cn_restore_terminal(void) {
    tcsetattr(STDIN_FILENO, TCSADRAIN, cn_saved());
}

/* Stops the whole job, as the shell's Ctrl-Z does; returns when it is continued. */
static inline void cn_stop_job(void) {
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, &old);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &old, NULL);
}
#endif

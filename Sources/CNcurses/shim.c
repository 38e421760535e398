/* Widths, what the terminal was before, and the signals that end, stop or crash the program. Everything that runs in a
   handler is async-signal-safe. */
#define _GNU_SOURCE 1
#include "shim.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t caught[65];
static struct sigaction previous[65];
static struct termios saved;
static volatile sig_atomic_t must_restore;

/* Crashes first, then what a person or the system asks for. */
enum { crash_count = 6, signal_count = 11 };
static const int signals[signal_count] = {SIGSEGV, SIGABRT, SIGBUS,  SIGILL, SIGTRAP, SIGFPE,
                                          SIGTERM, SIGHUP,  SIGINT, SIGTSTP, SIGCONT};

static void write_reset(void) {
    /* End of synchronised output, colours, mouse, focus and paste reports, order of characters,
       keypad, cursor, alternate screen. */
    static const char reset[] =
        "\033[?2026l\033[0m\033[?1000l\033[?1002l\033[?1006l\033[?1004l\033[?2004l\033[8h\033[?1l\033>"
        "\033[?25h\033[?1049l\r";
    ssize_t written = write(STDOUT_FILENO, reset, sizeof reset - 1);
    (void)written;
}

/* From the first crash on: what other threads still draw is for nobody. */
static volatile sig_atomic_t has_crashed;

static void on_fatal(int number, siginfo_t *info, void *context) {
    const struct sigaction *before = &previous[number];
    has_crashed = 1;
    if (must_restore) {
        must_restore = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &saved);
        write_reset();
    }
    /* Swift's backtracer comes back, and a signal that another program sent would not come again: the program would
       run on, without its terminal. So it ends here. */
    if (before->sa_flags & SA_SIGINFO)
        before->sa_sigaction(number, info, context);
    else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN)
        before->sa_handler(number);
    signal(number, SIG_DFL);
    raise(number);
}

static void on_signal(int number) { caught[number] = 1; }

static void handle(int number, struct sigaction action) {
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, &previous[number]);
}

int cn_width(uint32_t code_point) { return wcwidth((wchar_t)code_point); }

/* ncurses' own descriptor of the terminal, and a file in memory that takes its place during a refresh. The process's
   standard output stays the terminal's, for the crash handlers. */
static int screen_fd = -1;
static int frame_fd = -1;
static char *frame;
static size_t frame_room;

SCREEN *cn_newterm(const char *type) {
    int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    FILE *output = copy < 0 ? NULL : fdopen(copy, "w");
    if (output == NULL) return NULL;
    screen_fd = copy;
    if (frame_fd < 0) frame_fd = memfd_create("frame", MFD_CLOEXEC);
    return newterm(type, output, stdin);
}

void cn_write(const char *text, size_t count) {
    while (count > 0 && !has_crashed) {
        ssize_t written = write(STDOUT_FILENO, text, count);
        if (written <= 0) return;
        text += written;
        count -= (size_t)written;
    }
}

static void append(const char *text, size_t count, size_t *used) {
    if (*used + count > frame_room) {
        size_t room = (*used + count) * 2;
        char *larger = realloc(frame, room);
        if (larger == NULL) return;
        frame = larger;
        frame_room = room;
    }
    memcpy(frame + *used, text, count);
    *used += count;
}

static int begin_frame(void) {
    return frame_fd >= 0 && lseek(frame_fd, 0, SEEK_SET) == 0 && dup2(frame_fd, screen_fd) >= 0;
}

/* Until a program has suspended its screen once, ncurses writes at every move of the cursor, for it may be the
   program's own. So it is suspended and resumed here where nobody sees it. */
void cn_settle(void) {
    if (!begin_frame()) return;
    endwin();
    doupdate();
    dup2(STDOUT_FILENO, screen_fd);
    clearok(curscr, TRUE);
    /* Rows and columns are addressed in as few bytes; with these ncurses weighs four more ways for each move. */
    parm_up_cursor = parm_down_cursor = parm_left_cursor = parm_right_cursor = NULL;
}

size_t cn_refresh_whole(const char *before, const char *after) {
    size_t used = 0;
    if (!begin_frame()) {
        cn_write(before, strlen(before));
        wrefresh(stdscr);
        cn_write(after, strlen(after));
        return 0;
    }
    wrefresh(stdscr);
    dup2(STDOUT_FILENO, screen_fd);
    off_t count = lseek(frame_fd, 0, SEEK_CUR);
    if (count <= 0) return 0;
    append(before, strlen(before), &used);
    static char piece[16384];
    for (off_t at = 0; at < count;) {
        ssize_t got = pread(frame_fd, piece, sizeof piece, at);
        if (got <= 0) break;
        if (at + got > count) got = (ssize_t)(count - at);
        append(piece, (size_t)got, &used);
        at += got;
    }
    append(after, strlen(after), &used);
    cn_write(frame, used);
    return used;
}

void cn_follow_size(void) {
    static struct winsize seen;
    struct winsize now;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) != 0 || now.ws_row == 0 || now.ws_col == 0) return;
    int has_changed = seen.ws_row != 0 && (now.ws_row != seen.ws_row || now.ws_col != seen.ws_col);
    seen = now;
    if (has_changed && (now.ws_row != LINES || now.ws_col != COLS)) resizeterm(now.ws_row, now.ws_col);
}

int cn_can_write(void) {
    struct pollfd terminal = {.fd = STDOUT_FILENO, .events = POLLOUT};
    /* One that is gone takes nothing, but neither does it hold anybody up. */
    return poll(&terminal, 1, 0) != 0;
}

int cn_save_terminal(void) { return tcgetattr(STDIN_FILENO, &saved) == 0; }

void cn_catch_signals(void) {
    must_restore = 1;
    struct sigaction crash = {.sa_sigaction = on_fatal, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    struct sigaction wish = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    for (int i = 0; i < crash_count; i++) handle(signals[i], crash);
    for (int i = crash_count; i < signal_count; i++) handle(signals[i], wish);
}

void cn_release_signals(void) {
    must_restore = 0;
    for (int i = 0; i < signal_count; i++) sigaction(signals[i], &previous[signals[i]], NULL);
}

int cn_take_signal(int number) {
    int came = caught[number] != 0;
    caught[number] = 0;
    return came;
}

void cn_restore_terminal(void) { tcsetattr(STDIN_FILENO, TCSADRAIN, &saved); }

void cn_stop_job(void) {
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    /* The others of the job. Our own copy is dropped: the kernel might hand it to another thread, which may look at
       it only when the handler is back. */
    action.sa_handler = SIG_IGN;
    sigaction(SIGTSTP, &action, &old);
    kill(0, SIGTSTP);
    /* Ourselves, here and now. */
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    pthread_kill(pthread_self(), SIGTSTP);
    sigaction(SIGTSTP, &old, NULL);
}

/* Widths, what the terminal was before, and the signals that end, stop or crash the program. Everything that runs in a
   handler is async-signal-safe. */
#define _GNU_SOURCE 1
#include "shim.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
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
    /* End of synchronised output, colours, mouse, focus and paste reports, keypad, cursor,
       alternate screen. */
    static const char reset[] =
        "\033[?2026l\033[0m\033[?1000l\033[?1002l\033[?1006l\033[?1004l\033[?2004l\033[?1l\033>"
        "\033[?25h\033[?1049l\r";
    ssize_t written = write(STDOUT_FILENO, reset, sizeof reset - 1);
    (void)written;
}

static void on_fatal(int number) {
    if (must_restore) {
        must_restore = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &saved);
        write_reset();
    }
    sigaction(number, &previous[number], NULL);
    raise(number);
}

static void on_signal(int number) { caught[number] = 1; }

static void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, &previous[number]);
}

int cn_width(uint32_t code_point) { return wcwidth((wchar_t)code_point); }

int cn_can_write(void) {
    struct pollfd terminal = {.fd = STDOUT_FILENO, .events = POLLOUT};
    /* One that is gone takes nothing, but neither does it hold anybody up. */
    return poll(&terminal, 1, 0) != 0;
}

int cn_save_terminal(void) { return tcgetattr(STDIN_FILENO, &saved) == 0; }

void cn_catch_signals(void) {
    must_restore = 1;
    for (int i = 0; i < crash_count; i++) handle(signals[i], on_fatal, SA_ONSTACK);
    for (int i = crash_count; i < signal_count; i++) handle(signals[i], on_signal, SA_RESTART);
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

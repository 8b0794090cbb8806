/* A clock that is set as a process begins, and runs on: TEST_CLOCK is local time, "2026-09-08 14:00:00".
 *
 * libfaketime does more, and stands between a process and its locks as well: a service of many threads works eighteen
 * times as long under it. Here only the time of day is another; whoever waits, waits by the clock that nobody sets.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long long ahead; /* seconds */
static int (*true_clock)(clockid_t, struct timespec *);

static int told(clockid_t which, struct timespec *at) {
    if (!true_clock) true_clock = dlsym(RTLD_NEXT, "clock_gettime");
    return true_clock(which, at);
}

__attribute__((constructor)) static void begin(void) {
    const char *wanted = getenv("TEST_CLOCK");
    struct tm local = {0};
    struct timespec now;
    if (!wanted || !strptime(wanted, "%Y-%m-%d %H:%M:%S", &local) || told(CLOCK_REALTIME, &now)) abort();
    local.tm_isdst = -1;
    ahead = (long long)mktime(&local) - now.tv_sec;
}

int clock_gettime(clockid_t which, struct timespec *at) {
    int failed = told(which, at);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) at->tv_sec += ahead;
    return failed;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void)zone;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return failed;
}

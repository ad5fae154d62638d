#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <spawn.h>

// Declared for GNU's own dialect only, which no importer asks for.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

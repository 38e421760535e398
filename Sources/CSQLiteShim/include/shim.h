#ifndef TICKTOP_CSQLITE_SHIM_H
#define TICKTOP_CSQLITE_SHIM_H
#include <sqlite3.h>
/* sqlite3_db_config is variadic. Returns the setting now in force, or minus the SQLite result code. */
int ticktop_sqlite_no_checkpoint_on_close(sqlite3 *connection, int on);
/* sqlite3_config is variadic. Switches the count of allocated bytes off, whose one mutex every allocation of every connection takes.
   Returns SQLite's result code: SQLITE_MISUSE once a connection has been opened. */
int ticktop_sqlite_count_no_memory(void);
#endif

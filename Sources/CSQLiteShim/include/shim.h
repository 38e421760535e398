#ifndef TICKTOP_CSQLITE_SHIM_H
#define TICKTOP_CSQLITE_SHIM_H
#include <sqlite3.h>
/* sqlite3_db_config is variadic. Returns the setting now in force, or minus the SQLite result code. */
int ticktop_sqlite_no_checkpoint_on_close(sqlite3 *connection, int on);
#endif

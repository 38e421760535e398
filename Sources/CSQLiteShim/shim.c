#include "shim.h"

int ticktop_sqlite_no_checkpoint_on_close(sqlite3 *connection, int on) {
    int now = -1;
    int code = sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on, &now);
    return code == SQLITE_OK ? now : -code;
}

int ticktop_sqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

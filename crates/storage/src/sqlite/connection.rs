//! Connections to the file: the folder, what SQLite is told, and the tables.

use super::rows::Sql;
use crate::open_error::OpenError;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, config::DbConfig};
use std::{
    fs::{DirBuilder, File},
    io,
    path::Path,
    time::Duration,
};

/// Marks a file as this program's: `WGAT`.
const APPLICATION_ID: i32 = 0x5747_4154;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 128;

/// For how long a connection waits for another program that looks into the file.
const PATIENCE: Duration = Duration::from_secs(5);

mod tables {
    refinery::embed_migrations!("src/sqlite/migrations");
}

/// Makes the folder, for this user only, and the entry of it durable.
pub(super) fn make_folder(path: &Path) -> Result<(), OpenError> {
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())
    else {
        return Ok(());
    };
    private_folder(folder).map_err(|cause| OpenError::Folder {
        path: folder.to_owned(),
        cause,
    })
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    let above = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(above)?.sync_all()
}

/// Looks whether what is there can be a database at all, before anything is made.
pub(super) fn look(path: &Path) -> Result<(), OpenError> {
    match path.metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(OpenError::unusable(path, cause)),
        Ok(found) if found.is_file() => Ok(()),
        Ok(found) => {
            let cause = io::Error::from(if found.is_dir() {
                io::ErrorKind::IsADirectory
            } else {
                io::ErrorKind::InvalidInput
            });
            Err(OpenError::unusable(path, cause))
        }
    }
}

/// Opens the one connection that writes, and brings the tables up to date. `path` is the name that the file was asked
/// for by, `real` where it is.
pub(super) fn open_for_writing(path: &Path, real: &Path) -> Result<Connection, OpenError> {
    let explain = |cause| explain(path, cause);
    let mut connection = connect(path, real)?;
    let known = tables::migrations::runner()
        .get_migrations()
        .iter()
        .map(refinery::Migration::version)
        .max()
        .unwrap_or(0);
    let found = version(&connection).map_err(explain)?;
    if found > known {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    prepare_for_writing(&connection).map_err(explain)?;
    if found < known {
        tables::migrations::runner()
            .run(&mut connection)
            .map_err(|cause| OpenError::unusable(path, cause))?;
    }
    Ok(connection)
}

/// Connects to a file that is there, if it is ours or empty. Changes nothing.
fn connect(path: &Path, real: &Path) -> Result<Connection, OpenError> {
    let explain = |cause| explain(path, cause);
    let connection = Connection::open_with_flags(
        real,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(explain)?;
    connection.busy_timeout(PATIENCE).map_err(explain)?;
    if is_ours(&connection).map_err(explain)? {
        Ok(connection)
    } else {
        Err(OpenError::Foreign {
            path: path.to_owned(),
        })
    }
}

fn explain(path: &Path, cause: rusqlite::Error) -> OpenError {
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::Foreign {
            path: path.to_owned(),
        },
        _ => OpenError::unusable(path, cause),
    }
}

fn is_ours(connection: &Connection) -> Sql<bool> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(id == APPLICATION_ID || (id == 0 && tables == 0))
}

/// The version of the tables in the file; 0 when there are none.
fn version(connection: &Connection) -> Sql<i32> {
    let history = "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'";
    if connection
        .query_row(history, [], |_| Ok(()))
        .optional()?
        .is_none()
    {
        return Ok(0);
    }
    connection.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )
}

fn prepare_for_writing(connection: &Connection) -> Sql<()> {
    keep_statements(connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit returns when the log is on the disk: what is acknowledged survives a loss of power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // SQLite's own checkpoint hides its errors, a failed fsync among them, so the writer makes checkpoints itself.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16 * 1024)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)
}

/// Keeps prepared statements, and lets no plan depend on the values in them.
///
/// With partial indexes SQLite otherwise plans a statement anew for each value, which costs a quarter of all the work.
fn keep_statements(connection: &Connection) -> Sql<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
}

/// Opens a connection that can't change anything.
pub(super) fn open_for_reading(path: &Path) -> Sql<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(PATIENCE)?;
    keep_statements(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -2 * 1024)?;
    Ok(connection)
}

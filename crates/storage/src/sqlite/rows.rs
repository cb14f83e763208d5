//! How the values of the domain stand in columns.

use rusqlite::{
    Row,
    types::{FromSql, Type},
};
use wicketgate_domain::{Hash, Timestamp, device::Device, seat::SeatClosed, side::Side};

/// What SQLite answers.
pub(super) type Sql<T> = rusqlite::Result<T>;

/// Reads one row after another.
pub(super) struct Columns<'row> {
    row: &'row Row<'row>,
    next: usize,
}

impl<'row> Columns<'row> {
    /// Begins with the first column.
    pub(super) const fn of(row: &'row Row<'row>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(super) fn take<T: FromSql>(&mut self) -> Sql<T> {
        let value = self.row.get(self.next);
        self.next += 1;
        value
    }

    /// The next column as something that is made of it.
    pub(super) fn map<S: FromSql, T>(&mut self, make: impl FnOnce(S) -> T) -> Sql<T> {
        self.take().map(make)
    }

    /// The next column as something that is made of it, or null.
    pub(super) fn maybe<S: FromSql, T>(&mut self, make: impl FnOnce(S) -> T) -> Sql<Option<T>> {
        self.map(|value: Option<S>| value.map(make))
    }

    /// The next column as something that only some values stand for.
    pub(super) fn parse<S: FromSql, T>(&mut self, read: impl FnOnce(S) -> Option<T>) -> Sql<T> {
        let column = self.next;
        read(self.take()?).ok_or_else(|| damaged(column))
    }

    /// The next column as something that only some values stand for, or null.
    pub(super) fn maybe_parse<S: FromSql, T>(
        &mut self,
        read: impl FnOnce(S) -> Option<T>,
    ) -> Sql<Option<T>> {
        let column = self.next;
        match self.take::<Option<S>>()? {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| damaged(column)),
        }
    }

    pub(super) fn time(&mut self) -> Sql<Timestamp> {
        self.map(Timestamp::from_millis)
    }

    pub(super) fn maybe_time(&mut self) -> Sql<Option<Timestamp>> {
        self.maybe(Timestamp::from_millis)
    }

    pub(super) fn hash(&mut self) -> Sql<Hash> {
        self.map(Hash::from_bytes)
    }

    pub(super) fn maybe_hash(&mut self) -> Sql<Option<Hash>> {
        self.maybe(Hash::from_bytes)
    }

    /// A number that counts up from 0.
    pub(super) fn count(&mut self) -> Sql<u64> {
        self.map(i64::cast_unsigned)
    }
}

/// A stored value that no version of this program has written.
fn damaged(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        Type::Null,
        "the stored value has no meaning".into(),
    )
}

/// A row whose columns together have no meaning.
pub(super) fn damaged_row() -> rusqlite::Error {
    damaged(0)
}

pub(super) const fn device_code(device: Device) -> u8 {
    match device {
        Device::Unknown => 0,
        Device::Phone => 1,
        Device::Tablet => 2,
        Device::Computer => 3,
        Device::Terminal => 4,
    }
}

pub(super) fn device(code: u8) -> Option<Device> {
    [
        Device::Unknown,
        Device::Phone,
        Device::Tablet,
        Device::Computer,
        Device::Terminal,
    ]
    .get(usize::from(code))
    .copied()
}

pub(super) const fn closed_code(closed: SeatClosed) -> u8 {
    match closed {
        SeatClosed::Superseded => 0,
        SeatClosed::ChatEnded => 1,
    }
}

pub(super) const fn closed(code: u8) -> Option<SeatClosed> {
    match code {
        0 => Some(SeatClosed::Superseded),
        1 => Some(SeatClosed::ChatEnded),
        _ => None,
    }
}

pub(super) const fn side(code: u8) -> Option<Side> {
    Side::from_role(code)
}

/// SQLite's integers are signed; numbers of messages never come near the difference.
pub(super) const fn stored(number: u64) -> i64 {
    number.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for kind in [
            Device::Phone,
            Device::Tablet,
            Device::Computer,
            Device::Terminal,
            Device::Unknown,
        ] {
            assert_eq!(device(device_code(kind)), Some(kind));
        }
        for why in [SeatClosed::Superseded, SeatClosed::ChatEnded] {
            assert_eq!(closed(closed_code(why)), Some(why));
        }
        assert_eq!((device(5), closed(2), side(2)), (None, None, None));
    }
}

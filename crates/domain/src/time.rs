//! Instants and lengths of time as values; only the edge of the program reads a clock.

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant that many milliseconds after 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This instant moved by that many milliseconds, held at the ends of the range.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// This instant moved back by that many days.
    #[must_use]
    pub const fn minus_days(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days as i64 * DAY_MILLIS))
    }
}

/// A day in milliseconds.
pub const DAY_MILLIS: i64 = 86_400_000;

const HOUR_MILLIS: f64 = 3_600_000.0;
const SHORTEST_MILLIS: f64 = 1_000.0;
const LONGEST_MILLIS: f64 = 720.0 * HOUR_MILLIS;

/// How long a link is valid: one second to 720 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(i64);

/// The number of hours was not between one second and 720 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expiryHours must be a number from one second (1/3600) to 720 hours")]
pub struct LifetimeOutOfRange;

impl Lifetime {
    /// What a link gets when nothing else is asked for: 24 hours.
    pub const DEFAULT: Self = Self(DAY_MILLIS);

    /// A lifetime in hours; fractions are allowed.
    ///
    /// # Errors
    /// [`LifetimeOutOfRange`] below one second, above 720 hours, or not a finite number.
    pub fn from_hours(hours: f64) -> Result<Self, LifetimeOutOfRange> {
        let millis = (hours * HOUR_MILLIS).round();
        if millis.is_finite() && (SHORTEST_MILLIS..=LONGEST_MILLIS).contains(&millis) {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the range check above keeps it far below 2^53"
            )]
            return Ok(Self(millis as i64));
        }
        Err(LifetimeOutOfRange)
    }

    /// The lifetime in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl Default for Lifetime {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_one_second_to_thirty_days() {
        for (hours, millis) in [
            (1.0 / 3600.0, 1_000),
            (0.5, 1_800_000),
            (24.0, DAY_MILLIS),
            (720.0, 30 * DAY_MILLIS),
        ] {
            assert_eq!(
                Lifetime::from_hours(hours).map(Lifetime::millis),
                Ok(millis)
            );
        }
        for hours in [
            0.0,
            -1.0,
            0.000_1,
            720.001,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e300,
        ] {
            assert_eq!(
                Lifetime::from_hours(hours),
                Err(LifetimeOutOfRange),
                "{hours}"
            );
        }
    }
}

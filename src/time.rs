//! Leaf vocabulary of time: instants in nanoseconds, and the two ways to print them.

use std::fmt;

/// An instant: nanoseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// Nanoseconds from `earlier` to `self`; negative when the clock stepped back.
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// RFC 3339 text in UTC with nanoseconds.
    pub fn rfc3339(self) -> String {
        let instant = jiff::Timestamp::from_nanosecond(i128::from(self.0)).unwrap_or_default();
        format!("{instant:.9}")
    }
}

/// RFC 3339 text of a number of milliseconds since 1970, as AMF dates carry it; `None` outside the civil calendar.
pub fn rfc3339_of_milliseconds(milliseconds: f64) -> Option<String> {
    // Beyond this the calendar has no name for the day (and the cast below would saturate).
    if !milliseconds.is_finite() || milliseconds.abs() > 2.5e14 {
        return None;
    }
    let instant = jiff::Timestamp::from_millisecond(milliseconds as i64).ok()?;
    Some(format!("{instant:.3}"))
}

/// A span of time in nanoseconds, printed as decimal seconds with the digits that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Span {
    /// A span of whole milliseconds.
    pub fn from_milliseconds(milliseconds: i64) -> Span {
        Span(milliseconds.saturating_mul(1_000_000))
    }

    /// The span in seconds, for rates and averages.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl fmt::Display for Span {
    /// `1.5`, `0.000073`, `-2`: no trailing zeros, at most nine digits, or `{:.3}` for a fixed number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let total = self.0.unsigned_abs();
        if let Some(digits) = f.precision() {
            let digits = digits.min(9);
            let unit = 10u64.pow(9 - digits as u32);
            let rounded = total.saturating_add(unit / 2) / unit;
            let scale = 10u64.pow(digits as u32);
            let (whole, part) = (rounded / scale, rounded % scale);
            return match digits {
                0 => write!(f, "{sign}{whole}"),
                _ => write!(f, "{sign}{whole}.{part:0digits$}"),
            };
        }
        let (whole, mut part) = (total / 1_000_000_000, total % 1_000_000_000);
        write!(f, "{sign}{whole}")?;
        if part == 0 {
            return Ok(());
        }
        let mut digits = 9;
        while part % 10 == 0 {
            part /= 10;
            digits -= 1;
        }
        write!(f, ".{part:0digits$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_print_the_digits_they_have() {
        for (nanos, text) in
            [(0, "0"), (1_500_000_000, "1.5"), (73_000, "0.000073"), (-2_000_000_000, "-2"), (1, "0.000000001")]
        {
            assert_eq!(Span(nanos).to_string(), text);
        }
        assert_eq!(format!("{:.3}", Span(1_234_567_890)), "1.235");
        assert_eq!(format!("{:.3}", Span(-500_000)), "-0.001");
        assert_eq!(format!("{:.0}", Span(1_500_000_000)), "2");
    }

    #[test]
    fn instants_print_as_rfc3339() {
        assert_eq!(Time(1_700_000_000_123_456_789).rfc3339(), "2023-11-14T22:13:20.123456789Z");
        assert_eq!(rfc3339_of_milliseconds(1_577_836_800_000.0).as_deref(), Some("2020-01-01T00:00:00.000Z"));
        assert_eq!(rfc3339_of_milliseconds(f64::NAN), None);
        assert_eq!(rfc3339_of_milliseconds(1e300), None);
    }
}

//! Axis marks: whole clock times, rates and durations in round steps.

use egui_plot::GridMark;
use jiff::tz::TimeZone;
use std::ops::Range;

/// Steps of the time axis, ns.
const TIME_STEPS: [i64; 32] = [
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    200_000_000,
    500_000_000,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    120 * SECOND,
    300 * SECOND,
    600 * SECOND,
    900 * SECOND,
    1800 * SECOND,
    3600 * SECOND,
    2 * 3600 * SECOND,
    3 * 3600 * SECOND,
    6 * 3600 * SECOND,
    12 * 3600 * SECOND,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    100 * DAY,
];
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Clock times within a range of monotonic time. `unix_ns`: wall time at monotonic time 0.
pub struct Clock<'a> {
    pub unix_ns: i64,
    pub zone: &'a TimeZone,
}

impl Clock<'_> {
    fn stamp(&self, mono_ns: u64) -> Option<jiff::Zoned> {
        let unix_ns = self.unix_ns.saturating_add_unsigned(mono_ns);
        let stamp = jiff::Timestamp::from_nanosecond(i128::from(unix_ns)).ok()?;
        Some(stamp.to_zoned(self.zone.clone()))
    }

    /// Local time minus monotonic time at the start of the range, ns.
    fn offset(&self, range: &Range<u64>) -> i64 {
        let zone = self.stamp(range.start).map_or(0, |stamp| i64::from(stamp.offset().seconds()));
        self.unix_ns.saturating_add(zone.saturating_mul(SECOND))
    }

    /// Marks at whole local times, at least `least_ns` apart.
    pub fn marks(&self, range: &Range<u64>, least_ns: f64) -> Vec<GridMark> {
        let step = TIME_STEPS.into_iter().find(|step| *step as f64 >= least_ns).unwrap_or(1000 * DAY);
        let offset = self.offset(range);
        let local = offset.saturating_add_unsigned(range.start);
        let first = local.saturating_add(step - 1).div_euclid(step).saturating_mul(step);
        let times = (0..200).map(|index| first.saturating_add(step.saturating_mul(index)).saturating_sub(offset));
        let within = times.take_while(|mono| u64::try_from(*mono).is_ok_and(|mono| mono <= range.end));
        within.map(|mono| GridMark { value: mono as f64 / 1e9, step_size: step as f64 / 1e9 }).collect()
    }

    /// A label with the precision that marks of this distance need.
    pub fn label(&self, mono_seconds: f64, step_seconds: f64) -> String {
        let form = match step_seconds {
            step if step < 0.999 => "%H:%M:%S%.3f",
            step if step < 59.9 => "%H:%M:%S",
            step if step < 86_399.0 => "%H:%M",
            _ => "%m-%d",
        };
        // Adds half a microsecond, because seconds as a float may be slightly below the exact value.
        self.stamp(ns(mono_seconds + 0.5e-6)).map_or_else(String::new, |stamp| stamp.strftime(form).to_string())
    }

    /// The time with milliseconds.
    pub fn exact(&self, mono_ns: u64) -> String {
        self.stamp(mono_ns).map_or_else(String::new, |stamp| stamp.strftime("%H:%M:%S%.3f").to_string())
    }
}

/// Converts monotonic seconds to ns; negative values become 0.
pub fn ns(seconds: f64) -> u64 {
    (seconds.max(0.0) * 1e9) as u64
}

/// A unit of a value axis: its size and its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    pub size: f64,
    pub name: &'static str,
}

/// The unit in which the largest rate (bytes per second) has one to four digits.
pub fn rate_unit(most: f64) -> Unit {
    let names = ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"];
    let mut unit = Unit { size: 1.0, name: names[0] };
    for name in &names[1..] {
        if most < unit.size * 1024.0 {
            break;
        }
        unit = Unit { size: unit.size * 1024.0, name };
    }
    unit
}

/// The unit in which the longest time (ns) has one to three digits, up to seconds.
pub fn time_unit(most_ns: f64) -> Unit {
    match most_ns {
        most if most < 1e6 => Unit { size: 1e3, name: "µs" },
        most if most < 1e9 => Unit { size: 1e6, name: "ms" },
        _ => Unit { size: 1e9, name: "s" },
    }
}

/// Marks from 0 to `most`, at least `least` apart, at whole numbers, tenths, hundredths … of the unit.
pub fn value_marks(unit: Unit, most: f64, least: f64) -> Vec<GridMark> {
    let least = least / unit.size;
    let power = 10_f64.powf(least.max(1e-9).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * power).into_iter().find(|step| *step >= least);
    let step = step.unwrap_or(power * 10.0) * unit.size;
    let marks = (0..100).map(|index| f64::from(index) * step).take_while(|value| *value <= most);
    marks.map(|value| GridMark { value, step_size: step }).collect()
}

/// `0`, `0.5 KiB/s`, `1500 KiB/s`.
pub fn value_label(unit: Unit, mark: &GridMark) -> String {
    if mark.value <= 0.0 {
        return "0".into();
    }
    let step = mark.step_size / unit.size;
    let decimals = if step >= 0.999 { 0 } else { (-step.log10()).ceil().clamp(0.0, 9.0) as usize };
    format!("{:.decimals$} {}", mark.value / unit.size, unit.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(clock: &Clock<'_>, range: &Range<u64>, least_ns: f64) -> Vec<String> {
        clock.marks(range, least_ns).iter().map(|mark| clock.label(mark.value, mark.step_size)).collect()
    }

    #[test]
    fn the_time_axis_has_whole_local_times() {
        // 2023-11-14 22:13:20 UTC is 06:13:20 of the next day in this zone.
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let clock = Clock { unix_ns: 1_700_000_000_123_456_789, zone: &zone };
        let second = 1_000_000_000;
        for (range, least_s, expected) in [
            (0..10 * second, 1.5, &["06:13:22", "06:13:24", "06:13:26", "06:13:28", "06:13:30"][..]),
            (0..200 * second, 50.0, &["06:14", "06:15", "06:16"]),
            (0..2_000_000_000, 0.45, &["06:13:20.500", "06:13:21.000", "06:13:21.500", "06:13:22.000"]),
            (0..3 * 86_400 * second, 50_000.0, &["11-16", "11-17", "11-18"]),
            (5 * second..6 * second, 0.45, &["06:13:25.500", "06:13:26.000"]),
        ] {
            assert_eq!(labels(&clock, &range, least_s * 1e9), expected, "{range:?}");
        }
        assert_eq!(clock.exact(1_000_000), "06:13:20.124");
    }

    #[test]
    fn the_number_of_marks_is_bounded() {
        let zone = TimeZone::UTC;
        for (unix_ns, range) in [(0, 0..u64::MAX), (i64::MAX, 0..u64::MAX), (i64::MIN, 5..6), (0, 7..7)] {
            let clock = Clock { unix_ns, zone: &zone };
            for least in [0.0, 1.0, 1e9, 1e30] {
                assert!(labels(&clock, &range, least).len() <= 200);
            }
        }
    }

    #[test]
    fn values_are_marked_in_steps_of_their_unit() {
        let texts = |unit: Unit, most: f64, least: f64| -> Vec<String> {
            value_marks(unit, most, least).iter().map(|mark| value_label(unit, mark)).collect()
        };
        assert_eq!(texts(rate_unit(900.0), 900.0, 230.0), ["0", "500 B/s"]);
        assert_eq!(texts(rate_unit(1500.0), 1700.0, 500.0), ["0", "0.5 KiB/s", "1.0 KiB/s", "1.5 KiB/s"]);
        assert_eq!(texts(rate_unit(3e9), 3e9, 0.9e9), ["0", "1 GiB/s", "2 GiB/s"]);
        assert_eq!(texts(time_unit(4e5), 4e5, 1.2e5), ["0", "200 µs", "400 µs"]);
        assert_eq!(texts(time_unit(4.2e6), 4.2e6, 1.2e6), ["0", "2 ms", "4 ms"]);
        assert_eq!(texts(time_unit(7e10), 7e10, 2e10), ["0", "20 s", "40 s", "60 s"]);
        assert_eq!(rate_unit(f64::MAX).name, "TiB/s");
    }
}

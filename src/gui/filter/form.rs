//! The filter as typed by the user. A field that is not valid yet is marked and ignored.

use crate::capture::PeerFilter;
use crate::capture::items::{Filter, parse_time};
use crate::codec::{Encoding, Pattern, PatternError, PatternSource};
use crate::gui::find::state::FindMode;
use crate::model::PeerId;
use crate::settings::FilterSetup;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterForm {
    /// The fields as typed; they are kept in the settings file.
    pub typed: FilterSetup,
    /// Show only one peer. Not kept, because peer numbers are valid for one capture only.
    pub peer: Option<PeerId>,
    /// The pattern that was compiled last, and its error.
    tried: Option<(PatternSource, Option<PatternError>)>,
    /// The day for times without a date (ns since 1970 UTC).
    day: Option<i64>,
}

impl FilterForm {
    /// A form with these fields and no peer.
    pub fn new(typed: FilterSetup) -> Self {
        Self { typed, ..Self::default() }
    }

    /// The filter hides nothing.
    pub fn is_empty(&self) -> bool {
        let FilterSetup { bar, mode, .. } = self.typed;
        let inverted = self.typed.inverted && !self.typed.text.is_empty();
        let blank = FilterSetup { bar, mode, ..FilterSetup::default() };
        self.peer.is_none() && FilterSetup { inverted, ..self.typed.clone() } == blank
    }

    /// Resets the form, so that nothing is hidden.
    pub fn clear(&mut self) {
        let FilterSetup { bar, mode, .. } = self.typed;
        *self = Self { day: self.day, ..Self::new(FilterSetup { bar, mode, ..FilterSetup::default() }) };
    }

    /// Parses a number of bytes; `Err` if it is not a number.
    pub fn len(text: &str) -> Result<Option<u32>, ()> {
        match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| ()),
        }
    }

    /// The minimum length is greater than the maximum.
    pub fn is_len_reversed(&self) -> bool {
        let FilterSetup { least, most, .. } = &self.typed;
        matches!((Self::len(least), Self::len(most)), (Ok(Some(least)), Ok(Some(most))) if least > most)
    }

    /// Parses a time; `Err` if it is not a time.
    pub fn time(&self, text: &str) -> Result<Option<i64>, ()> {
        match text.trim() {
            "" => Ok(None),
            text => parse_time(text, self.day).map(Some).ok_or(()),
        }
    }

    /// The error of the byte pattern.
    pub fn pattern_error(&self) -> Option<&PatternError> {
        self.tried.as_ref().and_then(|(_, error)| error.as_ref())
    }

    /// Builds the filter from the form; `day`: any time on the day that is used for times without a date.
    pub fn filter(&mut self, encoding: Encoding, day: i64) -> Filter {
        self.day = Some(day);
        let [least, most] = [&self.typed.least, &self.typed.most].map(|text| Self::len(text).unwrap_or(None));
        let len = (least.is_some() || most.is_some()).then(|| least.unwrap_or(0)..=most.unwrap_or(u32::MAX));
        let matching = self.matching(encoding);
        let typed = &self.typed;
        let until = self.time(&typed.until).unwrap_or(None);
        Filter {
            direction: typed.direction,
            peer: self.peer.map(PeerFilter::Id),
            kind: typed.kind,
            len: len.filter(|len| !len.is_empty()),
            since: self.time(&typed.since).unwrap_or(None),
            // The end includes the whole of its last digit: 12:30 ends after 12:30:59.999….
            until: until.map(|until| until.saturating_add(precision(&typed.until) - 1)),
            matching,
            inverted: typed.inverted && !typed.text.is_empty(),
        }
    }

    fn matching(&mut self, encoding: Encoding) -> Option<PatternSource> {
        if self.typed.text.is_empty() {
            self.tried = None;
            return None;
        }
        let text = self.typed.text.clone();
        let source = match self.typed.mode {
            FindMode::Text => PatternSource::Text { text, encoding, ignore_case: true },
            FindMode::Hex => PatternSource::Hex(text),
            FindMode::Regex => PatternSource::Regex(text),
        };
        if self.tried.as_ref().is_none_or(|(tried, _)| *tried != source) {
            // Only hand-typed expressions are compiled here; the job compiles large ones.
            let error = Pattern::new(&source).err();
            self.tried = Some((source.clone(), error));
        }
        self.pattern_error().is_none().then_some(source)
    }
}

/// The value of the last digit of a time, in ns.
fn precision(text: &str) -> i64 {
    match text.trim().rsplit_once('.') {
        Some((_, digits)) => 10_i64.pow(9_u32.saturating_sub(digits.len().min(9) as u32)),
        None if text.matches(':').count() == 1 => 60_000_000_000,
        None => 1_000_000_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_time_includes_its_last_digit() {
        for (text, ns) in [("16:05", 60_000_000_000), ("16:05:00", 1_000_000_000), ("16:05:00.25", 10_000_000)] {
            assert_eq!(precision(text), ns, "{text}");
        }
    }

    #[test]
    fn invalid_fields_are_ignored() {
        let mut form = FilterForm::new(FilterSetup {
            least: "x".into(),
            most: "9".into(),
            since: "25:00".into(),
            ..FilterSetup::default()
        });
        let filter = form.filter(Encoding::UTF_8, 0);
        assert_eq!((filter.len, filter.since), (Some(0..=9), None));
        assert!(form.time("25:00").is_err() && form.time("23:00").is_ok());
        form = FilterForm::new(FilterSetup { least: "5".into(), most: "2".into(), ..FilterSetup::default() });
        assert!(form.is_len_reversed());
        assert!(form.filter(Encoding::UTF_8, 0).is_empty());
        form = FilterForm::new(FilterSetup { text: "(".into(), mode: FindMode::Regex, ..FilterSetup::default() });
        assert!(form.filter(Encoding::UTF_8, 0).is_empty());
        assert!(form.pattern_error().is_some() && !form.is_empty());
        form.clear();
        assert!(form.is_empty());
    }
}

//! Unreadable records: consecutive ones with the same reason are reported in one line.

use crate::words::Lang;

/// Unreadable records of a run.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    /// Total count.
    pub all: u64,
    /// Reason and count of the newest ones, which were not reported yet.
    pending: Option<(String, u64)>,
}

impl Unreadable {
    /// Adds one; returns the line of the previous ones if they had another reason.
    pub fn one_more(&mut self, why: &str, lang: Lang) -> Option<String> {
        if let Some((_, count)) = self.pending.as_mut().filter(|(pending, _)| pending == why) {
            *count += 1;
            return None;
        }
        let line = self.take(lang);
        self.pending = Some((why.to_owned(), 1));
        line
    }

    /// Takes the line of the newest ones.
    pub fn take(&mut self, lang: Lang) -> Option<String> {
        let (why, count) = self.pending.take()?;
        Some(if count == 1 { why } else { lang.texts().reason_of_several(&why, count) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_with_the_same_reason_are_one_line() {
        let mut unreadable = Unreadable::default();
        assert_eq!(unreadable.take(Lang::En), None);
        let lines: Vec<Option<String>> =
            ["a", "a", "b", "a"].iter().map(|why| unreadable.one_more(why, Lang::En)).collect();
        assert_eq!(lines, [None, None, Some("a (2 records)".into()), Some("b".into())]);
        assert_eq!(unreadable.take(Lang::ZhCn), Some("a".into()));
        unreadable.one_more("c", Lang::ZhCn);
        unreadable.one_more("c", Lang::ZhCn);
        assert_eq!(unreadable.take(Lang::ZhCn), Some("c（2 条记录）".into()));
    }
}

//! Expected and received bytes of a failed step, byte below byte.

use crate::talk::outcome::{PassedOver, Problem, ProblemKind};
use crate::talk::pattern::Mismatch;

/// Bytes that are compared at most: the rest is in the log.
const MOST: usize = 64;
/// Shown in place of a byte that is not there.
pub const NOTHING: &str = "··";

/// One column: what was expected, what came, whether it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// In hex; `··`: nothing; `??`: any byte.
    pub expected: String,
    /// In hex; `··`: nothing.
    pub got: String,
    /// They fit.
    pub fits: bool,
}

/// The data that a problem is about, and why it does not fit.
pub fn data(problem: &Problem) -> Option<&PassedOver> {
    match &problem.kind {
        ProblemKind::NoMatch { passed, .. } | ProblemKind::NotNext { passed } | ProblemKind::Ended { passed, .. } => {
            passed.iter().rev().find(|one| one.why.is_some()).or(passed.last())
        }
        ProblemKind::NotSilent(noise) => Some(noise),
        _ => None,
    }
}

/// The columns of the comparison.
pub fn columns(data: &PassedOver) -> Vec<Column> {
    let mut columns = match &data.why {
        Some(why) if !why.aligned.is_empty() => aligned(data, why),
        _ => data.bytes.iter().map(|byte| Column { expected: NOTHING.into(), got: hex(*byte), fits: true }).collect(),
    };
    columns.truncate(MOST);
    columns
}

fn aligned(data: &PassedOver, why: &Mismatch) -> Vec<Column> {
    let mut columns = Vec::new();
    for part in &why.aligned {
        let got = data.bytes.get(part.got.clone()).unwrap_or_default();
        let expected = part.expected.as_deref().unwrap_or_default();
        for at in 0..got.len().max(expected.len()).min(MOST) {
            let (wanted, came) = (expected.get(at), got.get(at));
            let is_free = part.expected.is_none() && part.item.is_some();
            let fits = match (wanted, came) {
                (Some(wanted), Some(came)) => came & wanted.mask == wanted.value & wanted.mask,
                (None, Some(_)) => part.fits || is_free,
                _ => false,
            };
            columns.push(Column {
                expected: match wanted {
                    Some(wanted) => digits(wanted.value, wanted.mask),
                    None if is_free => "??".into(),
                    None => NOTHING.into(),
                },
                got: came.map_or_else(|| NOTHING.into(), |byte| hex(*byte)),
                fits,
            });
        }
    }
    columns
}

fn hex(byte: u8) -> String {
    format!("{byte:02X}")
}

fn digits(value: u8, mask: u8) -> String {
    let digit = |value: u8, mask: u8| if mask == 0 { "?".to_owned() } else { format!("{value:X}") };
    digit(value >> 4, mask >> 4) + &digit(value & 15, mask & 15)
}

//! Layout of the tabs: which ones share a bar, and how the bars are arranged.

use serde::{Deserialize, Serialize};

/// A part of the window, down to tab bars. Sessions are identified by their index in [`Settings::sessions`](super::Settings).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A tab bar.
    Tabs {
        /// The tabs, from left to right.
        sessions: Vec<usize>,
        /// The active tab.
        front: usize,
    },
    /// Parts side by side, each with its share of the width.
    Row(Vec<(f32, Layout)>),
    /// Parts stacked vertically, each with its share of the height.
    Column(Vec<(f32, Layout)>),
}

impl Layout {
    /// Whether it places each of `sessions` sessions exactly once and no others.
    #[must_use]
    pub fn fits(&self, sessions: usize) -> bool {
        let mut named = Vec::new();
        self.name_sessions(&mut named);
        named.sort_unstable();
        named.into_iter().eq(0..sessions)
    }

    fn name_sessions(&self, named: &mut Vec<usize>) {
        match self {
            Self::Tabs { sessions, .. } => named.extend(sessions),
            Self::Row(parts) | Self::Column(parts) => parts.iter().for_each(|(_, part)| part.name_sessions(named)),
        }
    }

    /// Replaces impossible shares by equal ones.
    pub(super) fn bring_into_range(&mut self) {
        match self {
            Self::Tabs { .. } => {}
            Self::Row(parts) | Self::Column(parts) => {
                for (share, part) in parts {
                    if !(0.01..=100.0).contains(share) {
                        *share = 1.0;
                    }
                    part.bring_into_range();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_fits_the_sessions_it_names_once() {
        let tabs = |sessions: &[usize]| Layout::Tabs { sessions: sessions.to_vec(), front: 0 };
        let split = Layout::Row(vec![(1.0, tabs(&[2, 0])), (1.0, Layout::Column(vec![(1.0, tabs(&[1]))]))]);
        assert!(split.fits(3) && tabs(&[]).fits(0));
        for (layout, sessions) in [(split, 4), (tabs(&[0, 0]), 2), (tabs(&[1]), 1), (tabs(&[0, 5]), 2)] {
            assert!(!layout.fits(sessions), "{layout:?}");
        }
    }

    #[test]
    fn shares_that_cannot_be_become_equal() {
        let tabs = || Layout::Tabs { sessions: vec![0], front: 0 };
        let mut split = Layout::Row(vec![(f32::NAN, tabs()), (-1.0, tabs()), (1e30, tabs()), (0.5, tabs())]);
        split.bring_into_range();
        let Layout::Row(parts) = split else { unreachable!("it was a row") };
        assert_eq!(parts.iter().map(|(share, _)| *share).collect::<Vec<_>>(), [1.0, 1.0, 1.0, 0.5]);
    }
}

//! Words have room: in both languages, in a common window, a small one, and one at 200 %.

use crate::support::{LANGS, Window};
use crate::tour::tour;
use egui::{Shape, Vec2};
use std::collections::BTreeSet;

/// Titles of tabs are cut where there are many, and a chosen event unfolds.
fn may_be_cut(words: &str) -> bool {
    ["新会话", "New session"].contains(&words) || words.starts_with("127.0.0.1:")
}

/// The words that were painted with `…` in place of their end.
fn cut(window: &Window, place: &str, found: &mut BTreeSet<String>) {
    for shape in &window.harness.output().shapes {
        if let Shape::Text(text) = &shape.shape
            && text.galley.elided
            && !may_be_cut(&text.galley.job.text)
        {
            found.insert(format!("{:?} at {place}", text.galley.job.text));
        }
    }
}

#[test]
fn no_words_of_a_control_are_cut() {
    for lang in LANGS {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0), (820.0, 470.0)] {
            let mut found = BTreeSet::new();
            let mut is_split = false;
            tour(lang, Vec2::new(width, height), &mut |window, place| {
                is_split |= place == lang.pick("左右并排", "Side by side");
                // Half of the smallest window is for a glance only.
                if !is_split || width > 1000.0 {
                    cut(window, place, &mut found);
                }
            });
            assert!(found.is_empty(), "{lang:?} {width}\n{}", found.into_iter().collect::<Vec<_>>().join("\n"));
        }
    }
}

//! Texts have enough space: in both languages, in a common window, a small one, and at 200 %.

use crate::support::{LANGS, Pick, Window};
use crate::tour::tour;
use egui::{Order, Rect, Shape, Vec2};
use std::collections::BTreeSet;

/// Titles of tabs are cut if there are many, and a selected event unfolds.
fn may_be_cut(words: &str) -> bool {
    let is_event = words.starts_with("127.0.0.1:") || words.contains("EADDRINUSE");
    // The description of a side of a comparison has a tooltip.
    let is_side = words.contains(" · 127.0.0.1:");
    is_event || is_side || ["新会话", "New session"].contains(&words)
}

/// Texts that were painted with `…` at the end.
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

/// Single-line texts that overlap, unless a menu or dialog covers the window.
fn overlapping(window: &Window, place: &str, found: &mut BTreeSet<String>) {
    let ctx = &window.harness.ctx;
    let layers = ctx.memory(|memory| memory.areas().visible_layer_ids());
    if layers.iter().any(|layer| layer.order != Order::Background) {
        return;
    }
    let texts: Vec<(Rect, &str)> = window
        .harness
        .output()
        .shapes
        .iter()
        .filter_map(|shape| match &shape.shape {
            Shape::Text(text) if !text.galley.text().trim().is_empty() => {
                let rect = Rect::from_min_size(text.pos, text.galley.size()).intersect(shape.clip_rect);
                rect.is_positive().then_some((rect, text.galley.text()))
            }
            _ => None,
        })
        .collect();
    for (index, (one, words)) in texts.iter().enumerate() {
        for (other, next) in &texts[index + 1..] {
            let both = one.intersect(*other);
            // Lines of text are close to each other; letters of a row are side by side.
            if both.width() > 1.0 && both.height() > 6.0 {
                found.insert(format!("{words:?} and {next:?} at {place}"));
            }
        }
    }
}

#[test]
fn no_words_lie_over_others() {
    for lang in LANGS {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0), (820.0, 470.0)] {
            let mut found = BTreeSet::new();
            tour(lang, Vec2::new(width, height), &mut |window, place| overlapping(window, place, &mut found));
            assert!(found.is_empty(), "{lang:?} {width}\n{}", found.into_iter().collect::<Vec<_>>().join("\n"));
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
                // Half of the smallest window need not be fully readable.
                if !is_split || width > 1000.0 {
                    cut(window, place, &mut found);
                }
            });
            assert!(found.is_empty(), "{lang:?} {width}\n{}", found.into_iter().collect::<Vec<_>>().join("\n"));
        }
    }
}

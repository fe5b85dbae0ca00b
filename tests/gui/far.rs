//! Text in which no byte determines where characters start, longer than a screen looks back.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::log::{Alone, server};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wirebench::codec::Encoding;
use wirebench::lines::ViewMode;

#[test]
fn characters_whose_begin_is_far_back_are_shown_right_once_a_job_has_looked() {
    let mut window = server(ViewMode::Text);
    window.state_mut().options.encoding = Encoding::GBK;
    let peer = window.state_mut().peer("127.0.0.1:40001");
    let sentence = Encoding::GBK.encode("中国温度传感器数据").expect("text");
    // No byte determines where characters start, for longer than a screen looks back.
    for read in sentence.repeat((3 << 20) / sentence.len()).chunks(65_537) {
        window.state_mut().received(peer, read);
    }
    let is_right = |window: &Harness<'_, Alone>| {
        let mut rows = window.query_all_by_label_contains("中国温度传感器数据中国温度");
        rows.next().is_some()
    };
    window.step();
    assert!(!is_right(&window), "it is a guess at first");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !is_right(&window) {
        assert!(std::time::Instant::now() < deadline, "the guess stays");
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

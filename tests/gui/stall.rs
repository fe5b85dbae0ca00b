//! The window stalls while its session is flooded: nothing is lost, and it is correct when it resumes.

use crate::support::{Peer, window};
use std::io::Write;
use std::time::{Duration, Instant};
use wirebench::words::Lang;

#[test]
fn a_window_that_stalls_for_five_seconds_loses_nothing() {
    let mut window = window(Lang::ZhCn);
    let local = window.listens(Lang::ZhCn);
    let mut flood = Peer::connect(local);
    window.wait(&["对端 1"]);
    flood.0.set_write_timeout(Some(crate::support::LONG)).expect("a socket");
    // No frame is drawn from here on, so the session's events are not received.
    let block = [b'x'; 999].into_iter().chain([b'\n']).collect::<Vec<u8>>().repeat(1000);
    let started = Instant::now();
    let mut sent = 0_u64;
    while started.elapsed() < Duration::from_secs(5) {
        flood.0.write_all(&block).expect("the worker reads, whatever the window does");
        sent += block.len() as u64;
        drop(Peer::connect(local)); // comings and goings are events too
        std::thread::sleep(Duration::from_millis(20));
    }
    flood.send(b"the end");
    sent += 7;
    // The window resumes and shows the newest row and the sum.
    window.wait(&["the end"]);
    let size = wirebench::words::size(sent);
    window.wait(&["接收 ", &size]);
    assert!(sent > 10_000_000, "{sent}");
    // It is fully usable.
    window.click("停止监听");
    window.wait(&["已关闭"]);
}

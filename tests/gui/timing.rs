//! Relative times, and the plots of rates and response times; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui::{Event, Modifiers, MouseWheelUnit, Pos2, TouchPhase, pos2};
use egui_kittest::kittest::Queryable;
use std::time::Duration;
use wirebench::words::Lang;

struct Names {
    column: &'static str,
    forms: [&'static str; 3],
    more: &'static str,
    close: &'static str,
    plots: &'static str,
    rates_plot: &'static str,
    answers_plot: &'static str,
    rates: &'static str,
    answer_times: &'static str,
    received: &'static str,
    sent: &'static str,
    mean: &'static str,
    longest: &'static str,
    two_answers: &'static str,
    theirs: &'static str,
    follow: &'static str,
    log_follows: &'static str,
    write: &'static str,
    send: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            column: "Δ 的含义",
            forms: ["Δ：相对上一条", "Δ：相对开始", "Δ：应答用时"],
            more: "更多",
            close: "关闭结果",
            plots: "速率与应答时间",
            rates_plot: "速率曲线",
            answers_plot: "应答时间曲线",
            rates: "速率",
            answer_times: "应答时间",
            received: "接收最高",
            sent: "发送最高",
            mean: "平均",
            longest: "最长",
            two_answers: "2 次应答",
            theirs: "对端",
            follow: "曲线跟随最新",
            log_follows: "跟随",
            write: "发送内容",
            send: "发送",
        },
        Lang::En => Names {
            column: "Meaning of Δ",
            forms: ["Δ: since previous", "Δ: since start", "Δ: response time"],
            more: "More",
            close: "Close results",
            plots: "Rates and response times",
            rates_plot: "Plot of rates",
            answers_plot: "Plot of response times",
            rates: "Rates",
            answer_times: "Response times",
            received: "Received up to",
            sent: "Sent up to",
            mean: "Mean",
            longest: "Longest",
            two_answers: "2 responses",
            theirs: "Peer",
            follow: "Plots follow new data",
            log_follows: "Follow",
            write: "Send content",
            send: "Send",
        },
    }
}

/// A listening window with a peer.
fn connected(mut window: Window, lang: Lang) -> (Window, Peer) {
    let peer = Peer::connect(window.listens(lang));
    (window, peer)
}

/// Two requests, each answered after `pause`.
fn talk(window: &mut Window, peer: &mut Peer, n: &Names, pause: Duration) {
    for (request, answer) in [("request one", "answer one"), ("request two", "answer two")] {
        peer.send(request.as_bytes());
        window.wait(&["←", request]);
        std::thread::sleep(pause);
        window.fill(n.write, answer);
        window.click(n.send);
        window.wait(&["→", answer]);
        peer.expect(answer.as_bytes());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The text of the row with these parts, without its kind.
fn row(window: &Window, parts: &[&str]) -> String {
    window.line(parts).and_then(|line| line.strip_prefix("Label ").map(str::to_owned)).expect("a row")
}

/// The seconds in a row's time: `+1.234567 s`.
fn seconds(row: &str) -> f64 {
    // After the time of day.
    let time = row.split(' ').nth(1).and_then(|word| word.strip_prefix('+')).expect("a time since something");
    time.parse().expect("seconds")
}

fn choose_time(window: &mut Window, n: &Names, form: usize) {
    window.click(n.column);
    window.click_as(Role::MenuItemRadio, n.forms[form]);
    window.steps(8);
}

#[test]
fn the_elapsed_times_refer_to_what_was_chosen() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(window(lang), lang);
        talk(&mut window, &mut peer, &n, Duration::from_millis(60));
        let clock = row(&window, &["←", "request one"]);
        assert!(clock.as_bytes()[2] == b':' && clock.as_bytes()[8] == b'.', "{clock}");
        let time_of_day = |row: &str| row.split(' ').next().map(str::to_owned);

        let before = time_of_day(&row(&window, &["←", "request two"])).expect("a time");
        choose_time(&mut window, &n, 1);
        let [first, second] = ["request one", "request two"].map(|words| seconds(&row(&window, &["←", words])));
        assert!(second - first >= 0.08, "{first} {second}");

        choose_time(&mut window, &n, 0);
        let answer = seconds(&row(&window, &["→", "answer one"]));
        let next = seconds(&row(&window, &["←", "request two"]));
        assert!((0.06..5.0).contains(&answer) && (0.02..5.0).contains(&next), "{answer} {next}");
        assert!((first + answer + next - second).abs() < 3e-6, "they add up");
        let now = row(&window, &["←", "request two"]);
        assert_eq!(time_of_day(&now), Some(before), "the time of day stays beside it");
        assert_eq!(row(&window, &["←", "request one"]), clock, "there is nothing before it");
        let joined = row(&window, &["#1", lang.pick("已连接", "connected")]);
        assert_eq!(joined.as_bytes()[8], b'.', "events have their time of day: {joined}");

        choose_time(&mut window, &n, 2);
        assert!((seconds(&row(&window, &["→", "answer one"])) - answer).abs() < 1e-9);
        // Two consecutive records in one direction are not request and response.
        peer.send(b"request three");
        window.wait(&["request three"]);
        std::thread::sleep(Duration::from_millis(30));
        peer.send(b"and more");
        window.wait(&["and more"]);
        let [third, more] = ["request three", "and more"].map(|words| seconds(&row(&window, &["←", words])));
        assert!(more - third >= 0.03, "{third} {more}");

        choose_time(&mut window, &n, 0);
        assert_eq!(row(&window, &["←", "request one"]), clock);
    }
}

#[test]
fn the_form_of_times_is_remembered_with_the_session() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let n = names(Lang::ZhCn);
    let (mut window, mut peer) = connected(start.open(), Lang::ZhCn);
    peer.send(b"one");
    window.wait(&["←", "one"]);
    choose_time(&mut window, &n, 1);
    drop(window);

    let (mut window, mut peer) = connected(Start::in_folder(Lang::ZhCn, folder).open(), Lang::ZhCn);
    peer.send(b"two");
    let line = window.wait(&["←", "two"]);
    assert!(line.split(' ').nth(2).is_some_and(|time| time.starts_with('+')), "{line}");
}

/// A position in a plot, shortly after its start.
fn early(window: &Window, name: &str) -> Pos2 {
    let rect = window.harness.get_by_role_and_label(Role::Image, name).rect();
    pos2(rect.left() + rect.width() * 0.1, rect.center().y)
}

fn wheel(window: &mut Window, name: &str, points: f32) {
    let at = early(window, name);
    window.harness.hover_at(at);
    window.steps(2);
    window.harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: egui::vec2(0.0, points),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    window.steps(30);
}

/// Clicks on a plot, once per frame.
fn click_plot(window: &mut Window, name: &str, times: usize) {
    let pos = early(window, name);
    window.harness.hover_at(pos);
    window.steps(1);
    for _ in 0..times {
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            let event = Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
            // Both in one frame: frames are a quarter of a second apart here.
            window.harness.input_mut().events.push(event);
        }
        window.steps(1);
    }
    window.steps(2);
}

#[test]
fn rates_and_answer_times_are_shown_above_their_plots() {
    for lang in LANGS {
        let n = names(lang);
        let mut start = Start::new(lang);
        start.size = egui::Vec2::new(1440.0, 800.0);
        let (mut window, mut peer) = connected(start.open(), lang);
        window.menu(n.more, n.plots);
        assert!(window.line(&["Heading", n.rates]).is_some() && window.line(&["Heading", n.answer_times]).is_some());
        assert!(window.line(&[n.received]).is_none(), "there is nothing yet");
        talk(&mut window, &mut peer, &n, Duration::from_millis(120));
        // For a server its own response time is shown: twice, at least 0.12 s.
        window.wait(&["Label", n.two_answers]);
        for words in [n.mean, n.longest] {
            let line = window.wait(&["Label", words, "s"]);
            let told: Vec<&str> = line.split(' ').collect();
            let (value, unit) = (told[told.len() - 2].parse::<f64>().expect("a number"), told[told.len() - 1]);
            assert!(if unit == "ms" { value >= 120.0 } else { unit == "s" && value >= 1.0 }, "{line}");
        }
        // Eleven bytes in a tenth of a second, plus anything else that arrived.
        let received = window.wait(&["Label", n.received, "B/s"]);
        assert!(received.ends_with(" 110 B/s") || received.ends_with(" 220 B/s"), "{received}");
        let sent = window.wait(&["Label", n.sent, "B/s"]);
        assert!(sent.ends_with(" 100 B/s") || sent.ends_with(" 200 B/s"), "{sent}");
        // The other way round: the time until the peer's next request.
        window.segment(n.theirs);
        window.wait(&["Label", "1 "]);
        assert!(!window.shows(n.two_answers));
        // New data is drawn too.
        peer.send(&[b'x'; 4000]);
        window.wait(&["Label", n.received, "KiB/s"]);
        window.click(n.close);
        assert!(window.line(&[n.received]).is_none() && !window.shows(n.rates_plot));
    }
}

#[test]
fn the_wheel_zooms_both_plots_and_a_click_moves_the_log() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(window(lang), lang);
        window.menu(n.more, n.plots);
        peer.send(b"the first line\n");
        window.wait(&["the first line"]);
        for number in 0..100 {
            std::thread::sleep(Duration::from_millis(5));
            peer.send(format!("line {number}.\n").as_bytes());
        }
        window.wait(&["line 99."]);
        window.wait(&["Label", n.received]);
        assert!(!window.shows(n.follow), "it follows by itself");
        assert!(window.line(&["the first line"]).is_none(), "out of sight");

        wheel(&mut window, n.answers_plot, 400.0);
        window.wait(&["Button", n.follow]);
        // Zoomed in, the same bytes fall into narrower buckets.
        window.wait(&["Label", n.received, "KiB/s"]);
        click_plot(&mut window, n.rates_plot, 1);
        window.until("the log stands where the plot was clicked", |harness| {
            harness.query_by_label_contains("line 99.").is_none()
        });
        window.click(n.follow);
        assert!(!window.shows(n.follow));

        // Two clicks are one double click: the log returns to its previous position.
        window.click(n.log_follows);
        window.wait(&["line 99."]);
        wheel(&mut window, n.rates_plot, 400.0);
        window.wait(&["Button", n.follow]);
        click_plot(&mut window, n.rates_plot, 2);
        assert!(!window.shows(n.follow), "everything again");
        window.wait(&["line 99."]);
        // Zooming out completely has the same effect.
        wheel(&mut window, n.rates_plot, 300.0);
        window.wait(&["Button", n.follow]);
        wheel(&mut window, n.rates_plot, -2000.0);
        assert!(!window.shows(n.follow));
    }
}

#[test]
fn a_narrow_pane_shows_one_plot_and_a_low_one_a_lower_one() {
    for lang in LANGS {
        let n = names(lang);
        let mut start = Start::new(lang);
        start.size = egui::Vec2::new(900.0, 640.0);
        let (mut window, mut peer) = connected(start.open(), lang);
        window.menu(n.more, n.plots);
        peer.send(b"something");
        window.wait(&["Image", n.rates_plot]);
        assert!(!window.shows(n.answers_plot));
        window.segment(n.answer_times);
        window.wait(&["Image", n.answers_plot]);
        assert!(!window.shows(n.rates_plot));
        window.segment(n.rates);
        window.wait(&["Image", n.rates_plot]);

        window.harness.set_size(egui::Vec2::new(900.0, 480.0));
        window.steps(3);
        let plot = window.harness.get_by_role_and_label(Role::Image, n.rates_plot).rect();
        assert!(plot.height() > 20.0, "{plot:?}");
    }
}

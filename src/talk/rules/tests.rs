use super::*;
use crate::codec::framing::{Builder, Framer, FramingRule};
use crate::codec::{FrameKind, Verdict};
use crate::talk::content::NoFiles;
use crate::talk::eval::{FaultKind, Value};
use proptest::prelude::*;
use std::time::Duration;

struct Quiet;

impl Outside for Quiet {
    fn now(&mut self) -> jiff::Zoned {
        jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC)
    }

    fn random(&mut self) -> u64 {
        7
    }

    fn environment(&mut self, _name: &str) -> Option<String> {
        None
    }

    fn port(&mut self) -> Option<u16> {
        Some(5020)
    }
}

/// A session with one connection, without sockets.
struct Bench {
    set: RuleSet,
    shared: Shared,
    builder: Builder,
    framer: Framer,
    connection: Option<Connection>,
    now: Duration,
    out: Vec<Output>,
}

impl Bench {
    fn new(framing: &str, source: &str) -> Self {
        let parsed = crate::talk::parse(source);
        assert!(parsed.errors.is_empty(), "{source}: {:?}", parsed.errors);
        let rule: FramingRule = framing.parse().expect("a rule");
        let setting = Setting { framing: Some(rule.clone()), ..Setting::default() };
        let set = RuleSet::new(&parsed.file, source, &setting, &mut Quiet, &mut NoFiles).expect("no fault");
        let shared = set.shared();
        let (builder, framer) = (Builder::new(&rule), Framer::new(&rule, 0));
        let mut bench = Self { set, shared, builder, framer, connection: None, now: Duration::ZERO, out: Vec::new() };
        bench.turn(|connection, turn| *connection = Some(Connection::open("10.0.0.7:502", turn)));
        bench
    }

    fn turn(&mut self, work: impl FnOnce(&mut Option<Connection>, &mut Turn<'_>)) {
        let mut turn = Turn {
            set: &self.set,
            shared: &mut self.shared,
            builder: &mut self.builder,
            outside: &mut Quiet,
            files: &mut NoFiles,
            now: self.now,
            out: &mut self.out,
        };
        work(&mut self.connection, &mut turn);
    }

    fn receive(&mut self, bytes: &[u8]) {
        let mut frames = Vec::new();
        let rule = self.set.framing().clone();
        self.framer.feed(bytes, 0, &mut |frame, bytes| {
            let is_good = frame.kind == FrameKind::Frame && frame.verdict.is_none_or(Verdict::is_ok);
            let content = is_good.then(|| rule.bare_content(bytes, frame.payload_within()).into_owned());
            frames.push((content, bytes.to_vec()));
        });
        for (content, whole) in frames {
            let received = Received { content: content.as_deref(), whole: &whole, record: Some(1), index: 0 };
            self.turn(|connection, turn| {
                connection.as_mut().expect("open").received(&received, turn);
            });
        }
    }

    fn at(&mut self, ms: u64) -> Option<u64> {
        self.now = Duration::from_millis(ms);
        let mut next = None;
        self.turn(|connection, turn| next = connection.as_mut().expect("open").advance(turn));
        next.map(|next| next.as_millis() as u64)
    }

    fn sent(&mut self) -> Vec<Vec<u8>> {
        let sent = self.out.drain(..).filter_map(|output| match output.what {
            Act::Send { bytes, .. } => Some(bytes.to_vec()),
            Act::Fault(fault) => panic!("{fault:?}"),
            _ => None,
        });
        sent.collect()
    }

    fn texts(&mut self) -> Vec<String> {
        self.sent().into_iter().map(|bytes| bytes.escape_ascii().to_string()).collect()
    }
}

const MODBUS: &str = "talk 1
var most = 100
on 01 03 {{?at:u16}} {{?n:u16}} where n <= most { wait 20ms; > 01 03 {{n * 2:u8}} {{zeros(n * 2)}} }
on 01 {{?function:u8}} * { > 01 {{function | 0x80:u8}} 01 }
";

#[test]
fn a_mock_device_answers_with_the_head_of_the_request() {
    let mut bench = Bench::new("modbus-tcp", MODBUS);
    bench.receive(&[0, 9, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2]);
    assert!(bench.sent().is_empty(), "it waits");
    assert_eq!(bench.at(19), Some(20));
    assert_eq!(bench.at(20), None);
    assert_eq!(bench.sent(), [[0, 9, 0, 0, 0, 7, 1, 3, 4, 0, 0, 0, 0]]);
    // The condition refuses it, so the next rule gets it.
    bench.receive(&[0, 10, 0, 0, 0, 6, 1, 3, 0, 0, 0, 101]);
    assert_eq!(bench.sent(), [[0, 10, 0, 0, 0, 3, 1, 0x83, 1]]);
    // Nobody is meant.
    bench.receive(&[0, 10, 0, 0, 0, 6, 2, 3, 0, 0, 0, 1]);
    assert!(bench.sent().is_empty());
    assert_eq!(bench.shared.hits, [1, 1]);
}

#[test]
fn frames_behind_a_wait_keep_their_order() {
    let mut bench = Bench::new("line", "on \"slow\" { wait 1s; > \"slow\" }\non {{?x}} { > {{x}} }");
    bench.receive(b"slow\na\nb\n");
    assert_eq!(bench.at(999), Some(1000));
    assert!(bench.texts().is_empty());
    bench.at(1000);
    assert_eq!(bench.texts(), ["slow\\n", "a\\n", "b\\n"]);
}

#[test]
fn a_connection_with_many_waiting_frames_takes_no_more() {
    let mut bench = Bench::new("line", "on \"slow\" { wait 1s }");
    bench.receive(b"slow\n");
    bench.receive(&b"x\n".repeat(MOST_WAITING - 1));
    assert!(bench.connection.as_ref().expect("open").takes_more());
    bench.receive(b"x\n");
    assert!(!bench.connection.as_ref().expect("open").takes_more());
    bench.at(1000);
    assert!(bench.connection.as_ref().expect("open").takes_more());
}

#[test]
fn names_belong_to_the_connection_and_variables_to_the_run() {
    let source = "var total = 0
on open { set mine = 0 }
on \"add\" { set mine = mine + 1; set total = total + 1; > \"{{mine}} {{total}}\" }";
    let mut bench = Bench::new("line", source);
    bench.receive(b"add\nadd\n");
    assert_eq!(bench.texts(), ["1 1\\n", "2 2\\n"]);
    bench.turn(|connection, turn| *connection = Some(Connection::open("10.0.0.8:1", turn)));
    bench.receive(b"add\n");
    assert_eq!(bench.texts(), ["1 3\\n"]);
    assert_eq!(bench.shared.vars.get("total"), Some(Value::Int(3)));
}

#[test]
fn a_frame_goes_to_the_first_rule_that_fits_and_on_behind_also() {
    let source =
        "on also \"a\" limit 2 { > \"1\" }\non \"a\" limit 1 { > \"2\" }\non * { > \"3\" }\non \"a\" { > \"never\" }";
    let mut bench = Bench::new("line", source);
    bench.receive(b"a\n");
    assert_eq!(bench.texts(), ["1\\n", "2\\n"]);
    bench.receive(b"a\n");
    assert_eq!(bench.texts(), ["1\\n", "3\\n"], "the second rule has reached its limit");
    bench.receive(b"a\nb\n");
    assert_eq!(bench.texts(), ["3\\n", "3\\n"]);
}

#[test]
fn timers_run_beside_the_frames() {
    let source = "on idle 30s { > \"bye\"; close }\non every 10s as beat { > \"beat {{hits(beat)}}\" }\non \"slow\" { wait 15s; > \"slow\" }";
    let mut bench = Bench::new("line", source);
    assert_eq!(bench.at(0), Some(10_000));
    bench.now = Duration::from_secs(5);
    bench.receive(b"slow\n");
    assert_eq!(bench.at(10_000), Some(20_000));
    assert_eq!(bench.texts(), ["beat 1\\n"]);
    assert_eq!(bench.at(20_000), Some(30_000));
    assert_eq!(bench.texts(), ["beat 2\\n", "slow\\n"]);
    // Bytes came at 5 s, so 30 s of silence end at 35 s.
    assert_eq!(bench.at(30_000), Some(35_000));
    bench.out.clear();
    bench.at(35_000);
    let acts: Vec<Act> = bench.out.drain(..).map(|output| output.what).collect();
    assert!(matches!(&acts[..], [Act::Send { .. }, Act::End(EndHow::Close)]), "{acts:?}");
    // Missed rounds are not made up for.
    bench.at(95_000);
    assert_eq!(bench.out.iter().filter(|output| output.rule == 1).count(), 1);
}

#[test]
fn loops_are_from_start_to_start() {
    let source = "on \"go\" { repeat 3 every 100ms { > \"{{round}}\" } ; > \"done\" }";
    let mut bench = Bench::new("line", source);
    bench.receive(b"go\n");
    assert_eq!(bench.texts(), ["0\\n"]);
    // A late round does not delay the next one.
    assert_eq!(bench.at(130), Some(200));
    assert_eq!(bench.texts(), ["1\\n"]);
    assert_eq!(bench.at(230), None);
    assert_eq!(bench.texts(), ["2\\n", "done\\n"]);
    // A loop without an end gives way to others.
    let mut bench = Bench::new("line", "on \"go\" { repeat { set x = 1 } }");
    bench.receive(b"go\n");
    assert_eq!(bench.at(1), Some(1));
}

#[test]
fn two_automatic_sides_that_answer_each_other_are_stopped() {
    let mut bench = Bench::new("line", "on * { > {{frame}} }");
    for _ in 0..LOOP_LIMIT {
        bench.receive(b"ok\n");
    }
    assert!(bench.out.iter().all(|output| !matches!(output.what, Act::LoopStopped)));
    bench.receive(b"ok\n");
    assert!(matches!(bench.out.last().map(|output| &output.what), Some(Act::LoopStopped)));
    bench.out.clear();
    bench.receive(b"ok\n");
    assert!(bench.sent().is_empty());
    // A device that writes the same value all the time, which is answered by the same bytes.
    let mut bench = Bench::new("line", "on * { > {{frame}} }");
    for round in 0..LOOP_LIMIT * 3 {
        bench.now = Duration::from_millis(u64::from(round) * 3);
        bench.receive(b"ok\n");
    }
    assert!(bench.out.iter().all(|output| !matches!(output.what, Act::LoopStopped)));
    // A client that asks the same again and again is none: its question is not our answer.
    let mut bench = Bench::new("line", "on \"?\" { > \"ok\" }");
    for _ in 0..LOOP_LIMIT * 2 {
        bench.receive(b"?\n");
    }
    assert_eq!(bench.texts().len(), LOOP_LIMIT as usize * 2);
}

#[test]
fn faults_and_failures_end_the_body_and_name_the_rule() {
    let source = "on \"f\" { fail \"no {{1 + 1}}\"; > \"never\" }\non \"c\" { check 1 > 2; > \"never\" }
on \"u\" { > {{300:u8}} ; > \"never\" }\non \"x\" { check 1 > 2 else { > \"else\" } ; > \"on\" }\non \"n\" { note \"hi\" }";
    let mut bench = Bench::new("line", source);
    bench.receive(b"f\nc\nu\nn\n");
    let outputs = bench.out.drain(..).filter(|output| !matches!(output.what, Act::Decided { .. }));
    let acts: Vec<(usize, Act)> = outputs.map(|output| (output.rule, output.what)).collect();
    assert!(matches!(&acts[0], (0, Act::Failed { text, .. }) if text == "no 2"), "{acts:?}");
    assert!(matches!(&acts[1], (1, Act::Failed { text, .. }) if text.is_empty()), "{acts:?}");
    assert!(
        matches!(&acts[2], (2, Act::Fault(fault)) if matches!(fault.kind, FaultKind::DoesNotFit { .. })),
        "{acts:?}"
    );
    assert!(matches!(&acts[3], (4, Act::Note(text)) if text == "hi"), "{acts:?}");
    assert_eq!(acts.len(), 4);
    bench.receive(b"x\n");
    assert_eq!(bench.texts(), ["else\\n", "on\\n"]);
}

#[test]
fn the_trace_says_for_each_rule_why_it_did_not_act() {
    let source = "on \"a\" limit 0 { }\non \"b\" { }\non {{?x}} where len(x) > 5 { }\non \"a\" from 10.9.9.9 { }\non \"a\" from 10.0.0.7 { > \"ok\" }\non * { }";
    let mut bench = Bench::new("line", source);
    let mut tried = Vec::new();
    bench.turn(|connection, turn| {
        let received = Received { content: Some(b"a"), whole: b"a\n", record: None, index: 0 };
        tried = connection.as_ref().expect("open").explain(&received, turn);
    });
    let kinds: Vec<&str> = tried
        .iter()
        .map(|tried| match &tried.why_not {
            None => "acts",
            Some(WhyNot::Limit) => "limit",
            Some(WhyNot::Pattern(mismatch)) if mismatch.because == crate::talk::pattern::Because::Condition => "where",
            Some(WhyNot::Pattern(_)) => "pattern",
            Some(WhyNot::Peer) => "peer",
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, ["limit", "pattern", "where", "peer", "acts"]);
    assert!(bench.out.is_empty());
}

#[test]
fn wrong_rules_are_found_before_anything_runs() {
    let source = "var x = 1 / 0\non \"a\" { get \"f\" }\non +CRC-99 { }\noff on +CRC-98 { }";
    let parsed = crate::talk::parse(source);
    let faults = RuleSet::new(&parsed.file, source, &Setting::default(), &mut Quiet, &mut NoFiles).expect_err("faults");
    let kinds: Vec<FaultKind> = faults.into_iter().map(|fault| fault.kind).collect();
    let expected =
        [FaultKind::ZeroDivisor, FaultKind::NotInRule("get".to_owned()), FaultKind::UnknownCheck("CRC-99".to_owned())];
    assert_eq!(kinds, expected);
}

proptest! {
    /// The answers are the same however the stream is read.
    #[test]
    fn answers_do_not_depend_on_reads(
        stream in proptest::collection::vec(proptest::sample::select(&b"aab\n\r1"[..]), 0..120),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let source = "var n = 0\non \"a{{?w}}b\" { set n = n + 1; > \"{{n}}{{w}}\" }\non also /1/ { > \"one\" }\non {{?x}} where len(x) > 2 { > {{reverse(x)}} \".\" }";
        let mut whole = Bench::new("line", source);
        whole.receive(&stream);
        let mut parts = Bench::new("line", source);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        for pair in places.windows(2) {
            parts.receive(&stream[pair[0]..pair[1]]);
        }
        prop_assert_eq!(whole.out, parts.out);
    }
}

#[test]
fn large_answers_are_spread_over_turns() {
    let mut bench =
        Bench::new("line", "on \"loop\" { repeat 1000 { > {{zeros(4000000)}} } }\non * { > {{zeros(4000000)}} }");
    bench.receive(b"loop\n");
    assert_eq!(bench.sent().len(), 1);
    for _ in 0..3 {
        assert!(bench.at(0).is_some());
        assert_eq!(bench.sent().len(), 1);
    }
    // Frames that came at once are answered one in a turn too.
    let mut bench = Bench::new("line", "on * { > {{zeros(4000000)}} }");
    bench.receive(b"a\nb\nc\n");
    let mut counts = vec![bench.sent().len()];
    while bench.at(0).is_some() {
        counts.push(bench.sent().len());
    }
    counts.push(bench.sent().len());
    assert_eq!(counts.iter().sum::<usize>(), 3, "{counts:?}");
    assert!(counts.iter().all(|count| *count <= 1), "{counts:?}");
}

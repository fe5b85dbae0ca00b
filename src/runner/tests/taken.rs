//! A frame that a rule takes goes to no `<` of the same file.

use super::*;

/// A device with rules and a client of the same file, for this framing rule, and steps.
fn file(device: &str, framing: &str, rules: &str, steps: &str) -> String {
    let scheme = device.split("://").next().unwrap_or_default();
    format!(
        "session device listen {device} {{ frame {framing}\n within 20s }}\n\
         session client connect {scheme}://127.0.0.1:{{{{port(device)}}}} {{ frame {framing}\n within 20s }}\n{rules}{steps}"
    )
}

#[test]
fn a_frame_of_a_rule_is_not_for_a_wait_and_others_are() {
    for device in ["tcp://127.0.0.1:0", "udp://127.0.0.1:0"] {
        let rules = "on device: \"PING\" { > \"PONG\" }\n\
                     on device: \"SLOW\" { wait 30ms; > \"LATE\" }\n\
                     on also device: /^B/ { note \"b\" }\n\
                     on device: \"ONCE\" limit 1 { > \"FIRST\" }\n\
                     on device: \"N{{?n:dec}}\" where n < 10 { > \"SMALL\" }\n";
        let steps = "step \"taken\"\n> client: \"PING\"\n< client: \"PONG\"\n< device: \"PING\" within 100ms else { note \"taken\" }\n\
                     step \"behind one that waits\"\n> client: \"SLOW\"\n> client: \"FREE\"\n< device: next \"FREE\"\n< client: \"LATE\"\n\
                     step \"also\"\n> client: \"B1\"\n< device: next \"B1\"\n\
                     step \"limit\"\n> client: \"ONCE\"\n< client: \"FIRST\"\n> client: \"ONCE\"\n< device: next \"ONCE\"\n\
                     step \"where\"\n> client: \"N5\"\n< client: \"SMALL\"\n> client: \"N50\"\n< device: next \"N50\"\n\
                     step \"silence\"\n> client: \"PING\"\n< device: silence 100ms\n< client: \"PONG\"\n\
                     step \"noise\"\n> client: \"other\"\n< device: silence 1s\n";
        let outcome = Bench::new().run(&file(device, "line", rules, steps));
        let last = outcome.steps.len() - 1;
        for (number, step) in outcome.steps.iter().enumerate() {
            assert_eq!(step.verdict == Verdict::Failed, number == last, "{device}: {step:?}");
        }
        assert_eq!(outcome.steps[0].notes, ["taken"], "{device}: {outcome:?}");
        let kind = &outcome.steps[last].problems[0].kind;
        assert!(matches!(kind, ProblemKind::NotSilent(noise) if &noise.bytes[..] == b"other\n"), "{kind:?}");
    }
}

#[test]
fn frames_that_a_pause_ends_are_taken_too() {
    let rules = "on device: 01 * { > 81 }\n";
    let steps = "step \"one\"\nrepeat 20 {\n> client: 01 {{round:u8}}\n< client: next 81\n> client: 02 {{round:u8}}\n\
                 < device: next 02 {{round:u8}}\n}\n";
    let outcome = Bench::new().run(&file("tcp://127.0.0.1:0", "gap:5ms", rules, steps));
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn the_end_of_a_connection_lets_go_what_waits_behind_a_rule() {
    let rules = "on device: \"SLOW\" { wait 1h }\n";
    let steps = "step \"end\"\n> client: \"SLOW\"\n> client: \"FREE\"\nwait 50ms\nclose client\n< device: next \"FREE\"\n< device: close\n";
    let outcome = Bench::new().run(&file("tcp://127.0.0.1:0", "line", rules, steps));
    assert!(outcome.passed(), "{outcome:?}");
}

/// Each connection sends lines that a rule takes and lines that it does not, in pieces that do not end with them.
#[test]
fn many_connections_at_once() {
    for connections in [1, 2, 4, 8, 16] {
        let rounds = 50;
        let all = connections * rounds;
        let source = format!(
            "var answered = 0\nsession listen tcp://127.0.0.1:0 {{ frame line\n within 20s }}\n\
             on \"R*\" {{ fail \"no\" }}\non /^R/ {{ set answered = answered + 1; > \"A\" }}\n\
             step \"all\"\nrepeat {all} {{\n< next /^F/\n}}\n< silence 30ms\ncheck answered == {all}\n"
        );
        let script = Script::new(None, source, &[]).unwrap();
        let (opened, addresses) = bounded(1);
        let peers = spawn_named("peers", move || {
            let at = addresses.recv().unwrap();
            let one = |number: usize| {
                spawn_named(format!("peer {number}"), move || {
                    let mut peer = TcpStream::connect(at).unwrap();
                    peer.set_read_timeout(Some(LIMIT)).unwrap();
                    let text: String = (0..rounds).map(|round| format!("R{round}\nF{round}\n")).collect();
                    in_pieces(&mut peer, text.as_bytes(), 31);
                    peer.read_exact(&mut vec![0; rounds * 2]).unwrap();
                    peer
                })
                .unwrap()
            };
            let peers: Vec<_> = (0..connections).map(one).collect();
            peers.into_iter().map(|peer| peer.join().unwrap()).collect::<Vec<_>>()
        })
        .unwrap();
        let outcome = run(&script, &Bench::new().options, &mut Addresses(opened)).unwrap();
        assert!(outcome.passed(), "{connections}: {outcome:?}");
        peers.join().unwrap();
    }
}
